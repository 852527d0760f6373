"""Reports: scores and mutation tests as plain tables, with the counts beside every share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.evaluation.mutations import PART, PASSAGE
from extractor.evaluation.score import Scores, share
from extractor.evaluation.trial import Mutations, Row

_GROUPS = {"named": "NAMES, PLACES, COUNTRIES, NUMBERS, DATES", "worded": "OTHER WORDS", "judged": "JUDGED"}


def report(result: Scores | Mutations) -> str:
    """Render what `evaluate` or `mutate` returned for a terminal.

    >>> from extractor.evaluation.score import Counts, Scores
    >>> print(report(Scores(2, 1, 3, Counts(found=1, spurious=1, missed=2), values=4, with_evidence=4)))
    articles scored 2 (1 failed), without labels 3
    <BLANKLINE>
    records  precision  recall    F1  95 %  found  spurious (repeated)  missed  excused
                  .500    .333  .400            1                1 (0)       2        0
    <BLANKLINE>
    field  accuracy  F1  right  wrong  missing  spurious  labelled
    <BLANKLINE>
    values with evidence 4 of 4 (1.000)
    """
    return _scores(result) if isinstance(result, Scores) else _mutations(result)


def _scores(scores: Scores) -> str:
    of = scores.records
    low, high = scores.interval or (None, None)
    records = [
        "",
        ratio(of.precision),
        ratio(of.recall),
        ratio(of.f1),
        f"{ratio(low)}–{ratio(high)}" if scores.interval else "",
        of.found,
        f"{of.spurious} ({of.repeated})",
        of.missed,
        of.excused,
    ]
    fields = [
        [name, ratio(f.accuracy), ratio(f.f1), f.right, f.wrong, f.missing, f.spurious, f.labelled]
        for name, f in scores.fields.items()
    ]
    held = share(scores.with_evidence, scores.values)
    return "\n\n".join(
        [
            f"articles scored {scores.articles} ({scores.failed} failed), without labels {scores.unscored}",
            table("records precision recall F1 95_% found spurious_(repeated) missed excused", [records]),
            table("field accuracy F1 right wrong missing spurious labelled", fields),
            f"values with evidence {scores.with_evidence} of {scores.values} ({ratio(held)})",
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


def table(header: str, rows: Sequence[Sequence[object]]) -> str:
    """Set rows in columns under the words of `header`, the first to the left, the others to the right.

    >>> print(table("field n", [["visitor", 12]]))
    field     n
    visitor  12
    """
    lines = [
        [word.replace("_", " ") for word in header.split()],
        *([str(cell) for cell in row] for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))]
        ).rstrip()
        for line in lines
    )


def ratio(value: float | None) -> str:
    """Write a share with three digits, and a dash where there is none.

    >>> ratio(0.97), ratio(1), ratio(None)
    ('.970', '1.000', '–')
    """
    return "–" if value is None else f"{value:.3f}".removeprefix("0")
