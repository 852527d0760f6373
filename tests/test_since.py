"""Runs that go on where another run, or a day, has left off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import extractor
from extractor.errors import UsageError
from tests.fake_answers import FakeModel, fake_model, sales, shop
from tests.fake_server import answer
from tests.runs import FEW, no_waits, outcomes, run  # noqa: F401 -- a fixture


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with fake_model(sales) as served:
        yield served


def test_only_what_an_earlier_run_lacks_is_read(tmp_path: Path, model: FakeModel) -> None:
    """An article that has changed is new, one that the earlier run has is neither asked about nor in the new store."""
    ads = shop(tmp_path, **FEW)
    run(ads, model, out="monday.db")
    asked = len(model.asked)
    shop(tmp_path, **FEW | {"a": "Selling a hat for 5 euros.", "d": "Selling a cup for 2 euros."})
    estimate: object = run(ads, model, since="monday.db", out="tuesday.db", dry_run=True)
    assert isinstance(estimate, extractor.Estimate)
    assert (estimate.articles, estimate.done) == (2, 2)
    assert run(ads, model, since="monday.db", out="tuesday.db").new == 2
    assert set(outcomes(tmp_path / "tuesday.db")) == {"a", "d"}
    assert len(model.asked) == asked + 2


def test_what_failed_then_is_new_now(tmp_path: Path) -> None:
    """A failure of the earlier run is no outcome to rely on."""
    ads = shop(tmp_path, **FEW)
    with fake_model(lambda text: answer("{}") if "boat" in text else sales(text)) as model:
        assert list(run(ads, model, out="monday.db").failed) == ["a"]
        assert run(ads, model, since="monday.db", out="tuesday.db").new == 1


def test_a_day_leaves_out_what_is_older(tmp_path: Path, model: FakeModel) -> None:
    """An article of that day is read, and so is one whose day nobody knows."""
    shop(tmp_path)
    days = {"old": "2024-03-04", "new": "2024-03-05", "unknown": None}
    lines = [{"id": name, "text": f"The {name} one.", "published": day} for name, day in days.items()]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run(tmp_path / "news.jsonl", model, since="2024-03-05", out="news.db")
    assert set(outcomes(tmp_path / "news.db")) == {"new", "unknown"}


def test_what_is_no_run_is_told(tmp_path: Path, model: FakeModel) -> None:
    """Neither a store nor a day: one sentence, and nothing is written."""
    ads = shop(tmp_path, **FEW)
    with pytest.raises(UsageError, match=r"There is no store at last week"):
        run(ads, model, since="last week", out="news.db")
    assert not (tmp_path / "news.db").exists()
