"""Short names: a family name, initials or part of a name, and the fuller name that it stands for.

A shorter name joins a fuller one only if country and office agree, and if exactly one does within a year, or on the
same days at the same place. So no two people of one family name become one, and what is left open stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from extractor.events.appearance import Appearance
from extractor.events.offices import post, same_office
from extractor.events.romanisation import folded, initials, is_short_for
from extractor.events.spellings import family_names_like

_Words = defaultdict[str, str]  # the words of a whole name, each with the letters that may stand for it


class _Person:
    """Someone who goes by a whole name: how it is spelt, and with which offices and when."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.spelt: dict[tuple[str, ...], _Words] = {}
        self.seen: list[Appearance] = []

    def may_be(self, short: tuple[str, ...], one: Appearance) -> bool | None:
        """Say whether a shorter name may be this one's: its words are among these, in that office, at about that time.

        None if it may, but no office says so. Of two whole words one is a given name, which tells enough without, but
        for offices such as two people hold.
        """
        if not any(_within(short, long, words, one.country) for long, words in self.spelt.items()):
            return False
        near = [other for other in self.seen if one.near(other)]
        offices = {other.office for other in near if other.office}
        if not near or one.office is None or not offices:
            return None if near else False
        if any(same_office(one.office, office) for office in offices):
            return True
        two = post(one.office) is not None and any(map(post, offices))
        return None if sum(len(word) > 1 for word in short) > 1 and not two else False


class People:
    """Those who go by whole names, by each word of these, under their country and under none."""

    def __init__(self, appearances: Sequence[Appearance], found: Mapping[int, str]) -> None:
        people: dict[str, _Person] = {}
        seen: set[tuple[str, Appearance]] = set()
        self._by_word: dict[str, dict[str, dict[str, _Person]]] = defaultdict(lambda: defaultdict(dict))
        for i, identity in found.items():
            one = appearances[i]._replace(article=None)
            if (identity, one) in seen:
                continue
            seen.add((identity, one))
            person = people.setdefault(identity, _Person(identity))
            person.seen.append(one)
            words = folded(one.name, one.country)
            letters = person.spelt.setdefault(words, defaultdict(str))
            for word, initial in zip(words, initials(one.name, one.country), strict=True):
                letters[word] += initial
                for country in (one.country or "?", "?"):
                    self._by_word[country][word][identity] = person

    def fuller(self, one: Appearance, own: str | None) -> str | None:
        """Return the only person whose fuller name fits a shorter one; a single word needs a country to go by."""
        words = folded(one.name, one.country)
        if not words or (one.country is None and len(words) == 1):
            return None
        known = self._by_word.get(one.country or "?", {})
        longest = max(sorted(words), key=len)
        if longest in known or len(words) > 1:
            fits = [
                (person, sure)
                for person in known.get(longest, {}).values()
                if person.identity != own and (sure := person.may_be(words, one)) is not False
            ]
        else:  # spelt as nowhere else: the office must say who it is
            near = family_names_like(longest, tuple(known))
            people = {who: (person, word) for word in near for who, person in known[word].items()}
            fits = [(person, True) for person, word in people.values() if person.may_be((word,), one)]
        if len(fits) > 1:
            fits = [(person, sure) for person, sure in fits if sure] or fits
        if len(fits) > 1 or (fits and len(words) == 1 and not fits[0][1]):
            fits = [(person, sure) for person, sure in fits if any(one.meets(other) for other in person.seen)]
        return fits[0][0].identity if len(fits) == 1 else None


def _within(short: tuple[str, ...], long: tuple[str, ...], may_stand_for: _Words, country: str | None) -> bool:
    """Say whether a name's words are among those of a fuller one; an initial stands for a word."""
    letters = {word for word in short if len(word) == 1} - {*long}
    rest = {*long} - {*short}
    return (
        {*short} - letters <= {*long}
        and len(letters) <= len(rest)
        and all(any(letter in may_stand_for[word] for word in rest) for letter in letters)
        and (bool(letters) or len({*short}) < len({*long}))
        and is_short_for(short, long, country)
    )
