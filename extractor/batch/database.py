"""A database under a store: one connection, transactions that happen whole, and one sentence for what goes wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from extractor.errors import ExtractorError, UsageError

if TYPE_CHECKING:
    from tenacity import Retrying

P = ParamSpec("P")
R = TypeVar("R")


class ConnectionLostError(ExtractorError):
    """The server is gone, or was for a moment; the same may succeed on a new connection."""


class Database(ABC):
    """What SQLite and PostgreSQL do alike; what they do each in its own way is abstract."""

    def __init__(self, place: Path | URL, engine: Engine) -> None:
        self.place = place
        self._engine = engine
        with self._plainly():
            self.connection = engine.connect()

    def transact(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do `work` in one transaction, all of it or nothing; where the connection is lost, again on a new one.

        Raises `UsageError` or `ExtractorError` for all that a user can mend.
        """
        try:
            return self._once(work, *args, **kwargs)
        except ConnectionLostError:
            done: R = _retrying()(self._once, work, *args, **kwargs)
            return done

    def _once(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        with self._plainly(), self.connection.begin():
            return work(self.connection, *args, **kwargs)

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Turn what a user can mend into one sentence; wrong SQL is a bug and passes."""
        try:
            yield
        except Exception as error:
            told = self._explain(error.orig if isinstance(error, DBAPIError) else error)
            if told is None:
                raise
            raise told from None

    @abstractmethod
    def claim(self) -> None:
        """Make this process the only one that writes to the run, until it closes it or ends.

        Raises `UsageError` if another one does, or what is there is no store.
        """

    @abstractmethod
    def share(self, make: Callable[[Connection], None]) -> None:
        """Get ready for several processes that write; only one of them at a time does `make`."""

    @abstractmethod
    def version(self, connection: Connection) -> int:
        """Return the version of the tables; 0 where there is nothing yet.

        Raises `UsageError` if what is there is no store.
        """

    @abstractmethod
    def mark(self, connection: Connection, version: int) -> None:
        """Write down that the tables are ours, and their version."""

    @abstractmethod
    def _explain(self, error: BaseException | None) -> ExtractorError | None:
        """Return the error to raise in place of the driver's, or None for a bug."""

    def close(self) -> None:
        """Close the connection, and let others write."""
        self.connection.close()
        self._engine.dispose()

    def no_store(self) -> UsageError:
        """Return the error to raise for what is not ours."""
        return UsageError(f"{self.place} is no store of this version of extractor; `extractor run` makes one.")

    def busy(self) -> UsageError:
        """Return the error to raise where another process has claimed the run."""
        return UsageError(f"Another process is writing to {self.place}; wait until it ends, or give another --out.")

    def unusable(self, reason: object) -> UsageError:
        """Return the error to raise where the database refuses."""
        return UsageError(f"Cannot use {self.place} as a store: {reason}.")

    def full(self, reason: object) -> ExtractorError:
        """Return the error to raise where there is no room."""
        return ExtractorError(
            f"Cannot write {self.place}: {reason}; what was written is safe: make room and run the same again."
        )


def _retrying() -> Retrying:
    """Wait half a minute in all: a server that restarts needs some seconds."""
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

    return Retrying(
        retry=retry_if_exception_type(ConnectionLostError),
        stop=stop_after_attempt(6),
        wait=wait_exponential(multiplier=1, max=8),
        reraise=True,
    )
