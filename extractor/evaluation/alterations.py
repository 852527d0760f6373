"""Alterations: what a true value, or the words that carry it, can be turned into."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from extractor.article import Article, Span
from extractor.sentences import sentences

_DAYS, _SHORT_DAYS = tuple(calendar.day_name), tuple(calendar.day_abbr)
_MONTHS, _SHORT_MONTHS = tuple(calendar.month_name)[1:], tuple(calendar.month_abbr)[1:]
_NUMBERS = tuple("one two three four five six seven eight nine ten".split())
_FIGURE = re.compile(r"(?<![\w.,])(?:[1-9]|[12]\d|3[01])(?!\w|[.,:]\d)")
_YEAR = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)")

_AUXILIARY = re.compile(r"(?:will|shall|would|is|are|was|were|has|have|had|does|did)\b", re.IGNORECASE)
_MODAL = re.compile(r"(?:may|might|could|can)\b", re.IGNORECASE)  # "may not visit" is no contradiction
_NEGATION = re.compile(r" (?:not|never|no longer)\b|\b(?:not|never|no longer) |n[’']t\b", re.IGNORECASE)


class Altered(NamedTuple):
    """A text after a change at one place, and the stretch that must be read to see it."""

    article: Article
    move: Callable[[Span], Span]
    seen: Span


def reworded(words: str) -> Iterator[tuple[str, str]]:
    """Change the first number, weekday, month and year in some words, one at a time; say which.

    >>> list(reworded("on Sunday, Oct. 1, 2023"))
    [('number', 'on Sunday, Oct. 2, 2023'), ('weekday', 'on Monday, Oct. 1, 2023'), ('month', 'on Sunday, Nov. 1, 2023'), ('year', 'on Sunday, Oct. 1, 2022')]
    """
    for kind, change in (("number", _number), ("weekday", _weekday), ("month", _month), ("year", _year)):
        if changed := change(words):
            yield kind, changed


def _number(words: str) -> str | None:
    if match := _FIGURE.search(words):
        number = int(match[0])
        return _put(words, match, str(number - 1 if number > 1 else 2))
    return _next_of(words, (_NUMBERS,))


def _weekday(words: str) -> str | None:
    return _next_of(words, (_DAYS, _SHORT_DAYS))


def _month(words: str) -> str | None:
    return _next_of(words, (_MONTHS, _SHORT_MONTHS))


def _year(words: str) -> str | None:
    match = _YEAR.search(words)
    return _put(words, match, str(int(match[0]) - 1)) if match else None


def _next_of(words: str, series: Sequence[tuple[str, ...]]) -> str | None:
    """Put the next word of its series in place of the first one that stands in `words` as it is written there."""
    for names in series:
        if match := re.search(rf"\b(?:{'|'.join(names)})\b", words):
            return _put(words, match, names[(names.index(match[0]) + 1) % len(names)])
    return None


def _put(words: str, match: re.Match[str], new: str) -> str:
    return words[: match.start()] + new + words[match.end() :]


def shifted(edtf: str) -> Iterator[tuple[str, str]]:
    """Shift a date in EDTF by a day, a month and a year, as far as it names them; say by which.

    >>> list(shifted("2023-10-18/2023-10-19"))[:2]
    [('day', '2023-10-17/2023-10-18'), ('month', '2023-09-18/2023-09-19')]
    """
    for kind, before, after in (("day", r"-\d\d-", ""), ("month", r"(?:^|/)[\dX]{4}-", r"(?:-\d\d)?")):
        part = re.compile(rf"({before})(\d\d)(?={after}(?:/|$))")
        found = [int(match[2]) for match in part.finditer(edtf)]
        if found:
            step = -1 if min(found) > 1 and min(found) != 21 else 1  # 21 is spring, and 20 no season
            yield kind, part.sub(lambda match, step=step: f"{match[1]}{int(match[2]) + step:02}", edtf)  # type: ignore[misc]
    if re.search(r"\d{4}", edtf):
        yield "year", re.sub(r"\d{4}", lambda match: f"{int(match[0]) - 1:04}", edtf)


def negated(article: Article, verb: Span) -> Iterator[tuple[str, Altered]]:
    """Turn what the article says of `verb` into its contrary: a negation put in or taken out, or a denial before it."""
    words = verb.of(article.text)
    if match := _NEGATION.search(words):
        yield "negation out", _replaced(article, Span(verb.start + match.start(), verb.start + match.end()), "", verb)
        return
    if auxiliary := _AUXILIARY.match(words):
        at = verb.start + auxiliary.end()
        yield "negation in", _replaced(article, Span(at, at), " not", verb)
    elif words.lower().startswith("to "):
        yield "negation in", _replaced(article, Span(verb.start, verb.start), "not ", verb)
    elif not _MODAL.match(words):
        yield "negation in", _replaced(article, Span(verb.start, verb.start), "never ", verb)
    sentence = next((s for s in sentences(article.text) if s.covers(verb)), verb)
    start = Span(sentence.start, sentence.start)
    yield "denial", _replaced(article, start, "Officials denied that ", Span(sentence.start, verb.end))


def _replaced(article: Article, span: Span, words: str, seen: Span) -> Altered:
    """Put `words` in the place of `span`; what starts there takes them in, and all that follows moves along."""
    by = len(words) - (span.end - span.start)

    def offset(at: int) -> int:
        return at if at <= span.start else max(span.start, at + by)

    def move(other: Span) -> Span:
        return Span(offset(other.start), offset(other.end))

    text = article.text[: span.start] + words + article.text[span.end :]
    published = article.published_evidence
    changed = article.model_copy(
        update={
            "text": text,
            "published_evidence": move(published) if published else None,
            "boilerplate": tuple(move(other) for other in article.boilerplate),
        }
    )
    return Altered(changed, move, move(seen))
