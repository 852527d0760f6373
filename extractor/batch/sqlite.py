"""A run in a file of SQLite: others can read it while it is written, and it is one plain file when it is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from extractor.batch.database import Database
from extractor.errors import ExtractorError, UsageError

if TYPE_CHECKING:
    from filelock import BaseFileLock

# What the header of the file says that it is.
RUN = 0x45585452  # "EXTR"
ANSWERS = 0x45585441  # "EXTA"
BATCHES = 0x45585442  # "EXTB"

_UNUSABLE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_PERM")


class SQLite(Database):
    """A file of SQLite. `application` is the mark in its header that makes it ours."""

    def __init__(self, path: Path, application: int, *, writes: bool) -> None:
        self._path = path
        self._application = application
        self._lock: BaseFileLock | None = None
        super().__init__(path, _engine(path, writes=writes))

    def claim(self) -> None:
        """Lock a file beside the store, since SQLite's own locks would keep out readers; then write ahead."""
        from filelock import FileLock, Timeout

        lock = FileLock(f"{self._path}.lock", timeout=0, thread_local=False)
        with self._plainly():
            try:
                lock.acquire()
            except Timeout:
                raise self.busy() from None
        self._lock = lock
        self._write_ahead()

    def share(self, make: Callable[[Connection], None]) -> None:
        """Write ahead, too; SQLite lets one at a time write."""
        self._write_ahead()
        self.transact(make)

    def _write_ahead(self) -> None:
        """Let readers and a writer go side by side, and no commit wait for the disk.

        A process that is killed loses nothing then. A machine without power may lose the last moments, never the file.
        """
        self.transact(self.version)  # before anything is changed in a file that is not ours
        self._set("journal_mode = WAL")
        self._set("synchronous = NORMAL")

    def version(self, connection: Connection) -> int:
        """Read the version in the header of the file."""
        header = [connection.exec_driver_sql(f"PRAGMA {of}").scalar_one() for of in ("application_id", "user_version")]
        if header[0] == self._application:
            return int(header[1])
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first():
            raise self.no_store()
        return 0

    def mark(self, connection: Connection, version: int) -> None:
        """Write the version to the header of the file."""
        connection.exec_driver_sql(f"PRAGMA application_id = {self._application}")
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")

    def _explain(self, error: BaseException | None) -> ExtractorError | None:
        if isinstance(error, OSError):
            return UsageError(f"Cannot write {self.place}: {error.strerror}; choose another --out.")
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_NOTADB":
            return self.no_store()
        if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
            return self.full(error)
        return self.unusable(error) if name.startswith(_UNUSABLE) else None

    def close(self) -> None:
        """Close the file; unless somebody reads it, it is then one file, which a read-only disk may hold as well."""
        lock, self._lock = self._lock, None
        if lock:
            with suppress(ExtractorError):
                self._set("busy_timeout = 0")
                self._set("synchronous = FULL")
                self._set("journal_mode = DELETE")
        super().close()
        if lock:
            with suppress(OSError):  # Windows keeps a file that is open
                Path(lock.lock_file).unlink()  # before the release, so that the next one sees that it is gone
            lock.release()

    def _set(self, setting: str) -> None:
        """Change a setting, which works outside of transactions only."""
        raw = cast("sqlite3.Connection", self.connection.connection.driver_connection)
        with self._plainly():
            raw.execute(f"PRAGMA {setting}")


def _engine(path: Path, *, writes: bool) -> Engine:
    """Open the file, never read-only: a process that was killed left its last transaction to be undone."""

    def connected() -> sqlite3.Connection:
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
        path_and_mode = f"{path.absolute().as_uri()}?mode={'rwc' if writes else 'rw'}"
        raw = sqlite3.connect(path_and_mode, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
        raw.execute("PRAGMA foreign_keys = ON")
        return raw

    engine = create_engine("sqlite://", paramstyle="named", creator=connected, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # the driver would begin at the first change, too late for a snapshot
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
