"""Dates of happenings: the words that date one, and their EDTF against the day of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import chain, takewhile
from typing import Final, NamedTuple

from extractor.article import AT_HAND
from extractor.fields.date_grammar import Expression, expressions, find
from extractor.fields.date_moments import Moment, Page, Tense
from extractor.fields.date_rules import READERS, ending, lean, length
from extractor.fields.date_values import Point, Stretch, clash, days_ahead, same, sharper
from extractor.fields.date_words import Words

__all__ = [
    "Resolution", "clash", "days_ahead", "find", "names_day", "names_weekday", "only_completes", "resolve", "same",
    "sharper",
]  # fmt: skip

_LEADS: Final = ("on", "in", "from", "at", "for", "since", "before", "until", "prep", "early", "shift")
_DAY_RULES: Final = ("date", "weekday", "nth", "deictic")
_ANCHOR: Final = re.compile(r"(\d{4}|XXXX)-(\d\d)-(\d\d)")
_STAY: Final = timedelta(14)  # what ends later belongs to something else
_DATED_WEEKDAY: Final = frozenset("month num nth ordinal rel other deictic year iso dotted".split())
_YEARS: Final = range(1000, 9000)  # a margin on both sides, so that no arithmetic leaves the calendar


class Resolution(NamedTuple):
    """A date in EDTF and the rule by which the words give it."""

    edtf: str
    rule: str


def resolve(phrases: Sequence[str], anchor: str | None, tense: Tense | None) -> Resolution | None:
    """Resolve the words that date a happening; None where they date nothing.

    `phrases[0]` dates the happening; further phrases complete it with a length, an end, or the date on which
    "the day before" hangs. `anchor` is the day of publication in EDTF, its year perhaps unknown. `tense` is
    the side of publication on which the happening lies; without it the nearest day or month is taken.

    >>> resolve(["for a three-day trip from Sunday"], "2025-10-25", "future")
    Resolution(edtf='2025-10-26/2025-10-28', rule='Sunday, nearest not before 2025-10-25, for 3 days')
    >>> resolve(["on Monday evening", "on Wednesday"], "2024-04-16", "past").edtf
    '2024-04-15/2024-04-17'
    >>> resolve(["before Christmas"], "2024-04-16", "future") is None
    True
    """
    page = Page(_anchor_point(anchor), tense)
    read = [_read(phrase) for phrase in phrases]
    if not read or not read[0]:
        return None
    stated = list(chain.from_iterable(read))
    lengths_only = all(expression.rule == "duration" for expression in read[0])
    heads = stated if lengths_only else read[0]
    try:
        dated = (_dated(head, [e for e in stated if e is not head], page) for head in heads)
        stretch = next(filter(None, dated), None)
    except (OverflowError, ValueError):  # a length or distance beyond any calendar
        return None
    return Resolution(stretch.edtf, stretch.rule) if stretch else None


def resolve_last(phrases: Sequence[str], anchor: str | None, tense: Tense | None) -> Resolution | None:
    """Resolve a stay of which the first phrase gives the last day, and another the length; None without one.

    >>> resolve_last(["yesterday", "two-day"], "2024-04-16", "past").edtf
    '2024-04-14/2024-04-15'
    """
    last = resolve(phrases[:1], anchor, tense)
    lengths = (length(one) for phrase in phrases[1:] for one in _read(phrase) if one.rule == "duration")
    days = next((days for days in lengths if days > 1), None)
    day = _anchor_point(last.edtf) if last else None
    first = day.shifted(1 - days) if day and days else None
    return Resolution(f"{first}/{day}", f"{last.rule}, the last of {days} days") if last and first else None


def names_day(phrase: str) -> bool:
    """Say whether words name a day of the calendar or the week: "MON 7", "Friday 8 March"; not "two days ago"."""
    return any(expression.rule in ("date", "weekday", "range") for expression in expressions(Words(phrase)))


def names_weekday(phrase: str) -> bool:
    """Say whether words name days of the week and nothing that tells of which week."""
    kinds = {kind for expression in expressions(Words(phrase)) for kind in expression.kinds}
    return bool(kinds & {"weekday", "wkday"}) and not kinds & _DATED_WEEKDAY


def only_completes(phrase: str) -> bool:
    """Say whether words are a length, an end, or a day beside another, and date nothing without a day.

    >>> [only_completes(words) for words in ("three-day", "until Friday", "the day before", "on Friday", "soon")]
    [True, True, True, False, False]
    """
    return all(
        expression.rule == "duration"
        or (expression.rule == "lean" and "days" in expression.kinds)
        or expression.kinds[0] == "until"
        for expression in expressions(Words(phrase))
    )


@lru_cache(maxsize=8 * AT_HAND)
def _read(phrase: str) -> tuple[Expression, ...]:
    """Return the time expressions of a phrase; none after a limit that is no date ("since the attacks")."""
    words = Words(phrase)
    read = tuple(expressions(words))
    if read and read[0].first > 0 and words.tokens(0, 1)[0].kind in ("since", "before", "until"):
        return ()
    return read


def _anchor_point(anchor: str | None) -> Point | None:
    match = _ANCHOR.fullmatch(anchor or "")
    if match is None or (match[1].isdigit() and int(match[1]) not in _YEARS):
        return None
    point = Point(match[1], int(match[2]), int(match[3]))
    return point if point.exists() else None


def _dated(head: Expression, others: Sequence[Expression], page: Page) -> Stretch | None:
    if _only_bounds(head):
        return None
    if head.rule == "lean":
        bases = (READERS[other.rule](other, page) for other in others if other.rule in READERS)
        base = next(filter(None, bases), None)
        return lean(head, base) if base else None
    stretch = READERS[head.rule](head, page) if head.rule in READERS else None
    return stretch and _completed(stretch, others, page)


def _only_bounds(expression: Expression) -> bool:
    """Say whether the words name a limit and no date: "before the summer", "until Friday", "since 2011"."""
    leads = list(takewhile(lambda kind: kind in _LEADS, expression.kinds))
    if "since" in leads:
        return expression.rule not in _DAY_RULES
    return expression.rule != "offset" and ("before" in leads or "until" in leads)


def _completed(stretch: Stretch, others: Sequence[Expression], page: Page) -> Stretch:
    """Give a single day what other phrases add: the day of the end, else the length, else a day beside it."""
    if stretch.first != stretch.last or stretch.first.day is None:
        return stretch
    for other in others:
        is_day = (other.rule in _DAY_RULES or other.kinds == ("rel", "hours")) and "before" not in other.kinds
        if is_day and (ended := ending(stretch, Moment.of(other.tokens), page)) and _is_stay(ended):
            return ended
    for other in others:
        if other.rule == "duration" and (days := length(other)) > 1:
            last = stretch.first.shifted(days - 1)
            return Stretch(stretch.first, last, f"{stretch.rule}, for {days} days") if last else stretch
    beside = [lean(other, stretch) for other in others if other.rule == "lean" and "days" in other.kinds]
    days_named = sorted(day.first for day in (stretch, *beside) if day)
    if len(days_named) == 1:
        return stretch
    return Stretch(days_named[0], days_named[-1], f"{stretch.rule}, with the day beside it")


def _is_stay(stretch: Stretch) -> bool:
    """Say whether a stretch is longer than a day and no longer than one stays; an unknown year leaves that open."""
    first, last = stretch.first.date, stretch.last.date
    return stretch.first != stretch.last and (first is None or last is None or last - first <= _STAY)
