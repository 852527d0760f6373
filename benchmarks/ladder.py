"""The ladder: what each step of asking, checking and merging is worth, by taking it out.

    python benchmarks/ladder.py benchmarks/corpus --model local              (all steps; an hour on two cores)
    python benchmarks/ladder.py benchmarks/corpus --replay cassettes/corpus  (only those that need no new answer)

Each row reads all labelled articles of a folder with one step taken out, or one put in that the default leaves
out, and is scored like any run. Tokens are per article, seconds the wall time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

from pydantic import BaseModel

from extractor.article import Article, Span
from extractor.batch.run import run
from extractor.evaluation import evaluate
from extractor.evaluation.reports import ratio, table
from extractor.extraction import Extraction, question
from extractor.extraction.check import values
from extractor.extraction.question import preamble
from extractor.extraction.records import Candidate, Record, Rejected
from extractor.fields.choice import ChoiceType
from extractor.fields.when import WhenType
from extractor.models import Model, Usage
from extractor.schema import Schema, load

SCHEMA = load("visits")
extract, repair = (import_module(f"extractor.extraction.{name}") for name in ("extract", "repair"))  # not the functions
FIELDS = ("dates", "status", "visitor_country")


@contextmanager
def as_it_is() -> Iterator[None]:
    """Change nothing."""
    yield


@contextmanager
def without_repair() -> Iterator[None]:
    """Ask once; what does not stand is rejected."""
    with patch.object(repair, "_ROUNDS", 0):
        yield


@contextmanager
def without_reference_rule() -> Iterator[None]:
    """Let "the visit was a success" open a record of its own."""

    def keep_all(
        told: Sequence[tuple[Record, Span]], article: Article, schema: type[Schema]
    ) -> tuple[list[Record], list[Rejected]]:
        return [record for record, _ in told], []

    with patch.object(extract, "settle_references", keep_all):
        yield


@contextmanager
def without_confidence() -> Iterator[None]:
    """Keep what is likely wrong."""
    with patch.object(SCHEMA, "least_confidence", 0.0):
        yield


@contextmanager
def without_least() -> Iterator[None]:
    """Let the form ask for any number of records, from none."""
    with patch.object(question, "_bounds", lambda standing, keys: (0, question.RECORDS)):
        yield


@contextmanager
def without_offers() -> Iterator[None]:
    """Let the model copy names and places freely instead of choosing among those that the passage offers."""
    offer = question._offer

    def free(spec: Any, *args: Any) -> Any:
        offered = offer(spec, *args)
        return str if offered is not None and spec.key else offered

    with patch.object(question, "_offer", free):
        yield


@contextmanager
def without_examples() -> Iterator[None]:
    """Show the codebook and no worked example."""
    with patch.object(SCHEMA, "examples", ()):
        preamble.cache_clear()
        yield
    preamble.cache_clear()


@contextmanager
def examples_in_reverse() -> Iterator[None]:
    """Show the worked examples the other way round."""
    with patch.object(SCHEMA, "examples", SCHEMA.examples[::-1]):
        preamble.cache_clear()
        yield
    preamble.cache_clear()


@contextmanager
def without_cues() -> Iterator[None]:
    """Let the model decide choices and times even where words decide them."""
    with ExitStack() as stack:
        for kind in (ChoiceType, WhenType):
            stack.enter_context(patch.object(kind, "read", lambda self, view: []))
        yield


class Verdict(BaseModel):
    """The answer to a question about one record."""

    holds: Literal["yes", "no"]


@contextmanager
def with_verification() -> Iterator[None]:
    """Ask of each record once more whether its passage says so, and drop it where the model says no."""
    settle = extract._settle

    async def verified(candidate: Candidate, article: Article, schema: type[Schema], model: Model) -> Extraction:
        settled = await settle(candidate, article, schema, model)
        kept, usage = [], settled.usage
        for record in settled.records:
            asked = await model.ask(_doubt(record, candidate, article, schema), Verdict, max_tokens=16)
            usage += asked.usage
            kept += [record] if asked.value.holds == "yes" else []
        return Extraction(article, tuple(kept), settled.rejected, usage, settled.error)

    with patch.object(extract, "_settle", verified):
        yield


def _doubt(record: Record, candidate: Candidate, article: Article, schema: type[Schema]) -> list[dict[str, str]]:
    said = values(record, schema)
    words = " ".join(span.of(article.text) for span in sorted(candidate.where))
    text = f"Text: {words}\n\nDoes the text say that {said['visitor']} goes, went or may go to {said['destination']}?"
    return [{"role": "user", "content": f'{text} Answer yes or no, as JSON: {{"holds": …}}'}]


class FirstOffer:
    """In place of a model: takes the first offer everywhere and reads nothing."""

    def on(self, article_id: str) -> Any:
        """Name the article."""
        return ExitStack()

    async def prime(self, messages: object) -> None:
        """Have nothing to read."""

    async def ask(self, messages: object, answer: type[BaseModel], **_: Any) -> Any:
        """Give the first of everything that is offered."""
        from extractor.models.client import Answer

        return Answer(answer.model_validate_json(json.dumps(_first(answer.model_json_schema()))), Usage())


def _first(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    root = root or schema
    if "$ref" in schema:
        return _first(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return None if {"type": "null"} in schema["anyOf"] else _first(schema["anyOf"][0], root)
    if schema.get("type") == "object":
        return {name: _first(of, root) for name, of in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_first(schema["items"], root)] if schema.get("maxItems") else []
    return schema["const"] if "const" in schema else schema.get("enum", [""])[0]


@contextmanager
def without_model() -> Iterator[None]:
    """Take the first of whatever is offered, in place of an answer."""

    @contextmanager
    def opened(*_: Any, **__: Any) -> Iterator[FirstOffer]:
        yield FirstOffer()

    class Opening:
        async def __aenter__(self) -> FirstOffer:
            return FirstOffer()

        async def __aexit__(self, *_: object) -> None:
            return None

    from extractor.batch import run as batch

    with patch.object(batch, "open_model", lambda *_, **__: Opening()):
        yield


OFFLINE = (as_it_is, without_repair, without_reference_rule, without_confidence, without_model)
LIVE = (without_least, without_offers, without_cues, without_examples, examples_in_reverse, with_verification)


def measure(step: Any, articles: Path, source: dict[str, Any]) -> list[object]:
    """Run and score one row."""
    with tempfile.TemporaryDirectory() as folder, step():
        summary = run(articles, schema=SCHEMA, out=Path(folder, "run.db"), **source)
        scores = evaluate(summary.store, labels=articles / "labels.jsonl", schema=SCHEMA)
    of, usage, n = scores.records, summary.usage, max(1, summary.articles)
    return [
        step.__name__.replace("_", " "), ratio(of.precision), ratio(of.recall), ratio(of.f1),
        *(ratio(scores.fields[name].accuracy) for name in FIELDS), f"{usage.calls / n:.1f}",
        round(usage.prompt_tokens / n), round(usage.completion_tokens / n), f"{summary.seconds:.0f}", scores.failed,
    ]  # fmt: skip


def main() -> None:
    """Print a row for each step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="folder with articles.jsonl and labels.jsonl")
    parser.add_argument("--model", default="local")
    parser.add_argument("--replay", type=Path, help="recorded answers: only the steps that need no new ones")
    parser.add_argument("--steps", nargs="+", help="only these, such as without_repair")
    given = parser.parse_args()
    steps = OFFLINE if given.replay else (*OFFLINE, *LIVE)
    source = {"replay": given.replay} if given.replay else {"model": given.model}
    rows = []
    for step in steps:
        if not given.steps or step.__name__ in given.steps:
            rows.append(measure(step, given.articles, source))
            print(*rows[-1], flush=True)
    header = "step P R F1 " + " ".join(FIELDS) + " calls prompt completion wall_s failed"
    print(table(header, [[str(row[0]), *row[1:]] for row in rows]))


if __name__ == "__main__":
    main()
