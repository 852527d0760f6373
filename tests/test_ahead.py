"""Reading ahead: whoever waits for a pipe keeps nobody else waiting, in order, bounded, and without a trace left."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from extractor.batch.ahead import Ahead
from extractor.errors import UsageError


async def test_others_go_on_while_the_pipe_is_silent() -> None:
    """A member that is late is late for its reader alone."""
    late = threading.Event()

    def members() -> Iterator[int]:
        yield 1
        late.wait(10)
        yield 2

    ahead = Ahead(members())
    assert await ahead.get() == 1
    waiting = asyncio.create_task(ahead.get())
    for _ in range(5):
        await asyncio.sleep(0.01)  # which would not come back if the loop were blocked
    assert not waiting.done()
    late.set()
    assert await waiting == 2
    assert [await ahead.get(), await ahead.get()] == [None, None]


async def test_members_keep_their_order_and_few_are_held() -> None:
    """However fast they come, only a few are read that nobody has asked for."""
    read = 0

    def members() -> Iterator[int]:
        nonlocal read
        for number in range(500):
            read += 1
            yield number

    ahead = Ahead(members())
    for number in range(400):
        assert await ahead.get() == number
        assert read <= number + 1 + 17
    ahead.close()


async def test_an_error_of_the_reader_comes_where_it_belongs() -> None:
    """After the members before it, as itself."""

    def members() -> Iterator[int]:
        yield 1
        raise UsageError("Something is missing.")

    ahead = Ahead(members())
    assert await ahead.get() == 1
    with pytest.raises(UsageError, match=r"Something is missing\."):
        await ahead.get()


async def test_closing_lets_the_waiting_go_and_ends_the_thread() -> None:
    """Both whoever waits for a member, and the reader that waits for room."""
    before = threading.active_count()
    late = threading.Event()

    def silent() -> Iterator[int]:
        late.wait(10)
        yield 1

    ahead = Ahead(silent())
    waiting = asyncio.create_task(ahead.get())
    await asyncio.sleep(0.05)
    ahead.close()
    assert await waiting is None
    late.set()
    full = Ahead(iter(range(10_000)))
    assert await full.get() == 0
    full.close()
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:  # noqa: ASYNC110 -- threads set no event
        await asyncio.sleep(0.01)
    assert threading.active_count() == before
    assert await full.get() is None
