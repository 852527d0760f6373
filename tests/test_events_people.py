"""People: one person under many spellings is one, and two people never are."""

from __future__ import annotations

import random
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from extractor.events.appearance import Appearance
from extractor.events.gazetteer_file import Entry, Gazetteer
from extractor.events.mentions import window_of
from extractor.events.offices import same_office
from extractor.events.people import identities
from extractor.events.spellings import nearly

_FILE = Path(__file__).parent / "fixtures" / "spellings.txt"
SPELLINGS = [line.split("|") for line in _FILE.read_text("utf-8").splitlines()]
"""A country, and ways in which outlets spell the name of one of its officials."""

ONE = [
    ("PRK", "Choe Son Hui", "Choe Son-hui", "Choi Sun-hee", "Ch'oe Sŏn-hŭi", "Sun-hee Choi", "CHOE SON HUI"),
    ("PRK", "Kim Jong Un", "Kim Jong-un", "Kim Jong-eun", "Kim Chŏng-ŭn"),
    ("KOR", "Yoon Suk Yeol", "Yoon Suk-yeol", "Yun Seok-yeol"),
    ("RUS", "Sergei Lavrov", "Sergey Lavrov", "Sergej Lavrov"),
    ("UKR", "Volodymyr Zelenskyy", "Volodymyr Zelensky", "Vladimir Zelenskiy"),
    ("BLR", "Alexander Lukashenko", "Aliaksandr Lukashenka"),
    ("CHN", "Xi Jinping", "Xi Jin-ping", "XI Jinping"),
    ("EGY", "Abdel Fattah el-Sisi", "Abdul Fattah al-Sisi", "Abdel-Fattah Sissi"),
    ("SAU", "Mohammed bin Salman", "Muhammad bin Salman", "Mohamed Bin Salman"),
    ("JPN", "Taro Kono", "Tarō Kōno", "Kono Taro"),
    ("KOR", "Han Duck-soo", "Han Deok-su", "Han Tok-su"),
    ("IRN", "Javad Zarif", "Jawad Zarif"),
    ("USA", "Joe Biden", "Joseph Biden", "Joseph R. Biden Jr."),
]
TWO = [
    ("PRK", "Kim Jong Un", "Kim Yo Jong"),
    ("PRK", "Kim Jong Un", "Kim Yong Nam"),
    ("PRK", "Kim Jong Un", "Kim Jong Il"),
    ("PRK", "Kim Il Sung", "Kim Song Il"),
    ("PRK", "Kim Song", "Kim Song Il"),
    ("PRK", "Kim Yong Chol", "Kim Yong Nam"),
    ("PRK", "Choe Son Hui", "Choe Ryong Hae"),
    ("IRQ", "Hassan Ali", "Hussein Ali"),
    ("KWT", "Hamad Nasser", "Hamed Nasser"),
    ("SYR", "Saleh Kamel", "Salah Kamel"),
    ("CHN", "Deng Wei", "Teng Wei"),
    ("USA", "George Bush", "Barbara Bush"),
]


@pytest.mark.parametrize(("country", "first", "others"), [(country, one, others) for country, one, *others in ONE])
def test_spellings_of_one_name_are_one_person(country: str, first: str, others: list[str]) -> None:
    for other in others:
        assert len(set(identities([Appearance(first, country), Appearance(other, country)]))) == 1, other


def test_spellings_of_officials_of_our_time_are_joined_where_the_office_agrees() -> None:
    """449 spellings of 174 people of 72 countries: those of one are one, and of two they are never nearly alike."""
    for country, *names in SPELLINGS:
        who = [Appearance(name, country, "Foreign Minister") for name in names]
        assert len(set(identities(who))) == 1, names
    for (one, *mine), (other, *theirs) in combinations(SPELLINGS, 2):
        for a, b in product(mine, theirs):
            assert not nearly(a, one, b, other), (a, b)


KIN = [
    ("SAU", "Salman bin Abdulaziz Al Saud", "King", "Mohammed bin Salman bin Abdulaziz Al Saud", "Crown Prince"),
    ("QAT", "Hamad bin Khalifa", "Emir", "Tamim bin Hamad bin Khalifa", "Emir"),
    ("TCD", "Idriss Deby", "President", "Mahamat Idriss Déby", "President"),
    ("CHN", "Li Keqiang", "Premier", "Li Qiang", "Premier"),
    ("CHN", "Zhang Ming", "Foreign Minister", "Zhang Min", "Foreign Minister"),
    ("VNM", "Nguyen Van Thang", "Finance Minister", "Nguyen Van Thanh", "Finance Minister"),
    ("ESP", "Maria Fernandez", "Trade Minister", "Mario Fernandez", "Trade Minister"),
    ("DEU", "Daniel Jansen", "Trade Minister", "Daniela Jansen", "Trade Minister"),
    ("RUS", "Alexander Petrov", "Trade Minister", "Alexandra Petrova", "Trade Minister"),
    ("ITA", "Andrea Orlando", "Trade Minister", "Andreas Orlando", "Trade Minister"),
    ("CHL", "Maria Fernandes", "member of parliament", "Maria Fernandez", "member of parliament"),
    ("IRQ", "Ali Hassan", "oil minister", "Hassan Ali", "trade minister"),
    ("KOR", "Lee Jae-myung", "opposition leader", "Lee", "Prime Minister"),
    ("USA", "Kim Harlan", "House majority leader", "Harlan", "President"),
]
"""Pairs of officials of a country who are easily taken for one."""


