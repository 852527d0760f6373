"""Intervals: how far a figure could be off because other articles might as well have been labelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from extractor.evaluation.counts import RECORDS
from extractor.evaluation.scientific import numpy

RESAMPLES = 2000
LEVEL = 0.95

Interval = tuple[float, float]
Figure = Callable[[Any], Any]
"""Takes an array with a row of sums for each draw, and returns a figure for each, NaN where there is none."""


def interval(counts: Sequence[Sequence[float]], figure: Figure) -> Interval | None:
    """Return the 95 % percentile bootstrap interval over articles of a figure that is made of sums of counts.

    `counts` has a row for each article. Articles are drawn with replacement, 2,000 times, from a fixed seed
    (B. Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979), and the same draws serve every figure. A
    draw in which there is nothing to divide by is left out. A single article has no interval.

    >>> interval([(3, 0, 0), (1, 1, 0), (1, 0, 2)], RECORDS["precision"].over)
    (0.5, 1.0)
    """
    np = numpy()
    if len(counts) < 2:
        return None
    found = figure(_drawn(len(counts)) @ np.asarray(counts, dtype=float))
    found = found[~np.isnan(found)]
    if not found.size:
        return None
    low, high = np.percentile(found, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return round(float(low), 3), round(float(high), 3)


@lru_cache(maxsize=2)
def _drawn(articles: int) -> Any:
    """Return how often each draw takes each article."""
    np = numpy()
    drawn = np.random.default_rng(0).integers(0, articles, (RESAMPLES, articles))
    places = drawn + articles * np.arange(RESAMPLES)[:, None]
    return np.bincount(places.ravel(), minlength=RESAMPLES * articles).reshape(RESAMPLES, articles).astype(float)


def f1_interval(counts: Sequence[tuple[int, int, int]]) -> Interval | None:
    """Return the interval of the record F1; `counts` has found, spurious and missed records of each article.

    >>> f1_interval([(3, 0, 0), (1, 1, 0), (1, 0, 2)])
    (0.5, 1.0)
    """
    return interval(counts, RECORDS["f1"].over)
