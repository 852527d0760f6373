"""People: one person under many spellings is one, and two people never are."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from extractor import UsageError
from extractor.events.gazetteer_file import Entry, Gazetteer, read_gazetteer
from extractor.events.mentions import window_of
from extractor.events.people import Appearance, identities, same_office

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


def test_a_gazetteer_decides_before_any_rule() -> None:
    people = Gazetteer(
        [
            Entry("Q1", ("Kim Jong Un", "Rocket Man"), "PRK"),
            Entry("Q2", ("George Bush",), "USA", until="1993-01-20"),
            Entry("Q3", ("George Bush",), "USA", since="2001"),
        ]
    )
    found = identities(
        [
            Appearance("Rocket Man", "PRK"),
            Appearance("Kim Jong-eun", "PRK"),
            Appearance("George Bush", "USA", None, "1991-05-01"),
            Appearance("George Bush", "USA", None, "2003-05-01"),
            Appearance("Kim", "PRK"),
        ],
        people,
    )
    assert found == ["Q1", "Q1", "Q2", "Q3", "Q1"]


def test_a_gazetteer_is_read_as_csv_and_as_json_lines(tmp_path: Path) -> None:
    table, lines = tmp_path / "people.csv", tmp_path / "people.jsonl"
    table.write_text("id,names,country,from,to\nQ1,Choe Son Hui; Choi Sun-hee,prk,2022-06,\n", "utf-8")
    lines.write_text(
        '{"id": "Q1", "names": ["Choe Son Hui", "Choi Sun-hee"], "country": "PRK", "from": "2022-06"}\n', "utf-8"
    )
    wanted = (Entry("Q1", ("Choe Son Hui", "Choi Sun-hee"), "PRK", "2022-06"),)
    assert read_gazetteer(table).entries == read_gazetteer(lines).entries == wanted


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("p.csv", "id,names\nQ1,Kim\nQ1,Lee\n", "line 3: the id Q1 is on an earlier line"),
        ("p.csv", "id,names,nation\n", "line 1: no column is called 'nation'"),
        ("p.csv", "id,country\n", "line 1: the header must name id and names"),
        ("p.csv", "id,names\n,Kim\n", "line 2: “id” is missing"),
        ("p.csv", "id,names\nQ1,\n", "line 2: “names” is missing"),
        ("p.csv", "id,names,from\nQ1,Kim,May 2020\n", "line 2: “from” is 'May 2020'; write a day as"),
        ("p.csv", "id,names\nQ1,Kim,Lee\n", "line 2: more cells than columns"),
        ("p.csv", 'id,names\nQ1,"Kim\n', "line 2: no CSV"),
        ("p.jsonl", '{"id": "Q1"\n', "line 1: not JSON"),
        ("p.jsonl", "[1]\n", "line 1: a line must be an object"),
        ("p.jsonl", '\n{"id": "Q1", "names": "Kim"}\n', "line 2: “names” must be a list"),
        ("p.jsonl", '{"id": 7, "names": ["Kim"]}\n', "line 1: “id” must be text"),
    ],
)
def test_a_bad_line_of_a_gazetteer_is_named_in_one_sentence(tmp_path: Path, name: str, text: str, wanted: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        read_gazetteer(path)
    assert wanted in str(error.value)
    assert str(error.value).startswith(str(path))


def test_a_gazetteer_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv cannot be read"):
        read_gazetteer(tmp_path / "none.csv")