@pytest.mark.parametrize(("country", "one", "office", "other", "other_office"), KIN, ids=[row[3] for row in KIN])
def test_kin_namesakes_and_successors_are_two(
    country: str, one: str, office: str, other: str, other_office: str
) -> None:
    day, days = 739000, window_of("2024-04-24")
    first = Appearance(one, country, office, day=day, about=("EGY",), window=days)
    for place, when in (("EGY", days), ("TUR", None)) if office != other_office else (("TUR", None),):
        second = Appearance(other, country, other_office, day=day + 90, about=(place,), window=when)
        assert len(set(identities([first, second]))) == 2


def test_namesakes_whom_one_article_has_on_one_trip_are_two() -> None:
    minister = Appearance(
        "Ri Yong Ho", "PRK", "foreign minister", None, 739000, ("RUS",), window_of("2024-04-24"), ("r", "a")
    )
    general = minister._replace(office="chief of the General Staff")
    assert len(set(identities([minister, general]))) == 2
    assert len(set(identities([minister, general._replace(article=("r", "b"))]))) == 1, (
        "an office may be told in two ways"
    )


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("CHN", "Qin Gang", "Ch'in Kang"),
        ("POL", "Radoslaw Sikorski", "Radek Sikorski"),
        ("SOM", "Hassan Sheikh Mohamud", "Xasan Sheekh Maxamuud"),
        ("ARM", "Serzh Sargsyan", "Serge Sarkisian"),
    ],
)
def test_what_is_spelt_too_differently_stays_apart(country: str, one: str, other: str) -> None:
    """As docs/events.md says: Wade-Giles, nicknames and Somali spelling need a gazetteer."""
    assert len(set(identities([Appearance(one, country, "minister"), Appearance(other, country, "minister")]))) == 2


VISIT = Appearance(
    "Dmitri Aksyonov", "RUS", "Trade Minister", day=739000, about=("EGY",), window=window_of("2024-04-24")
)


@pytest.mark.parametrize(
    ("change", "people"),
    [
        ({}, 1),
        ({"office": "minister for trade", "about": ("TUR",), "window": None}, 1),
        ({"office": None}, 1),
        ({"office": None, "about": ("TUR",)}, 2),
        ({"office": None, "window": window_of("2024-04-29")}, 2),
        ({"office": "Sports Minister"}, 2),
        ({"office": "minister for trade", "about": ("TUR",), "day": 737000}, 2),
        ({"country": "BLR"}, 2),
        ({"article": ("run", "a")}, 2),
    ],
    ids=[
        "all agree", "the office", "place and days", "neither office nor place", "neither office nor days",
        "another office", "the office years before", "another country", "both in one article",
    ],
)  # fmt: skip
def test_names_nearly_alike_are_one_only_where_all_else_agrees(change: dict[str, Any], people: int) -> None:
    other = VISIT._replace(name="Dmitry Aksonov", **change)
    first = VISIT._replace(article=("run", "a")) if "article" in change else VISIT
    assert len(set(identities([first, other]))) == people


def test_what_joins_two_whom_one_article_tells_apart_joins_nobody() -> None:
    names = ["Dmitri Aksyonov", "Dmitry Aksonov", "Dmitri Aksyono"]
    articles = [("run", "a"), ("run", "b"), ("run", "a")]
    who = [VISIT._replace(name=name, article=place) for name, place in zip(names, articles, strict=True)]
    assert len(set(identities(who))) == 3


def test_a_family_name_may_be_spelt_as_nowhere_else_if_the_office_says_whose_it_is() -> None:
    minister = Appearance("Oleksii Shcherbatiuk", "UKR", "Defence Minister")
    assert len(set(identities([minister, Appearance("Tcherbatyuk", "UKR", "defence minister")]))) == 1
    assert len(set(identities([minister, Appearance("Tcherbatyuk", "UKR")]))) == 2


