"""Score: how far the records of a run agree with the labels, with the counts behind every share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from extractor.article import Article, Span
from extractor.evaluation.align import Alignment, align, shared
from extractor.evaluation.interval import f1_interval
from extractor.evaluation.labels import Label, has_value
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.schema import FieldSpec, Schema, fields_of


def share(part: float, whole: float) -> float | None:
    """Divide, unless there is nothing to divide by: nothing is averaged over nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


@dataclass(frozen=True)
class Counts:
    """Records found, made up and missed. `repeated` are among the `spurious`; `excused` count for nothing."""

    found: int = 0
    spurious: int = 0
    missed: int = 0
    repeated: int = 0
    excused: int = 0

    @property
    def precision(self) -> float | None:
        """The share of the run's records that are right."""
        return share(self.found, self.found + self.spurious)

    @property
    def recall(self) -> float | None:
        """The share of the labelled records that the run has."""
        return share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return share(2 * self.found, 2 * self.found + self.spurious + self.missed)


@dataclass(frozen=True)
class FieldScore:
    """The values of one field in the matched records; for a list, its elements, of which none is `wrong`."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    spurious: int = 0

    @property
    def labelled(self) -> int:
        """How many values the labels have."""
        return self.right + self.wrong + self.missing

    @property
    def accuracy(self) -> float | None:
        """The share of the labelled values that the run has."""
        return share(self.right, self.labelled)

    @property
    def f1(self) -> float | None:
        """The same, with what the run says besides held against it."""
        return share(2 * self.right, 2 * self.right + 2 * self.wrong + self.missing + self.spurious)

    def __add__(self, other: FieldScore) -> FieldScore:
        """Add the counts."""
        return FieldScore(*(one + two for one, two in zip(_counts(self), _counts(other), strict=True)))


@dataclass(frozen=True)
class Scores:
    """What came out, and of how much: `articles` were scored, `failed` failed, `unscored` had no label.

    A failed article is scored with what it has, so that its labels count as missed. `values` counts what the
    run kept in scored articles, `with_evidence` those of them whose spans all hold words of the article.
    `interval` bounds the record F1 (95 %, see `f1_interval`).
    """

    articles: int
    failed: int
    unscored: int
    records: Counts
    values: int
    with_evidence: int
    fields: Mapping[str, FieldScore] = field(default_factory=dict)
    interval: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return all counts and shares; a share of nothing is None."""
        counts = self.records
        return {
            "articles": self.articles,
            "failed": self.failed,
            "unscored": self.unscored,
            "records": asdict(counts)
            | {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
            | {"f1_interval": self.interval},
            "values": self.values,
            "with_evidence": self.with_evidence,
            "evidence": share(self.with_evidence, self.values),
            "fields": {
                name: asdict(of) | {"labelled": of.labelled, "accuracy": of.accuracy, "f1": of.f1}
                for name, of in self.fields.items()
            },
        }


def score(
    outcomes: Mapping[str, Outcome],
    labels: Mapping[str, tuple[Label, ...]],
    schema: type[Schema],
) -> Scores:
    """Score the articles of a run that have labels; an article with an empty list of labels has some."""
    scored = [(outcomes[name].records, labels[name]) for name in outcomes if name in labels]
    aligned = [
        (align([r.values for r in records], [label.values for label in told], schema), records, told)
        for records, told in scored
    ]
    held = [is_held for name in labels for is_held in _held(outcomes[name])]
    return Scores(
        articles=len(scored),
        failed=sum(outcomes[name].error is not None for name in outcomes if name in labels),
        unscored=len(outcomes) - len(scored),
        records=_records(alignment for alignment, _, _ in aligned),
        values=len(held),
        with_evidence=sum(held),
        fields={name: _field(spec, aligned) for name, spec in fields_of(schema).items() if name != schema.lenient},
        interval=f1_interval([(len(a.pairs), len(a.spurious) + len(a.repeated), len(a.missed)) for a, _, _ in aligned]),
    )


def _records(alignments: Iterable[Alignment]) -> Counts:
    every = list(alignments)
    return Counts(
        found=sum(len(a.pairs) for a in every),
        spurious=sum(len(a.spurious) + len(a.repeated) for a in every),
        missed=sum(len(a.missed) for a in every),
        repeated=sum(len(a.repeated) for a in every),
        excused=sum(len(a.excused) for a in every),
    )


def _field(
    spec: FieldSpec, aligned: Iterable[tuple[Alignment, tuple[Prediction, ...], tuple[Label, ...]]]
) -> FieldScore:
    scores = (
        compare(spec, records[i].values.get(spec.name), told[j].values.get(spec.name))
        for alignment, records, told in aligned
        for i, j in alignment.pairs
    )
    return sum(scores, FieldScore())


def compare(spec: FieldSpec, value: Any, labelled: Any) -> FieldScore:
    """Score one value, or the elements of one list, against the label."""
    if spec.many:
        values, wanted = value or [], labelled or []
        right = len(shared(spec, values, wanted))
        return FieldScore(right, 0, len(wanted) - right, len(values) - right)
    if not has_value(labelled):
        return FieldScore(spurious=int(has_value(value)))
    if not has_value(value):
        return FieldScore(missing=1)
    right = int(spec.type.same(value, labelled))
    return FieldScore(right=right, wrong=1 - right)


def _held(outcome: Outcome) -> list[bool]:
    """Say for each value whether it has evidence, and whether all of that are words of the article."""
    return [
        bool(spans := record.evidence.get(name, ())[i : i + 1]) and _are_words(spans[0], outcome.article)
        for record in outcome.records
        for name, value in record.values.items()
        for i in range(len(value) if isinstance(value, list) else int(value is not None))
    ]


def _are_words(spans: tuple[Span, ...], article: Article | None) -> bool:
    if article is None:
        return bool(spans) and all(0 <= span.start < span.end for span in spans)
    inside = (0 <= span.start < span.end <= len(article.text) and span.of(article.text).strip() for span in spans)
    return bool(spans) and all(inside)


def _counts(of: FieldScore) -> tuple[int, int, int, int]:
    return of.right, of.wrong, of.missing, of.spurious
