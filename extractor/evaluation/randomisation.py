"""Approximate randomisation: could a difference between two runs be chance?"""

from __future__ import annotations

from collections.abc import Sequence

from extractor.evaluation.interval import Figure
from extractor.evaluation.scientific import numpy

_BLOCK = 1000  # shuffles at a time
_TIE = 1e-9  # less than any difference between two shares of counts


def p_value(a: Sequence[Sequence[float]], b: Sequence[Sequence[float]], figure: Figure, shuffles: int) -> float | None:
    """Return how likely a difference at least as large would be if the two runs were exchangeable; two-sided.

    `a` and `b` have a row of counts for each article. In each shuffle the two rows of an article change sides with
    probability ½; the observed order counts as one more shuffle, so that p is never 0 (E. W. Noreen,
    "Computer-intensive Methods for Testing Hypotheses", 1989). A shuffle without a figure counts as a difference.
    None where the difference itself has nothing to stand on.

    >>> from extractor.evaluation.counts import RECORDS
    >>> p_value([(2, 0, 0)] * 4, [(2, 0, 0)] * 4, RECORDS["f1"].over, 99)
    1.0
    """
    np = numpy()
    one, other = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if not len(one):
        return None
    change, both = other - one, one.sum(0) + other.sum(0)
    observed = abs(figure(one.sum(0)[None]) - figure(other.sum(0)[None]))[0]
    if np.isnan(observed):
        return None
    chance = np.random.default_rng(0)
    as_large = 0
    for done in range(0, shuffles, _BLOCK):
        swapped = chance.integers(0, 2, (min(_BLOCK, shuffles - done), len(one)))
        first = one.sum(0) + swapped @ change
        difference = abs(figure(first) - figure(both - first))
        as_large += int((~(difference < observed - _TIE)).sum())
    return (as_large + 1) / (shuffles + 1)
