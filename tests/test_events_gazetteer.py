"""The gazetteer of people: who is who decides before any rule, and a line that cannot be meant so is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor import UsageError
from extractor.events.appearance import Appearance
from extractor.events.gazetteer_file import Entry, Gazetteer, read_gazetteer
from extractor.events.people import identities


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
            Appearance("Kim Jong-eun", "PRK", "leader"),
            Appearance("George Bush", "USA", None, "1991-05-01"),
            Appearance("George Bush", "USA", None, "2003-05-01"),
            Appearance("Kim", "PRK", "leader"),
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
        (
            "p.csv",
            "id,names,country\nQ1,Kim,KP\n",
            "line 2: “country” is 'KP'; write ISO 3166-1 alpha-3, such as PRK, or",
        ),
        (
            "p.csv",
            "id,names,country\nQ1,Kim,North Korea\n",
            "line 2: “country” is 'North Korea'; write ISO 3166-1 alpha-3",
        ),
        (
            "p.jsonl",
            '{"id": "Q1", "names": ["Kim"], "country": "Narnia"}',
            "line 1: “country” is 'Narnia'; write ISO 3166",
        ),
        (
            "p.csv",
            "id,names,from,to\nQ1,Kim,2024,2023-05\n",
            "line 2: “from” is '2024', which is later than “to”, '2023-05'",
        ),
        ("p.csv", "id,names,to\nQ1,Kim,2022-13-45\n", "line 2: “to” is '2022-13-45'; write a day as 2024-03-05"),
        ("p.csv", "id,names,to\nQ1,Kim,2023-02-29\n", "line 2: “to” is '2023-02-29'; write a day as 2024-03-05"),
        ("p.csv", "id,names,to\nQ1,Kim,2023-13\n", "line 2: “to” is '2023-13'; write a day as 2024-03-05"),
        ("p.csv", "id,names,to\nQ1,Kim,0000\n", "line 2: “to” is '0000'; write a day as 2024-03-05"),
        ("p.csv", "id,names,to\nQ1,Kim,٢٠٢٤\n", "line 2: “to” is '٢٠٢٤'; write a day as 2024-03-05"),
        ("p.csv", "id,names,Names\nQ1,Kim,Lee\n", "line 1: the column 'names' is there twice; the header is id, names"),
        ("p.csv", "id,names\n\n , \n", "lists nobody; a line gives id, names, country, from, to"),
        ("p.csv", "", "lists nobody"),
        ("p.jsonl", "\n", "lists nobody"),
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


def test_a_country_is_a_code_or_an_acronym_in_any_case_and_years_may_be_one(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "id,names,country,from,to\nQ1,Kim,prk,2024-03,2024\nQ2,Guterres,un,,\nQ3,Adesina,AfDB,2015,2015-09-01\n",
        "utf-8",
    )
    assert [entry.country for entry in read_gazetteer(path).entries] == ["PRK", "UN", "AfDB"]
