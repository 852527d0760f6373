"""A long article: it is read to its end, in pieces that fit a model, and loses nothing of what its beginning tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from extractor.article import Article
from extractor.extraction import Extraction, Record, aextract
from extractor.extraction.passages import passages
from extractor.extraction.question import question
from extractor.fields import Found, Person
from extractor.models import Answer, Model, Usage
from extractor.models.client import Form
from extractor.schema import Schema, field

CORPUS = Path(__file__).parents[1] / "benchmarks" / "corpus"
WORDS = 60_000
LONGEST = 12_000  # characters of a message

T = TypeVar("T")


class Named(Schema):
    """Somebody whom the text names, wherever it does."""

    who: Person = field("who it is", key=True)


class TakesTheFirst(Model):
    """A stand-in for a model: it reads nothing, and takes the first choice that a form offers for each field.

    It gives one record for each question, and leaves out what a form does not enumerate. It keeps how long the
    messages were that a model would have got.
    """

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def on(self, article_id: str) -> AbstractContextManager[None]:
        return nullcontext()

    async def ask(
        self, messages: list[dict[str, str]], answer: Form[T], *, max_tokens: int, context: dict[str, Any] | None = None
    ) -> Answer[T]:
        self.lengths += [len(message["content"]) for message in messages]
        schema = answer.model_json_schema()
        first = {"records": [_first(schema["$defs"]["Record"])]} if "$defs" in schema else _first(schema)
        return Answer(answer.model_validate_json(json.dumps(first)), Usage(calls=1))


def _first(form: dict[str, Any]) -> dict[str, Any]:
    """Fill in a form with what it offers first for each field."""
    return {
        name: [] if field.get("type") == "array" else next(_offered(field), None)
        for name, field in form["properties"].items()
    }


def _offered(field: dict[str, Any]) -> Iterator[Any]:
    """Yield the values that a field of a form enumerates."""
    yield from [field["const"]] if "const" in field else field.get("enum", [])
    for part in field.get("anyOf", []):
        yield from _offered(part)


async def read(text: str) -> tuple[Extraction, TakesTheFirst]:
    model = TakesTheFirst()
    return await aextract(Article(id="a", text=text, published="2024-04-08"), schema="visits", model=model), model


def copied() -> tuple[str, str]:
    """Return all texts of the corpus in a row, and as many copies of that as make a book."""
    copy = "\n\n".join(path.read_text("utf-8").strip() for path in sorted(CORPUS.glob("*.txt")))
    return copy, "\n\n".join([copy] * (WORDS // len(copy.split()) + 1))


def trips(records: tuple[Record, ...]) -> set[tuple[Found, ...]]:
    """Return who goes where, with the words that say so."""
    return {(*record["visitor"], *record["destination"]) for record in records}


async def test_a_text_as_long_as_a_book_is_read_to_its_end() -> None:
    """Offsets hold to the last page, no message grows with the text, and its first part gives what it gives alone."""
    copy, text = copied()
    assert len(text.split()) >= WORDS
    got, model = await read(text)
    assert got.error is None
    assert model.lengths
    assert max(model.lengths) < LONGEST
    found = [one for record in got.records for many in record.values() for one in many]
    assert len(found) > len(got.records) > 0
    assert all(one.spans for one in found)
    assert all(0 <= span.start < span.end <= len(text) for one in found for span in one.spans)
    assert all(any(map(str.isalnum, span.of(text))) for one in found for span in one.spans)
    alone, _ = await read(copy)
    assert len(trips(alone.records)) > 20
    assert trips(alone.records) <= trips(got.records)


def test_without_cues_no_message_grows_with_the_text_either() -> None:
    """All of the text is asked about, piece by piece."""
    _, text = copied()
    article = Article(id="a", text=text)
    where = passages(article, Named)
    assert len(where) >= len(text) / 4000
    assert where[-1][0].end == len(text)
    asked = [question(article, Named, stretches) for stretches in where]
    lengths = [len(message["content"]) for one in asked if one for message in one.messages]
    assert len(lengths) >= len(where)
    assert max(lengths) < LONGEST
