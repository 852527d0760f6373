"""Confidence: what speaks for a record and against it, and what becomes of the unlikely ones."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

import extractor
from extractor import cli
from extractor.article import Article, Span
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.extraction import Extraction, Record, aextract, extract
from extractor.extraction.confidence import confidence, is_sure, signs
from extractor.fields import Country, Found, Person, Quoted
from extractor.fields.base import Verdict
from extractor.models import open_model
from extractor.schema import Schema, field, fields_of, load
from tests.scripted_server import Request, records, scripted_server

KEYS = ("who", "where")
SIGNS = ("apart", "support", "judged", "derived")


class Trip(Schema):
    """A trip. The further apart its words stand, the less it is likely."""

    cues: ClassVar[tuple[str, ...]] = (r"visit\w*",)
    weights: ClassVar[dict[str, float]] = {"base": 3, "apart": -1}
    least_confidence: ClassVar[float] = 0.5
    who: Person = field("who goes", key=True)
    where: Country = field("where to", key=True)


class Plain(Schema):
    """The same without weights."""

    cues: ClassVar[tuple[str, ...]] = (r"visit\w*",)
    least_confidence: ClassVar[float] = 0.5
    who: Person = field("who goes", key=True)
    where: Country = field("where to", key=True)


def value(*spans: tuple[int, int], verdict: Verdict = "stated") -> Found:
    return Found("x", tuple(Span(*span) for span in spans), verdict, "a rule" if verdict == "derived" else None)


def record(**fields: tuple[Found, ...]) -> Record:
    return {"who": (value((0, 4)),), "where": (value((10, 14)),), "note": (), "meets": (), **fields}


@pytest.mark.parametrize(
    ("who", "where", "gap"),
    [
        ([(0, 4)], [(10, 14)], 6),
        ([(10, 14)], [(0, 4)], 6),
        ([(0, 4)], [(4, 8)], 0),
        ([(0, 14)], [(4, 8)], 0),
        ([(0, 8)], [(4, 14)], 0),
        ([(0, 4), (90, 94)], [(100, 104)], 6),
        ([(0, 4)], [(100, 104), (10, 14)], 6),
        ([(0, 4), (200, 204)], [(100, 104), (191, 195)], 5),
    ],
)
def test_the_keys_are_apart_by_what_stands_between_them(
    who: list[tuple[int, int]], where: list[tuple[int, int]], gap: int
) -> None:
    """Of several words for a value, those that are nearest count; which comes first does not."""
    found = signs(record(who=(value(*who),), where=(value(*where),)), KEYS)
    assert found["apart"] == pytest.approx(math.log1p(gap))


def test_of_several_keys_the_two_furthest_apart_count() -> None:
    found = signs(record(note=(value((50, 54)),)), (*KEYS, "note"))
    assert found["apart"] == pytest.approx(math.log1p(46))
    assert signs(record(), ("who",))["apart"] == 0


@pytest.mark.parametrize(
    ("fields", "support", "judged", "derived"),
    [
        ({}, 0, 0, 0),
        ({"note": (value((20, 22)),)}, 1, 0, 0),
        ({"note": (value((20, 22)),), "meets": (value((30, 32)), value((40, 42)))}, 2, 0, 0),
        ({"note": (value((20, 22), verdict="judged"),)}, 1, 1, 0),
        ({"meets": (value((30, 32), verdict="judged"), value((40, 42), verdict="judged"))}, 1, 2, 0),
        ({"note": (value((20, 22), verdict="derived"),)}, 1, 0, 0),
        ({"where": (value((10, 14), verdict="derived"),)}, 0, 0, 1),
        ({"who": (value((0, 4), verdict="derived"),), "where": (value((10, 14), verdict="derived"),)}, 0, 0, 2),
    ],
)
def test_what_supports_a_record_is_counted(
    fields: dict[str, tuple[Found, ...]], support: int, judged: int, derived: int
) -> None:
    """Fields beside the keys that have a value, values among them that were judged, and keys that were derived."""
    found = signs(record(**fields), KEYS)
    assert set(found) == set(SIGNS)
    assert (found["support"], found["judged"], found["derived"]) == (support, judged, derived)


def test_without_weights_there_is_no_confidence() -> None:
    assert confidence(record(), KEYS, {}) is None
    assert Plain.weights == {}


def test_confidence_is_the_logistic_function_of_the_weighted_signs() -> None:
    weights = {"base": 1.5, "apart": -0.5, "support": 0.4, "judged": -0.6, "derived": -0.3}
    fields = {"note": (value((20, 22), verdict="judged"),), "where": (value((10, 14), verdict="derived"),)}
    expected = 1 / (1 + math.exp(-(1.5 - 0.5 * math.log1p(6) + 0.4 - 0.6 - 0.3)))
    assert confidence(record(**fields), KEYS, weights) == round(expected, 2)
    assert confidence(record(), KEYS, {"base": 0}) == 0.5


MORE: dict[str, dict[str, tuple[Found, ...]]] = {
    "apart": {"where": (value((60, 64)),)},
    "support": {"note": (value((20, 22)),)},
    "judged": {"note": (value((20, 22), verdict="judged"),)},
    "derived": {"where": (value((10, 14), verdict="derived"),)},
}


@pytest.mark.parametrize("sign", SIGNS)
def test_more_of_a_sign_moves_confidence_the_way_of_its_weight(sign: str) -> None:
    """Up with a positive weight, down with a negative one, nowhere without."""

    def moved(weight: float) -> float:
        weights = {"base": 0.5, sign: weight}
        more, less = confidence(record(**MORE[sign]), KEYS, weights), confidence(record(), KEYS, weights)
        assert more is not None
        assert less is not None
        assert 0 < more < 1
        return more - less

    assert moved(0.7) > 0
    assert moved(-0.7) < 0
    assert moved(0) == 0


@pytest.mark.parametrize(("least", "sure"), [(0, True), (0.5, True), (0.51, False), (1, False)])
def test_a_record_is_sure_from_the_least_confidence_on(least: float, sure: bool) -> None:
    """What has no confidence is nothing to be unsure of."""
    assert is_sure(record(), KEYS, {"base": 0}, least) is sure
    assert is_sure(record(), KEYS, {}, least)


class Boastful(Schema):
    """A schema with a field of a name that rows have for their own."""

    confidence: Quoted = field("how sure somebody is", key=True)


def test_a_field_called_confidence_is_refused(tmp_path: Path) -> None:
    """Rows have a column of that name; the author learns which field to rename."""
    with pytest.raises(UsageError, match=r"Boastful\.confidence needs another name; .*\.$"):
        fields_of(Boastful)
    (tmp_path / "own.py").write_text(
        "from extractor.fields import Quoted\nfrom extractor.schema import Schema, field\n"
        "class Own(Schema):\n    confidence: Quoted = field('x', key=True)\n"
    )
    with pytest.raises(UsageError, match=r"Own\.confidence needs another name"):
        load(str(tmp_path / "own.py"))


ANA, BO = "Ana Ruiz", "Bo Berg"
NEAR = "Ana Ruiz visited Peru."
FAR = "Bo Berg, the oldest of nine children of a poor weaver from the cold hills, visited Chile."
ARTICLE = Article(id="a", text=f"{NEAR} {FAR}")
WHO = {NEAR: (ANA, "Peru"), FAR: (BO, "Chile")}


def answer(request: Request) -> dict[str, Any]:
    return records(dict(zip(KEYS, WHO[request.passage], strict=True)))


async def read(schema: type[Schema], min_confidence: float | None = None) -> Extraction:
    with scripted_server(answer) as server:
        async with open_model(server.spec) as model:
            return await aextract(ARTICLE, schema=schema, model=model, min_confidence=min_confidence)


def who(extraction: Extraction) -> list[str]:
    return [record["who"][0].value for record in extraction.records]


@pytest.mark.parametrize(
    ("least", "kept"),
    [
        (None, [ANA]),
        (0, [ANA, BO]),
        (0.1, [ANA, BO]),
        (0.6, [ANA]),
        (0.9, []),
    ],
)
async def test_unlikely_records_are_rejected_with_their_confidence(least: float | None, kept: list[str]) -> None:
    """By the bound that is given, be it 0, else by the schema's."""
    extraction = await read(Trip, least)
    assert who(extraction) == kept
    shares = {ANA: "0.67", BO: "0.21"}
    bound = f"{Trip.least_confidence if least is None else least:.2f}"
    assert [(rejection.field, rejection.value, rejection.reason) for rejection in extraction.rejected] == [
        (None, {"who": name, "where": code}, f"its confidence is {shares[name]}, less than {bound}")
        for name, code in ((ANA, "PER"), (BO, "CHL"))
        if name not in kept
    ]


