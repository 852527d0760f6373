"""Joining a Ray cluster, or starting one, without its noise."""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import IO, cast

from extractor.errors import UsageError
from extractor.models.faults import brief


@contextmanager
def joined() -> Iterator[int]:
    """Join a cluster, or start one, and yield the number of its CPUs; what this process had joined it leaves joined."""
    try:
        import ray
    except ImportError:
        raise UsageError('Running on Ray needs ray; install it with: pip install "extractor[ray]".') from None
    with _without_notices():
        ours = not ray.is_initialized()
        if ours:
            _join()
        try:
            cpus = int(ray.cluster_resources().get("CPU", 0))  # type: ignore[no-untyped-call]
            if not cpus:
                raise UsageError("The Ray cluster has no CPU to give; start a node with `ray start --address=…`.")
            yield cpus
        finally:
            if ours:
                with redirect_stdout(io.StringIO()):  # it tells once more what it was told
                    ray.shutdown()


def _join() -> None:
    import ray

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a cluster of ours tells nobody what it is used for
    try:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = os.environ.get("RAY_ADDRESS", "of this machine")
        raise UsageError(f"The Ray cluster {where} cannot be joined: {brief(str(error))}.") from None


@contextmanager
def _without_notices() -> Iterator[None]:
    """Keep what Ray's own thread prints off the standard output, which is for results."""
    with redirect_stdout(cast("IO[str]", _Unheard(sys.stdout))):
        yield


class _Unheard:
    """A stream that takes what is written to it, but for what Ray tells of processes that died."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return len(text) if threading.current_thread().name.startswith("ray_") else self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
