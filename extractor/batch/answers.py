"""Answers of models by request, so that a run in which only what comes after the model has changed costs no call.

They lie beside the stores and are shared by all runs there: a file of SQLite in the same folder, or a namespace in
the same database of PostgreSQL. Several processes may read and write them at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Dialect,
    Float,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    text,
)
from sqlalchemy.schema import CreateTable

from extractor.batch.database import Database
from extractor.batch.places import connect_answers, parse
from extractor.batch.provenance import Provenance
from extractor.batch.rows import plain
from extractor.models.spec import ModelSpec
from extractor.models.usage import Usage

_ANSWER = Table(
    "answer",
    MetaData(),
    Column("key", LargeBinary, primary_key=True),
    Column("model", Text, nullable=False),
    Column("answer", Text, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in ("prompt_tokens", "completion_tokens", "calls")),
    Column("seconds", Float, nullable=False),
)
_GET = text("SELECT answer FROM answer WHERE key = :key")
_PUT = text(
    "INSERT INTO answer VALUES (:key, :model, :answer, :prompt_tokens, :completion_tokens, :calls, :seconds)"
    " ON CONFLICT (key) DO UPDATE SET answer = excluded.answer"
)
_VERSION = 1


class Answers:
    """The answers that one model has given. Open them with `Answers.beside`.

    A request is all that decides about the answer but the model: messages, form, bounds and seed, as JSON.
    """

    def __init__(self, database: Database, model: str) -> None:
        self._database = database
        self._model = model

    @classmethod
    def beside(cls, place: str | Path | URL, made: Provenance) -> Answers:
        """Open the answers beside the store at `place`, or make them: those of the model that makes the run.

        Raises `UsageError` if they cannot be opened.
        """
        database = connect_answers(parse(place))
        try:
            database.share(partial(_make, database))
        except BaseException:
            database.close()
            raise
        return cls(database, made.model_hash or ModelSpec.parse(made.model).name)

    def get(self, request: Mapping[str, Any]) -> str | None:
        """Return the answer to this very request as the model gave it; None if there is none yet."""
        of = {"key": key(self._model, request)}
        known = self._database.transact(_execute, _GET, of)
        return str(known[0]) if known else None

    def put(self, request: Mapping[str, Any], answer: str, usage: Usage) -> None:
        """Keep an answer that was found valid, and what it cost, in place of an earlier one."""
        row = {"key": key(self._model, request), "model": self._model, "answer": plain(answer)} | vars(usage)
        self._database.transact(_execute, _PUT, row)

    def close(self) -> None:
        """Close them."""
        self._database.close()

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def key(model: str, request: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a request. The order of keys counts: a form asks for its fields in their order.

    >>> key("m", {"messages": [], "seed": 1}).hex()[:8]
    'e46fceec'
    """
    return hashlib.sha256(json.dumps([model, request], separators=(",", ":")).encode()).digest()


def _execute(db: Connection, statement: TextClause, values: Mapping[str, Any]) -> Any:
    """Give a statement to the driver itself, since SQLAlchemy takes longer than the database; return the first row."""
    cursor = db.connection.cursor()
    cursor.execute(_compiled(statement, db.dialect), values)
    return cursor.fetchone() if cursor.description else None


@lru_cache(maxsize=4)
def _compiled(statement: TextClause, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect))


def _make(database: Database, db: Connection) -> None:
    if database.version(db) != _VERSION:
        db.execute(CreateTable(_ANSWER))
        database.mark(db, _VERSION)
