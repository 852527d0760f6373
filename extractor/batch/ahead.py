"""Reads ahead in a thread, for a source that may keep its reader waiting, such as a pipe: answers must not wait too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from threading import Semaphore, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

_AHEAD = 16


class Ahead(Generic[T]):
    """An iterator whose members are awaited; a few of them are read ahead.

    The thread begins with the first `get`, and ends after `close` as soon as the iterator lets it.
    """

    def __init__(self, members: Iterator[T]) -> None:
        self._members = members
        self._room = Semaphore(_AHEAD)
        self._queue: asyncio.Queue[T | BaseException | None] = asyncio.Queue()
        self._thread: Thread | None = None
        self._closed = False

    async def get(self) -> T | None:
        """Return the next member; None at the end, or once it is closed. Raises what the iterator raises."""
        if self._closed:
            return None
        if self._thread is None:
            # Nobody waits for a daemon thread: at the end of the program it may still wait for a line that never comes.
            self._thread = Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True)
            self._thread.start()
        member = await self._queue.get()
        self._room.release()
        if isinstance(member, BaseException):
            raise member
        if member is None:
            self._closed = True
        return member

    def close(self) -> None:
        """Read no further, and let whoever waits go."""
        self._closed = True
        self._queue.put_nowait(None)
        self._room.release()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        last: BaseException | None = None
        with suppress(RuntimeError):  # the loop has ended
            try:
                for member in self._members:
                    self._room.acquire()
                    if self._closed:
                        return
                    loop.call_soon_threadsafe(self._queue.put_nowait, member)
            except BaseException as error:
                last = error
            loop.call_soon_threadsafe(self._queue.put_nowait, last)
