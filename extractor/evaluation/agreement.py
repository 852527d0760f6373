"""Agreement: how far two people who labelled the same articles wrote down the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from extractor.errors import UsageError
from extractor.evaluation.align import align_labels, is_lenient
from extractor.evaluation.articles import score_value
from extractor.evaluation.coefficients import Coefficients, coefficients
from extractor.evaluation.counts import RECORDS, VALUES, Counts, FieldScore
from extractor.evaluation.interval import Interval, interval
from extractor.evaluation.labels import Label, read_labels
from extractor.evaluation.overlap import Overlap, overlap
from extractor.schema import FieldSpec, Schema, fields_of, load


@dataclass(frozen=True)
class FieldAgreement:
    """How far two labellers agree on one field of the records that both wrote down.

    `agreed` is the share of records on which they do, a field that both left empty included, and `kappa` Cohen's, in
    which an empty field is a category of its own. `alpha` is Krippendorff's for nominal data, over the `both` records
    in which both filled the field in. `score` counts values as a run is scored, `overlap` their evidence.
    """

    both: int
    agreed: float | None
    kappa: float | None
    alpha: float | None
    score: FieldScore
    overlap: Overlap
    intervals: Mapping[str, Interval | None]


@dataclass(frozen=True)
class Agreement:
    """The agreement over the `articles` that both labelled; `alone` counts those that only one did.

    In `records`, `found` are those that both wrote down, `missed` are only in the first file, `spurious` only in the
    second, and `excused` those that nobody demands.
    """

    articles: int
    alone: int
    records: Counts
    intervals: Mapping[str, Interval | None]
    fields: Mapping[str, FieldAgreement]

    @property
    def overlap(self) -> Overlap:
        """The overlap of the evidence of all fields."""
        return sum((one.overlap for one in self.fields.values()), Overlap())

    def to_json(self) -> dict[str, Any]:
        """Return all counts, shares, coefficients and intervals; what is made of nothing is None."""
        of = self.records
        return {
            "articles": self.articles,
            "alone": self.alone,
            "records": {"matched": of.found, "only_a": of.missed, "only_b": of.spurious, "excused": of.excused}
            | {"f1": of.f1, "f1_interval": self.intervals.get("f1")},
            "overlap": self.overlap.to_json(),
            "fields": {
                name: {"both": one.both, "agreed": one.agreed, "kappa": one.kappa, "alpha": one.alpha}
                | {"f1": one.score.f1, "counts": asdict(one.score), "overlap": one.overlap.to_json()}
                | {f"{figure}_interval": bounds for figure, bounds in one.intervals.items()}
                for name, one in self.fields.items()
            },
        }


class _Article(NamedTuple):
    """The matched labels of an article, and how many there are of each fate."""

    pairs: tuple[tuple[Label, Label], ...]
    counts: Counts


def agree(labels_a: str | Path, labels_b: str | Path, *, schema: str | type[Schema] = "visits") -> Agreement:
    """Measure how far two files of labels agree: on the records, on each field, and on the words that carry a value.

    Values agree if their field type says that they mean the same, so that "Russia" and RUS are one category.

    Raises:
        UsageError: if a file cannot be read or does not fit the schema, or no article is in both.

    >>> import extractor
    >>> done = extractor.agree("labels_ana.jsonl", "labels_ben.jsonl")    # doctest: +SKIP
    >>> done.fields["status"].alpha                                       # doctest: +SKIP
    0.82
    """
    schema = load(schema)
    a, b = (read_labels(path, schema, None) for path in (labels_a, labels_b))
    if not a.keys() & b.keys():
        raise UsageError(f"{labels_a} and {labels_b} label no article in common, so there is nothing to agree on.")
    articles = [_match(a[name], b[name], schema) for name in a if name in b]
    rows = [one.counts.row for one in articles]
    return Agreement(
        articles=len(articles),
        alone=len(a.keys() ^ b.keys()),
        records=sum((one.counts for one in articles), Counts()),
        intervals={"f1": interval(rows, RECORDS["f1"].over)},
        fields={name: _field(spec, [one.pairs for one in articles]) for name, spec in fields_of(schema).items()},
    )


def _match(a: Sequence[Label], b: Sequence[Label], schema: type[Schema]) -> _Article:
    """Match the records of one article; one counts unless everybody who wrote it down is lenient on it."""
    pairs = align_labels([one.values for one in a], [one.values for one in b], schema)
    lenient_a, lenient_b = ([is_lenient(one.values, schema) for one in side] for side in (a, b))
    excused = [(i, j) for i, j in pairs.items() if lenient_a[i] and lenient_b[j]]
    missed = [i for i in range(len(a)) if i not in pairs and not lenient_a[i]]
    spurious = [j for j in range(len(b)) if j not in pairs.values() and not lenient_b[j]]
    counts = Counts(len(pairs) - len(excused), len(spurious), len(missed), excused=len(excused))
    return _Article(tuple((a[i], b[j]) for i, j in pairs.items()), counts)


def _field(spec: FieldSpec, articles: Sequence[Sequence[tuple[Label, Label]]]) -> FieldAgreement:
    """Compare one field of the matched labels of each article."""
    name = spec.name
    values = [[(a.values.get(name), b.values.get(name)) for a, b in pairs] for pairs in articles]
    scores = [sum((score_value(spec, b, a) for a, b in pairs), FieldScore()) for pairs in values]
    marked = [
        overlap(b.evidence[name], a.evidence[name])
        for pairs in articles
        for a, b in pairs
        if a.evidence.get(name) and b.evidence.get(name)
    ]
    found: Coefficients = coefficients(spec, values)
    return FieldAgreement(
        both=found.both,
        agreed=found.agreed,
        kappa=found.kappa,
        alpha=found.alpha,
        score=sum(scores, FieldScore()),
        overlap=sum(marked, Overlap()),
        intervals=found.intervals | {"f1": interval([one.row for one in scores], VALUES["f1"].over)},
    )