def test_family_names_alone_are_told_apart_by_the_office() -> None:
    kims = [Appearance("Kim", "KOR", "Trade Minister"), Appearance("Kim", "KOR", "Defence Minister")]
    assert len(set(identities(kims))) == 2
    assert len(set(identities([*kims[:1], Appearance("Kim", "KOR", "minister for trade")]))) == 1
    assert len(set(identities([Appearance("Choe", "PRK"), Appearance("Choi", "PRK")]))) == 1


@pytest.mark.parametrize(("country", "one", "other"), TWO)
def test_different_names_are_two_people(country: str, one: str, other: str) -> None:
    assert len(set(identities([Appearance(one, country), Appearance(other, country)]))) == 2


def test_namesakes_of_two_countries_are_two_people() -> None:
    found = identities([Appearance("Ali Hassan", "EGY"), Appearance("Ali Hassan", "SOM"), Appearance("Ali Hassan")])
    assert len(set(found)) == 3  # the one without a country may be either


def test_an_unknown_country_agrees_with_the_only_one_of_that_name() -> None:
    assert len(set(identities([Appearance("Sergey Lavrov"), Appearance("Sergei Lavrov", "RUS")]))) == 1


def test_somebody_of_an_organisation_is_of_a_country_too() -> None:
    assert len(set(identities([Appearance("Antonio Guterres", "UN"), Appearance("António Guterres", "PRT")]))) == 1


def test_a_family_name_joins_the_one_who_fits() -> None:
    found = identities(
        [Appearance("Choe Son Hui", "PRK", "Foreign Minister"), Appearance("Choe", "PRK", "foreign minister")]
    )
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    "short",
    [
        Appearance("Kim"),
        Appearance("Kim", "KOR"),
        Appearance("Kim", "PRK", "Defence Minister"),
        Appearance("Kim", "PRK", None, "2010-01-01", 733773),
    ],
    ids=["without a country", "of another country", "in another office", "of another time"],
)
def test_a_family_name_joins_nobody_who_does_not_fit(short: Appearance) -> None:
    known = Appearance("Kim Jong Un", "PRK", "leader", "2024-01-15", 738900)
    assert len(set(identities([known, short]))) == 2


def test_a_family_name_without_an_office_joins_only_at_the_place_on_the_days() -> None:
    kim = Appearance("Kim Yo Jong", "PRK", "vice department director", None, 739000, ("RUS",), window_of("2024-04-24"))
    assert len(set(identities([kim, kim._replace(name="Kim", office=None, window=None)]))) == 2
    assert len(set(identities([kim, kim._replace(name="Kim", office=None)]))) == 1


def test_a_family_name_that_two_bear_stays_apart() -> None:
    kims = [Appearance("Kim Jong Un", "PRK"), Appearance("Kim Yo Jong", "PRK"), Appearance("Kim", "PRK")]
    assert len(set(identities(kims))) == 3


def test_of_two_who_fit_the_one_at_that_place_on_those_days_is_meant() -> None:
    def at(name: str, days: str) -> Appearance:
        return Appearance(name, "GHA", "foreign minister", about=("TGO",), window=window_of(days))

    june, july = at("Kwame Boadi", "2025-06-09/2025-06-10"), at("Ama Boadi", "2025-07-18")
    found = identities([june, july, at("Boadi", "2025-07-18/2025-07-19")])
    assert found[2] == found[1] != found[0]


@pytest.mark.parametrize("name", ["", "???", "习近平", "\u202eKim", "e\u0301 " * 500, "A. B.", "🛫"])
def test_a_name_may_be_anything(name: str) -> None:
    found = identities(
        [Appearance(name, "CHN"), Appearance("Xi Jinping", "CHN"), Appearance(name)], Gazetteer([Entry("Q", ("X",))])
    )
    assert found[1] == "Xi Jinping (CHN)"
    assert found[0] != found[1]


def test_who_somebody_is_does_not_depend_on_the_order() -> None:
    people = [Appearance(name, country) for country, *names in ONE for name in (*names, names[0].split()[0])]
    people += [Appearance(name) for _, *names in ONE for name in names]
    wanted = dict(zip(people, identities(people), strict=True))
    for seed in range(5):
        shuffled = random.Random(seed).sample(people, len(people))  # noqa: S311 -- no secret
        assert dict(zip(shuffled, identities(shuffled), strict=True)) == wanted


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("top diplomat", "Foreign Minister", True),
        ("President", "leader", True),
        ("Deputy Foreign Minister", "Foreign Minister", False),
        ("Trade Minister", "minister for trade", True),
        ("Premier", "Prime Minister", True),
        ("President", "Prime Minister", False),
    ],
)
def test_offices_are_compared_by_what_they_are(one: str, other: str, same: bool) -> None:
    assert same_office(one, other) is same
