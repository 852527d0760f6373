"""People: which names of many articles are one person's.

A gazetteer decides first. Whole names are one person's if every word of them is alike in any romanisation and the
countries agree. A shorter name joins a fuller one only if country and office agree, and if exactly one does within a
year, or on the same days at the same place. So no two people of one family name become one, and what is left open
stays apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from extractor.events.gazetteer_file import Gazetteer
from extractor.events.mentions import Window
from extractor.events.pairs import score
from extractor.events.romanisation import folded, keys, may_be_short
from extractor.fields.goals import is_country

_NEAR: Final = 366  # days within which a shorter name looks for the fuller one
_WORD: Final = re.compile(r"[^\W\d_]+")
_MINOR: Final = frozenset("of for and the a an his her their then acting outgoing new".split())
# Offices that the press calls by several words; the first that fits counts.
_OFFICES: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("deputy", r"\b(?:vice|deputy|under-?secretary|assistant)\b"),
        ("heir", r"\bcrown prince|\bheir\b"),
        ("foreign", r"\bforeign\b|\btop diplomat\b|\bexternal affairs\b|^secretary of state$"),
        ("defence", r"\bdefen[cs]e\b|\bpentagon\b"),
        ("government", r"\bprime minister\b|\bpremier\b|\bchancellor\b(?! of the exchequer)|\bhead of government\b"),
        ("head", r"^(?:\w+ )?president\b|\b(?:head of state|leader|king|queen|emir|emperor|sultan)\b"),
        ("general", r"\bsecretary[- ]general\b"),
    )
)  # fmt: skip


class Appearance(NamedTuple):
    """A name at one place, with the country and the office that go with it there, and when that was published.

    `about` is what else tells the happening from others, and `window` when that was.
    """

    name: str
    country: str | None = None
    office: str | None = None
    published: str | None = None
    day: int | None = None
    about: tuple[str, ...] = ()
    window: Window | None = None


class _Person:
    """Someone who goes by a whole name: how it is spelt, and with which offices and when."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.words: set[frozenset[str]] = set()
        self.seen: list[Appearance] = []

    def may_be(self, short: frozenset[str], one: Appearance) -> bool | None:
        """Say whether a shorter name may be this one's: its words are among these, in that office, at about that time.

        None if it may, but no office says so. Of two whole words one is a given name, which tells enough without.
        """
        if not any(_within(short, words) for words in self.words):
            return False
        near = [
            other for other in self.seen if one.day is None or other.day is None or abs(one.day - other.day) <= _NEAR
        ]
        offices = {other.office for other in near if other.office}
        if not near or one.office is None or not offices:
            return None if near else False
        if any(same_office(one.office, office) for office in offices):
            return True
        return None if sum(len(word) > 1 for word in short) > 1 else False

    def meets(self, one: Appearance) -> bool:
        """Say whether this one is told to be at the same place on the same days."""
        return any(
            one.about == other.about and one.window and other.window and (score(one.window, other.window) or 0) > 3
            for other in self.seen
        )


def identities(appearances: Sequence[Appearance], gazetteer: Gazetteer | None = None) -> list[str]:
    """Return who each name is: the id of an entry of the gazetteer, or the usual spelling with the country.

    The result for a name depends on which others there are, not on their order.

    >>> names = ["Choe Son Hui", "Choi Sun-hee", "Choe", "Kim Yo Jong"]
    >>> identities([Appearance(name, "PRK") for name in names])
    ['Choe Son Hui (PRK)', 'Choe Son Hui (PRK)', 'Choe Son Hui (PRK)', 'Kim Yo Jong (PRK)']
    """
    found: dict[int, str] = {}
    for i, one in enumerate(appearances):
        if gazetteer and (known := gazetteer.who(one.name, one.country, one.published)):
            found[i] = known
    rest = [i for i in range(len(appearances)) if i not in found]
    whole = [i for i in rest if len(folded(appearances[i].name, appearances[i].country)) > 1]
    found |= _whole_names(appearances, whole)
    people = _index(appearances, found)
    by_size = defaultdict(list)
    for i in rest:
        by_size[len(folded(appearances[i].name, appearances[i].country))].append(i)
    for size in sorted(by_size, reverse=True):
        joined = {i: who for i in by_size[size] if (who := _fuller(appearances[i], people, found.get(i)))}
        _rename(found, joined, appearances, by_size[size])
        people = _index(appearances, found) if joined else people
    return [found.get(i) or _label(one.name, one.country) for i, one in enumerate(appearances)]


def same_office(one: str, other: str) -> bool:
    """Say whether two offices can be one: alike in kind, or the words of one among those of the other.

    >>> same_office("top diplomat", "Foreign Minister"), same_office("President", "Defence Minister")
    (True, False)
    """
    a, b = _kind(one), _kind(other)
    if a and b:
        return a == b or ({a, b} == {"head", "government"} and "leader" in f"{one} {other}".lower())
    mine, theirs = _words(one), _words(other)
    return not mine or not theirs or mine <= theirs or theirs <= mine


def _kind(office: str) -> str | None:
    return next((name for name, pattern in _OFFICES if pattern.search(office)), None)


def _words(office: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(office)} - _MINOR


