"""The pace: never faster than was allowed, all slower when the server says so, and nobody served out of turn."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from extractor.errors import UsageError
from extractor.models.pace import Pace
from tests.virtual_time import in_virtual_time


def now() -> float:
    return asyncio.get_running_loop().time()


async def ask(pace: Pace, began: list[float], *, after: float = 0, lasts: float = 0.5, tokens: int = 100) -> None:
    """Be a request that comes `after` some seconds, lasts some and succeeds."""
    await asyncio.sleep(after)
    async with pace.turn(tokens):
        began.append(now())
        await asyncio.sleep(lasts)


def most_in_a_minute(began: list[float]) -> int:
    return max(sum(start <= other < start + 60 for other in began) for start in began)


@pytest.mark.parametrize("per_minute", [1, 7, 60, 250])
def test_no_minute_has_more_requests_than_allowed(per_minute: int) -> None:
    """However they come, and yet as many as allowed get through."""
    count = 3 * per_minute + 5
    chance = random.Random(per_minute)  # noqa: S311 -- the same in each run

    async def run() -> list[float]:
        pace, began = Pace(50, requests_per_minute=per_minute), list[float]()
        late = [chance.choice([0, 0, 0.3, 65, chance.random() * 100]) for _ in range(count)]
        await asyncio.gather(*(ask(pace, began, after=after) for after in late))
        return began

    began = in_virtual_time(run())
    assert len(began) == count
    assert most_in_a_minute(began) <= per_minute
    assert max(began) - min(began) < 60 * (count / per_minute + 3)


def test_tokens_per_minute_hold_on_average() -> None:
    """Sixty requests of 1,000 tokens each take ten minutes where 6,000 may pass in one."""

    async def run() -> list[float]:
        pace, began = Pace(50, tokens_per_minute=6_000), list[float]()
        await asyncio.gather(*(ask(pace, began, tokens=1_000) for _ in range(60)))
        return began

    began = in_virtual_time(run())
    assert 580 <= max(began) - min(began) <= 620


def test_a_wrong_guess_of_tokens_is_corrected() -> None:
    """What a request did not take is there for the next; what it took beyond, the next waits for."""

    async def wait_for_second(took: int) -> float:
        pace = Pace(1, tokens_per_minute=6_100)
        async with pace.turn(1_000) as turn:
            started = now()
            turn.took(took)
        async with pace.turn(1_000):
            return now() - started

    as_thought, less, more = (in_virtual_time(wait_for_second(took)) for took in (1_000, 200, 5_000))
    assert (as_thought, less, more) == pytest.approx((9, 1, 49), abs=0.02)


def test_a_request_larger_than_a_minute_allows_gets_through() -> None:
    """It waits longer, not for ever."""
    began: list[float] = []
    in_virtual_time(ask(Pace(1, tokens_per_minute=100), began, tokens=5_000))
    assert began


def test_first_come_is_first_served() -> None:
    """Nobody overtakes, neither for a turn nor at the bound, however small the request."""

    async def run() -> list[int]:
        pace, served = Pace(3, requests_per_minute=30, tokens_per_minute=9_000), list[int]()

        async def one(number: int) -> None:
            async with pace.turn(1_000 if number % 2 else 1):
                served.append(number)
                await asyncio.sleep(0.1)

        await asyncio.gather(*map(one, range(20)))
        return served

    assert in_virtual_time(run()) == list(range(20))


async def refuse(pace: Pace, retry_after: float | None) -> None:
    with suppress(ConnectionError):
        async with pace.turn(1) as turn:
            turn.refused(retry_after)
            raise ConnectionError


def test_all_rest_until_retry_after_is_over() -> None:
    """One refusal keeps everybody back, the longest rest counts, and whoever watches is told."""

    async def run() -> tuple[list[float], list[float]]:
        pace, began, rests = Pace(8), list[float](), list[float]()
        pace.resting = rests.append
        await refuse(pace, 20)
        await refuse_while_resting(pace)
        started = now()
        await asyncio.gather(*(ask(pace, began) for _ in range(30)))
        return [moment - started for moment in began], rests

    async def refuse_while_resting(pace: Pace) -> None:
        pace._slow_down(-1, 5)  # of a request that was under way already

    began, rests = in_virtual_time(run())
    assert min(began) == pytest.approx(20)
    assert rests == [20]


async def under_way(pace: Pace, count: int) -> int:
    """Return how many of many requests are under way together."""
    busy = most = 0

    async def one() -> None:
        nonlocal busy, most
        async with pace.turn(1):
            busy, most = busy + 1, max(most, busy + 1)
            await asyncio.sleep(1)
            busy -= 1

    await asyncio.gather(*(one() for _ in range(count)))
    return most


def test_refusals_halve_and_successes_restore() -> None:
    """16 at a time become 8 with the first refusal, then one more with each round, and never more than before."""

    async def run() -> list[int]:
        pace = Pace(16)
        seen = [await under_way(pace, 50)]
        await refuse(pace, None)
        seen += [pace.limit, await under_way(pace, 8), await under_way(pace, 9)]
        await under_way(pace, 500)
        return [*seen, pace.limit, await under_way(pace, 50)]

    assert in_virtual_time(run()) == [16, 8, 8, 9, 16, 16]


def test_requests_refused_together_halve_once() -> None:
    """Ten refusals of one round are one sign, and the next round's is another; one request is always allowed."""

    async def run() -> list[int]:
        pace, limits = Pace(16), []

        async def one() -> None:
            with suppress(ConnectionError):
                async with pace.turn(1) as turn:
                    await asyncio.sleep(1)
                    turn.refused(None)
                    raise ConnectionError

        for _ in range(6):
            await asyncio.gather(*(one() for _ in range(pace.limit)))
            limits.append(pace.limit)
        return [*limits, await under_way(pace, 1)]

    assert in_virtual_time(run()) == [8, 4, 2, 1, 1, 1, 1]


def test_other_failures_leave_the_pace_alone() -> None:
    async def run() -> int:
        pace = Pace(4)
        with suppress(ConnectionError):
            async with pace.turn(1):
                raise ConnectionError
        return pace.limit

    assert in_virtual_time(run()) == 4


def test_whoever_gives_up_waiting_keeps_nobody_back() -> None:
    """A request that is cancelled in the queue or at the bound gives back its place."""

    async def run() -> int:
        pace = Pace(2, requests_per_minute=60)
        waiting = [asyncio.create_task(ask(pace, [], lasts=5)) for _ in range(9)]
        await asyncio.sleep(1.5)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return await under_way(Pace(2), 5) + await under_way(pace, 5)

    assert in_virtual_time(run()) == 4


@pytest.mark.parametrize("bounds", [{"concurrency": 0}, {"requests_per_minute": 0}, {"tokens_per_minute": -1}])
def test_bounds_that_let_nothing_through_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=f"The {next(iter(bounds)).replace('_', ' ')} must be at least 1"):
        Pace(**({"concurrency": 4} | bounds))
