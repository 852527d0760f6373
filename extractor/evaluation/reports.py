"""Reports: what the evaluation returns as plain tables, with the counts beside every share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.evaluation.agreement import Agreement
from extractor.evaluation.comparison import Comparison
from extractor.evaluation.counts import RECORDS, share
from extractor.evaluation.mutations import PART, PASSAGE
from extractor.evaluation.score import Scores
from extractor.evaluation.score_report import score_report
from extractor.evaluation.tables import bounds, probability, ratio, table
from extractor.evaluation.trial import Mutations, Row

_GROUPS = {"named": "NAMES, PLACES, COUNTRIES, NUMBERS, DATES", "worded": "OTHER WORDS", "judged": "JUDGED"}


def report(result: Scores | Mutations | Comparison | Agreement) -> str:
    """Render what `evaluate`, `mutate`, `compare` or `agree` returned for a terminal.

    >>> from extractor.evaluation.comparison import Difference
    >>> print(report(Comparison(5, 10_000, (Difference("f1", 0.75, 0.5, -0.25, (-0.5, 0.0), 0.031),))))
    articles 5, shuffles 10,000
    <BLANKLINE>
    figure     A     B  difference           95 %     p
    f1      .750  .500       -.250  -.500 to .000  .031
    """
    match result:
        case Scores():
            return score_report(result)
        case Comparison():
            return _comparison(result)
        case Agreement():
            return _agreement(result)
        case Mutations():
            return _mutations(result)


def _comparison(done: Comparison) -> str:
    rows = [
        [one.name, ratio(one.a), ratio(one.b), ratio(one.difference), bounds(one.interval), probability(one.p)]
        for one in done.differences
    ]
    return f"articles {done.articles}, shuffles {done.shuffles:,}\n\n" + table("figure A B difference 95_% p", rows)


def _agreement(done: Agreement) -> str:
    of = done.records
    records = ["", ratio(of.f1), bounds(done.intervals.get("f1")), of.found, of.missed, of.spurious, of.excused]
    fields = [
        [name, one.both, ratio(one.agreed), ratio(one.kappa), bounds(one.intervals.get("kappa")), ratio(one.alpha),
         bounds(one.intervals.get("alpha")), ratio(one.score.f1), ratio(one.overlap.f1)]
        for name, one in done.fields.items()
    ]  # fmt: skip
    marked = done.overlap
    evidence = ["", *(ratio(getattr(marked, name)) for name in RECORDS), marked.same, marked.some, marked.none]
    return "\n\n".join(
        [
            f"articles labelled by both {done.articles}, by one alone {done.alone}",
            table("records F1 95_% matched only_A only_B excused", [records]),
            table("field both agreed kappa 95_% alpha 95_% F1 overlap", fields),
            table("evidence precision recall F1 same some none", [evidence]),
        ]
    )


def _mutations(done: Mutations) -> str:
    return "\n\n".join(
        [
            "Each value before the words that the labeller marked for it",
            _trial(done.stated, (PART,)),
            "Each value before the whole sentences of its record, as in a run",
            _trial(done.passages, (PART, PASSAGE)),
        ]
    )


def _trial(rows: Sequence[Row], unclear: Sequence[str]) -> str:
    """Set a line for each kind of change; totals leave out the changes that need not contradict."""
    lines = [_line(f"{row.kind}: {row.change or 'untouched'}", [row]) for row in rows if row.change not in unclear]
    total = [
        _line(title, [row for row in rows if row.group == group and row.change not in unclear])
        for group, title in _GROUPS.items()
    ]
    rest = [_line(f"({row.kind}: {row.change})", [row]) for row in rows if row.change in unclear]
    header = "change changed caught share untouched refused share"
    return (
        table(header, [*lines, *total, *rest])
        + "\n(in brackets: what need not contradict the words, and is not in the totals)"
    )


def _line(title: str, rows: Iterable[Row]) -> list[object]:
    changed: list[Row] = []
    untouched: list[Row] = []
    for row in rows:
        (changed if row.change else untouched).append(row)
    line: list[object] = [title]
    for part in (changed, untouched):
        n, dropped = sum(row.n for row in part), sum(row.dropped for row in part)
        line += [n or "", dropped if n else "", ratio(share(dropped, n)) if n else ""]
    return line
