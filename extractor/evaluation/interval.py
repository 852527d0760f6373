"""Intervals: how far a score could be off because other articles might as well have been labelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

RESAMPLES = 2000
LEVEL = 0.95


def f1_interval(counts: Sequence[tuple[int, int, int]]) -> tuple[float, float] | None:
    """Return the 95 % percentile bootstrap interval of the record F1 over articles.

    `counts` has found, spurious and missed records of each article. Articles are drawn with replacement, 2,000 times,
    from a fixed seed (B. Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979). A single article, or
    nothing to find anywhere, has no interval.

    >>> f1_interval([(3, 0, 0), (1, 1, 0), (1, 0, 2)])
    (0.5, 1.0)
    """
    if len(counts) < 2 or not any(map(any, counts)):
        return None
    import numpy as np  # with scipy, longer to import than all of ours
    from scipy.stats import bootstrap

    def f1(found: Any, spurious: Any, missed: Any, axis: int = -1) -> Any:
        hits, misses = 2 * found.sum(axis), (spurious + missed).sum(axis)
        return np.where(hits, hits / np.maximum(hits + misses, 1), 0.0)

    drawn = bootstrap(
        np.array(counts).T,
        f1,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return round(float(drawn.low), 3), round(float(drawn.high), 3)
