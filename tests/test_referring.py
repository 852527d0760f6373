"""Passages that only refer: “the visit went well” tells no visit of its own. The people are invented."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from extractor.article import Article, Span
from extractor.extraction import Extraction, Record, Rejected, aextract
from extractor.extraction.referring import REASON, only_refers, settle_references
from extractor.fields import Country, Dates, Found, Person, Quoted, When
from extractor.models import open_model
from extractor.schema import Schema, field
from extractor.sentences import sentences
from tests.scripted_server import Request, records, scripted_server


class Trip(Schema):
    """A trip, which is about where it leads."""

    cues: ClassVar[tuple[str, ...]] = (r"visit\w*", r"trips?\b")
    who: Person = field("who goes", key=True, of="where")
    where: Country = field("where to", key=True)
    when: When | None = field("the words that date it", of="where")
    dates: Dates | None = field("its day", of="when")
    note: Quoted | None = field("what else", of="where")


class Uncued(Schema):
    """The same without words that tell of it."""

    who: Person = field("who goes", key=True, of="where")
    where: Country = field("where to", key=True)


def refers(text: str, *told: str, schema: type[Schema] = Trip, before: str = "") -> bool:
    """Ask about `text` as the passage that stands behind `before`."""
    whole = before + text
    return only_refers(told, Article(id="a", text=whole), schema, Span(len(before), len(whole)))


@pytest.mark.parametrize(
    "text",
    [
        "The visit went well.",
        "After the visit they slept.",
        "This trip went well.",
        "That trip went well.",
        "These trips went well.",
        "Those trips went well.",
        "His visit went well.",
        "Her visit went well.",
        "Their visit went well.",
        "Its visit went well.",
        "“My visit went well.”",
        "“Our visit went well.”",
        "The long visit went well.",
        "The long-awaited three-day visit went well.",
        "Today’s talks crown the second\nvisit.",
        "The visit was his visit of the year.",
    ],
)
def test_a_deed_that_is_named_as_known_is_only_referred_to(text: str) -> None:
    """An article, a demonstrative or an owner says that it is told elsewhere, with two words between at most."""
    assert refers(text)
    assert refers(text, "who", "when")


@pytest.mark.parametrize(
    "text",
    [
        "A visit went well.",
        "Visits are dear.",
        "She visited them.",
        "The minister, Ana Ruiz, visited them.",
        "The very long and dull visit went well.",
        "The one, visits apart, slept.",
        "The visit went well, and another visit follows.",
        "Another visit follows the visit.",
        "They slept.",
        "",
    ],
)
def test_a_passage_tells_a_deed_unless_all_its_words_refer(text: str) -> None:
    """One that is named as new, or none at all, refers to nothing."""
    assert not refers(text)


def test_what_the_deed_is_about_makes_it_news() -> None:
    """The key that belongs to no other is the goal of the trip; who makes it is not enough."""
    assert not refers("The trip was to include Peru.", "where")
    assert not refers("The trip was to include Peru.", "who", "where")
    assert refers("The trip was long for Ana Ruiz.", "who")


def test_only_the_passage_itself_says_that_its_deed_is_known() -> None:
    assert not refers("visit went well.", before="She ate. The ")
    assert refers("the visit went well.", before="A visit was planned: ")


def test_without_cues_nothing_is_only_referred_to() -> None:
    assert not refers("The visit went well.", schema=Uncued)
    kept, rejected = settle_references([(record_of("Ana Ruiz", "Peru"), PASSAGES[1])], ARTICLE, Uncued)
    assert (len(kept), rejected) == (1, [])


TEXT = "In May, Ana Ruiz will go on a visit to Peru and Chile. The visit is in July. The visit to Bolivia was not hers."
ARTICLE = Article(id="a", text=TEXT, published="2024-03-20")
PASSAGES = sentences(TEXT)
DAYS = {"In May": "2024-05", "in July": "2024-07"}


def found(words: str, value: str | None = None) -> tuple[Found, ...]:
    start = TEXT.index(words)
    return (Found(value or words, (Span(start, start + len(words)),), "stated"),)


def record_of(who: str, where: str, when: str | None = None, note: str | None = None) -> Record:
    """Make a record of words that stand in the text."""
    return {
        "who": found(who),
        "where": found(where, {"Peru": "PER", "Chile": "CHL", "Bolivia": "BOL"}[where]),
        "when": found(when) if when else (),
        "dates": found(when, DAYS[when]) if when else (),
        "note": found(note) if note else (),
    }


def settled(*told: tuple[Record, int]) -> tuple[list[Record], list[Rejected]]:
    """Settle records, each with the number of its passage."""
    return settle_references([(record, PASSAGES[passage]) for record, passage in told], ARTICLE, Trip)


def test_what_nothing_else_tells_is_rejected_with_its_reason() -> None:
    """All its values are in the rejection, so that nothing is lost without a trace."""
    referred = record_of("Ana Ruiz", "Peru", "in July")
    values = {"who": "Ana Ruiz", "where": "PER", "when": "in July", "dates": "2024-07"}
    assert settled((referred, 1)) == ([], [Rejected(None, values, REASON)])


def test_what_refers_to_a_known_record_adds_to_it() -> None:
    known = record_of("Ana Ruiz", "Peru")
    referred = record_of("Ana Ruiz", "Peru", "in July", "The visit")
    assert settled((known, 0), (referred, 1)) == ([known, referred], [])
    assert settled((referred, 1), (known, 0)) == ([referred, known], [])
    assert settled((record_of("Ana Ruiz", "Peru", "in July"), 0), (referred, 1))[0][1] == referred


def test_a_date_that_clashes_with_the_known_one_is_left_out() -> None:
    """The words are about something else; all other values stay."""
    known = record_of("Ana Ruiz", "Peru", "In May")
    referred = record_of("Ana Ruiz", "Peru", "in July", "The visit")
    undated = referred | {"when": (), "dates": ()}
    assert settled((known, 0), (referred, 1)) == ([known, undated], [])


def test_of_several_known_records_one_that_agrees_is_enough() -> None:
    known = record_of("Ana Ruiz", "Peru", "In May")
    other = record_of("Ana Ruiz", "Peru", "in July")
    referred = record_of("Ana Ruiz", "Peru", "in July", "The visit")
    assert settled((known, 0), (other, 0), (referred, 1)) == ([known, other, referred], [])


@pytest.mark.parametrize(("who", "where"), [("Ana Ruiz", "Chile"), ("Ruiz", "Bolivia")])
def test_a_record_of_another_trip_anchors_nothing(who: str, where: str) -> None:
    """Both keys must be those of the known one, and what is only referred to makes nothing known."""
    known = record_of("Ana Ruiz", "Peru")
    referred = record_of(who, where)
    kept, rejected = settled((known, 0), (referred, 1), (referred, 1))
    assert kept == [known]
    assert [rejection.reason for rejection in rejected] == [REASON, REASON]


def test_where_the_goal_stands_in_the_passage_the_record_is_left_alone() -> None:
    """“The visit to Bolivia” is a trip that nothing else need tell, whatever its date."""
    alone = record_of("Ana Ruiz", "Bolivia", "in July")
    assert settled((alone, 2)) == ([alone], [])
    known = record_of("Ana Ruiz", "Bolivia", "In May")
    assert settled((known, 0), (alone, 2)) == ([known, alone], [])


def test_nothing_told_is_nothing_settled() -> None:
    assert settled() == ([], [])


FIRST = "Foreign Minister Mara Lindqvist will visit Peru in May."
SECOND = "The visit in July went well."


async def read(text: str) -> Extraction:
    """Let a stand-in say of every passage that Lindqvist goes to Peru."""

    def script(request: Request) -> Any:
        when = next((words for words in ("in May", "in July") if words in request.passage), None)
        said = {"visitor": "Mara Lindqvist", "destination": "Peru", "when": when, "status": None}
        return records({name: value for name, value in said.items() if f'"{name}": {{' in request.schema})

    with scripted_server(script) as server:
        async with open_model(server.spec) as model:
            return await aextract(Article(id="a", text=text, published="2024-03-20"), model=model)


async def test_an_article_that_only_refers_gives_no_record() -> None:
    got = await read(f"Foreign Minister Mara Lindqvist spoke of Peru. {SECOND}")
    assert got.records == ()
    assert [(rejection.value["visitor"], rejection.reason) for rejection in got.rejected] == [
        ("Mara Lindqvist", REASON)
    ]


async def test_one_visit_that_is_told_and_referred_to_is_one_record() -> None:
    """The date that clashes with its own does not make a second one."""
    got = await read(f"{FIRST} {SECOND}")
    assert [record["when"][0].value for record in got.records] == ["in May"]
    assert REASON not in [rejection.reason for rejection in got.rejected]
