"""Coefficients of agreement between two labellers: percent, Cohen's kappa and Krippendorff's alpha for nominal data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from extractor.evaluation.align import agreement
from extractor.evaluation.interval import Interval, interval
from extractor.evaluation.scientific import numpy
from extractor.schema import FieldSpec

Pairs = Sequence[Sequence[tuple[Any, Any]]]
"""What two labellers say of the same records, article by article."""


class Coefficients(NamedTuple):
    """The figures with their intervals (95 %, bootstrap over articles); None where nothing varies or is there."""

    both: int
    agreed: float | None
    kappa: float | None
    alpha: float | None
    intervals: dict[str, Interval | None]


def coefficients(spec: FieldSpec, pairs: Pairs) -> Coefficients:
    """Return the agreement on one field.

    Two values are one category if the field type says that they mean the same, two lists if they do as sets. Nothing
    is a category of its own for percent and kappa (J. Cohen, 1960), and missing data for alpha (K. Krippendorff,
    "Content Analysis"). Where a field is yes or no, what is not said is no.

    >>> from extractor.schema import fields_of, load
    >>> country = fields_of(load("visits"))["destination"]
    >>> coefficients(country, [[("RUS", "Russia"), ("China", "CHN"), ("FRA", "ITA")]])[:4]
    (3, 0.6666666666666666, 0.5714285714285714, 0.6153846153846154)
    """
    np = numpy()
    said = _without_doubt(pairs)
    values = _distinct(said)
    known = len(values)
    same = _same(spec, list(values.values()))
    rows = np.array([_row(one, list(values), same) for one in said]).reshape(len(said), 4 + 3 * known)

    def agreed(sums: Any) -> Any:
        return _divide(sums[:, 0], sums[:, 1])

    def kappa(sums: Any) -> Any:
        a, b = sums[:, 4 : 4 + known], sums[:, 4 + known : 4 + 2 * known]
        chance = _divide(((a @ same) * b).sum(1), sums[:, 1] ** 2)
        return _divide(agreed(sums) - chance, 1 - chance)

    def alpha(sums: Any) -> Any:
        counts = sums[:, 4 + 2 * known :]
        observed = _divide(sums[:, 2], sums[:, 3])
        expected = _divide(((counts @ (1 - same)) * counts).sum(1), counts.sum(1) * (counts.sum(1) - 1))
        return 1 - _divide(observed, expected)

    whole = rows.sum(0)[None]
    figures = {"agreed": agreed, "kappa": kappa, "alpha": alpha}
    told = {name: float(figure(whole)[0]) for name, figure in figures.items()}
    return Coefficients(
        both=int(whole[0, 3]),
        **{name: None if np.isnan(value) else value for name, value in told.items()},
        intervals={name: interval(rows, figure) for name, figure in figures.items()},
    )


def _divide(part: Any, whole: Any) -> Any:
    np = numpy()
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 1e-12)


def _without_doubt(pairs: Pairs) -> list[list[tuple[Any, Any]]]:
    """Write every kind of nothing as None, or as no where somebody says yes or no."""
    plain = any(isinstance(value, bool) for one in pairs for pair in one for value in pair)
    nothing = False if plain else None
    return [
        [(nothing if a in (None, [], "") else a, nothing if b in (None, [], "") else b) for a, b in one]
        for one in pairs
    ]


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _distinct(pairs: Pairs) -> dict[str, Any]:
    """Return the values that occur, each once; nothing comes first."""
    return {_key(None): None} | {_key(value): value for one in pairs for pair in one for value in pair}


def _same(spec: FieldSpec, values: Sequence[Any]) -> Any:
    """Return which values mean the same, as a matrix of 0 and 1; the first, which is nothing, is like no other."""
    np = numpy()
    same = np.eye(len(values))
    for i in range(1, len(values)):
        for j in range(1, i):
            same[i, j] = same[j, i] = agreement(spec, values[i], values[j]) == 1
    return same


def _row(pairs: Sequence[tuple[Any, Any]], keys: Sequence[str], same: Any) -> Any:
    """Count what the figures are made of in one article: agreed, all, differing of both, both; and the values.

    The values are those of the first labeller, of the second, and of both where both have one.
    """
    np = numpy()
    number = {key: i for i, key in enumerate(keys)}
    row = np.zeros(4 + 3 * len(keys))
    first, second, either = (row[4 + i * len(keys) :] for i in range(3))
    for a, b in ((number[_key(a)], number[_key(b)]) for a, b in pairs):
        row[0] += same[a, b]
        row[1] += 1
        first[a] += 1
        second[b] += 1
        if a and b:
            row[2] += 1 - same[a, b]
            row[3] += 1
            either[a] += 1
            either[b] += 1
    return row
