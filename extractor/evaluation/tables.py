"""Tables of figures for a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.evaluation.interval import Interval


def table(header: str | Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Set rows in columns under the words of `header`, the first to the left, the others to the right.

    In a header that is one string, an underscore stands for a space within a word.

    >>> print(table("field n", [["visitor", 12]]))
    field     n
    visitor  12
    """
    lines = [
        [word.replace("_", " ") for word in header.split()] if isinstance(header, str) else list(header),
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

    >>> ratio(0.97), ratio(1), ratio(-0.2), ratio(None)
    ('.970', '1.000', '-.200', '–')
    """
    return "–" if value is None else re.sub(r"^(-?)0\.", r"\1.", f"{round(value, 3) + 0:.3f}")


def bounds(interval: Interval | None) -> str:
    """Write an interval, and nothing where there is none.

    >>> bounds((0.5, 1.0)), bounds((-0.25, 0.1)), bounds(None)
    ('.500–1.000', '-.250 to .100', '')
    """
    if not interval:
        return ""
    low, high = interval
    return f"{ratio(low)}{' to ' if low < 0 else '–'}{ratio(high)}"


def probability(p: float | None) -> str:
    """Write a p-value; none is nothing, however small.

    >>> probability(0.031), probability(0.0001), probability(None)
    ('.031', '<.001', '–')
    """
    return "<.001" if p is not None and p < 0.0005 else ratio(p)
