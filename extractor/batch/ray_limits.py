"""What all workers of a Ray cluster keep to together: one pace and one budget, held by an actor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from extractor.errors import ExtractorError
from extractor.models import Usage
from extractor.models.budget import Bill, Budget
from extractor.models.pace import Pace, Turn

if TYPE_CHECKING:
    from ray import ObjectRef
    from ray.actor import ActorHandle


class Limits:
    """The pace and the budget themselves, in an actor of their own.

    Workers enter a turn or a reservation, get a number for it, and leave it by that number. What a worker holds when
    it dies is let go; its requests are thought to have taken the most.
    """

    def __init__(self, pace: Callable[[int], Pace], budget: Callable[[], Budget], concurrency: int) -> None:
        self._pace = pace(concurrency)
        self._budget = budget()
        self._numbers = count()
        self._held: dict[int, tuple[str, Any, AsyncExitStack]] = {}
        self._lost: set[str] = set()

    async def begin(self, worker: str, tokens: int) -> int:
        """Wait for a turn, as `Pace.turn` does."""
        return await self._enter(worker, self._pace.turn(tokens))

    async def end(self, number: int, told: list[tuple[str, Any]], failed: bool) -> None:
        """End a turn, after telling it what the worker was told meanwhile."""
        if number in self._held:
            for name, value in told:
                getattr(self._held[number][1], name)(value)
            await self._leave(number, failed)

    async def reserve(self, worker: str, most: Usage) -> int:
        """Wait for money, as `Budget.reserve` does. Raises `BudgetError` when it is spent."""
        return await self._enter(worker, self._budget.reserve(most))

    async def pay(self, number: int, taken: Usage) -> None:
        """Pay what a request took."""
        if number in self._held:
            self._held[number][1].taken = taken
            await self._leave(number, failed=False)

    async def drop(self, worker: str) -> None:
        """Let go what a worker held that has died."""
        self._lost.add(worker)
        for number in [number for number, (holder, *_) in self._held.items() if holder == worker]:
            await self._leave(number, failed=True)

    async def _enter(self, worker: str, context: AbstractAsyncContextManager[Any]) -> int:
        stack = AsyncExitStack()
        entered = await stack.enter_async_context(context)
        number = next(self._numbers)
        self._held[number] = worker, entered, stack
        if worker in self._lost:  # it died while it waited
            await self._leave(number, failed=True)
        return number

    async def _leave(self, number: int, failed: bool) -> None:
        _, _, stack = self._held.pop(number)
        failure = RuntimeError("the request failed") if failed else None
        await stack.__aexit__(type(failure) if failure else None, failure, None)


class SharedPace(Pace):
    """Bounds the requests of one worker, and has `Limits` bound those of all."""

    def __init__(self, concurrency: int, worker: str, limits: ActorHandle[Limits]) -> None:
        super().__init__(concurrency)
        self._worker = worker
        self._limits = limits

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Turn]:
        """Wait for a turn of the worker, then for one of the cluster."""
        async with super().turn(tokens) as own:
            number = await _given(self._limits.begin.remote(self._worker, tokens))
            shared, failed = _SharedTurn(own), True
            try:
                yield shared
                failed = False
            finally:
                self._limits.end.remote(number, shared.told, failed)


class _SharedTurn(Turn):
    """Passes on what it is told to the turn of its worker, and keeps it for that of the cluster."""

    def __init__(self, own: Turn) -> None:
        self._own = own
        self.told: list[tuple[str, Any]] = []

    def took(self, tokens: int) -> None:
        self._own.took(tokens)
        self.told.append(("took", tokens))

    def refused(self, retry_after: float | None) -> None:
        self._own.refused(retry_after)
        self.told.append(("refused", retry_after))


class SharedBudget(Budget):
    """Reserves with `Limits` what the requests of one worker may take."""

    def __init__(self, worker: str, limits: ActorHandle[Limits]) -> None:
        super().__init__()
        self._worker = worker
        self._limits = limits

    @asynccontextmanager
    async def reserve(self, most: Usage) -> AsyncIterator[Bill]:
        """Wait until the request fits into the budget of the cluster. Raises `BudgetError` when that is spent."""
        number = await _given(self._limits.reserve.remote(self._worker, most))
        bill = Bill(most)
        try:
            yield bill
        finally:
            self._limits.pay.remote(number, bill.taken)


async def _given(asked: ObjectRef[int]) -> int:
    from ray.exceptions import RayError

    try:
        return int(await plainly(asked))
    except RayError:
        told = "The process that holds the budget of the cluster has died; run the same again to go on."
        raise ExtractorError(told) from None


async def plainly(asked: ObjectRef[Any]) -> Any:
    """Await what an actor answers; an error is raised as the actor raised it, without Ray's wrapping.

    Raises what the actor raised, and `ray.exceptions.RayError` if the actor is gone.
    """
    from ray.exceptions import RayTaskError

    try:
        return await asked
    except RayTaskError as error:
        raise (error.cause if isinstance(error.cause, Exception) else error) from None