async def test_without_weights_nothing_is_unlikely() -> None:
    extraction = await read(Plain, 1)
    assert who(extraction) == [ANA, BO]
    assert extraction.rejected == ()


def test_extract_takes_the_bound_too() -> None:
    with scripted_server(answer) as server:
        assert who(extract(ARTICLE, schema=Trip, model=server.spec, min_confidence=0)) == [ANA, BO]


def run(folder: Path, **options: Any) -> extractor.Summary:
    with scripted_server(answer) as server:
        return extractor.run(ARTICLE, schema=Trip, out=folder / "run.db", model=server.spec, dry_run=False, **options)


@pytest.mark.parametrize(
    ("options", "counts"),
    [({}, (1, 1)), ({"min_confidence": 0}, (2, 0)), ({"min_confidence": 0.9}, (0, 2))],
)
def test_a_run_rejects_what_is_unlikely(tmp_path: Path, options: dict[str, float], counts: tuple[int, int]) -> None:
    """The store keeps it as rejected, so that nothing is lost without a trace."""
    summary = run(tmp_path, **options)
    assert (summary.records, summary.rejected) == counts
    with Store.open(summary.store) as store:
        (extraction,) = store.extractions()
        assert store.provenance.weights == Trip.weights
    assert all("its confidence is" in rejection.reason for rejection in extraction.rejected)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Give the store of a run that kept both records."""
    run(tmp_path, min_confidence=0)
    return tmp_path / "run.db"


@pytest.mark.parametrize(("least", "kept"), [(0, [ANA, BO]), (0.5, [ANA]), (0.9, [])])
def test_a_store_leaves_out_what_is_unlikely(stored: Path, least: float, kept: list[str]) -> None:
    with Store.open(stored) as store:
        assert [who(extraction) for extraction in store.extractions(min_confidence=least)] == [kept]
        assert [len(who(extraction)) for extraction in store.extractions()] == [2]


def test_what_is_shown_has_its_confidence(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    extractor.show(stored, evidence=True)
    shown = capsys.readouterr().out
    assert "  who       where  confidence\n  Ana Ruiz  PER    .67\n" in shown
    assert "  Bo Berg   CHL    .21\n" in shown
    extractor.show(stored, json=True)
    line = json.loads(capsys.readouterr().out)
    assert [record["confidence"] for record in line["records"]] == [0.67, 0.21]


def test_what_is_unlikely_is_not_shown(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To people, to programs, and on the command line."""
    capsys.readouterr()
    extractor.show(stored, min_confidence=0.5)
    shown = capsys.readouterr().out
    assert "Ana Ruiz" in shown
    assert "Bo Berg" not in shown
    extractor.show(stored, json=True, min_confidence=0.5)
    assert [record["who"]["value"] for record in json.loads(capsys.readouterr().out)["records"]] == [ANA]
    done = CliRunner().invoke(cli.app, ["show", str(stored), "--min-confidence", "0.5"])
    assert done.output == shown


