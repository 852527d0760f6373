"""The interval of an F1: as wide as the articles differ, and the same for everybody who works it out."""

from __future__ import annotations

import pytest

from extractor.evaluation.interval import f1_interval

Counts = list[tuple[int, int, int]]
"""Found, spurious and missed records of each article."""

MIXED: Counts = [(3, 0, 0), (1, 1, 0), (1, 0, 2), (0, 2, 0), (4, 1, 1), (0, 0, 0), (2, 0, 3)]


def f1(counts: Counts) -> float:
    found, spurious, missed = (sum(one[i] for one in counts) for i in range(3))
    return 2 * found / (2 * found + spurious + missed)


@pytest.mark.parametrize(
    "counts",
    [
        MIXED,
        [(3, 0, 0), (1, 1, 0)],
        [(1, 0, 0), (0, 1, 1)],
        [(5, 1, 1)] * 10 + [(0, 3, 3)],
        [(0, 0, 0), (1, 0, 0), (1, 2, 0)],
    ],
)
def test_the_f1_lies_in_its_interval(counts: Counts) -> None:
    interval = f1_interval(counts)
    assert interval is not None
    low, high = interval
    assert 0 <= low <= round(f1(counts), 3) <= high <= 1
    assert low < high


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([(1, 0, 0)] * 5, (1.0, 1.0)),
        ([(2, 1, 1)] * 5, (0.667, 0.667)),
        ([(1, 2, 0), (1, 0, 2)] * 5, (0.5, 0.5)),
        ([(0, 1, 0), (0, 0, 1)], (0.0, 0.0)),
    ],
)
def test_articles_that_agree_leave_no_doubt(counts: Counts, expected: tuple[float, float]) -> None:
    """Where each has the same F1 however often it is drawn, there is nothing in between."""
    assert f1_interval(counts) == expected


def test_the_more_articles_the_narrower() -> None:
    few, many = f1_interval(MIXED), f1_interval(MIXED * 20)
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < (few[1] - few[0]) / 2


def test_the_interval_holds_what_articles_drawn_with_replacement_give() -> None:
    """Of one right and one wrong, a quarter are all wrong; of 200 and three, more than 2.5 % hold seven wrong ones."""
    assert f1_interval([(1, 0, 0), (0, 1, 0)]) == (0.0, 1.0)
    assert f1_interval([(1, 0, 0)] * 200 + [(0, 1, 0)] * 3) == (round(2 * 196 / (2 * 196 + 7), 3), 1.0)


def test_the_records_of_an_article_stay_together() -> None:
    """Found, spurious and missed are drawn as one: no draw mixes what one article found with what another missed."""
    assert f1_interval([(1, 1, 0), (100, 100, 0)] * 3) == (0.667, 0.667)


@pytest.mark.parametrize("counts", [[], [(3, 1, 1)], [(0, 0, 0)], [(0, 0, 0), (0, 0, 0)]])
def test_a_single_article_or_nothing_to_find_has_no_interval(counts: Counts) -> None:
    assert f1_interval(counts) is None


def test_the_same_counts_give_the_same_interval() -> None:
    """The seed is fixed, whatever was worked out before."""
    first = f1_interval(MIXED)
    f1_interval([(9, 9, 9), (1, 0, 0)])
    assert f1_interval(MIXED) == first