def _within(short: frozenset[str], long: frozenset[str]) -> bool:
    """Say whether a name's words are among those of a fuller one; an initial stands for a word."""
    initials = {word for word in short if len(word) == 1} - long
    rest = long - short
    return (
        short - initials <= long
        and len(initials) <= len(rest)
        and all(any(word.startswith(initial) for word in rest) for initial in initials)
        and (bool(initials) or len(short) < len(long))
    )


def _label(name: str, country: str | None) -> str:
    return f"{' '.join(name.split())} ({country})" if country else " ".join(name.split())


def _whole_names(appearances: Sequence[Appearance], which: Iterable[int]) -> dict[int, str]:
    """Group whole names that are alike and whose countries agree; an unknown one agrees with the only one there is."""
    forms = defaultdict(list)
    for i in which:
        forms[appearances[i].name, appearances[i].country].append(i)
    groups = _Groups()
    codes = sorted({country for _, country in forms if country})
    stated: dict[str, set[str]] = defaultdict(set)
    for name, country in sorted(forms, key=str):
        if country:
            own = [f"{country} {key}" for key in keys(folded(name, country))]
            groups.join(own)
            for key in keys(folded(name, None)):
                stated[key].add(own[0])
    for name, country in sorted(forms, key=str):
        plain = keys(folded(name, None))
        homes = {groups.of(own) for key in plain for own in stated[key]}
        if country is None:
            scripts = {} if homes else {f"{code} {key}" for code in codes for key in keys(folded(name, code))}
            homes |= {groups.of(own) for own in scripts if own in groups}
            groups.join([*(homes if len(homes) == 1 else ()), *(f"? {key}" for key in plain)])
        elif not is_country(country):  # somebody of an organisation is of a country, too
            others = {home for home in homes if is_country(home.split()[0])}
            groups.join([f"{country} {keys(folded(name, country))[0]}", *(others if len(others) == 1 else ())])
    members: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for name, country in sorted(forms, key=str):
        members[groups.of(f"{country or '?'} {keys(folded(name, country))[0]}")].append((name, country))
    found: dict[int, str] = {}
    for group in members.values():
        label = _usual({form: len(forms[form]) for form in group})
        found |= {i: label for form in group for i in forms[form]}
    return found


def _usual(forms: dict[tuple[str, str | None], int]) -> str:
    """Return the name by which most call a person, with the country that most give."""
    names, countries = Counter[str](), Counter[str]()
    for (name, country), number in forms.items():
        names[name] += number
        countries[country or ""] += number if country else 0
    name = min(names, key=lambda one: (-names[one], -len(one), one))
    return _label(name, min(countries, key=lambda one: (-countries[one], one)) or None)


def _index(appearances: Sequence[Appearance], found: dict[int, str]) -> dict[str, list[_Person]]:
    """List the people who are known by each word of their names, under their country and under none."""
    people: dict[str, _Person] = {}
    seen: set[tuple[str, Appearance]] = set()
    index: dict[str, dict[str, _Person]] = defaultdict(dict)
    for i, identity in found.items():
        one = appearances[i]
        if (identity, one) in seen:
            continue
        seen.add((identity, one))
        person = people.setdefault(identity, _Person(identity))
        person.seen.append(one)
        words = frozenset(folded(one.name, one.country))
        if words not in person.words:
            person.words.add(words)
            for word in words:
                index[f"{one.country} {word}"][identity] = index[f"? {word}"][identity] = person
    return {key: list(held.values()) for key, held in index.items()}


def _fuller(one: Appearance, people: dict[str, list[_Person]], own: str | None) -> str | None:
    """Return the only person whose fuller name fits a shorter one; a single word needs a country to go by."""
    words = frozenset(folded(one.name, one.country))
    if not may_be_short(words, one.country) or (one.country is None and len(words) == 1):
        return None
    longest = max(sorted(words), key=len)
    candidates = (person for person in people.get(f"{one.country or '?'} {longest}", ()) if person.identity != own)
    fits = [(person, sure) for person in candidates if (sure := person.may_be(words, one)) is not False]
    if len(fits) > 1:
        fits = [(person, sure) for person, sure in fits if sure] or fits
    if len(fits) > 1:
        fits = [(person, sure) for person, sure in fits if person.meets(one)]
    return fits[0][0].identity if len(fits) == 1 else None


def _rename(
    found: dict[int, str], joined: dict[int, str], appearances: Sequence[Appearance], which: Sequence[int]
) -> None:
    """Give shorter names the identity of the fuller; those of one spelling that fit different people stay apart."""
    found.update(joined)
    for i in which:
        if i not in found and len(folded(appearances[i].name, appearances[i].country)) == 1:
            found[i] = _label(appearances[i].name, appearances[i].country)


class _Groups:
    """Sets of keys that belong together (union-find); a set is known by its first key in order."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._above

    def of(self, key: str) -> str:
        above = self._above.setdefault(key, key)
        while above != self._above[above]:
            above = self._above[above] = self._above[self._above[above]]
        self._above[key] = above
        return above

    def join(self, together: Sequence[str]) -> None:
        roots = sorted({self.of(key) for key in together})
        for root in roots[1:]:
            self._above[root] = roots[0]
