"""The time expressions of an article: those of a stretch, and the day under which an agenda lists it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from extractor.article import AT_HAND, Article, Span
from extractor.fields import dates
from extractor.fields.base import Tense

_SAYING = re.compile(
    r"\b(?:said|says|say|told|reported|announced|confirmed|added|wrote|stated|tweeted|according to)\b"
    r"(?: \w+){0,3}[ ,]*$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince (?:\w+ ){1,10}$", re.IGNORECASE)  # "his first trip since he took office last month"
_COUNTS = re.compile(r"\b(?:after|before)$", re.IGNORECASE)  # "two days after he was sworn in"
_BEFORE: Final = 100  # code points before a time that tell what it dates
_NEAR: Final = 60  # days: a date without a year that is so near is hardly that of last year
_LINE = re.compile(r"\S.*")


def time_words(article: Article, stretch: Span) -> list[Span]:
    """Return the time expressions of a stretch, without those that only date what somebody said or what went before."""
    words = stretch.of(article.text)
    found = [Span(stretch.start + span.start, stretch.start + span.end) for span in dates.find(words)]
    found = [span for span in found if not _is_dateline(article.text, span)]

    def dates_another(span: Span) -> bool:
        if _COUNTS.search(span.of(article.text)):
            return True
        before = article.text[max(stretch.start, span.start - _BEFORE) : span.start]
        return bool(_SAYING.search(before) or _SINCE.search(before))

    return [span for span in found if not dates_another(span)]


def _is_dateline(text: str, span: Span) -> bool:
    """Tell "SEOUL, Jan 15 (Agency)" at the beginning of a line, which dates the report."""
    start = text.rfind("\n", 0, span.start) + 1
    return bool(
        re.fullmatch(r"\s*[A-ZÀ-Þ][\w.’'/-]*(?: [\w.’'/-]+){0,3}, +", text[start : span.start])
        and re.match(r"\s*(?:\(|[-–—]{1,2}\s|\.)", text[span.end : span.end + 12])
    )


def heading(text: str, stretch: Span) -> Span | None:
    r"""Return the line above a stretch that names its day, where the article is divided by such lines.

    >>> text = "TUE 8\nA launch in Lima.\nWED 9\nA fair in Oslo."
    >>> heading(text, Span(6, 23)), heading(text, Span(30, 45))
    (Span(start=0, end=5), Span(start=24, end=29))
    """
    return next((line for line in reversed(_headings(text)) if line.end <= stretch.start), None)


@lru_cache(maxsize=AT_HAND)
def _headings(text: str) -> tuple[Span, ...]:
    """Find the lines that are nothing but a day; one alone dates the article, not a part of it."""
    lines = [Span(m.start(), m.start() + len(m[0].rstrip(" \r\t:."))) for m in _LINE.finditer(text) if len(m[0]) < 40]
    days = [line for line in lines if _is_day(line.of(text))]
    return tuple(days) if len({line.of(text) for line in days}) > 1 else ()


def _is_day(line: str) -> bool:
    rest = line
    for span in reversed(dates.find(line)):
        rest = rest[: span.start] + rest[span.end :]
    return rest != line and not rest.strip(" ,.–—-") and dates.names_day(line)


def lies_ahead(article: Article, stretch: Span) -> bool:
    """Say whether the time expressions of a stretch, or else the heading above, all name days still to come."""
    above = heading(article.text, stretch)
    spans = time_words(article, stretch) or ([above] if above else [])
    return bool(spans) and all(_is_ahead(span.of(article.text), article.published or "") for span in spans)


def is_listed_ahead(article: Article, stretch: Span) -> bool:
    """Say whether a stretch stands under the heading of a day still to come."""
    above = heading(article.text, stretch)
    return above is not None and _is_ahead(above.of(article.text), article.published or "")


@lru_cache(maxsize=8 * AT_HAND)
def _is_ahead(words: str, published: str) -> bool:
    """Say whether words name a day after publication, whichever way they look; a mere weekday may be a past one."""
    back, near = _days_ahead(words, published, "past"), _days_ahead(words, published, None)
    return back > 0 or (not dates.names_weekday(words) and 0 < near <= _NEAR)


def _days_ahead(words: str, published: str, tense: Tense | None) -> int:
    resolved = dates.resolve([words], published, tense)
    return (dates.days_ahead(resolved.edtf, published) if resolved else None) or 0
