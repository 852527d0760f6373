"""An event loop whose clock jumps to the next thing to do: what takes minutes is tested in no time, to the instant."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualTime(asyncio.SelectorEventLoop):
    """Never sleeps; as long as nothing outside is waited for, time is when the next timer is due."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 1000.0

    def time(self) -> float:
        """Return the seconds that have passed, by its own clock."""
        return self._now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self._now = max(self._now, min(timer.when() for timer in self._scheduled))  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def in_virtual_time(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine by such a clock."""
    with asyncio.Runner(loop_factory=VirtualTime) as runner:
        return runner.run(work)
