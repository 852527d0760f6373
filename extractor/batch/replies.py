"""What provider batches were sent and what they brought, in a database, so that a run can go on after any end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)  # fmt: skip

from extractor.batch.database import Database
from extractor.batch.places import connect_batches, parse

_TABLES = MetaData()
_BATCH = Table("provider_batch", _TABLES, Column("id", String, primary_key=True), Column("open", Boolean))
_QUESTION = Table(
    "provider_question",
    _TABLES,
    Column("key", String(64), primary_key=True),
    Column("batch", String, index=True),
    Column("times", Integer),
)
_REPLY = Table(
    "provider_reply",
    _TABLES,
    Column("key", String(64), primary_key=True),
    Column("status", Integer),
    Column("body", Text),
)
_VERSION = 1
_GOOD, _UNANSWERED = 200, 502
_ROWS = 500  # written at a time


class Reply(NamedTuple):
    """An answer as the provider gave it: HTTP status and JSON body."""

    status: int
    body: str


class Replies:
    """The questions that were sent in batches, and their replies; the first reply to a question counts.

    They lie beside the store of the run. Open them with `Replies.beside`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def beside(cls, place: str | Path | URL) -> Replies:
        """Open the replies beside the store at `place`, or make them. Raises `UsageError` if they cannot be opened."""
        database = connect_batches(parse(place))
        try:
            database.share(partial(_make, database))
        except BaseException:
            database.close()
            raise
        return cls(database)

    def get(self, key: str) -> Reply | None:
        """Return the reply to a question, if there is one."""
        query = select(_REPLY.c.status, _REPLY.c.body).where(_REPLY.c.key == key)
        row = self._database.transact(lambda db: db.execute(query).first())
        return Reply(*row) if row else None

    def keep(self, found: Sequence[tuple[str, Reply]]) -> None:
        """Write replies down, by the keys of their questions; a second one to the same question is dropped."""
        self._database.transact(_keep, found)

    def sent(self, batch_id: str, keys: Sequence[str]) -> None:
        """Note that a batch with these questions is on its way."""
        self._database.transact(_sent, batch_id, keys)

    def batches(self, *, open_only: bool = False) -> list[str]:
        """Name the batches that were sent, or only those that have not been fetched."""
        query = select(_BATCH.c.id).where(_BATCH.c.open) if open_only else select(_BATCH.c.id)
        return self._database.transact(lambda db: list(db.scalars(query)))

    def close_batch(self, batch_id: str, *, times: int) -> int:
        """Note that a batch has been fetched, and count what it left unanswered.

        A question that was sent so many `times` in vain gets an error for an answer.
        """
        return self._database.transact(_close, batch_id, times)

    def forget_errors(self) -> None:
        """Drop the errors, so that their questions are asked anew."""
        self._database.transact(_forget_errors)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Replies:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _make(database: Database, db: Connection) -> None:
    if database.version(db) != _VERSION:
        _TABLES.create_all(db)
        database.mark(db, _VERSION)


def _keep(db: Connection, found: Sequence[tuple[str, Reply]]) -> None:
    for i in range(0, len(found), _ROWS):
        new = dict(reversed(found[i : i + _ROWS]))  # of two, the first one stays
        known = db.scalars(select(_REPLY.c.key).where(_REPLY.c.key.in_(new)))
        rows = [{"key": key, **new[key]._asdict()} for key in new.keys() - set(known)]
        if rows:
            db.execute(insert(_REPLY), rows)


def _sent(db: Connection, batch_id: str, keys: Sequence[str]) -> None:
    db.execute(insert(_BATCH).values(id=batch_id, open=True))
    for key in keys:
        again = update(_QUESTION).where(_QUESTION.c.key == key)
        if not db.execute(again.values(batch=batch_id, times=_QUESTION.c.times + 1)).rowcount:
            db.execute(insert(_QUESTION).values(key=key, batch=batch_id, times=1))


def _close(db: Connection, batch_id: str, times: int) -> int:
    db.execute(update(_BATCH).where(_BATCH.c.id == batch_id).values(open=False))
    unanswered = _QUESTION.c.key.not_in(select(_REPLY.c.key))
    lost = db.execute(select(_QUESTION.c.key, _QUESTION.c.times).where(_QUESTION.c.batch == batch_id, unanswered)).all()
    body = json.dumps({"error": {"message": f"the batch left this question unanswered {times} times"}})
    given_up = [{"key": key, "status": _UNANSWERED, "body": body} for key, sent in lost if sent >= times]
    if given_up:
        db.execute(insert(_REPLY), given_up)
    return len(lost)


def _forget_errors(db: Connection) -> None:
    failed = _REPLY.c.status != _GOOD
    db.execute(delete(_QUESTION).where(_QUESTION.c.key.in_(select(_REPLY.c.key).where(failed))))
    db.execute(delete(_REPLY).where(failed))
