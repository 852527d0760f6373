"""Alterations: what a true value, or the words that carry it, can be turned into."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from extractor.article import Article, Span
from extractor.fields.date_values import real_day
from extractor.sentences import sentences

_DAYS, _SHORT_DAYS = tuple(calendar.day_name), tuple(calendar.day_abbr)
_MONTHS, _SHORT_MONTHS = tuple(calendar.month_name)[1:], tuple(calendar.month_abbr)[1:]
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FIGURE = re.compile(r"(?<![\w.,])(?:[1-9]|[12]\d|3[01])(?!\w|[.,:]\d)")
_YEAR = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)")

_DAY_OF = re.compile(r"(?<=-\d\d-)\d\d")
_MONTH_OF = re.compile(r"(?<=[\dX]{4}-)\d\d")
_YEAR_OF = re.compile(r"(?<!\d)\d{4}")

_AUXILIARY = re.compile(r"(?:will|shall|would|is|are|was|were|has|have|had|does|did)\b", re.IGNORECASE)
# Before these "never" can stand; not before "a possible trip", and "may not visit" contradicts nothing.
_VERB = re.compile(r"(?:[a-z]+(?:ed|s)|came|flew|held|left|made|met|paid|sent|spoke|took|went)\b")
_SUBORDINATE = re.compile(
    r"[“\"]|\b(?:after|ahead|amid|as|because|before|if|since|that|when|where|which|while|who)\b", re.IGNORECASE
)
_NEGATION = re.compile(r" (?:not|never|no longer)\b|\b(?:not|never|no longer) |n[’']t\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:no|nor|neither|none)\b", re.IGNORECASE)


class Altered(NamedTuple):
    """A text after a change at one place, and the stretch that must be read to see it."""

    article: Article
    move: Callable[[Span], Span]
    seen: Span


def reworded(words: str) -> Iterator[tuple[str, str]]:
    """Change the first number, weekday, month and year in some words, one at a time; say which.

    >>> list(reworded("on Sunday, Oct. 1"))
    [('number', 'on Sunday, Oct. 2'), ('weekday', 'on Monday, Oct. 1'), ('month', 'on Sunday, Nov. 1')]
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
    """Put the next word of its series in place of the first one that stands in `words`."""
    for names in series:
        if match := re.search(rf"\b(?:{'|'.join(names)})\b", words):
            return _put(words, match, names[(names.index(match[0]) + 1) % len(names)])
    return None


def _put(words: str, match: re.Match[str], new: str) -> str:
    return words[: match.start()] + new + words[match.end() :]


def shifted(edtf: str) -> Iterator[tuple[str, str]]:
    """Shift a date in EDTF by a day, a month and a year, as far as it names them and the calendar allows.

    >>> list(shifted("2023-10-18/2023-10-19"))[:2]
    [('day', '2023-10-17/2023-10-18'), ('month', '2023-09-18/2023-09-19')]
    """
    for kind, part in (("day", _DAY_OF), ("month", _MONTH_OF), ("year", _YEAR_OF)):
        found = [int(match[0]) for match in part.finditer(edtf)]
        step = -1 if found and min(found) not in (1, 21) else 1  # 21 is spring, and 20 no season
        moved = part.sub(partial(_plus, step=step), edtf)
        if found and all(_exists(point) for point in moved.split("/")):
            yield kind, moved


def _plus(digits: re.Match[str], step: int) -> str:
    return f"{int(digits[0]) + step:0{len(digits[0])}}"


def _exists(point: str) -> bool:
    """Say whether the calendar has a day; what is less than a day is taken as it is."""
    parts = point.replace("XXXX", "2000").split("-")
    return len(parts) < 3 or real_day(*map(int, parts)) is not None


def negated(article: Article, verb: Span) -> Iterator[tuple[str, Altered]]:
    """Turn what the article says by `verb` around: a negation put in or taken out, or a denial before it.

    A denial is not put where the verb hangs on another one, which alone it would deny.
    """
    words = verb.of(article.text)
    if _NEGATIVE.match(words):
        return
    if match := _NEGATION.search(words):
        yield (
            "negation out",
            _replaced(article, Span(verb.start + match.start(), verb.start + match.end()), "", verb),
        )
        return
    if auxiliary := _AUXILIARY.match(words):
        at = verb.start + auxiliary.end()
        yield "negation in", _replaced(article, Span(at, at), " not", verb)
    elif words.lower().startswith("to "):
        yield "negation in", _replaced(article, Span(verb.start, verb.start), "not ", verb)
    elif _VERB.match(words):
        yield "negation in", _replaced(article, Span(verb.start, verb.start), "never ", verb)
    sentence = next((s for s in sentences(article.text) if s.covers(verb)), verb)
    if not _SUBORDINATE.search(article.text, sentence.start, verb.start):
        start = Span(sentence.start, sentence.start)
        yield "denial", _replaced(article, start, "Officials denied that ", Span(sentence.start, verb.end))


def _replaced(article: Article, span: Span, words: str, seen: Span) -> Altered:
    """Put `words` in the place of `span`; what starts there takes them in, what follows moves along."""
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
