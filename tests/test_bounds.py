"""What bounds a run: so many articles, tokens or dollars, and a dry run that asks for nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import extractor
from tests.fake_answers import FakeModel, fake_model, sales, shop
from tests.fake_server import Reply, answer
from tests.runs import FEW, no_waits, outcomes, run  # noqa: F401 -- a fixture


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with fake_model(sales) as served:
        yield served


def test_max_articles_ends_a_run_early(tmp_path: Path, model: FakeModel) -> None:
    """So many are worked on in one call, the next goes on, and the last one has nothing to say."""
    ads = shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(5)}, bad="")
    summaries = [run(ads, model, max_articles=2) for _ in range(3)]
    assert [summary.new for summary in summaries] == [2, 2, 1]
    assert [summary.articles for summary in summaries] == [2, 4, 6]
    assert summaries[0].stopped == summaries[1].stopped == "Stopped after 2 articles, as was asked for."
    assert summaries[2].stopped is None
    assert len(model.asked) == 5
    assert run(ads, model, max_articles=2).new == 0


def dear(passage: str) -> Reply:
    """Answer at a price that is near the worst that a request can cost."""
    return answer('{"records": []}', usage=(300, 600))


def test_no_call_after_the_budget(tmp_path: Path) -> None:
    """What is paid stays within the budget; articles that it does not reach have no outcome, and the next run asks."""
    with fake_model(dear) as model:
        ads = shop(tmp_path, **{f"a{i:02}": f"Article {i}." for i in range(30)})
        first = run(ads, model, max_tokens=12_000)
        paid = len(model.asked)
        assert first.usage.tokens == paid * 900 <= 12_000
        assert 5 <= first.new == first.articles == paid < 30
        assert first.stopped is not None
        assert first.stopped.startswith("The budget of 12,000 tokens is spent: ")
        assert not first.failed
        second = run(ads, model)
    assert (second.new, second.articles, second.stopped) == (30 - paid, 30, None)
    assert len(set(model.asked)) == len(model.asked) == 30


def test_an_article_is_left_whole_when_the_budget_ends(tmp_path: Path) -> None:
    """One whose correction is not paid for any more is neither done nor failed."""

    def rule(passage: str) -> Reply:
        if "An earlier answer was wrong" in passage:
            return answer('{"price": null}', usage=(300, 50))
        return answer('{"records": [{"item": "car", "price": "999 dollars", "extras": []}]}', usage=(3_000, 600))

    with fake_model(rule) as model:
        ads = shop(tmp_path, c=FEW["c"])
        first = run(ads, model, max_tokens=5_000)
        assert (first.new, first.articles, first.failed) == (0, 0, {})
        assert first.stopped
        second = run(ads, model)
    assert (second.articles, second.records, second.stopped) == (1, 1, None)


def test_a_budget_in_money(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model with a known price stops before it has cost more, and says what it has cost."""
    monkeypatch.setenv("OPENAI_API_KEY", "made-up-for-this-test")
    with fake_model(dear) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.spec.partition("#")[0])
        ads = shop(tmp_path, **{f"a{i:02}": f"Article {i}." for i in range(30)})
        summary = run(ads, "openai/gpt-4.1-mini", max_cost=0.01)
    assert summary.cost == pytest.approx(len(model.asked) * (300 * 0.4 + 600 * 1.6) / 1e6)
    assert 0.005 < len(model.asked) * 0.00108 <= 0.01
    assert summary.stopped is not None
    assert summary.stopped.startswith("The budget of $0.01 is spent: $0.00")


def test_a_dry_run_asks_nothing_and_leaves_nothing(tmp_path: Path, model: FakeModel) -> None:
    """It counts what would be asked in the first round, and needs neither key nor server."""
    ads = shop(tmp_path, **FEW, d="")
    told = extractor.run(ads, schema="sales.py", model="openai/gpt-4.1-mini", dry_run=True)
    assert (told.articles, told.silent, told.done, told.unreadable, told.requests) == (3, 0, 0, 1, 3)
    assert told.completion_tokens == 3 * 680
    assert 100 < told.prompt_tokens / 3 < 2_000
    assert told.cost == pytest.approx((told.prompt_tokens * 0.4 + told.completion_tokens * 1.6) / 1e6)
    assert not Path("runs").exists()
    run(ads, model, max_articles=1)
    asked = len(model.asked)
    told = extractor.run(ads, schema="sales.py", model=model.spec, dry_run=True)
    assert (told.articles, told.done, told.requests, told.cost) == (2, 1, 2, None)
    assert len(model.asked) == asked


def test_a_dry_run_counts_what_has_nothing_to_ask() -> None:
    """Articles without a passage that could tell of a record cost nothing, and with the gate more of them do."""
    texts = ("The weather was fine.", "President Ana Ruiz will visit Peru on Monday.", "He will visit Peru on Monday.")
    articles = [extractor.Article(id=str(i), text=text, published="2024-03-05") for i, text in enumerate(texts)]
    told = [extractor.run(articles, model="local", dry_run=True, gate=gate) for gate in (False, True)]
    assert [(one.articles, one.cost) for one in told] == [(3, 0.0), (3, 0.0)]
    assert told[0].silent <= told[1].silent == 2
    assert told[1].requests == 1
