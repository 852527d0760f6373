"""People: which names of many articles are one person's.

A gazetteer decides first. Whole names are one person's if every word of them is alike in any romanisation and the
countries agree, or if nearly alike and everything else says so. A shorter name joins a fuller one if only one fits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from extractor.events.appearance import Appearance
from extractor.events.gazetteer_file import Gazetteer
from extractor.events.groups import Groups
from extractor.events.offices import post, same_office
from extractor.events.romanisation import folded, keys
from extractor.events.scripts import script_of
from extractor.events.short_names import People
from extractor.events.spellings import spelt_alike
from extractor.fields.goals import is_country


def identities(appearances: Sequence[Appearance], gazetteer: Gazetteer | None = None) -> list[str]:
    """Return who each name is: the id of an entry of the gazetteer, or the usual spelling with the country.

    The result for a name depends on which others there are, not on their order.

    >>> names = ["Choe Son Hui", "Choi Sun-hee", "Choe", "Kim Yo Jong"]
    >>> identities([Appearance(name, "PRK", "foreign minister" if "Ch" in name else None) for name in names])
    ['Choe Son Hui (PRK)', 'Choe Son Hui (PRK)', 'Choe Son Hui (PRK)', 'Kim Yo Jong (PRK)']
    """
    found: dict[int, str] = {}
    for i, one in enumerate(appearances):
        if gazetteer and (known := gazetteer.who(one.name, one.country, one.published)):
            found[i] = known
    rest = [i for i in range(len(appearances)) if i not in found]
    by_size = defaultdict(list)
    for i in rest:
        by_size[len(folded(appearances[i].name, appearances[i].country))].append(i)
    whole = _whole_names(appearances, [i for size, members in by_size.items() if size > 1 for i in members])
    found |= _respelt(appearances, whole)
    people = People(appearances, found)
    for size in sorted(by_size, reverse=True):
        joined = {i: who for i in by_size[size] if (who := people.fuller(appearances[i], found.get(i)))}
        found |= joined
        if size == 1:
            found |= _family_names(appearances, [i for i in by_size[size] if i not in joined])
        elif joined:
            people = People(appearances, found)
    identified = [found.get(i) or _label(one.name, one.country) for i, one in enumerate(appearances)]
    return _told_apart(appearances, identified)


def _told_apart(appearances: Sequence[Appearance], who: Sequence[str]) -> list[str]:
    """Tell namesakes by their offices where one article has both on one trip: a minister and a general of one name."""
    told: dict[tuple[str, object], list[Appearance]] = defaultdict(list)
    for one, identity in zip(appearances, who, strict=True):
        if one.article and one.office and post(one.office):
            told[identity, one.article].append(one)
    namesakes = {
        identity
        for (identity, _), seen in told.items()
        if any(a.meets(b) and post(a.office or "") != post(b.office or "") for a, b in combinations(seen, 2))
    }
    return [
        f"{identity}, {held}" if identity in namesakes and one.office and (held := post(one.office)) else identity
        for one, identity in zip(appearances, who, strict=True)
    ]


def _label(name: str, country: str | None) -> str:
    return f"{' '.join(name.split())} ({country})" if country else " ".join(name.split())


def _whole_names(appearances: Sequence[Appearance], which: Iterable[int]) -> dict[int, str]:
    """Group whole names that are alike and whose countries agree; an unknown one agrees with the only one there is."""
    forms = defaultdict(list)
    for i in which:
        forms[appearances[i].name, appearances[i].country].append(i)
    groups = Groups[str]()
    codes = sorted({country for _, country in forms if country})
    stated: dict[str, set[str]] = defaultdict(set)
    for name, country in sorted(forms, key=str):
        if country:
            turns = script_of(country).turns
            own = [f"{country} {key}" for key in keys(folded(name, country), turns=turns)]
            groups.join(own)
            for key in keys(folded(name, None), turns=turns):
                stated[key].add(own[0])
    for name, country in sorted(forms, key=str):
        plain = keys(folded(name, None), turns=False)
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


def _usual(forms: Mapping[tuple[str, str | None], int]) -> str:
    """Return the name by which most call a person, with the country that most give."""
    names, countries = Counter[str](), Counter[str]()
    for (name, country), number in forms.items():
        names[name] += number
        countries[country or ""] += number if country else 0
    name = min(names, key=lambda one: (-names[one], -len(one), one))
    return _label(name, min(countries, key=lambda one: (-countries[one], one)) or None)


def _respelt(appearances: Sequence[Appearance], found: dict[int, str]) -> dict[int, str]:
    """Give one identity to those whose names are nearly alike, where everything else says that they are one."""
    now: dict[str, str] = {}
    for group in spelt_alike(appearances, found):
        forms = Counter((appearances[i].name, appearances[i].country) for i, who in found.items() if who in group)
        now |= dict.fromkeys(group, _usual(forms))
    return {i: now.get(who, who) for i, who in found.items()}


def _family_names(appearances: Sequence[Appearance], which: Iterable[int]) -> dict[int, str]:
    """Name those of whom no fuller name is known: one person for each family name and office."""
    forms: dict[tuple[tuple[str, ...], str | None], list[int]] = defaultdict(list)
    for i in which:
        forms[folded(appearances[i].name, appearances[i].country), appearances[i].country].append(i)
    found: dict[int, str] = {}
    for members in forms.values():
        label = _usual(Counter((appearances[i].name, appearances[i].country) for i in members))
        held = sorted({office for i in members if (office := appearances[i].office)})
        groups = Groups[str]()
        for one, other in combinations(held, 2):
            groups.join([one, other] if same_office(one, other) else [one])
        several = len({groups.of(office) for office in held}) > 1
        for i in members:
            office = appearances[i].office
            found[i] = f"{label}, {groups.of(office)}" if several and office else label
    return found
