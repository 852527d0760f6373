"""Resolve: records of the same thing become one; the earlier leads, lists are joined, dates read anew."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.extraction.records import Record
from extractor.extraction.resolve import resolve
from extractor.fields import Dates, Found, Person, Quoted, When
from extractor.schema import Schema, field, fields_of

TEXT = "Ana Ruiz goes on Monday. Ruiz's four-day tour; a hat, a case, a hat."
ARTICLE = Article(id="a", text=TEXT, published="2024-03-20")


class Trip(Schema):
    """A trip."""

    who: Person = field("who goes", key=True)
    goal: Quoted = field("what for", key=True)
    bags: list[Quoted] = field("what is carried")
    note: Quoted | None = field("a note")
    when: When | None = field("when")
    dates: Dates | None = field("which days", of="when")


def record(**said: Any) -> Record:
    """Make a record; a value is found wherever the text first has it, else anywhere."""
    made: Record = {}
    for name, spec in fields_of(Trip).items():
        given = said.get(name)
        listed = given if isinstance(given, list) else [given] if given is not None else []
        made[name] = tuple(Found(value, (_span(value),), "stated") for value in listed)
        assert spec.many or len(made[name]) < 2
    return made


def _span(words: str) -> Span:
    start = max(TEXT.find(words), 0)
    return Span(start, start + len(words))


def merged(*records: Record) -> list[dict[str, Any]]:
    return [{n: [f.value for f in many] for n, many in one.items() if many} for one in resolve(records, ARTICLE, Trip)]


def test_nothing_gives_nothing() -> None:
    assert resolve([], ARTICLE, Trip) == []


def test_the_same_key_is_one_record_and_the_earlier_leads() -> None:
    first = record(who="Ana Ruiz", goal="tour", note="a hat")
    second = record(who="Ruiz", goal="the tour", note="a case")
    assert merged(first, second) == [{"who": ["Ana Ruiz"], "goal": ["tour"], "note": ["a hat"]}]


def test_what_only_the_later_has_is_taken() -> None:
    assert merged(record(who="Ana Ruiz", goal="tour"), record(who="Ana Ruiz", goal="tour", note="a case")) == [
        {"who": ["Ana Ruiz"], "goal": ["tour"], "note": ["a case"]}
    ]


def test_lists_are_joined_without_repetition() -> None:
    first = record(who="Ana Ruiz", goal="tour", bags=["a hat", "a case"])
    second = record(who="Ana Ruiz", goal="tour", bags=["A hat", "four-day"])
    assert merged(first, second)[0]["bags"] == ["a hat", "a case", "four-day"]


@pytest.mark.parametrize(
    "other",
    [
        {"who": "Bo Berg", "goal": "tour"},
        {"who": "Ana Ruiz", "goal": "hat"},
        {"who": "Ana Ruiz"},
        {"goal": "tour"},
        {},
    ],
)
def test_another_or_a_missing_key_is_another_record(other: dict[str, str]) -> None:
    assert len(merged(record(who="Ana Ruiz", goal="tour"), record(**other))) == 2


def test_clashing_dates_are_two_records() -> None:
    first = record(who="Ana Ruiz", goal="tour", dates="2024-03")
    second = record(who="Ana Ruiz", goal="tour", dates="2024-05")
    assert len(merged(first, second)) == 2


def test_a_third_telling_joins_the_record_that_it_fits() -> None:
    march = record(who="Ana Ruiz", goal="tour", dates="2024-03")
    may = record(who="Ana Ruiz", goal="tour", dates="2024-05")
    again = record(who="Ana Ruiz", goal="tour", dates="2024-05", note="a hat")
    assert [one.get("note") for one in merged(march, may, again)] == [None, ["a hat"]]


def test_merging_is_stable_and_leaves_its_input_alone() -> None:
    """Resolving what is resolved changes nothing."""
    records = [record(who="Ana Ruiz", goal="tour", note="a hat"), record(who="Ruiz", goal="tour", bags=["a case"])]
    before = [dict(one) for one in records]
    once = resolve(records, ARTICLE, Trip)
    assert resolve(once, ARTICLE, Trip) == once
    assert records == before


def test_a_date_is_read_anew_from_the_words_of_both() -> None:
    """The day stands in one sentence, the length in another: together they make the interval, by a rule."""
    first = record(who="Ana Ruiz", goal="tour", when="on Monday", dates="2024-03-18")
    second = record(who="Ana Ruiz", goal="tour", when="four-day")
    (one,) = resolve([first, second], ARTICLE, Trip)
    (found,) = one["dates"]
    assert found.value == "2024-03-18/2024-03-21"
    assert found.verdict == "derived"
    assert {span.of(TEXT) for span in found.spans} >= {"on Monday", "four-day"}


def test_dates_that_the_words_do_not_make_stay_as_they_were() -> None:
    first = record(who="Ana Ruiz", goal="tour", when="a hat", dates="2024-03-18")
    second = record(who="Ana Ruiz", goal="tour", when="a case")
    assert merged(first, second)[0]["dates"] == ["2024-03-18"]
