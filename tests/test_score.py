"""Scores are what one counts by hand, and nothing is averaged over nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.batch.provenance import provenance
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.evaluation import evaluate, report
from extractor.evaluation.articles import score_value
from extractor.evaluation.counts import RECORDS, VALUES, Counts, FieldScore
from extractor.evaluation.interval import interval
from extractor.evaluation.labels import Label
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.evaluation.score import score, share_names
from extractor.extraction import Extraction
from extractor.fields import Country, Found, Person
from extractor.models.spec import ModelSpec
from extractor.schema import Schema, field, fields_of, load

VISITS = load("visits")
SPECS = fields_of(VISITS)
ARTICLE = Article(id="a1", text="Olaf Scholz arrived in Paris on Tuesday.")


def told(**values: Any) -> Prediction:
    return Prediction({"visitor": "Scholz", "destination": "FRA", **values}, {})


def label(**values: Any) -> Label:
    return Label({"visitor": "Olaf Scholz", "destination": "FRA", **values}, {})


def test_records_and_fields_as_counted_by_hand() -> None:
    """Two found, one of them twice, one made up, one missed, one implied; values of each fate."""
    outcomes = {
        "a1": Outcome(
            (
                told(dates="2024-03-05", status="completed", places=["Paris", "Nice"]),
                told(status="completed"),
                told(destination="ITA", kind="state"),
                told(destination="ESP"),
                told(destination="PRT"),
            )
        ),
        "a2": Outcome((), "the model gave no answer"),
        "a3": Outcome((told(),)),
    }
    labels = {
        "a1": (
            label(dates="2024-03-05", status="ongoing", places=["Paris", "Lyon"], when="on Tuesday"),
            label(destination="ITA"),
            label(destination="ESP", implied=True),
        ),
        "a2": (label(),),
    }
    scores = score(outcomes, labels, VISITS)
    assert (scores.articles, scores.failed, scores.unscored) == (2, 1, 1)
    assert scores.records == Counts(found=2, spurious=2, missed=1, repeated=1, excused=1)
    assert (scores.records.precision, scores.records.recall, scores.records.f1) == (2 / 4, 2 / 3, 4 / 7)
    assert scores.fields["dates"] == FieldScore(right=1)
    assert scores.fields["status"] == FieldScore(wrong=1)
    assert scores.fields["when"] == FieldScore(missing=1)
    assert scores.fields["kind"] == FieldScore(spurious=1)
    assert scores.fields["places"] == FieldScore(right=1, missing=1, spurious=1)
    assert "implied" not in scores.fields
    assert (scores.fields["places"].accuracy, scores.fields["places"].f1) == (0.5, 0.5)


def test_nothing_is_averaged_over_nothing() -> None:
    """Without records, labels or values there is a count of 0 and no share, in numbers and table."""
    scores = score({}, {}, VISITS)
    assert scores.records.precision is scores.records.recall is scores.records.f1 is None
    assert scores.to_json()["evidence"] is scores.to_json()["fields"]["dates"]["accuracy"] is None
    assert "–" in report(scores)


def test_every_share_has_its_interval_over_articles() -> None:
    """Records and each field are bounded by their own counts of each article, drawn together."""
    outcomes = {
        "a1": Outcome((told(status="ongoing"), told(destination="ITA"))),
        "a2": Outcome((told(status="completed"),)),
        "a3": Outcome((told(),)),
    }
    labels = {
        "a1": (label(status="ongoing"),),
        "a2": (label(status="ongoing"), label(destination="ESP")),
        "a3": (label(status="ongoing"),),
    }
    scores = score(outcomes, labels, VISITS)
    rows = [(1, 1, 0), (1, 0, 1), (1, 0, 0)]
    assert {name: scores.intervals[name] for name in RECORDS} == {
        name: interval(rows, RECORDS[name].over) for name in RECORDS
    }
    assert scores.interval == scores.intervals["f1"] == (0.667, 1.0)
    of_status = [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    for name, ratio in VALUES.items():
        assert scores.intervals[f"status.{name}"] == interval(of_status, ratio.over)
        assert scores.to_json()["fields"]["status"][f"{name}_interval"] == scores.intervals[f"status.{name}"]
    assert scores.intervals["status.accuracy"] == (0.0, 1.0)
    assert scores.intervals["kind.accuracy"] is None


def test_shares_can_be_asked_for_by_name() -> None:
    """Each figure that `--fail-under` may name is there, and is that of the tables."""
    scores = score({"a1": Outcome((told(status="ongoing"),))}, {"a1": (label(status="ongoing"),)}, VISITS)
    assert list(scores.shares) == share_names(VISITS)
    assert scores.shares == {
        **dict.fromkeys(scores.fields), "visitor": 1, "destination": 1, "status": 1,
        "precision": 1, "recall": 1, "f1": 1, "evidence": 0, "overlap": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "labelled", "expected"),
    [
        ("visitor", "Scholz", "Olaf Scholz", FieldScore(right=1)),
        ("destination", "France", "FRA", FieldScore(right=1)),
        ("when", "Oct. 18–19", "on Oct. 18-19", FieldScore(right=1)),
        ("when", "on Oct. 17-19", "on Oct. 18-19", FieldScore(wrong=1)),
        ("status", None, "ongoing", FieldScore(missing=1)),
        ("status", "ongoing", None, FieldScore(spurious=1)),
        ("status", None, None, FieldScore()),
        ("meets", ["Macron", "Macron"], ["Emmanuel Macron"], FieldScore(right=1, spurious=1)),
        ("meets", None, ["Emmanuel Macron"], FieldScore(missing=1)),
    ],
)
def test_values_are_compared_by_their_field_types(name: str, value: Any, labelled: Any, expected: FieldScore) -> None:
    """A value is right if its field type says that it means the same."""
    assert score_value(SPECS[name], value, labelled) == expected


def test_evidence_counts_only_where_it_holds_words() -> None:
    """A value has evidence if all its spans slice to words; each element of a list has its own."""
    values = {
        "visitor": "Scholz",
        "destination": "FRA",
        "when": "on Tuesday",
        "places": ["Paris", "Lyon"],
        "kind": None,
    }
    evidence = {
        "visitor": ((Span(5, 11), Span(0, 11)),),
        "destination": ((Span(4, 5),),),
        "when": ((Span(29, 99),),),
        "places": ((Span(23, 28),), ()),
    }
    scores = score({"a1": Outcome((Prediction(values, evidence),), None, ARTICLE)}, {"a1": ()}, VISITS)
    assert (scores.with_evidence, scores.values) == (2, 5)


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_evaluates_the_lines_of_show(tmp_path: Path) -> None:
    """The lines of `show --json` are scored; evidence is held against the texts beside the labels."""
    write(tmp_path / "articles.jsonl", {"id": "a1", "text": ARTICLE.text})
    labels = write(tmp_path / "labels.jsonl", {"id": "a1", "visits": [dict(label(dates="2024-03-05").values)]})
    said = {
        "value": "Olaf Scholz",
        "text": "Olaf Scholz",
        "evidence": [[0, 11]],
        "verdict": "stated",
        "rule": None,
    }
    where = {"value": "FRA", "text": "?", "evidence": [[90, 95]], "verdict": "stated", "rule": None}
    record: dict[str, object] = {"visitor": said, "destination": where, "dates": None, "places": []}
    run = write(tmp_path / "run.jsonl", {"article": "a1", "records": [record], "error": None})
    scores = evaluate(run, labels=labels)
    assert scores.records == Counts(found=1)
    assert scores.fields["dates"] == FieldScore(missing=1)
    assert (scores.with_evidence, scores.values) == (1, 2)


class Trip(Schema):
    """Another schema."""

    visitor: Person = field("who goes", key=True)
    destination: Country = field("where to", key=True)


def stored(path: Path, schema: type[Schema]) -> Path:
    visitor, destination = Found("Olaf Scholz", (Span(0, 11),), "stated"), Found("FRA", (), "stated")
    with Store.resume(path, provenance(schema, ModelSpec.parse("http://127.0.0.1:1/v1#none"), {})) as store:
        store.add(Extraction(ARTICLE, ({"visitor": (visitor,), "destination": (destination,)},)))
    return path


def test_evaluates_a_store(tmp_path: Path) -> None:
    """A store holds its own texts, and is scored as its lines would be."""
    labels = write(tmp_path / "labels.jsonl", {"id": "a1", "visits": [dict(label(status="ongoing").values)]})
    scores = evaluate(stored(tmp_path / "run.db", VISITS), labels=labels)
    assert scores.records == Counts(found=1)
    assert scores.fields["status"] == FieldScore(missing=1)
    assert (scores.with_evidence, scores.values) == (1, 2)


def test_a_store_of_another_schema_is_refused(tmp_path: Path) -> None:
    """Records of other fields cannot be held against these labels."""
    run = stored(tmp_path / "run.db", Trip)
    with pytest.raises(UsageError, match="made with the schema Trip"):
        evaluate(run, labels=write(tmp_path / "labels.jsonl"))


def test_reads_what_other_tools_write_with_good_will(tmp_path: Path) -> None:
    """Names of countries, loose dates and choices mean what they say; other fields do no harm."""
    wanted = label(dates="2024-03-05/2024-03-07", status="not_held")
    labels = write(tmp_path / "labels.jsonl", {"id": "a1", "visits": [dict(wanted.values)]})
    visit = {
        "visitor": "Chancellor Olaf Scholz",
        "destination": "France",
        "dates": "2024-03-05 to 2024-03-07",
        "status": "Not held",
        "quote": "…",
    }
    scores = evaluate(write(tmp_path / "peer.jsonl", {"id": "a1", "visits": [visit]}), labels=labels)
    assert scores.fields["dates"] == scores.fields["status"] == FieldScore(right=1)
    assert (scores.with_evidence, scores.values) == (0, 4)


@pytest.mark.parametrize("line", ["[]", "{}", '{"article": "a1"}', "{", '{"id": "a1", "visits": null}'])
def test_refuses_what_is_no_run(line: str, tmp_path: Path) -> None:
    """A line that is no outcome of an article is named."""
    run = tmp_path / "run.jsonl"
    run.write_text(line, "utf-8")
    with pytest.raises(UsageError, match=r"run\.jsonl, line 1"):
        evaluate(run, labels=write(tmp_path / "labels.jsonl"))


def test_labels_of_an_article_outside_the_run_are_refused(tmp_path: Path) -> None:
    """A label that nothing is scored against would shrink the sample unseen."""
    run = write(tmp_path / "run.jsonl", {"article": "a1", "records": [], "error": None})
    with pytest.raises(UsageError, match="'a2'"):
        evaluate(run, labels=write(tmp_path / "labels.jsonl", {"id": "a2", "visits": []}))
