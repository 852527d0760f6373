"""A run against a server at its worst: whatever it does, each article ends with one outcome, and no money is wasted."""

from __future__ import annotations

import json
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import extractor
from extractor.article import Article
from extractor.batch.store import Store
from extractor.models import Retries
from tests.fake_answers import fake_model, shop
from tests.fake_server import Reply, answer, body, cut, refusal, silence

ARTICLES = [Article(id=f"a{i:02}", text=f"Selling a boat{i} for {i + 10} euros.") for i in range(60)]
PASSING = (
    refusal(429, "slow down", retry_after="0.02"),
    refusal(503, "overloaded", retry_after="0.01"),
    refusal(500, "oops"),
    body(200, b'{"id": "fake", "choi'),
    silence,
    cut,
)
LASTING = (answer("I would rather not."), answer(None, refused="I must not"), refusal(400, "bad schema"))


def sold(passage: str, usage: tuple[int, int]) -> Reply:
    """Answer with what is sold, at these tokens."""
    records = [
        {"item": item, "price": price, "extras": []}
        for item, price in re.findall(r"Selling a (\w+) for (\d+ euros)", passage)
    ]
    return answer(json.dumps({"records": records}), usage=usage)


class Chaos:
    """A server that spoils 30 % of its answers, by chance but the same in each run; counts what it was asked."""

    def __init__(self, seed: int, usage: tuple[int, int] = (10, 5)) -> None:
        self.charged = 0
        self.asked: Counter[str] = Counter()
        self._seed = seed
        self._usage = usage
        self._lock = threading.Lock()

    def __call__(self, passage: str) -> Reply:
        with self._lock:
            self.asked[passage] += 1
            chance = random.Random(f"{self._seed} {passage} {self.asked[passage]}")  # noqa: S311 -- repeatable
            if chance.random() < 0.3:
                return chance.choice(PASSING if chance.random() < 0.9 else LASTING)
            self.charged += sum(self._usage)
        return sold(passage, self._usage)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    short = partial(Retries, attempts=6, timeout=0.4, first_wait=0.01, longest_wait=0.05)
    monkeypatch.setattr("extractor.models.opening.Retries", short)
    monkeypatch.chdir(tmp_path)
    shop(tmp_path)


def run(spec: str, **options: int) -> extractor.Summary:
    return extractor.run(ARTICLES, schema="sales.py", model=spec, concurrency=16, **options)  # type: ignore[call-overload,no-any-return]


def outcomes() -> Iterator[extractor.Extraction]:
    with Store.open("runs/sales.db") as store:
        yield from store.extractions()


@pytest.mark.parametrize("seed", [1, 2])
def test_each_article_ends_with_one_outcome(seed: int, capfd: pytest.CaptureFixture[str]) -> None:
    """None lost, none twice, none with another's records; only what lasts is a failure."""
    chaos = Chaos(seed)
    with fake_model(chaos) as model:
        summary = run(model.spec)
    told = Counter(line.partition(":")[0] for line in capfd.readouterr().err.splitlines() if line[:1] == "a")
    assert told == {article.id: 1 for article in ARTICLES}
    found = {extraction.article.id: extraction for extraction in outcomes()}
    assert list(found) == [article.id for article in ARTICLES]
    assert summary.articles == summary.new == 60
    for number, extraction in enumerate(found.values()):
        if extraction.error is None:
            (record,) = extraction.records
            assert record["price"][0].value == f"{number + 10} euros"
    assert 0 < len(summary.failed) < 15
    assert max(chaos.asked.values()) > 1


def test_no_call_after_the_budget_whatever_the_server_does() -> None:
    """What the server charged stays within the budget, nothing else is asked, and what is left is for the next run."""
    chaos = Chaos(3, usage=(300, 600))
    with fake_model(chaos) as model:
        first = run(model.spec, max_tokens=60_000)
        assert first.stopped
        assert 20_000 < chaos.charged <= 60_000
        assert len(list(outcomes())) == first.articles < 60
        calls = chaos.asked.total()
        assert sum(one.usage.calls for one in outcomes()) <= calls
        second = run(model.spec, max_tokens=10_000_000)
    assert second.articles == 60
    assert second.stopped is None
