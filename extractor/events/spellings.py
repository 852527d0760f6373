"""Spellings that no rule foresees: names nearly alike, where all else says that they are one person's.

How near two words are is told by the measure of Jaro (1989) and Winkler (1990), made for names in censuses. Alone it
decides nothing: the countries must agree, and the office, or the place and the days. No article tells of both as two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from rapidfuzz.distance import JaroWinkler

from extractor.events.appearance import Appearance
from extractor.events.groups import Groups
from extractor.events.offices import post, same_office
from extractor.events.romanisation import folded

# The least similarity. Of 449 spellings of 174 officials of our time, no two people's come as near (tests/fixtures).
_WORD: Final = 0.85  # of each word of two names
_NAME: Final = 0.92  # of their words on the whole
_TURNED: Final = 0.95  # the same where one has the family name first, or divides the words differently
_ALONE: Final = 0.90  # of family names alone
_LETTERS: Final = 5  # the letters of a family name alone: in shorter ones, one letter makes another name


def spelt_alike(appearances: Sequence[Appearance], found: Mapping[int, str]) -> list[set[str]]:
    """Return the identities that are one person's, spelt in ways that no rule foresees."""
    people: dict[str, set[Appearance]] = defaultdict(set)
    articles: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for i, identity in found.items():
        one = appearances[i]
        people[identity].add(one._replace(article=None))
        articles[identity].update([one.article] if one.article else [])
    names = {who: {folded(one.name, one.country) for one in seen} for who, seen in people.items()}
    groups = Groups()
    for this, that in _to_compare(people):
        known = groups.of(this) == groups.of(that)
        near = not known and any(nearly(a, b) for a in names[this] for b in names[that])
        if near and any(_one_person(a, b) for a in people[this] for b in people[that]):
            groups.join([this, that])
    together: dict[str, set[str]] = defaultdict(set)
    for who in people:
        together[groups.of(who)].add(who)
    return [
        group
        for group in together.values()
        if len(group) > 1 and all(articles[one].isdisjoint(articles[other]) for one, other in combinations(group, 2))
    ]


def _to_compare(people: Mapping[str, Iterable[Appearance]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one country that hold one office or are at one place, in order."""
    blocks: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for who, seen in people.items():
        for one in seen:
            if one.country and one.office and (held := post(one.office)):
                blocks[one.country, held].add(who)
            if one.country and one.window:
                blocks[one.country, one.about].add(who)
    yield from sorted({pair for block in blocks.values() for pair in combinations(sorted(block), 2)})


def _one_person(one: Appearance, other: Appearance) -> bool:
    if one.office and other.office and not same_office(one.office, other.office):
        return False
    if one.meets(other):
        return True
    held = one.office and post(one.office)
    return bool(held and other.office and held == post(other.office) and one.near(other))


@lru_cache(maxsize=65536)
def nearly(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two whole names are nearly alike, word for word, family name first or last.

    >>> nearly(("sokhonn", "prak"), ("prak", "sokhon")), nearly(("kim", "jong", "un"), ("kim", "yo", "jong"))
    (True, False)
    """
    turned = (one[1:] + one[:1], one[-1:] + one[:-1])
    return _mean(one, other) >= _NAME or any(_mean(turn, other) >= _TURNED for turn in turned)


def _mean(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how alike two names are, word for word; 0 if any two words are too different."""
    if len(one) != len(other):
        one, other = ("".join(one),), ("".join(other),)
    alike = [JaroWinkler.similarity(a, b) for a, b in zip(one, other, strict=True)]
    return sum(alike) / len(alike) if min(alike) >= _WORD else 0.0


@lru_cache(maxsize=4096)
def family_names_like(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words among those known that a family name may be another spelling of."""
    if len(name) < _LETTERS:
        return ()
    return tuple(word for word in known if len(word) >= _LETTERS and JaroWinkler.similarity(name, word) >= _ALONE)
