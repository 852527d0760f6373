"""What a run may spend: no request begins that could take it beyond."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from extractor.errors import BudgetError, UsageError
from extractor.models.prices import Price
from extractor.models.usage import Usage

_BY_TOKEN = Price(1_000_000.0, 1_000_000.0)  # what makes a bound on tokens one on money, at one dollar each


class Budget:
    """Bounds on what requests take in all, in tokens and in US dollars; without bounds it only counts.

    Each request reserves the most that it can take, and pays what it took. One that might not fit waits until those
    under way have paid; when it still does not fit, the budget is spent and no other request begins.

    Raises `UsageError` for a bound that lets nothing through, and for one on the cost where `price` is None.

    >>> Budget(max_tokens=10_000).used.tokens
    0
    """

    def __init__(
        self, *, max_tokens: int | None = None, max_cost: float | None = None, price: Price | None = None
    ) -> None:
        self._bounds = []
        if max_tokens is not None:
            self._bounds.append(_Bound("{:,.0f} tokens", max_tokens, _BY_TOKEN))
        if max_cost is not None:
            if price is None:
                raise UsageError("The price of this model is unknown, so its cost has no bound; bound the tokens.")
            self._bounds.append(_Bound("${:,.6g}", max_cost, price))
        if any(bound.limit <= 0 for bound in self._bounds):
            raise UsageError("A budget must be more than nothing.")
        self.used = Usage()
        self.spent: str | None = None
        self._reserved = Usage()
        self._paid = asyncio.Event()

    @asynccontextmanager
    async def reserve(self, most: Usage) -> AsyncIterator[Bill]:
        """Wait until a request that takes `most` at worst fits in; it must pay inside the context.

        One that does not is thought to have taken the most. Raises `BudgetError` when the budget is spent; by then
        nothing is under way any more, so that whoever stops at it loses no answer.
        """
        while not self.spent and (tight := self._too_tight(most)):
            if not self._reserved.calls or tight.is_exceeded_by(self.used + most):
                self.spent = tight.sentence(self.used, most)
            else:
                await self._paid.wait()
        if self.spent:
            while self._reserved.calls:
                await self._paid.wait()
            raise BudgetError(self.spent)
        bill = Bill(most)
        self._reserved += most
        try:
            yield bill
        finally:
            self._reserved -= most
            self.used += bill.taken
            self._paid.set()
            self._paid = asyncio.Event()

    def _too_tight(self, most: Usage) -> _Bound | None:
        at_worst = self.used + self._reserved + most
        return next((bound for bound in self._bounds if bound.is_exceeded_by(at_worst)), None)


@dataclass
class Bill:
    """What a request that is under way has taken; the most that it can, until it is known."""

    taken: Usage


@dataclass(frozen=True)
class _Bound:
    unit: str
    limit: float
    price: Price

    def is_exceeded_by(self, usage: Usage) -> bool:
        return self.price.of(usage) > self.limit

    def sentence(self, used: Usage, most: Usage) -> str:
        limit, taken, at_worst = (
            self.unit.format(amount) for amount in (self.limit, self.price.of(used), self.price.of(most))
        )
        return f"The budget of {limit} is spent: {taken} used, and the next request might take {at_worst}."
