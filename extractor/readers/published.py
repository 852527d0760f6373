"""The day of publication, where an article itself states it: a date line, a dateline or a label.

A date of the story is never one. So a date counts only where the rest of its line is what stands around a
date of publication, and in doubt there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from extractor.article import Span
from extractor.fields.date_grammar import expressions
from extractor.fields.date_words import Words
from extractor.fields.dates import resolve

_HEAD: Final = 600  # code points; further down only a label counts
_LABELLED_LINE: Final = 120
_CLOCK = r"(?:at\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*(?:[A-Z]{2,4}|Z|[+-]\d{2}:?\d{2}))?"
_SEPARATOR = r"[\s|•·,;/–—-]{0,4}"
_READING_TIME = r"\d{1,3}\s+min(?:ute)?s?(?:\s+read)?"
_PLACE_WORD = r"[^\W\d_a-z][\w.'’-]{0,20}"
_PLACE = (
    r"(?!(?:On|In|At|By|Since|From|Until|After|Before|During|And|But)\b)"
    rf"{_PLACE_WORD}(?:\s(?:{_PLACE_WORD}|of|and|de|la|el|al|da|do)){{0,3}}"
)
_LABEL = r"(?i:(?:first\s+)?(?:published|posted|issued|date|publication\s+date)(?:\s+on)?\s*:?\s*)"
_AGENCY = r"(?:\([^()\n]{2,40}\)|/\w{2,12}/)"


class _Setting(NamedTuple):
    """What stands before a date on its line, and after it; and whether the date must state its year."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    with_year: bool


def _setting(before: str, after: str, with_year: bool = True) -> _Setting:
    return _Setting(re.compile(rf"\W{{0,8}}{before}"), re.compile(after), with_year)


_LABELLED: Final = _setting(_LABEL, r"(?!\d)")
_SETTINGS: Final = (
    _LABELLED,
    # a line of its own: "Thu 19 Sep 2024, 21.05 CEST", "Monday 3 March 2025 • 9 min read"
    _setting("", rf"T?{_SEPARATOR}(?:{_CLOCK})?{_SEPARATOR}(?:{_READING_TIME})?\s*$"),
    _setting(rf"{_CLOCK}{_SEPARATOR}", r"\s*$"),
    # between bars, or after a byline: "By Ann Lee | 5 May 2024 | Politics"
    _setting(r"(?:[^\n.!?]{0,80}[|•·]|[Bb]y\s[^\n.!?]{1,80}[,–—-])\s*", r"\s*(?:[|•·,][^\n.]{0,80})?$"),
    # a dateline: "Funafuti, Thursday 7 November 2024. Prime Minister", "GIS – 20 June 2023: Heads of State"
    _setting(rf"{_PLACE}(?:,\s{_PLACE})?,?\s+", rf"\s*(?:{_AGENCY}|[-–—:]|\.\s+\S)"),
    _setting(r"[A-Z]{2,10}\s*[-–—]\s*", r"\s*[:.–—-]"),
    # without a year, an agency or a dash must tell that it is a dateline: "SANTIAGO, April 8 (Meridian) - "
    _setting(rf"{_PLACE}(?:,\s{_PLACE})?,?\s+", rf"\.?\s*(?:{_AGENCY}|[-–—]{{1,2}}\s)", with_year=False),
    _setting(r"", rf"{_SEPARATOR}{_CLOCK}\s*$", with_year=False),
    _setting(r"This\s+", r"\s+story\s+(?:has\s+been|was|is)\s", with_year=False),
)
_CREDIT: Final = re.compile(r"photo|image|picture|copyright|credit|\bfile\b|©", re.I)
_LABELLED_LINES: Final = re.compile(rf"^\W{{0,8}}{_LABEL}(?=[^\W_])", re.M)
_DATE_KINDS: Final = ("weekday", "wkday", "month", "num", "nth", "ordinal", "iso", "dotted")
_DAY: Final = re.compile(r"(?:\d{4}|XXXX)-\d\d-\d\d")


def find_published(text: str) -> tuple[str, Span] | None:
    """Return the day of publication in EDTF that a text states, and the span of the words that state it.

    >>> find_published("Doha, 26 January (GNS) – The minister left Doha today.")
    ('XXXX-01-26', Span(start=6, end=16))
    >>> find_published("He was in Rome on 13 and 14 September.") is None
    True
    """
    dates = [*_dates(text, Span(0, _HEAD)), *_labelled_dates(text)]
    for with_year in (True, False):
        for edtf, span in dates:
            if edtf.startswith("XXXX") != with_year and _is_of_publication(text, span, with_year):
                return edtf, span
    return None


def _labelled_dates(text: str) -> Iterator[tuple[str, Span]]:
    for label in _LABELLED_LINES.finditer(text, _HEAD):
        for edtf, span in _dates(text, Span(label.start(), label.start() + _LABELLED_LINE)):
            if _fits(text, span, _LABELLED):
                yield edtf, span


def _dates(text: str, window: Span) -> Iterator[tuple[str, Span]]:
    """Yield every calendar day that is named in a stretch of text, without its preposition."""
    words = Words(window.of(text))
    for expression in expressions(words):
        if expression.rule != "date":
            continue
        kinds = expression.kinds
        first = next(n for n, kind in enumerate(kinds) if kind in _DATE_KINDS)
        span = Span(window.start + words.starts[expression.first + first], window.start + expression.span.end)
        resolution = resolve([span.of(text)], None, None)
        if resolution and _DAY.fullmatch(resolution.edtf):
            yield resolution.edtf, span


def _is_of_publication(text: str, span: Span, with_year: bool) -> bool:
    settings = (setting for setting in _SETTINGS if setting.with_year == with_year)
    return any(_fits(text, span, setting) for setting in settings)


def _fits(text: str, span: Span, setting: _Setting) -> bool:
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - _HEAD)
    end = text.find("\n", span.end)
    before = text[start : span.start]
    after = text[span.end : min(end if end >= 0 else len(text), span.end + _LABELLED_LINE)]
    if _CREDIT.search(before):
        return False
    return bool(setting.before.fullmatch(before) and setting.after.match(after))
