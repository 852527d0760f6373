"""Evaluation: how far runs agree with labels and labels with each other, and how much the checks let through."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL

from extractor.article import Article
from extractor.errors import UsageError
from extractor.evaluation.agreement import Agreement, agree
from extractor.evaluation.comparison import Comparison, compare
from extractor.evaluation.html import page
from extractor.evaluation.labels import read_labels
from extractor.evaluation.predictions import Outcome, read_predictions
from extractor.evaluation.reports import report
from extractor.evaluation.score import Scores, score
from extractor.evaluation.score_report import mistakes_report
from extractor.evaluation.trial import Mutations, mutate
from extractor.readers import read
from extractor.schema import Schema, load

__all__ = [
    "Agreement", "Comparison", "Mutations", "Scores", "agree", "compare", "evaluate", "mistakes_report", "mutate",
    "page", "report",
]  # fmt: skip


def evaluate(
    run: str | Path | URL, *, labels: str | Path, schema: str | type[Schema] = "visits", min_confidence: float = 0
) -> Scores:
    """Score a run against labels: its store, or JSON lines as `show --json` prints them.

    Records of less than `min_confidence` are left out. JSON lines lack the texts that evidence is held against; they
    are read from the folder of the labels, if that has them. Print the result with `report` and `mistakes_report`,
    make a web page of it with `page`, or take `Scores.to_json`.

    Raises:
        UsageError: if the run or the labels cannot be read or do not fit the schema or each other.
    """
    schema = load(schema)
    outcomes = _with_texts(read_predictions(run, schema, min_confidence=min_confidence), Path(labels).parent)
    told = read_labels(labels, schema, {name: outcome.article for name, outcome in outcomes.items()})
    return score(outcomes, told, schema)


def _with_texts(outcomes: dict[str, Outcome], folder: Path) -> dict[str, Outcome]:
    if all(outcome.article for outcome in outcomes.values()):
        return outcomes
    try:
        texts = {article.id: article for article in read(folder) if isinstance(article, Article)}
    except UsageError:  # no articles there: evidence is then counted, but not held against the text
        return outcomes
    return {name: outcome._replace(article=outcome.article or texts.get(name)) for name, outcome in outcomes.items()}
