"""Scored articles: the records of a run beside the labels of the same article, and which tells of which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from extractor.article import Span
from extractor.evaluation.align import Alignment, align, shared
from extractor.evaluation.counts import Counts, FieldScore
from extractor.evaluation.labels import Label, has_value
from extractor.evaluation.overlap import Overlap, value_overlap
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.schema import FieldSpec, Schema


class Value(NamedTuple):
    """One value of a run, an element where the field is a list, with its spans."""

    record: Prediction
    field: str
    value: Any
    spans: tuple[Span, ...]


class ScoredArticle(NamedTuple):
    """An article that has labels, with what the run has for it."""

    id: str
    outcome: Outcome
    labels: tuple[Label, ...]
    alignment: Alignment

    @property
    def pairs(self) -> list[tuple[Prediction, Label]]:
        """The matched records with their labels."""
        return [(self.outcome.records[i], self.labels[j]) for i, j in self.alignment.pairs]

    @property
    def counts(self) -> Counts:
        """The records found, made up and missed."""
        of = self.alignment
        return Counts(
            found=len(of.pairs),
            spurious=len(of.spurious) + len(of.repeated),
            missed=len(of.missed),
            repeated=len(of.repeated),
            excused=len(of.excused),
        )

    def field(self, spec: FieldSpec) -> FieldScore:
        """Score one field of the matched records."""
        scores = (
            score_value(spec, record.values.get(spec.name), label.values.get(spec.name)) for record, label in self.pairs
        )
        return sum(scores, FieldScore())

    def overlap(self, spec: FieldSpec) -> Overlap:
        """Hold the evidence of one field of the matched records against the labelled evidence."""
        found = (value_overlap(record, label, spec.name) for record, label in self.pairs)
        return sum((one for one in found if one), Overlap())

    def values(self) -> Iterator[Value]:
        """Yield what the run says, value by value."""
        for record in self.outcome.records:
            for name, value in record.values.items():
                for i, one in enumerate(value if isinstance(value, list) else [] if value is None else [value]):
                    spans = record.evidence.get(name, ())[i : i + 1]
                    yield Value(record, name, one, spans[0] if spans else ())


def match_up(
    outcomes: Mapping[str, Outcome], labels: Mapping[str, tuple[Label, ...]], schema: type[Schema]
) -> list[ScoredArticle]:
    """Match the records of each article that has labels; an empty list of labels is some."""
    return [
        ScoredArticle(
            name,
            outcomes[name],
            told,
            align([r.values for r in outcomes[name].records], [t.values for t in told], schema),
        )
        for name in outcomes
        if (told := labels.get(name)) is not None
    ]


def score_value(spec: FieldSpec, value: Any, labelled: Any) -> FieldScore:
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