def test_what_is_unlikely_is_not_scored(stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither from the store nor from the lines that `show` prints."""
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps({"id": "a", "records": [{"who": ANA, "where": "PER"}]}))
    capsys.readouterr()
    extractor.show(stored, json=True)
    (tmp_path / "run.jsonl").write_text(capsys.readouterr().out)
    for made in (stored, tmp_path / "run.jsonl"):
        counted = []
        for least in (0, 0.5, 0.9):
            scores = extractor.evaluate(made, labels=labels, schema=Trip, min_confidence=least)
            counted.append((scores.records.found, scores.records.spurious, scores.records.missed))
        assert counted == [(1, 1, 0), (1, 0, 0), (0, 0, 1)]


def test_lines_without_confidence_are_all_scored(tmp_path: Path) -> None:
    """Another schema's, or another tool's, are not unlikely for saying nothing."""
    (tmp_path / "labels.jsonl").write_text(json.dumps({"id": "a", "records": [{"who": ANA, "where": "PER"}]}))
    told = {"who": {"value": "Ana Ruiz", "evidence": [[0, 8]]}, "where": {"value": "PER", "evidence": [[17, 21]]}}
    (tmp_path / "run.jsonl").write_text(json.dumps({"article": "a", "records": [told | {"confidence": None}]}))
    for schema in (Trip, Plain):
        scores = extractor.evaluate(
            tmp_path / "run.jsonl", labels=tmp_path / "labels.jsonl", schema=schema, min_confidence=0.9
        )
        assert scores.records.found == 1
