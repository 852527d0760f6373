"""Comparison: whether one run is better than another over the same labelled articles, beyond chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from extractor.errors import UsageError
from extractor.evaluation.articles import ScoredArticle, match_up
from extractor.evaluation.counts import RECORDS, VALUES, Ratio
from extractor.evaluation.interval import Interval, interval
from extractor.evaluation.labels import Label, read_labels
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.randomisation import p_value
from extractor.schema import Schema, fields_of, load

SHUFFLES = 10_000

Rows = Sequence[tuple[int, ...]]
"""The counts that a figure is made of, article by article."""


@dataclass(frozen=True)
class Difference:
    """One figure of both runs: a share of records, or the accuracy of a field.

    `interval` bounds the `difference` B - A (95 %, bootstrap over articles); `p` is that of a paired test by
    approximate randomisation over articles, two-sided, and not corrected for the number of figures.
    """

    name: str
    a: float | None
    b: float | None
    difference: float | None
    interval: Interval | None
    p: float | None


@dataclass(frozen=True)
class Comparison:
    """The differences of two runs over so many labelled articles."""

    articles: int
    shuffles: int
    differences: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """Return all figures; a share of nothing is None."""
        return {
            "articles": self.articles,
            "shuffles": self.shuffles,
            "figures": {one.name: {k: v for k, v in asdict(one).items() if k != "name"} for one in self.differences},
        }


def compare(
    run_a: str | Path | URL,
    run_b: str | Path | URL,
    *,
    labels: str | Path,
    schema: str | type[Schema] = "visits",
    min_confidence: float = 0,
    shuffles: int = SHUFFLES,
) -> Comparison:
    """Compare two runs over the same labelled articles: record shares and field accuracies, with paired differences.

    A run is its store, or JSON lines as `show --json` prints them. Records of less than `min_confidence` are left out.
    The articles are shuffled between the runs `shuffles` times from a fixed seed, so that the same call gives the
    same figures.

    Raises:
        UsageError: if a run or the labels cannot be read, or a run lacks an article that has labels.

    >>> import extractor
    >>> done = extractor.compare("runs/old.db", "runs/new.db", labels="labels.jsonl")    # doctest: +SKIP
    """
    schema = load(schema)
    if shuffles < 1:
        raise UsageError(f"There must be at least one shuffle, not {shuffles}; p-values are made of them.")
    told = read_labels(labels, schema, None)
    if not told:
        raise UsageError(f"The labels {labels} hold no article, so there is nothing to compare the runs by.")
    a, b = (_scored(run, told, labels, schema, min_confidence) for run in (run_a, run_b))
    figures: dict[str, tuple[Ratio, Rows, Rows]] = {
        name: (ratio, [one.counts.row for one in a], [one.counts.row for one in b]) for name, ratio in RECORDS.items()
    }
    for spec in fields_of(schema).values():
        if spec.name != schema.lenient:
            rows_a, rows_b = ([one.field(spec).row for one in side] for side in (a, b))
            figures[spec.name] = (VALUES["accuracy"], rows_a, rows_b)
    return Comparison(len(a), shuffles, tuple(_difference(name, *of, shuffles) for name, of in figures.items()))


def _scored(
    run: str | Path | URL,
    told: Mapping[str, tuple[Label, ...]],
    labels: str | Path,
    schema: type[Schema],
    min_confidence: float,
) -> list[ScoredArticle]:
    """Match the run's records with the labels, in the order of the labels."""
    outcomes = read_predictions(run, schema, min_confidence=min_confidence)
    for name in told:
        if name not in outcomes:
            raise UsageError(
                f"{run} has no article {name!r}, which {labels} labels; compare runs over the same articles."
            )
    return match_up({name: outcomes[name] for name in told}, told, schema)


def _difference(name: str, ratio: Ratio, a: Rows, b: Rows, shuffles: int) -> Difference:
    of_a, of_b = (ratio.of([sum(column) for column in zip(*rows, strict=True)]) for rows in (a, b))
    difference = None if of_a is None or of_b is None else of_b - of_a
    return Difference(
        name=name,
        a=of_a,
        b=of_b,
        difference=difference,
        interval=None if difference is None else _bounds(ratio, a, b),
        p=p_value(a, b, ratio.over, shuffles),
    )


def _bounds(ratio: Ratio, a: Rows, b: Rows) -> Interval | None:
    width = len(ratio.whole)
    pairs = [(*one, *other) for one, other in zip(a, b, strict=True)]
    return interval(pairs, lambda sums: ratio.over(sums[:, width:]) - ratio.over(sums[:, :width]))
