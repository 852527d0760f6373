"""Ask: which passages are read, what the form offers, and what is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from extractor.article import Article, Span
from extractor.errors import ModelError
from extractor.extraction.ask import ask
from extractor.extraction.form import Form
from extractor.extraction.passages import passages
from extractor.extraction.question import correction, preamble, question
from extractor.extraction.records import Candidate, Rejected
from extractor.fields import Country, Person, Quoted
from extractor.models import Retries, Usage, open_model
from extractor.schema import Schema, field, load
from extractor.sentences import sentences
from tests.fake_server import refusal
from tests.scripted_server import Request, records, scripted_server

RECIPE = load(str(Path(__file__).parent / "fixtures" / "recipe.py"))


class Trip(Schema):
    """A trip."""

    cues: ClassVar[tuple[str, ...]] = (r"visit\w*",)
    who: Person = field("who goes", key=True)
    where: Country = field("where to", key=True)
    others: list[Person] = field("who else")
    note: Quoted | None = field("a note")
    guess: Country | None = field("not asked", asked=False)


class Away(Schema):
    """A trip, with the deed that it must be."""

    who: Person = field("who goes", key=True, does=(r"visit\w*",))
    where: Country = field("where to", key=True, does=(r"visit\w*",))


def article(text: str, *boilerplate: Span) -> Article:
    return Article(id="a", text=text, boilerplate=boilerplate)


def form_of(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> Form | None:
    asked = question(article, schema, where)
    return asked.answer if asked else None


def read(text: str, schema: type[Schema] = Trip, *boilerplate: Span) -> list[str]:
    return [where[0].of(text) for where in passages(article(text, *boilerplate), schema)]


def test_cues_pick_the_sentences() -> None:
    text = "It rained. Ana Ruiz visited Peru. She ate. VISITS are dear. The revisiting ended."
    assert read(text) == ["Ana Ruiz visited Peru.", "VISITS are dear."]


def test_a_sentence_is_read_once_however_often_it_stands_there() -> None:
    """Headlines are repeated as captions; asking twice finds nothing new."""
    assert read("Ana Ruiz visited Peru.\nIt rained.\nAna Ruiz visited Peru.") == ["Ana Ruiz visited Peru."]


def test_boilerplate_is_never_read() -> None:
    text = "Ana Ruiz visited Peru.\nRead more: Bo Berg visits Chile"
    start = text.index("Read more")
    assert read(text, Trip, Span(start, len(text))) == ["Ana Ruiz visited Peru."]
    assert not any("Read more" in words for words in read(text, RECIPE, Span(start, len(text))))


def test_the_sentences_before_come_along_the_nearest_first() -> None:
    text = "One came. Two came. Three came. She visited Peru."
    (where,) = passages(article(text), Trip)
    assert [span.of(text) for span in where[:3]] == ["She visited Peru.", "Three came.", "Two came."]
    assert all(span.end <= where[0].start for span in where[1:])
    assert len(set(where)) == len(where)


@pytest.mark.parametrize("text", ["", " \n\t", "\ufeff", "\x00"])
def test_an_empty_article_asks_nothing_of_note(text: str) -> None:
    assert read(text) == []


def test_the_form_offers_what_the_passage_names() -> None:
    text = "Ana Ruiz and Bo Berg visited Peru and Chile."
    form = form_of(article(text), Trip, (Span(0, len(text)),))
    assert form is not None
    good = {"who": "Ana Ruiz", "where": "Peru", "others": ["Bo Berg"], "note": None}
    form.model_validate_json(json.dumps({"records": [good]}))
    for name, wrong in [
        ("who", "Ula Tamm"),
        ("where", "Kenya"),
        ("others", ["Ula Tamm"]),
        ("who", None),
        ("guess", "PER"),
    ]:
        with pytest.raises(ValidationError):
            form.model_validate_json(json.dumps({"records": [{**good, name: wrong}]}))


def test_the_form_bounds_the_records() -> None:
    """A model that repeats itself is stopped by the form."""
    text = "Ana Ruiz visited Peru."
    form = form_of(article(text), Trip, (Span(0, len(text)),))
    assert form is not None
    record: dict[str, Any] = {"who": "Ana Ruiz", "where": "Peru", "others": [], "note": None}
    with pytest.raises(ValidationError):
        form.model_validate_json(json.dumps({"records": [record] * 20}))
    form.model_validate_json(json.dumps({"records": []}))


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Bo Berg ate. Ana Ruiz visited Peru.", 1),
        ("Bo Berg ate. Ana Ruiz visited Lima, Peru.", 1),
        ("Bo Berg ate. Ana Ruiz visited Peru and Chile.", 2),
        ("Ana Ruiz and Bo Berg visited Peru.", 2),
        ("Ana Ruiz visited Peru before a visit to Chile by Bo Berg.", 2),
        ("Ana Ruiz ate. She visited Peru.", 0),
        ("Ana Ruiz saw Peru. It was warm. She visited the country.", 0),
    ],
)
def test_a_passage_that_tells_all_by_itself_makes_records(text: str, least: int) -> None:
    """A decoder must give one for each value there; where the words before it decide, the model may say none."""
    *before, passage = sentences(text)
    form = form_of(article(text), Away, (passage, *reversed(before)))
    assert form is not None
    assert form.model_json_schema()["properties"]["records"]["minItems"] == least
    form.model_validate_json(json.dumps({"records": []}))  # another server's honest "none" is no failure


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Ana Ruiz ate. She visited Peru, Chile and Bolivia.", 3),
        ("Ana Ruiz visited Peru and Chile. Bo Berg ate. She visited the country.", 1),
    ],
)
def test_what_stands_before_a_passage_adds_no_records_to_it(text: str, most: int) -> None:
    *before, passage = sentences(text)
    form = form_of(article(text), Away, (passage, *reversed(before)))
    assert form is not None
    assert form.model_json_schema()["properties"]["records"]["maxItems"] == most


def test_a_passage_that_tells_all_by_itself_offers_nothing_from_before_it() -> None:
    """Who goes to Chile in a sentence of its own is not offered the Peru of the one before."""
    *before, passage = sentences("Ana Ruiz visited Peru. Ana Ruiz visited Chile.")
    form = form_of(article("Ana Ruiz visited Peru. Ana Ruiz visited Chile."), Away, (passage, *reversed(before)))
    assert form is not None
    assert "Peru" not in json.dumps(form.model_json_schema())


@pytest.mark.parametrize("text", ["She visited Peru.", "Ana Ruiz visited.", "A visit."])
def test_without_an_offer_for_a_key_field_there_is_no_question(text: str) -> None:
    assert form_of(article(text), Trip, (Span(0, len(text)),)) is None


def test_what_was_refused_is_not_offered_again() -> None:
    text = "Ana Ruiz visited Peru and Chile."
    candidate = Candidate({"who": "Ana Ruiz", "where": "Peru"}, (Span(0, len(text)),))

    def offered(*refused: str) -> Any:
        rejected = [Rejected("where", value, "wrong") for value in refused]
        asked = correction(article(text), Trip, candidate, {"where": "wrong"}, rejected)
        return asked and asked.answer.model_json_schema()["properties"]["where"]["anyOf"]

    assert offered() == [{"enum": ["Peru", "Chile"], "type": "string"}, {"type": "null"}]
    assert offered("Peru") == [{"const": "Chile", "type": "string"}, {"type": "null"}]
    assert offered("Peru", "Chile") is None


def test_without_a_deed_every_country_is_offered() -> None:
    """Only a schema that says what is done where asks for the countries that somebody goes to."""
    text = "A Peruvian judge, the ambassador to Chile and Brazil's minister heard the UN before Ana Ruiz visited Peru."
    form = form_of(article(text), Trip, (Span(0, len(text)),))
    assert form is not None
    offered = form.model_json_schema()["$defs"]["Record"]["properties"]["where"]["enum"]
    assert offered == ["Chile", "Brazil", "UN", "Peru"]


def test_every_request_begins_alike() -> None:
    """Task, codebook and worked examples come first and never change, so that a server may keep them."""
    messages = preamble(RECIPE)
    assert messages == preamble(RECIPE)
    assert messages[0]["role"] == "system"
    assert [m["role"] for m in messages[1:]] == ["user", "assistant"] * len(RECIPE.examples)
    for example, said in zip(RECIPE.examples, messages[2::2], strict=True):
        assert json.loads(said["content"]) == {"records": [dict(record) for record in example.records]}


def test_a_passage_is_shown_on_one_line_in_reading_order() -> None:
    """What stands before it is shown only where a value is offered that the passage itself does not name."""
    text = "Ana Ruiz\ncame. Bo  came.\n She visited Peru."
    asked = question(article(text), Away, (Span(26, 43), Span(15, 24), Span(0, 14)))
    assert asked is not None
    assert asked.messages[-1]["content"] == "Before: Ana Ruiz came. Bo came.\nPassage: She visited Peru."


async def test_candidates_rest_on_the_passage() -> None:
    text = "It rained. Ana Ruiz visited Peru."
    where = passages(article(text), Trip)[0]
    record: dict[str, Any] = {"who": "Ana Ruiz", "where": "Peru", "others": [], "note": None}
    with scripted_server(lambda request: records(record)) as server:
        async with open_model(server.spec) as model:
            candidates, usage = await ask(article(text), Trip, model, where)
    assert [(c.values, c.where) for c in candidates] == [(record, where)]
    assert usage.calls == 1
    assert server.requests[0].passage == "Ana Ruiz visited Peru."


async def test_no_question_no_call() -> None:
    with scripted_server(lambda request: records()) as server:
        async with open_model(server.spec) as model:
            assert await ask(article("A visit."), Trip, model, (Span(0, 8),)) == ([], Usage())
    assert server.requests == []


async def test_the_schema_of_the_form_is_sent_and_tokens_are_bounded() -> None:
    """Decoding can be constrained to what the passage offers, and can never run on for ever."""

    def script(request: Request) -> object:
        assert "Ana Ruiz" in request.schema
        assert "Peru" in request.schema
        assert 0 < request.body["max_tokens"] < 1000
        assert request.body["temperature"] == 0
        return records()

    text = "Ana Ruiz visited Peru."
    with scripted_server(script) as server:
        async with open_model(server.spec) as model:
            assert (await ask(article(text), Trip, model, (Span(0, len(text)),)))[0] == []


@pytest.mark.parametrize("said", ["<html>", "", '{"records": [{"who": "Ana', '{"records": [{"who": "Nobody"}]}', "[]"])
async def test_an_unusable_answer_raises(said: str) -> None:
    text = "Ana Ruiz visited Peru."
    with scripted_server(lambda request: said) as server:
        async with open_model(server.spec, retries=Retries(first_wait=0, longest_wait=0)) as model:
            with pytest.raises(ModelError):
                await ask(article(text), Trip, model, (Span(0, len(text)),))


async def test_a_refusal_of_the_server_raises() -> None:
    text = "Ana Ruiz visited Peru."
    with scripted_server(lambda request: refusal(401, "wrong key")) as server:
        async with open_model(server.spec) as model:
            with pytest.raises(ModelError, match="key"):
                await ask(article(text), Trip, model, (Span(0, len(text)),))
