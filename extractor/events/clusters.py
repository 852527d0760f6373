"""Clusters: which mentions of one block are one event.

The pairs join from the best supported down, in an order that depends on nothing but the mentions themselves, and a
join is refused where the two groups as wholes cannot tell of one happening (agglomeration under constraints).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from heapq import heappop, heappush

from extractor.events.groups import Groups
from extractor.events.mentions import LATE, Mention, Window
from extractor.events.pairs import Bounds, bounds, joined, score

_Group = list[Mention]


def clusters(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Divide the mentions of one block into events, whatever their order."""
    ordered = sorted(mentions, key=_order)
    groups = _alike([one for one in ordered if one.window])
    found = _agglomerated(groups)
    return _with_timeless([one for one in ordered if one.window is None], found)


def _order(mention: Mention) -> tuple[object, ...]:
    window = mention.window or Window(0, 0)
    return (window.first, window.last, not window.sharp, mention.stage or 0, mention.day or 0, mention.source.key)


def _alike(mentions: Sequence[Mention]) -> list[_Group]:
    """Put together what differs in nothing that counts; records of one article only where they name the same days."""
    groups: dict[tuple[object, ...], _Group] = {}
    told: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for one in mentions:
        known = (one.window, one.stage, one.ended, one.begun, one.day)
        again = 0
        if one.window and not one.window.sharp:
            told[*known, one.source.run, one.source.article] += 1
            again = told[*known, one.source.run, one.source.article]
        groups.setdefault((*known, again), []).append(one)
    return list(groups.values())


def _agglomerated(groups: Sequence[_Group]) -> list[tuple[_Group, Bounds]]:
    """Join pairs of groups from the best down, each where the wholes allow it."""
    limits = [reduce(_together, map(bounds, group)) for group in groups]
    members = [[number] for number in range(len(groups))]
    known = Groups[int]()
    for _, left, right in sorted(_pairs(groups)):
        one, other = sorted((known.of(left), known.of(right)))
        if one != other and (both := joined(limits[one], limits[other])):
            known.join([one, other])
            limits[one] = both
            members[one] += members[other]
    return [
        ([mention for number in sorted(members[root]) for mention in groups[number]], limits[root])
        for root in range(len(groups))
        if known.of(root) == root
    ]


def _together(one: Bounds, other: Bounds) -> Bounds:
    """Join what is alike, which nothing can refuse."""
    return joined(one, other) or one._replace(articles=one.articles | other.articles)


def _pairs(groups: Sequence[_Group]) -> list[tuple[float, int, int]]:
    """Return the pairs for which something speaks, the best first; only windows that touch are looked at."""
    windows = [group[0].window for group in groups]
    found: list[tuple[float, int, int]] = []
    open_now: list[tuple[int, int]] = []
    for number, window in enumerate(windows):
        assert window  # noqa: S101 -- those without one were left out
        while open_now and open_now[0][0] < window.first - LATE:
            heappop(open_now)
        for _, other in open_now:
            before = windows[other]
            if before and (points := score(before, window)) is not None:
                found.append((-points, other, number))
        heappush(open_now, (window.last, number))
    return found


def _with_timeless(mentions: Sequence[Mention], found: list[tuple[_Group, Bounds]]) -> list[_Group]:
    """Add what nothing dates: to the only event that there is, else it makes one of its own."""
    if len(found) > 1 or not found:
        known = [group for group, _ in found]
        found = []
    else:
        known = []
    for one in mentions:
        limits = bounds(one)
        home = next((n for n, (_, other) in enumerate(found) if joined(other, limits)), None)
        if home is None:
            found.append(([one], limits))
        else:
            group, other = found[home]
            found[home] = ([*group, one], joined(other, limits) or other)
    return known + [group for group, _ in found]
