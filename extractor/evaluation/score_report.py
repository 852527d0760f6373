"""The scores of a run as plain tables, and its mistakes as a list."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.batch.terminal import harmless
from extractor.evaluation.confusion import Confusion
from extractor.evaluation.counts import RECORDS
from extractor.evaluation.excerpt import told
from extractor.evaluation.mistakes import Mistake, Side, by_kind
from extractor.evaluation.overlap import Overlap
from extractor.evaluation.score import Scores
from extractor.evaluation.tables import bounds, ratio, table


def score_report(scores: Scores) -> str:
    """Set the figures in tables.

    >>> from extractor.evaluation.counts import Counts
    >>> print(score_report(Scores(2, 1, 3, Counts(found=1, spurious=1, missed=2), values=4, with_evidence=4)))
    articles scored 2 (1 failed), without labels 3
    <BLANKLINE>
    records  precision  recall    F1  found  spurious (repeated)  missed  excused
                  .500    .333  .400      1                1 (0)       2        0
    <BLANKLINE>
    field  accuracy  95 %  F1  right  wrong  missing  spurious  labelled  overlap
    <BLANKLINE>
    values with evidence 4 of 4 (1.000)
    <BLANKLINE>
    mistakes  missed  spurious  repeated  wrong value  wrong span  unsupported  failed
    records        0         0         0            0           0            0       0
    values         0         0         0            0           0            0       0
    articles       0         0         0            0           0            0       0
    """
    of, within = scores.records, scores.intervals
    records: list[list[object]] = [
        ["", *(ratio(getattr(of, name)) for name in RECORDS), of.found, f"{of.spurious} ({of.repeated})", of.missed,
         of.excused]
    ]  # fmt: skip
    if scores.interval:
        records.append(["95 %", *(bounds(within.get(name)) for name in RECORDS), "", "", "", ""])
    fields = [
        [name, ratio(one.accuracy), bounds(within.get(f"{name}.accuracy")), ratio(one.f1), one.right, one.wrong,
         one.missing, one.spurious, one.labelled, ratio(scores.overlaps.get(name, Overlap()).f1)]
        for name, one in scores.fields.items()
    ]  # fmt: skip
    return "\n\n".join(
        [
            f"articles scored {scores.articles} ({scores.failed} failed), without labels {scores.unscored}",
            table("records precision recall F1 found spurious_(repeated) missed excused", records),
            table("field accuracy 95_% F1 right wrong missing spurious labelled overlap", fields),
            *_evidence(scores),
            *(_confusion(name, one.occurring()) for name, one in scores.confusion.items() if _is_mixed(one)),
            _kinds(scores.mistakes),
        ]
    )


def _evidence(scores: Scores) -> Iterator[str]:
    marked = scores.overlap
    if marked != Overlap():
        row = [*(ratio(getattr(marked, name)) for name in RECORDS), bounds(scores.intervals.get("overlap.f1"))]
        yield table(
            "evidence precision recall F1 95_% same some none", [["", *row, marked.same, marked.some, marked.none]]
        )
    held = scores.shares["evidence"]
    yield f"values with evidence {scores.with_evidence} of {scores.values} ({ratio(held)})"


def _is_mixed(one: Confusion) -> bool:
    """Say whether a table has anything beside its diagonal; one without says no more than the field's own line."""
    return any(n for i, row in enumerate(one.table) for j, n in enumerate(row) if i != j)


def _confusion(name: str, one: Confusion) -> str:
    """Set the labelled values in rows, the run's in columns."""
    heads = ["(none)" if value is None else harmless(value) for value in one.values]
    rows = [[head, *line] for head, line in zip(heads, one.table, strict=True)]
    return table([f"{name}: labelled, run", *heads], rows)


def _kinds(found: tuple[Mistake, ...]) -> str:
    kinds = by_kind(found)
    rows = [[what, *(kinds[kind][what] for kind in kinds)] for what in ("records", "values", "articles")]
    return table(["mistakes", *kinds], rows)


def mistakes_report(found: tuple[Mistake, ...]) -> str:
    """List mistakes by kind with the words of the article, in which the evidence stands in brackets."""
    return "\n".join(line for one in found for line in _mistake(one)) or "no mistakes"


def _mistake(one: Mistake) -> Iterator[str]:
    head = [one.kind, one.article, one.record, one.field, one.reason]
    yield harmless(" · ".join(part for part in head if part))
    for title, side in (("run", one.run), ("label", one.label)):
        if side:
            yield f"  {title:5}  {_side(side, one.record)}"


def _side(side: Side, record: str) -> str:
    """Write value and words; the record is named already."""
    value = "" if side.value == record else str(side.value)
    words = f"“{told(side.words)}”" if side.words else ""
    return harmless(": ".join(part for part in (value, words) if part))
