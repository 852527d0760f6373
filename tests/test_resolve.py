"""Resolve: records of the same thing become one; the earlier leads, lists are joined, dates read anew."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from extractor.article import Article, Span
from extractor.extraction.records import Record
from extractor.extraction.resolve import resolve
from extractor.fields import Choice, Dates, Found, Person, Quoted, When
from extractor.fields.base import Verdict
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


def test_what_only_a_model_judged_tells_no_two_records_apart() -> None:
    """Its guess at a date or status must not open a second record of the same happening."""
    one, other = record(who="Ruiz", goal="tour", dates="2024-03-25"), record(who="Ruiz", goal="tour", dates="2024-05")
    assert len(merged(one, other)) == 2
    guessed = {**other, "dates": tuple(found._replace(verdict="judged") for found in other["dates"])}
    assert len(merged(one, guessed)) == 1


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


class Stage(Choice):
    PLANNED = "planned", "to come", (), "future"
    BEGUN = "begun", "on the way", (), "past"
    DONE = "done", "over", (), "past"
    DROPPED = "dropped", "called off"


class Staged(Trip):
    """A trip with a stage."""

    prevailing: ClassVar[tuple[str, ...]] = ("begun",)
    stage: Stage | None = field("how far it is", of="goal")


def staged(value: str, verdict: Verdict, **said: Any) -> Record:
    return {**record(who="Ana Ruiz", goal="tour", **said), "stage": (Found(value, (_span("goes"),), verdict),)}


@pytest.mark.parametrize(
    ("first", "second", "stage"),
    [
        (("planned", "derived"), ("begun", "derived"), "begun"),
        (("planned", "derived"), ("begun", "judged"), "planned"),
        (("planned", "judged"), ("begun", "judged"), "planned"),
        (("begun", "judged"), ("planned", "derived"), "planned"),
        (("planned", "derived"), ("done", "derived"), "planned"),
        (("done", "derived"), ("begun", "derived"), "done"),
        (("dropped", "derived"), ("begun", "derived"), "dropped"),
    ],
)
def test_what_the_words_say_outright_prevails(
    first: tuple[str, Verdict], second: tuple[str, Verdict], stage: str
) -> None:
    """Words overrule what a model judged, and a prevailing value what looks ahead; not the other way round."""
    (one,) = resolve([staged(*first), staged(*second)], ARTICLE, Staged)
    assert [found.value for found in one["stage"]] == [stage]


def test_nothing_prevails_over_a_day_still_to_come() -> None:
    article = Article(id="a", text="Ana Ruiz goes on March 25 on tour.", published="2024-03-20")
    day = Found("on March 25", (Span(14, 25),), "stated")
    planned = {**staged("planned", "derived"), "when": (day,)}
    (one,) = resolve([planned, staged("begun", "derived")], article, Staged)
    assert [found.value for found in one["stage"]] == ["planned"]


def test_the_date_looks_the_way_of_the_stage_in_the_end() -> None:
    """ "On Monday" was read as a coming one, before the later passage told that the trip has begun."""
    first = staged("planned", "derived", when="on Monday", dates="2024-03-25")
    (one,) = resolve([first, staged("begun", "derived")], ARTICLE, Staged)
    assert [found.value for found in one["dates"]] == ["2024-03-18"]


def test_a_sentence_that_has_no_day_tells_the_length() -> None:
    """It completes the date of the record that the sentence before has told of."""
    text = "Ana Ruiz goes on a tour on Monday. The four-day tour is her first. A two-day fair is on."
    article = Article(id="a", text=text, published="2024-03-20")

    def spot(words: str, last: bool = False) -> tuple[Found, ...]:
        start = text.rindex(words) if last else text.index(words)
        return (Found(words, (Span(start, start + len(words)),), "stated"),)

    class Dated(Schema):
        """A trip."""

        goal: Quoted = field("what for", key=True)
        when: When | None = field("when", of="goal")
        dates: Dates | None = field("which days", of="when")

    day = spot("on Monday")
    first: Record = {"goal": spot("tour"), "when": day, "dates": (day[0]._replace(value="2024-03-18"),)}
    second: Record = {"goal": spot("tour", last=True), "when": (), "dates": ()}
    (one,) = resolve([first, second], article, Dated)
    assert one["dates"][0].value == "2024-03-18/2024-03-21"
    assert one["when"] == day
