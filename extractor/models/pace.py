"""How fast a model is asked: so many requests at a time and per minute, and fewer when its server refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from extractor.errors import UsageError

_MINUTE = 60.01  # with a hair for rounding
_AHEAD = 1.0  # seconds' worth that may begin at once, since a busy machine cannot keep to the instant


class Pace:
    """Bounds on the requests to one model, which all tasks that ask it keep together.

    Up to `concurrency` requests are under way at a time. No more than `requests_per_minute` begin in any minute, spread
    evenly over it, nor such as take `tokens_per_minute` on average. When the server refuses one because they come too
    fast, none begins before its Retry-After is over, and half as many may be under way; each round of successes then
    allows one more. `resting`, if it is set, is called with the seconds
    of such a rest.

    Whoever asks first is served first. Raises `UsageError` for a bound that lets nothing through.

    >>> Pace(64, requests_per_minute=600).concurrency
    64
    """

    def __init__(
        self,
        concurrency: int,
        *,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
    ) -> None:
        bounds = {
            "concurrency": concurrency,
            "requests per minute": requests_per_minute,
            "tokens per minute": tokens_per_minute,
        }
        for name, bound in bounds.items():
            if bound is not None and bound < 1:
                raise UsageError(f"The {name} must be at least 1.")
        self.concurrency = concurrency
        self.resting: Callable[[float], None] = lambda seconds: None
        self._turns = asyncio.Semaphore(concurrency)
        self._withheld = 0  # of them, since the server refused
        self._limit = concurrency
        self._successes = 0  # at this limit
        self._gate = asyncio.Lock()
        self._requests = _Meter(requests_per_minute)
        self._tokens = _Meter(tokens_per_minute)
        self._rest_ends = 0.0
        self._round = 0

    @property
    def limit(self) -> int:
        """How many requests may be under way at present."""
        return self._limit

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Turn]:
        """Wait until a request that takes about so many tokens may begin; it is under way inside the context."""
        async with self._turns_taken():
            async with self._gate:
                while (wait := self._opens - _now()) > 0:  # noqa: ASYNC110 -- only time ends it
                    await asyncio.sleep(wait)
                self._requests.count(1)
                self._tokens.count(tokens)
            yield (turn := Turn(self, tokens, self._round))
            if turn.round == self._round:
                self._speed_up()

    @property
    def _opens(self) -> float:
        return max(self._rest_ends, self._requests.due, self._tokens.due)

    @asynccontextmanager
    async def _turns_taken(self) -> AsyncIterator[None]:
        await self._turns.acquire()
        try:
            yield
        finally:
            self._withheld += 1
            while self._withheld > self.concurrency - self._limit:
                self._withheld -= 1
                self._turns.release()

    def _speed_up(self) -> None:
        self._successes += 1
        if self._successes >= self._limit < self.concurrency:
            self._limit, self._successes = self._limit + 1, 0

    def _slow_down(self, turn_round: int, retry_after: float | None) -> None:
        """Rest, and halve the limit; once for all requests that were under way together."""
        if turn_round == self._round:
            self._round += 1
            self._limit, self._successes = max(1, self._limit // 2), 0
        rest_ends = _now() + (retry_after or 0)
        if rest_ends > self._rest_ends:
            if retry_after and rest_ends >= self._rest_ends + 1:
                self.resting(retry_after)
            self._rest_ends = rest_ends


class Turn:
    """A request that is under way, and what it tells the pace."""

    def __init__(self, pace: Pace, tokens: int, turn_round: int) -> None:
        self._pace = pace
        self._tokens = tokens
        self.round = turn_round  # a new one begins with each refusal

    def took(self, tokens: int) -> None:
        """Correct how many tokens it was thought to take."""
        self._pace._tokens.count(tokens - self._tokens)
        self._tokens = tokens

    def refused(self, retry_after: float | None) -> None:
        """Note that it came too fast; the server asks for a rest of so many seconds."""
        self._pace._slow_down(self.round, retry_after)


class _Meter:
    """Tells when the next may begin, such that no minute has more than `per_minute`."""

    def __init__(self, per_minute: int | None) -> None:
        self._seconds_each = (_MINUTE + _AHEAD) / per_minute if per_minute else 0.0
        self.due = 0.0

    def count(self, amount: int) -> None:
        self.due = max(self.due, _now() - _AHEAD) + amount * self._seconds_each


def _now() -> float:
    return asyncio.get_running_loop().time()
