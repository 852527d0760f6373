"""The budget: nothing is begun that could go beyond it, all that fits is, and whoever stops loses no answer."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from extractor.errors import BudgetError, UsageError
from extractor.models.budget import Budget
from extractor.models.prices import FREE, Price
from extractor.models.usage import Size, Usage
from tests.virtual_time import in_virtual_time

DEAR = Price(1_000_000.0, 2_000_000.0, 0.5)  # a dollar and two a token, half a dollar a request
MOST = Usage(70, 30, 1)


async def ask(budget: Budget, took: Usage | None, most: Usage = MOST, *, lasts: float = 1.0) -> None:
    async with budget.reserve(most) as bill:
        await asyncio.sleep(lasts)
        if took is not None:
            bill.taken = took


@pytest.mark.parametrize("seed", range(20))
def test_no_budget_is_ever_exceeded(seed: int) -> None:
    """Whatever requests may take and do take, what is paid and what is reserved stay within the bounds."""
    chance = random.Random(seed)  # noqa: S311 -- the same in each run
    budget = Budget(max_tokens=5_000, max_cost=9_000.0, price=DEAR)
    under_way: list[Usage] = []

    async def one() -> None:
        most = Usage(chance.randint(1, 300), chance.randint(1, 100), 1)
        took = Usage(chance.randint(0, most.prompt_tokens), chance.randint(0, most.completion_tokens), 1)
        await asyncio.sleep(chance.random() * 9)
        async with budget.reserve(most) as bill:
            under_way.append(most)
            at_worst = sum(under_way, budget.used)
            assert at_worst.tokens <= 5_000
            assert DEAR.of(at_worst) <= 9_000
            await asyncio.sleep(chance.random() * 3)
            under_way.remove(most)
            bill.taken = took

    async def run() -> list[BaseException | None]:
        return await asyncio.gather(*(one() for _ in range(200)), return_exceptions=True)

    failures = [failure for failure in in_virtual_time(run()) if failure]
    assert failures
    assert {type(failure) for failure in failures} == {BudgetError}
    assert budget.used.tokens > 4_000


def test_all_that_fits_is_asked() -> None:
    """Ten at a time reserve all there is; as they take a tenth of it, the others wait instead of failing."""
    budget = Budget(max_tokens=1_000)

    async def run() -> int:
        outcomes = await asyncio.gather(*(ask(budget, Usage(7, 3, 1)) for _ in range(91)), return_exceptions=True)
        return outcomes.count(None)

    assert in_virtual_time(run()) == 91
    assert budget.used == Usage(637, 273, 91)
    assert budget.spent is None


def test_a_spent_budget_says_what_was_spent() -> None:
    """The sentence names the bound, what was used, and what the next request might have taken."""
    budget = Budget(max_tokens=250)
    in_virtual_time(ask(budget, Usage(180, 20, 1)))
    with pytest.raises(BudgetError) as refused:
        in_virtual_time(ask(budget, None))
    assert str(refused.value) == (
        "The budget of 250 tokens is spent: 200 tokens used, and the next request might take 100 tokens."
    )
    dollars = Budget(max_cost=5, price=Price(20_000.0, 10_000.0))
    in_virtual_time(ask(dollars, Usage(190, 50, 1)))
    with pytest.raises(BudgetError, match=r"of \$5 is spent: \$4\.3 used, and the next request might take \$1\.7\."):
        in_virtual_time(ask(dollars, None))


def test_a_spent_budget_stays_spent() -> None:
    """After one request did not fit, a smaller one does not begin either: the run is to end."""
    budget = Budget(max_tokens=99)
    for most in (MOST, Usage(1, 1, 1)):
        with pytest.raises(BudgetError):
            in_virtual_time(ask(budget, None, most))


def test_nothing_is_under_way_when_the_refusal_comes() -> None:
    """Whoever gives up at the refusal does not cut off what others have paid for."""
    budget = Budget(max_tokens=1_000)
    ended: list[str] = []

    async def one(name: str, tokens: int, *, after: float, lasts: float) -> None:
        await asyncio.sleep(after)
        with suppress(BudgetError):
            await ask(budget, Usage(tokens, 0, 1), Usage(tokens, 0, 1), lasts=lasts)
        ended.append(name)

    async def run() -> None:
        await asyncio.gather(
            one("large", 850, after=0, lasts=1),
            one("long", 150, after=0, lasts=60),
            one("refused", 200, after=2, lasts=1),
        )

    in_virtual_time(run())
    assert ended == ["large", "long", "refused"]


def test_what_is_not_known_counts_as_the_most() -> None:
    """A request that was cut off may have been answered, so it is taken for the worst."""
    budget = Budget(max_tokens=1_000)

    async def cut_off() -> None:
        with suppress(ConnectionError):
            async with budget.reserve(MOST):
                raise ConnectionError

    in_virtual_time(cut_off())
    assert budget.used == MOST


def test_an_unknown_price_has_no_bound() -> None:
    """A bound on money needs a price; a free model never reaches it, and no bound at all is none."""
    with pytest.raises(UsageError, match="price of this model is unknown"):
        Budget(max_cost=1, price=None)
    for budget in (Budget(max_cost=0.01, price=FREE), Budget(price=DEAR)):
        in_virtual_time(ask(budget, Usage(10**9, 10**9, 1)))
        in_virtual_time(ask(budget, None))


@pytest.mark.parametrize("bounds", [{"max_tokens": 0}, {"max_cost": 0.0}, {"max_cost": -1.0}])
def test_empty_budgets_are_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="must be more than nothing"):
        Budget(price=FREE, **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["plain words", "🦊🦊🦊", "1-2-3-4", "ðŸ", "\ud800", "日本語のテキスト"])
def test_no_tokenizer_makes_more_tokens_than_are_reserved(text: str) -> None:
    """A token has a byte at least, so the bytes bound them; the quotation marks alone cover what frames a message."""
    size = Size.of([{"role": "user", "content": text}], {}, max_tokens=5)
    assert size.most.prompt_tokens >= len(text.encode("utf-8", "surrogatepass")) + 20
    assert size.most.completion_tokens == size.likely.completion_tokens == 5
    assert 0 < size.likely.prompt_tokens < size.most.prompt_tokens
