"""What the prompt's worked examples say never comes out as a result."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.article import Article
from extractor.batch.run import run
from extractor.batch.store import Store
from extractor.extraction import Candidate
from extractor.extraction.check import check
from extractor.extraction.passages import passages
from extractor.fields.names import key
from extractor.readers import read
from extractor.schema import Schema, fields_of, load

ROOT = Path(__file__).parent.parent
VISITS = load("visits")
SETS = {"seeds": ROOT / "cassettes", "benchmarks/corpus": ROOT / "cassettes" / "corpus"}
ARTICLES = [article for folder in SETS for article in read(ROOT / folder) if isinstance(article, Article)]


def example_names(schema: type[Schema]) -> set[str]:
    """Collect the words of the people whom the examples name."""
    return {
        word
        for example in schema.examples
        for record in example.records
        for word in key(str(record["visitor"])).split()
    }


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_a_model_that_repeats_the_examples_gets_no_record(article: Article) -> None:
    """Whatever passage it says so of, the values of an example are not in its words."""
    keys = {spec.name for spec in fields_of(VISITS).values() if spec.key}
    for where in passages(article, VISITS):
        for example in VISITS.examples:
            for record in example.records:
                refused = {complaint.field for complaint in check(Candidate(record, where), article, VISITS).complaints}
                assert refused & keys


@pytest.mark.parametrize(("folder", "cassettes"), list(SETS.items()), ids=list(SETS))
def test_no_recorded_answer_gave_one(folder: str, cassettes: Path, tmp_path: Path) -> None:
    """Nobody of the examples is in the records or the rejected values of what the model really answered."""
    summary = run(ROOT / folder, replay=cassettes, out=tmp_path / "run.db", min_confidence=0)
    assert not summary.failed
    with Store.open(summary.store) as store:
        told = [
            str(found.value)
            for one in store.extractions()
            for record in one.records
            for many in record.values()
            for found in many
        ]
    assert told
    words = {word for value in told for word in key(value).split()}
    assert not words & example_names(VISITS)
