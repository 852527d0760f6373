"""Calibrate confidence: fit the weights of a schema to hand labels, and see how far the shares come true.

    python benchmarks/confidence.py runs/accuracy seeds benchmarks/corpus --plot docs/img/reliability.png

It reads the runs that benchmarks/accuracy.py left (RUNS/FOLDER/extractor.db; made with --min-confidence 0, so that
nothing is missing), fits a logistic regression to whether a record matches a label (Platt scaling), and prints the
weights for the schema. What it says of them comes from five folds over articles: no article is judged by weights that
have seen it. Needs scikit-learn, and matplotlib for the plot.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from extractor.batch.store import Store
from extractor.evaluation.align import align
from extractor.evaluation.labels import read_labels
from extractor.evaluation.reports import ratio, table
from extractor.extraction.check import values
from extractor.extraction.confidence import signs
from extractor.schema import Schema, fields_of, load

FOLDS = 5
STRENGTH = 0.3  # inverse of the regularisation: some 150 records bear little more
LEVELS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


class Judged(NamedTuple):
    """A record of a run, and whether a label says the same; an `excused` one is right and counts for nothing."""

    article: str
    signs: dict[str, float]
    right: bool
    excused: bool


def judged(run: Path, labels: Path, schema: type[Schema]) -> Iterator[Judged | int]:
    """Yield the records of a run with what the labels say, and how many labels each article misses."""
    keys = [spec.name for spec in fields_of(schema).values() if spec.key]
    with Store.open(run) as store:
        done = list(store.extractions())
    told = read_labels(labels, schema, {one.article.id: one.article for one in done})
    for one in done:
        found = [values(record, schema) for record in one.records]
        matched = align(found, [label.values for label in told.get(one.article.id, ())], schema)
        yield len(matched.missed)
        excused = {i for i, _ in matched.excused}
        right = {i for i, _ in matched.pairs} | excused
        for i, record in enumerate(one.records):
            yield Judged(one.article.id, signs(record, keys), i in right, i in excused)


def trade(shares: Any, right: Any) -> str:
    """Show what each least confidence keeps and loses."""
    rows = []
    for level in LEVELS:
        kept = shares >= level
        precision = right[kept].mean() if kept.any() else None
        rows.append(
            [f"{level:.1f}", int(kept.sum()), ratio(precision), int(right[~kept].sum()), int((~right[~kept]).sum())]
        )
    return table("least kept precision right_ones_lost wrong_ones_lost", rows)


def f1(kept: Any, right: Any, counted: Any, missed: int) -> float:
    """Return the record F1 of what is kept, excused records aside; what was right and is not kept is missed."""
    hits = int((kept & right & counted).sum())
    lost = int((~kept & right & counted).sum())
    return 2 * hits / (2 * hits + int((kept & ~right).sum()) + missed + lost)


def reliability(shares: Any, right: Any) -> list[tuple[float, float, int]]:
    """Return for five equally full bins the mean confidence, the share that was right, and how many records."""
    bins = np.array_split(np.argsort(shares), 5)
    return [(float(shares[one].mean()), float(right[one].mean()), len(one)) for one in bins if len(one)]


def plot(points: Sequence[tuple[float, float, int]], path: Path) -> None:
    """Draw the reliability of the shares."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4.2, 4))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], "o-", color="#1f5fa8")
    axes.set(
        xlabel="confidence (left-out folds)", ylabel="share of records that are right", xlim=(0, 1), ylim=(0, 1.02)
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=150)


def main() -> None:
    """Print weights, cross-checked quality, the trade and the reliability."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, help="what benchmarks/accuracy.py left")
    parser.add_argument("articles", type=Path, nargs="+", help="the folders with labels.jsonl")
    parser.add_argument("--plot", type=Path, help="where to draw the reliability")
    parser.add_argument("--schema", default="visits", help="by name or path")
    given = parser.parse_args()
    schema = load(given.schema)
    least = schema.least_confidence
    told = [
        one
        for folder in given.articles
        for one in judged(given.runs / folder.name / "extractor.db", folder / "labels.jsonl", schema)
    ]
    found = [one for one in told if isinstance(one, Judged)]
    missed = sum(one for one in told if isinstance(one, int))
    names = list(found[0].signs)
    worth = np.array([[one.signs[name] for name in names] for one in found])
    right = np.array([one.right for one in found])
    groups = np.array([one.article for one in found])
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    shares = cross_val_predict(model, worth, right, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
    model.fit(worth, right)
    own = model.predict_proba(worth)[:, 1]
    weights = {"base": float(model.intercept_[0])} | dict(zip(names, map(float, model.coef_[0]), strict=True))
    print(f"records {len(found)}, right {right.sum()} ({ratio(right.mean())})")
    print("weights", {name: round(weight, 2) for name, weight in weights.items()})
    for name, measure in (("area under the curve", roc_auc_score), ("Brier score", brier_score_loss)):
        print(f"{name}: fitted {ratio(measure(right, own))}, left out {ratio(measure(right, shares))}")
    counted = np.array([not one.excused for one in found])
    for name, given_shares in (("all records", np.ones(len(found))), ("fitted", own), ("left out", shares)):
        print(f"F1 of what is at least {least}, {name}: {ratio(f1(given_shares >= least, right, counted, missed))}")
    print(trade(shares, right))
    points = reliability(shares, right)
    print(table("confidence right records", [[ratio(x), ratio(y), n] for x, y, n in points]))
    if given.plot:
        plot(points, given.plot)


if __name__ == "__main__":
    main()
