"""Shifts: an article of another year, in which every date has moved by the same number of weeks."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from extractor.article import Article, Span
from extractor.evaluation.counterfactuals import Copy, Edit, Shift, copied
from extractor.evaluation.labels import Label
from extractor.fields import dates
from extractor.fields.date_grammar import Expression, expressions
from extractor.fields.date_values import real_day
from extractor.fields.date_words import Words
from extractor.schema import Schema

# Whole weeks that are nearly whole years, so that months stay what they are though their days change.
_NEAR = tuple(
    Shift(round(years * 365.2425 / 7) + more, years) for years in (-4, -3, -2, -1, 1, 2, 3, 4) for more in (0, 1)
)
# The Gregorian calendar repeats itself after 28 years, but for what lies beyond 1901 and 2099.
_ALIKE = Shift(-1461, -28)
_DAY_KINDS = ("num", "nth")


class _UnclearError(Exception):
    """An expression that a shift by these weeks cannot be written into."""


def shifted(article: Article, records: Sequence[Label], schema: type[Schema], seed: int) -> list[Copy]:
    """Make a copy that was published other years ago, with the days and years of its dates moved likewise.

    Of the moves by some years, give or take days, one is drawn that keeps every date in its month, since "last month"
    and "in March" must go on to mean the same. Where none does, all is moved by 28 years, after which each day
    of the calendar is on the same weekday again.
    """
    chance = random.Random(f"{article.id} {seed}")  # noqa: S311 -- nothing secret
    words = Words(article.text)
    found = list(expressions(words))
    for shift in (*chance.sample(_NEAR, len(_NEAR)), _ALIKE):
        try:
            edits = [*_years(words, shift), *_days(article, words, found, shift)]
        except _UnclearError:
            continue
        if edits or article.published:
            return [copied(article, "dates", edits, shift=shift)]
    return []


def _years(words: Words, shift: Shift) -> Iterator[Edit]:
    """Move every number that is a year."""
    for n, token in enumerate(words.tokens(0, len(words.kinds))):
        if token.kind == "year":
            yield Edit(Span(words.starts[n], words.ends[n]), str(token.worth + shift.years))


def _days(article: Article, words: Words, found: Sequence[Expression], shift: Shift) -> Iterator[Edit]:
    """Move every day of a month, and ask of the day of publication that it stays in its month."""
    if shift == _ALIKE:
        yield from _dates_in_figures(words, shift)
        return
    anchor = article.published
    if not anchor or "X" in anchor or _away(date.fromisoformat(anchor), shift):
        raise _UnclearError
    yield from _dates_in_figures(words, shift)
    for expression in found:
        kinds = set(expression.kinds)
        if "ordinal" in kinds and "month" in kinds:  # "the first of May"
            raise _UnclearError
        dated = expression.rule in ("date", "range", "nth", "week") or {"wkday", "weekday"} & kinds
        if dated and kinds & set(_DAY_KINDS):
            yield from _days_of(expression, words, anchor, shift)


def _dates_in_figures(words: Words, shift: Shift) -> Iterator[Edit]:
    """Move dates such as 2024-03-05; of 5/3/2024 nobody knows which is the month."""
    for n, token in enumerate(words.tokens(0, len(words.kinds))):
        text = words.text[words.starts[n] : words.ends[n]]
        if token.kind == "iso":
            yield Edit(Span(words.starts[n], words.ends[n]), shift.date(text))
        elif token.kind == "dotted" and shift == _ALIKE:
            year = int(text[-4:]) + shift.years
            yield Edit(Span(words.ends[n] - 4, words.ends[n]), str(year))
        elif token.kind == "dotted":
            raise _UnclearError


def _days_of(expression: Expression, words: Words, anchor: str, shift: Shift) -> Iterator[Edit]:
    """Move the days of one expression; what it does not say of month and year is what it resolves to."""
    resolved = dates.resolve([expression.span.of(words.text)], anchor, None)
    first = resolved.edtf.partition("/")[0].split("-") if resolved else []
    if len(first) < 2 or not first[0].isdigit():
        raise _UnclearError
    for i, token in enumerate(expression.tokens):
        if token.kind in _DAY_KINDS and not _is_count(expression, i):
            month = _month_beside(expression, i) or int(first[1])
            day = real_day(int(first[0]), month, token.worth)
            if day is None or _away(day, shift):
                raise _UnclearError
            n = expression.first + i
            span = Span(words.starts[n], words.ends[n])
            yield Edit(span, _written((day + timedelta(weeks=shift.weeks)).day, span.of(words.text)))


def _is_count(expression: Expression, i: int) -> bool:
    """Say whether a number counts days or weeks and is no day itself."""
    return any(kind in ("days", "weeks") for kind in expression.kinds[i + 1 : i + 3])


def _month_beside(expression: Expression, i: int) -> int | None:
    """Return the month of a day: the one right beside it, else the next, else the one before."""
    after = [token.worth for token in expression.tokens[i + 1 :] if token.kind == "month"]
    before = [(n, token.worth) for n, token in enumerate(expression.tokens[:i]) if token.kind == "month"]
    if before and all(token.kind == "the" for token in expression.tokens[before[-1][0] + 1 : i]):
        return before[-1][1]
    return next(iter(after), before[-1][1] if before else None)


def _away(day: date, shift: Shift) -> bool:
    """Say whether a shift takes a day out of its month."""
    moved = day + timedelta(weeks=shift.weeks)
    return (moved.year - day.year, moved.month) != (shift.years, day.month)


def _written(day: int, like: str) -> str:
    """Write a day as another one is written: 5, 05 or 5th.

    >>> _written(3, "18"), _written(3, "08"), _written(3, "18th")
    ('3', '03', '3rd')
    """
    if like[-1].isalpha():
        return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
    return f"{day:02}" if like.startswith("0") else str(day)
