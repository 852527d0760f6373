"""The gate: what cannot hold a record costs no call, and what holds one gets through. The people are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

import extractor
from extractor import cli
from extractor.article import Article, Span
from extractor.batch.store import Store
from extractor.extraction import Extraction, Rejected
from extractor.extraction.gate import CLOSED, may_hold
from extractor.fields import Country, Quoted
from extractor.models import Usage
from extractor.readers import read
from extractor.schema import Schema, field, load
from tests.scripted_server import Request, Scripted, records, scripted_server

ROOT = Path(__file__).parent.parent
VISITS = load("visits")
RECIPE = load(str(Path(__file__).parent / "fixtures" / "recipe.py"))
FOLDERS = ("seeds", "benchmarks/corpus")


class Sale(Schema):
    """Something that is offered for money, with its key in free words."""

    cues: ClassVar[tuple[str, ...]] = (r"sell\w*",)
    item: Quoted = field("what is sold", key=True)


class Export(Schema):
    """Something that is sold to a country: one key in free words, one that the passage must name."""

    cues: ClassVar[tuple[str, ...]] = (r"sell\w*",)
    item: Quoted = field("what is sold", key=True)
    to: Country = field("to whom", key=True)


def opens(text: str, schema: type[Schema] = VISITS, *boilerplate: Span) -> bool:
    return may_hold(Article(id="a", text=text, boilerplate=boilerplate), schema)


@pytest.mark.parametrize(
    "text",
    [
        "President Ana Ruiz will visit Peru on Monday.",
        "It rained. Ana Ruiz was asleep. President Ana Ruiz flew to Peru.",
        "Peru is near. President Ana Ruiz will visit the country.",
        "Peru is near. A visit by President Ana Ruiz went well.",
        "The visit by President Ana Ruiz to Peru went well.",
        "President Ana Ruiz ate. Then she visited Peru. So did President Bo Berg, who went to Lima.",
    ],
)
def test_a_sentence_that_names_a_visitor_opens_the_gate(text: str) -> None:
    """The country may stand before it, unless it speaks of a visit as known."""
    assert opens(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It rained.",
        "President Ana Ruiz spoke of Peru.",
        "The festival drew visitors from Peru.",
        "Somebody will visit Peru.",
        "President Ana Ruiz will visit.",
        "President Ana Ruiz will visit the country.",
        "President Ana Ruiz ate. Then she visited Peru.",
        "Peru is near. The visit by President Ana Ruiz went well.",
        "The visit to Peru went well.",
    ],
)
def test_without_a_visitor_in_a_sentence_of_travel_the_gate_is_closed(text: str) -> None:
    """Nobody travels, nobody is named, there is no country, or a visit is only referred to."""
    assert not opens(text)


@pytest.mark.parametrize(
    "text",
    [
        "Peruvian President Ana Ruiz will visit Peru.",
        "Former President Ana Ruiz visited Peru.",
        "Ana Ruiz, the Swedish ambassador to Peru, travelled to Lima.",
    ],
)
def test_what_the_schemas_rules_refuse_opens_nothing(text: str) -> None:
    """A visit home, or of somebody out of office, would be no record."""
    assert not opens(text)


def test_boilerplate_opens_nothing() -> None:
    text = "It rained.\nRead more: President Ana Ruiz will visit Peru"
    assert opens(text)
    assert not opens(text, VISITS, Span(text.index("Read"), len(text)))


@pytest.mark.parametrize(
    ("text", "schema", "open_"),
    [
        ("They sell tin.", Sale, True),
        ("They buy tin.", Sale, False),
        ("They sell tin to Peru.", Export, True),
        ("They sell tin abroad.", Export, False),
        ("Stew the quinces.", RECIPE, True),
        ("", RECIPE, False),
    ],
)
def test_a_key_in_free_words_lets_every_cue_through(text: str, schema: type[Schema], open_: bool) -> None:
    """Without cues, whatever has words; a key that must be named still has to be."""
    assert opens(text, schema) is open_


def labelled(folder: str) -> list[tuple[Article, int]]:
    """Return the articles of a folder, each with the number of its visits by hand label."""
    lines = (ROOT / folder / "labels.jsonl").read_text("utf-8").splitlines()
    visits = {line["id"]: len(line["visits"]) for line in map(json.loads, lines)}
    return [(article, visits[article.id]) for article in read(ROOT / folder) if isinstance(article, Article)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_article_with_a_visit_passes(folder: str) -> None:
    """The gate may waste calls, but must not lose a record."""
    articles = [article for article, visits in labelled(folder) if visits]
    assert len(articles) >= 5
    assert [article.id for article in articles if not may_hold(article, VISITS)] == []


def test_half_the_articles_without_a_visit_do_not_pass() -> None:
    """They were chosen for their words of travel, so that the gate must tell more than whether there are any."""
    empty = [article for article, visits in labelled("benchmarks/corpus") if not visits]
    closed = [article.id for article in empty if not may_hold(article, VISITS)]
    assert len(empty) >= 4
    assert len(closed) >= len(empty) / 2


TRIP = "Swedish Foreign Minister Mara Lindqvist will visit Peru on Friday."
REMARK = "Swedish Foreign Minister Mara Lindqvist smiled. Then she visited Peru."


def fill_in(request: Request) -> dict[str, Any]:
    """Give one record with what the form asks for."""
    said = {"visitor": "Mara Lindqvist", "destination": "Peru", "when": None, "status": None}
    return records({name: value for name, value in said.items() if f'"{name}": {{' in request.schema})


def run(folder: Path, **options: Any) -> tuple[extractor.Summary, dict[str, Extraction], Scripted]:
    """Let a stand-in read two articles, the second of which tells of a visitor by pronoun alone."""
    articles = [Article(id="trip", text=TRIP), Article(id="remark", text=REMARK)]
    with scripted_server(fill_in) as server:
        summary = extractor.run(articles, schema="visits", out=folder / "run.db", model=server.spec, **options)
    with Store.open(summary.store) as store:
        return summary, {one.article.id: one for one in store.extractions()}, server


def test_an_article_that_the_gate_stops_costs_no_call(tmp_path: Path) -> None:
    """It is done, without record, cost or failure, and the store says what stopped it; the other is read as ever."""
    summary, outcomes, server = run(tmp_path, gate=True)
    assert [request.passage for request in server.requests] == [TRIP]
    assert outcomes["remark"] == Extraction(Article(id="remark", text=REMARK), rejected=(Rejected(None, None, CLOSED),))
    assert outcomes["remark"].usage == Usage()
    assert [record["visitor"][0].value for record in outcomes["trip"].records] == ["Mara Lindqvist"]
    assert (summary.new, summary.articles, summary.records, summary.rejected, summary.failed) == (2, 2, 1, 1, {})
    assert summary.usage.calls == 1


def test_without_the_gate_every_article_is_read(tmp_path: Path) -> None:
    _, outcomes, server = run(tmp_path)
    assert sorted(request.passage for request in server.requests) == [TRIP, "Then she visited Peru."]
    assert CLOSED not in [rejection.reason for rejection in outcomes["remark"].rejected]


def test_what_the_gate_stopped_is_not_tried_again(tmp_path: Path) -> None:
    run(tmp_path, gate=True)
    summary, _, server = run(tmp_path, gate=True)
    assert (summary.new, summary.articles) == (0, 2)
    assert server.requests == []


def test_a_person_sees_what_the_gate_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary, _, _ = run(tmp_path, gate=True)
    capsys.readouterr()
    extractor.show(summary.store, rejected=True)
    assert f"remark\n  no records\n  rejected by {CLOSED}\n" in capsys.readouterr().out


def test_the_gate_stands_on_the_command_line_too(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "remark", "text": REMARK}))
    words = ["run", str(tmp_path / "news.jsonl"), "--out", str(tmp_path / "run.db")]
    with scripted_server(fill_in) as server:
        done = CliRunner().invoke(cli.app, [*words, "--model", server.spec, "--gate"])
    assert done.exit_code == 0
    assert server.requests == []
    with Store.open(tmp_path / "run.db") as store:
        assert [rejection.reason for one in store.extractions() for rejection in one.rejected] == [CLOSED]
