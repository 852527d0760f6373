"""Two runs are compared by what they say of the same labelled articles, and chance is given its due."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.errors import UsageError
from extractor.evaluation import Comparison, report
from extractor.evaluation.counts import RECORDS
from extractor.evaluation.interval import interval
from extractor.evaluation.randomisation import p_value

VISIT: dict[str, Any] = {"visitor": "Olaf Scholz", "destination": "FRA", "status": "ongoing"}
OTHER: dict[str, Any] = {"visitor": "Ana Roca", "destination": "ITA"}
F1 = RECORDS["f1"].over


def write(path: Path, articles: list[list[dict[str, Any]]]) -> Path:
    lines = ({"id": f"a{i}", "visits": visits} for i, visits in enumerate(articles))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Labels, a run that has them all, and one that misses some, makes one up and has a status wrong."""
    return {
        "labels": write(tmp_path / "labels.jsonl", [[VISIT], [VISIT, OTHER], [], [VISIT]]),
        "run_a": write(tmp_path / "a.jsonl", [[VISIT | {"status": "completed"}], [VISIT], [OTHER], []]),
        "run_b": write(tmp_path / "b.jsonl", [[VISIT], [VISIT, OTHER], [], [VISIT]]),
    }


def compared(files: dict[str, Path], *, shuffles: int = 10_000) -> Comparison:
    return extractor.compare(files["run_a"], files["run_b"], labels=files["labels"], shuffles=shuffles)


def figures(done: Comparison) -> dict[str, Any]:
    return {one.name: one for one in done.differences}


def test_differences_are_as_counted_by_hand(files: dict[str, Path]) -> None:
    """Shares of both, B - A, the interval of that, and its p-value, for records and each field."""
    done = compared(files)
    of = figures(done)
    assert (done.articles, done.shuffles) == (4, 10_000)
    assert (of["precision"].a, of["recall"].a, of["f1"].a) == (2 / 3, 2 / 4, 4 / 7)
    assert (of["f1"].b, of["f1"].difference) == (1, pytest.approx(3 / 7))
    assert (of["status"].a, of["status"].b) == (1 / 2, 1)
    a, b = [(1, 0, 0), (1, 0, 1), (0, 1, 0), (0, 0, 1)], [(1, 0, 0), (2, 0, 0), (0, 0, 0), (1, 0, 0)]
    pairs = [(*one, *other) for one, other in zip(a, b, strict=True)]
    assert of["f1"].interval == interval(pairs, lambda sums: F1(sums[:, 3:]) - F1(sums[:, :3]))
    assert of["f1"].p == p_value(a, b, F1, 10_000)
    assert of["f1"].p == pytest.approx(1 / 4, abs=0.02)  # of 2^3 ways to swap what differs, two are as extreme


def test_what_has_nothing_to_stand_on_is_a_dash(files: dict[str, Path]) -> None:
    """No label has a kind, so there is nothing to compare, and no interval and p-value either."""
    done = compared(files)
    kind = figures(done)["kind"]
    assert (kind.a, kind.b, kind.difference, kind.interval, kind.p) == (None, None, None, None, None)
    assert done.to_json()["figures"]["kind"]["p"] is None
    assert next(line for line in report(done).splitlines() if line.startswith("kind")).split() == ["kind", *"––––"]


def test_the_other_way_round_is_the_opposite(files: dict[str, Path]) -> None:
    there = figures(compared(files))["recall"]
    back = figures(extractor.compare(files["run_b"], files["run_a"], labels=files["labels"]))["recall"]
    assert back.difference == -there.difference
    assert back.interval == (-there.interval[1], -there.interval[0])
    assert back.p == pytest.approx(there.p, abs=0.02)


def test_a_run_does_not_differ_from_itself(files: dict[str, Path]) -> None:
    done = extractor.compare(files["run_a"], files["run_a"], labels=files["labels"])
    assert {one.p for one in done.differences} == {1.0, None}
    assert {one.difference for one in done.differences} == {0.0, None}


def test_the_same_call_gives_the_same_figures(files: dict[str, Path]) -> None:
    """The seed is fixed; more shuffles make it no less so."""
    assert compared(files) == compared(files)
    assert compared(files, shuffles=2500).shuffles == 2500


def test_no_p_value_is_zero() -> None:
    """The observed order is one of those that could have been."""
    assert p_value([(0, 5, 5)] * 40, [(5, 0, 0)] * 40, F1, 999) == 1 / 1000
    assert p_value([], [], F1, 99) is None
    assert p_value([(0, 0, 0)], [(1, 0, 0)], F1, 99) is None


@pytest.mark.parametrize("name", ["run_a", "run_b"])
def test_a_run_over_other_articles_is_refused(name: str, files: dict[str, Path]) -> None:
    """The run that lacks a labelled article is named with it."""
    files[name].write_text("".join(files[name].read_text().splitlines(keepends=True)[:2]))
    with pytest.raises(UsageError, match=rf"{files[name].name} has no article 'a2', which .*labels\.jsonl labels"):
        compared(files)


def test_what_cannot_be_compared_is_refused(files: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match="at least one shuffle, not 0"):
        compared(files, shuffles=0)
    files["labels"].write_text("")
    with pytest.raises(UsageError, match="hold no article"):
        compared(files)
