"""Repair: one short question about what failed; bounded; what still fails is rejected with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.errors import ModelError
from extractor.extraction.check import Checked
from extractor.extraction.records import Candidate, Rejected
from extractor.extraction.repair import repair
from extractor.fields import Country, Person, Quoted
from extractor.models import Retries, Usage, open_model
from extractor.schema import Schema, field, load
from tests.fake_server import refusal
from tests.scripted_server import Script, Scripted, scripted_server

RECIPE = load(str(Path(__file__).parent / "fixtures" / "recipe.py"))
TEXT = "Ana Ruiz went from Peru to Kenya with a hat."


class Trip(Schema):
    """A trip."""

    who: Person = field("who goes", key=True)
    where: Country = field("where to", key=True)
    bag: Quoted | None = field("what is carried")


async def mended(
    script: Script, said: dict[str, Any], schema: type[Schema] = Trip, text: str = TEXT
) -> tuple[Checked, list[Rejected], Usage, Scripted]:
    with scripted_server(script) as server:
        async with open_model(server.spec, retries=Retries(first_wait=0, longest_wait=0)) as model:
            article = Article(id="a", text=text)
            candidate = Candidate(said, (Span(0, len(text)),))
            return *await repair(candidate, article, schema, model), server


def said(**values: Any) -> dict[str, Any]:
    return {"who": "Ana Ruiz", "where": "Kenya", "bag": "a hat", **values}


async def test_what_stands_is_not_asked_about() -> None:
    checked, rejected, usage, server = await mended(lambda request: {}, said())
    assert (checked.complaints, rejected, usage, server.requests) == ([], [], Usage(), [])


async def test_a_wrong_value_is_asked_about_alone_and_corrected() -> None:
    """The question shows the passage and the complaint, and asks for the failed field only."""
    checked, rejected, usage, server = await mended(lambda request: {"where": "Kenya"}, said(where="Ghana"))
    assert checked.complaints == []
    assert checked.record["where"][0].value == "KEN"
    assert checked.record["bag"][0].value == "a hat"
    (request,) = server.requests
    assert request.passage == TEXT
    assert "Ghana" in request.complaint
    assert '"where"' in request.schema
    assert '"who"' not in request.schema
    assert usage.calls == 1
    assert [(r.field, r.value) for r in rejected] == [("where", "Ghana")]
    assert "Ghana" in rejected[0].reason


async def test_the_refused_value_is_not_offered_again() -> None:
    """Of what the passage offers, only the rest may be answered."""

    class NotPeru(Trip):
        @classmethod
        def same_record(cls, one: Any, other: Any) -> bool:
            return True

    def script(request: Any) -> dict[str, str]:
        offered = request.schema
        assert "Kenya" in offered
        return {"where": "Kenya"}

    checked, rejected, _, server = await mended(script, said(where="Chad"), NotPeru)
    assert checked.record["where"][0].value == "KEN"
    assert [r.value for r in rejected] == ["Chad"]
    assert "Chad" not in server.requests[0].schema


async def test_two_failed_fields_are_asked_about_together() -> None:
    answer = {"where": "Kenya", "bag": "a hat"}
    checked, rejected, usage, server = await mended(lambda request: answer, said(where="Ghana", bag="a cat"))
    assert checked.complaints == []
    assert len(server.requests) == 1
    assert "Ghana" in server.complaints[0]
    assert "a cat" in server.complaints[0]
    assert {r.field for r in rejected} == {"where", "bag"}
    assert usage.calls == 1


async def test_asking_is_bounded_and_the_complaint_stays() -> None:
    """A model that never learns is asked a few times, then believed no more."""
    checked, rejected, usage, server = await mended(lambda request: {"bag": "a cat"}, said(bag="a cat"))
    assert [c.field for c in checked.complaints] == ["bag"]
    assert checked.record["bag"] == ()
    assert 1 <= len(server.requests) <= 3
    assert usage.calls == len(server.requests)
    assert rejected
    assert {(r.field, r.value) for r in rejected} == {("bag", "a cat")}


async def test_null_is_an_answer_where_the_field_may_be_missing() -> None:
    checked, rejected, _, _ = await mended(lambda request: {"bag": None}, said(bag="a cat"))
    assert checked.complaints == []
    assert checked.record["bag"] == ()
    assert [(r.field, r.value) for r in rejected] == [("bag", "a cat")]


async def test_what_the_passage_offers_nothing_for_is_not_asked() -> None:
    """Of nobody named in the passage no question can be answered."""
    text = "They went to Kenya with a hat."
    checked, rejected, usage, server = await mended(lambda request: {}, said(), text=text)
    assert server.requests == []
    assert usage == Usage()
    assert [c.field for c in checked.complaints] == ["who"]
    assert [(r.field, r.value) for r in rejected] == [("who", "Ana Ruiz")]


async def test_a_rule_of_the_schema_is_sent_back_word_for_word() -> None:
    text = "A tart is baked with pears."
    checked, rejected, _, server = await mended(
        lambda request: {"with_what": ["pears"]}, {"dish": "tart", "with_what": ["tart"]}, RECIPE, text
    )
    assert checked.complaints == []
    assert [found.value for found in checked.record["with_what"]] == ["pears"]
    assert "tart cannot go into itself; name what else goes into it" in server.complaints[0]
    assert rejected[0].reason == "tart cannot go into itself; name what else goes into it"


@pytest.mark.parametrize("reply", ["nonsense", "", '{"where": "Ghana"}', refusal(400, "too long")])
async def test_an_unusable_answer_raises(reply: Any) -> None:
    with pytest.raises(ModelError):
        await mended(lambda request: reply, said(where="Ghana"))


async def test_what_is_read_off_the_words_is_not_asked_about() -> None:
    """No answer could stand against them, so the call would be lost."""
    text = "President Olaf Stein visited Peru at the invitation of Olaf Stein."
    told = {"visitor": "Olaf Stein", "destination": "Peru"}
    checked, _, usage, _ = await mended(lambda request: {}, told, load("visits"), text)
    assert [complaint.field for complaint in checked.complaints] == ["invited_by"]
    assert usage == Usage()
