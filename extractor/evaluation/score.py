"""Score: how far the records of a run agree with the labels, with the counts behind every share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from extractor.evaluation.articles import ScoredArticle, match_up
from extractor.evaluation.confusion import Confusion, confusions
from extractor.evaluation.counts import RECORDS, VALUES, Counts, FieldScore, share
from extractor.evaluation.interval import Interval, interval
from extractor.evaluation.labels import Label
from extractor.evaluation.mistakes import Mistake, by_kind, mistakes
from extractor.evaluation.overlap import Overlap, carries
from extractor.evaluation.predictions import Outcome
from extractor.schema import Schema, fields_of

Intervals = Mapping[str, Interval | None]


@dataclass(frozen=True)
class Scores:
    """What came out, and of how much: `articles` were scored, `failed` failed, `unscored` had no label.

    A failed article is scored with what it has, so that its labels count as missed. `values` counts what the
    run kept in scored articles, `with_evidence` those of them whose spans all hold words of the article.
    `overlaps` holds the evidence of each field against the labelled evidence, code point by code point. `intervals`
    bounds the shares (95 %, see `interval`): of the records by the name of the share, of a field as ``FIELD.accuracy``
    and ``FIELD.f1``, of all evidence as ``overlap.f1``.
    """

    articles: int
    failed: int
    unscored: int
    records: Counts
    values: int
    with_evidence: int
    fields: Mapping[str, FieldScore] = field(default_factory=dict)
    overlaps: Mapping[str, Overlap] = field(default_factory=dict)
    confusion: Mapping[str, Confusion] = field(default_factory=dict)
    intervals: Intervals = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    @property
    def interval(self) -> Interval | None:
        """The interval of the record F1."""
        return self.intervals.get("f1")

    @property
    def overlap(self) -> Overlap:
        """The overlap of the evidence of all fields."""
        return sum(self.overlaps.values(), Overlap())

    @property
    def shares(self) -> dict[str, float | None]:
        """The figures that can be asked for by name: of the records, the evidence, and the accuracy of each field."""
        of = self.records
        records = {"precision": of.precision, "recall": of.recall, "f1": of.f1}
        evidence = {"evidence": share(self.with_evidence, self.values), "overlap": self.overlap.f1}
        return {name: one.accuracy for name, one in self.fields.items()} | records | evidence

    def to_json(self) -> dict[str, Any]:
        """Return all counts, shares, intervals and mistakes; a share of nothing is None."""
        counts, bounds = self.records, self.intervals
        return {
            "articles": self.articles,
            "failed": self.failed,
            "unscored": self.unscored,
            "records": asdict(counts)
            | {name: getattr(counts, name) for name in RECORDS}
            | {f"{name}_interval": bounds.get(name) for name in RECORDS},
            "values": self.values,
            "with_evidence": self.with_evidence,
            "evidence": share(self.with_evidence, self.values),
            "overlap": self.overlap.to_json() | {"f1_interval": bounds.get("overlap.f1")},
            "fields": {
                name: asdict(of)
                | {"labelled": of.labelled, "accuracy": of.accuracy, "f1": of.f1}
                | {f"{figure}_interval": bounds.get(f"{name}.{figure}") for figure in VALUES}
                | {"overlap": self.overlaps.get(name, Overlap()).to_json()}
                for name, of in self.fields.items()
            },
            "confusion": {name: one.to_json() for name, one in self.confusion.items()},
            "mistakes_by_kind": by_kind(self.mistakes),
            "mistakes": [one.to_json() for one in self.mistakes],
        }


def share_names(schema: type[Schema]) -> list[str]:
    """Name the figures that `Scores.shares` has for a schema."""
    return list(score({}, {}, schema).shares)


def score(
    outcomes: Mapping[str, Outcome],
    labels: Mapping[str, tuple[Label, ...]],
    schema: type[Schema],
) -> Scores:
    """Score the articles of a run that have labels; an article with an empty list of labels has some."""
    scored = match_up(outcomes, labels, schema)
    specs = {name: spec for name, spec in fields_of(schema).items() if name != schema.lenient}
    held = [carries(value.spans, one.outcome.article) for one in scored for value in one.values()]
    fields = {name: [one.field(spec) for one in scored] for name, spec in specs.items()}
    overlaps = {name: [one.overlap(spec) for one in scored] for name, spec in specs.items()}
    return Scores(
        articles=len(scored),
        failed=sum(one.outcome.error is not None for one in scored),
        unscored=len(outcomes) - len(scored),
        records=sum((one.counts for one in scored), Counts()),
        values=len(held),
        with_evidence=sum(held),
        fields={name: sum(of, FieldScore()) for name, of in fields.items()},
        overlaps={name: sum(of, Overlap()) for name, of in overlaps.items()},
        confusion=confusions(scored, schema),
        intervals=_intervals(scored, fields, overlaps),
        mistakes=mistakes(scored, schema),
    )


def _intervals(
    scored: Sequence[ScoredArticle],
    fields: Mapping[str, Sequence[FieldScore]],
    overlaps: Mapping[str, Sequence[Overlap]],
) -> Intervals:
    """Bound every share, by the same draws of articles."""
    records = [one.counts.row for one in scored]
    found = {name: interval(records, ratio.over) for name, ratio in RECORDS.items()}
    for field_name, scores in fields.items():
        rows = [one.row for one in scores]
        found |= {f"{field_name}.{name}": interval(rows, ratio.over) for name, ratio in VALUES.items()}
    evidence = [sum(of, Overlap()).row for of in zip(*overlaps.values(), strict=True)]
    return found | {"overlap.f1": interval(evidence, RECORDS["f1"].over)}
