"""A run in a database of PostgreSQL, in a namespace of its own: ``SELECT * FROM y2024.record``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, text

from extractor.batch.database import ConnectionLostError, Database
from extractor.errors import ExtractorError, UsageError

if TYPE_CHECKING:
    import psycopg

_SECONDS = 10  # to wait for a connection; libpq would wait for minutes
_PATIENCE = "SET lock_timeout = '3s'"  # the server needs a moment to miss a process that was killed


class PostgreSQL(Database):
    """A namespace in a database of PostgreSQL."""

    def __init__(self, url: URL, namespace: str) -> None:
        if find_spec("psycopg") is None:
            raise UsageError('PostgreSQL needs psycopg; install it with: pip install "extractor[postgresql]".')
        self._namespace = namespace
        self._connected = self._claimed = False
        super().__init__(url, self._engine_of(url))
        self._connected = True

    def _engine_of(self, url: URL) -> Engine:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg").difference_update_query(["run"]),
            poolclass=NullPool,
            isolation_level="REPEATABLE READ",  # so that what is read in several queries fits together
            connect_args={"connect_timeout": _SECONDS},
            hide_parameters=True,
        )

        @event.listens_for(engine, "connect")
        def connected(raw: psycopg.Connection[Any], _: object) -> None:
            raw.autocommit = True
            raw.execute(f'SET search_path TO "{self._namespace}"'.encode())
            raw.execute(_PATIENCE)
            if self._claimed:
                raw.execute("SELECT pg_advisory_lock(%s)", [self._key])
            raw.autocommit = False

        return engine

    @property
    def _key(self) -> int:
        """The number by which the server knows our lock."""
        name = f"extractor {self._namespace}".encode()
        return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big", signed=True)

    def claim(self) -> None:
        """Take a lock of the server, which ends with the connection, and make the namespace."""
        self._ask("SELECT pg_advisory_lock(:key)", key=self._key)
        self._claimed = True
        self.transact(self._make_namespace)

    def share(self, make: Callable[[Connection], None]) -> None:
        """Make the namespace, too, while others wait."""
        self._ask("SELECT pg_advisory_lock(:key)", key=self._key)
        self.transact(self._make_namespace)
        self.transact(make)
        self._ask("SELECT pg_advisory_unlock(:key)", key=self._key)

    def _ask(self, query: str, **values: object) -> Any:
        return self.transact(lambda connection: connection.scalar(text(query), values))

    def _make_namespace(self, connection: Connection) -> None:
        if (encoding := connection.exec_driver_sql("SHOW server_encoding").scalar()) != "UTF8":
            raise self.unusable(f"its encoding is {encoding}; create a database with UTF8")
        known = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
        if connection.execute(known, {"name": self._namespace}).first() is None:
            connection.exec_driver_sql(f'CREATE SCHEMA "{self._namespace}"')

    def version(self, connection: Connection) -> int:
        """Read the version in the table `extractor`."""
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = :name"), {"name": self._namespace}
        ).all()
        if "extractor" in tables:
            return int(connection.exec_driver_sql("SELECT version FROM extractor").scalar_one())
        if tables:
            raise self.no_store()
        return 0

    def mark(self, connection: Connection, version: int) -> None:
        """Write the version to the table `extractor`."""
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS extractor (version INTEGER NOT NULL)")
        connection.exec_driver_sql("DELETE FROM extractor")
        connection.exec_driver_sql("INSERT INTO extractor VALUES (%s)", (version,))

    def _explain(self, error: BaseException | None) -> ExtractorError | None:
        import psycopg

        if not isinstance(error, psycopg.Error):
            return None
        reason, state = _reason(error), error.sqlstate or ""
        if not self._connected:
            return UsageError(f"Cannot connect to {self.place}: {reason}.")
        if state == "55P03":
            return ConnectionLostError(str(self.busy())) if self._claimed else self.busy()
        if state == "23505":  # while we had lost the connection
            return ExtractorError(f"Another process has written to {self.place} meanwhile; run the same again.")
        if state.startswith("53"):
            return self.full(reason)
        if state.startswith(("08", "40", "57P")) or (not state and isinstance(error, psycopg.OperationalError)):
            return ConnectionLostError(
                f"Lost the connection to {self.place}: {reason}; what was written is safe: run the same again."
            )
        if state in ("25006", "42501") or isinstance(error, psycopg.OperationalError):
            return self.unusable(reason)
        return None


def _reason(error: psycopg.Error) -> str:
    """Return what the server says, or the driver of several attempts at last, without advice and address."""
    if error.diag.message_primary:
        return error.diag.message_primary
    lines = str(error).splitlines() or ["no reason given"]
    told = [line for line in lines if "failed: " in line] or lines
    return told[-1].rpartition("failed: ")[2].removeprefix("FATAL:").strip()
