"""Spellings that no rule foresees: names nearly alike, where all else says that they are one person's.

How near two words are is told by the measure of Jaro (1989) and Winkler (1990), made for names in censuses. Alone it
decides nothing: the countries must agree, and the office, or the place and the days. No article tells of both as two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from rapidfuzz.distance import JaroWinkler

from extractor.events.appearance import YEAR, Appearance
from extractor.events.groups import Groups
from extractor.events.offices import post, same_office
from extractor.events.romanisation import folded, plain
from extractor.events.scripts import script_of

# The least similarity. Of 449 spellings of 174 officials of our time, no two people's come as near (tests/fixtures).
_WORD: Final = 0.85  # of each word of two names
_NAME: Final = 0.92  # of their words on the whole
_TURNED: Final = 0.95  # the same where one has the family name first, or divides the words differently
_ALONE: Final = 0.90  # of family names alone
_ENDING: Final = re.compile(r"(?:as|os|er|r|[aoe])$|ra$")
_LETTERS: Final = 5  # the letters of a family name alone: in shorter ones, one letter makes another name


def spelt_alike(appearances: Sequence[Appearance], found: Mapping[int, str]) -> list[set[str]]:
    """Return the identities that are one person's, spelt in ways that no rule foresees."""
    people: dict[str, set[Appearance]] = defaultdict(set)
    articles: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for i, identity in found.items():
        one = appearances[i]
        people[identity].add(one._replace(article=None))
        articles[identity].update([one.article] if one.article else [])
    names = {who: {(one.name, one.country) for one in seen} for who, seen in people.items()}
    groups = Groups[str]()
    for this, that in _to_compare(people):
        known = groups.of(this) == groups.of(that)
        near = not known and any(nearly(*a, *b) for a in names[this] for b in names[that])
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
    """Yield the pairs of one country that hold one office within a year, or are at one place on one day, in order."""
    blocks: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for who, seen in people.items():
        for one in seen:
            if one.country is None or script_of(one.country).settled:
                continue
            if one.office and (held := post(one.office)):
                year = None if one.day is None else one.day // YEAR
                for near in (year,) if year is None else (year, year + 1):
                    blocks[one.country, held, near].add(who)
            if one.window and one.window.sharp:
                for day in range(one.window.first, one.window.last + 1):
                    blocks[one.country, one.about, day].add(who)
    yield from sorted({pair for block in blocks.values() for pair in combinations(sorted(block), 2)})


def _one_person(one: Appearance, other: Appearance) -> bool:
    if one.office and other.office and not same_office(one.office, other.office):
        return False
    if one.meets(other):
        return True
    held = one.office and post(one.office)
    return bool(held and other.office and held == post(other.office) and one.near(other))


@lru_cache(maxsize=65536)
def nearly(one: str, its: str | None, other: str, theirs: str | None) -> bool:
    """Say whether two whole names are nearly alike, word for word; each stands with its country.

    >>> nearly("Prak Sokhonn", "KHM", "Sokhon Prak", "KHM"), nearly("Kim Jong Un", "PRK", "Kim Yo Jong", "PRK")
    (True, False)
    >>> nearly("Maria Petrova", "BGR", "Mario Petrov", "BGR")
    False
    """
    first, second = folded(one, its), folded(other, theirs)
    turned = (first[1:] + first[:1], first[-1:] + first[:-1]) if script_of(its).turns else ()
    near = _mean(first, second) >= _NAME or any(_mean(turn, second) >= _TURNED for turn in turned)
    return near and not _of_two_genders(plain(one, its), plain(other, theirs))


def _of_two_genders(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether some word ends as a woman's name in one and as a man's in the other: Daniela and Daniel."""
    return any(
        a != b and {_ENDING.sub("", a), _ENDING.sub("", b)} == {_ENDING.sub("", a)} and (a[-1] == "a") != (b[-1] == "a")
        for a in one
        for b in other
    )


def _mean(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how alike two names are, word for word; 0 if any two words are too different."""
    if len(one) != len(other):
        one, other = ("".join(one),), ("".join(other),)
    alike = 0.0
    for a, b in zip(one, other, strict=True):
        near = JaroWinkler.similarity(a, b, score_cutoff=_WORD)
        if not near:
            return 0.0
        alike += near
    return alike / len(one)


@lru_cache(maxsize=4096)
def family_names_like(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words among those known that a family name may be another spelling of."""
    if len(name) < _LETTERS:
        return ()
    return tuple(word for word in known if len(word) >= _LETTERS and JaroWinkler.similarity(name, word) >= _ALONE)
