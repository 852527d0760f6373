"""Pairs: whether two groups of mentions can tell of one happening, and how much speaks for it."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from extractor.events.mentions import LATE, Mention, Window

APART: Final = 60  # days between two reports without a date, beyond which nothing says that they tell of one thing
_ALWAYS: Final = 10**7


class Bounds(NamedTuple):
    """What a group of mentions leaves open: two groups join only where something remains.

    `first` and `last` are the outermost days that sharp windows name, `all_from` and `all_to` those that all of them
    share, `longest` the length of the longest. `open_from` and `open_to` are what the other windows share. `moved` is
    the last day on which a stage of the course was told, `ended` the first on which an end was, `planned` the last on
    which a plan without a date was; `begun` says that it took place. `articles` tell of it, each in a run.
    """

    first: int = _ALWAYS
    last: int = -_ALWAYS
    all_from: int = -_ALWAYS
    all_to: int = _ALWAYS
    longest: int = 0
    open_from: int = -_ALWAYS
    open_to: int = _ALWAYS
    moved: int = -_ALWAYS
    ended: int = _ALWAYS
    planned: int = -_ALWAYS
    begun: bool = False
    articles: frozenset[tuple[str, str]] = frozenset()


def bounds(mention: Mention) -> Bounds:
    """Return what one mention leaves open."""
    window, day, source = mention.window, mention.day, mention.source
    articles = frozenset({(source.run, source.article)})
    known = Bounds(articles=articles, begun=mention.begun)
    if window and window.sharp:
        known = known._replace(
            first=window.first, last=window.last, all_from=window.first, all_to=window.last, longest=window.days
        )
    elif window:
        known = known._replace(open_from=window.first, open_to=window.last)
    if mention.ended:
        return known._replace(ended=-_ALWAYS if day is None else day)
    if mention.stage is None or day is None:
        return known
    undated_plan = not mention.begun and window is not None and window.near is not None
    return known._replace(moved=day, planned=day if undated_plan else known.planned)


def joined(one: Bounds, other: Bounds) -> Bounds | None:
    """Return what two groups leave open together; None if they cannot tell of one happening.

    Sharp dates must share a day, or make up a stay hardly longer than the longest of them. All other windows must have
    days in common. An article tells of one happening once, nothing goes on after its end, unless both name the
    same days, and what is still to come after its last day is another.
    """
    both = Bounds(
        min(one.first, other.first), max(one.last, other.last),
        max(one.all_from, other.all_from), min(one.all_to, other.all_to), max(one.longest, other.longest),
        max(one.open_from, other.open_from), min(one.open_to, other.open_to),
        max(one.moved, other.moved), min(one.ended, other.ended), max(one.planned, other.planned),
        one.begun or other.begun, one.articles | other.articles,
    )  # fmt: skip
    if both.all_from > both.all_to and both.last - both.first + 1 > both.longest + LATE:
        return None
    if both.open_from > both.open_to + LATE:
        return None
    if both.longest and (both.first > both.open_to + LATE or both.last < both.open_from - LATE):
        return None
    if both.longest and both.begun and both.planned > both.last:
        return None
    if one.first <= other.last and other.first <= one.last:
        return both
    ended = both.ended < _ALWAYS
    if (ended and both.moved > both.ended) or (ended and both.begun) or not one.articles.isdisjoint(other.articles):
        return None
    return both


def score(one: Window, other: Window) -> float | None:
    """Return how much speaks for two windows being of one happening; None if nothing does.

    Dates to the day count for more than a month or a year, and these for more than days of publication that are near.

    >>> day, next_day, month = Window(10, 10, True), Window(11, 11, True), Window(1, 30)
    >>> score(day, day) > score(day, next_day) > score(day, month) > score(day, Window(10, 160, near=12))
    True
    """
    gap = max(one.first - other.last, other.first - one.last)
    if gap > LATE:
        return None
    if one.near is None and other.near is None:
        return (3 if one.sharp and other.sharp else 2) + (1 - gap) / (
            max(one.last, other.last) - min(one.first, other.first) + 1
        )
    near = _near(one, other)
    if one.near is not None and other.near is not None and near > APART:
        return None
    return 1 + math.exp(-near / APART) - (one.near is not None and other.near is not None) * 0.5


def _near(one: Window, other: Window) -> int:
    """Return how many days two windows are apart, that of a publication taken for the day about which it lies."""
    first = [window.first if window.near is None else window.near for window in (one, other)]
    last = [window.last if window.near is None else window.near for window in (one, other)]
    return max(first[0] - last[1], first[1] - last[0], 0)
