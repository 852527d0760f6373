"""What a store asks of its database; each function is the work of one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, delete, func, insert, select

from extractor.batch import rows
from extractor.batch.digests import Digests
from extractor.batch.provenance import Provenance
from extractor.batch.rows import Last, Rows, Totals
from extractor.batch.tables import USAGE, article, evidence, outcome, record, rejected, run, value
from extractor.extraction import Extraction, Record, Rejected
from extractor.models.usage import Usage

_PAGE = 50  # articles that are read, and held, at a time
_KNOWN = (
    select(article.c.number, outcome.c.digest).join(outcome).where(article.c.id.in_(bindparam("ids", expanding=True)))
)
_FAILED = outcome.c.error.is_not(None)


def provenance(db: Connection) -> Provenance | None:
    """Return what made the run; None before anything did."""
    row = db.execute(select(run).order_by(run.c.number.desc()).limit(1)).first()
    return rows.provenance(row) if row else None


def set_provenance(db: Connection, made: Provenance) -> None:
    """Write down what makes the run from now on, unless that is known."""
    before = provenance(db)
    if before is None or replace(made, created=before.created) != before:
        number = (db.scalar(select(func.max(run.c.number))) or 0) + 1
        db.execute(insert(run), {"number": number} | rows.provenance_row(made))


def is_anything_done(db: Connection) -> bool:
    """Say whether there is an article that did not fail."""
    return db.execute(select(outcome.c.article).where(~_FAILED).limit(1)).first() is not None


def clear(db: Connection) -> None:
    """Delete all rows."""
    db.execute(delete(article))
    db.execute(delete(run))


def last(db: Connection) -> Last:
    """Return the highest numbers that are taken."""
    return Last(*(db.scalar(select(func.max(key))) or 0 for key in (article.c.number, record.c.id, value.c.id)))


def done(db: Connection) -> tuple[Digests, Digests]:
    """Return the digests of what is done, and of what only a gate has judged."""
    by_gate: dict[bool, Digests] = {False: Digests(), True: Digests()}
    query = select(outcome.c.digest, outcome.c.gated).where(~_FAILED)
    for digest, gated in db.execute(query.execution_options(yield_per=10_000)):
        by_gate[gated].add(digest)
    return by_gate[False], by_gate[True]


def put(db: Connection, new: Rows) -> tuple[list[bytes], Totals]:
    """Write outcomes in place of earlier ones; return the digests of those, and what they held."""
    old = db.execute(_KNOWN, {"ids": new.ids}).all()
    held = Totals(0, 0, 0, Usage())
    if old:
        numbers = [row.number for row in old]
        held = totals(db, numbers)
        db.execute(delete(article).where(article.c.number.in_(numbers)))
    for table, some in new.by_table.items():
        if some:
            db.exec_driver_sql(_insert(table, db.dialect), some)
    return [row.digest for row in old], held


@lru_cache(maxsize=32)
def _insert(table: Table, dialect: Dialect) -> str:
    """Compile a statement once: that takes longer than the database does."""
    return str(insert(table).compile(dialect=dialect))


def totals(db: Connection, numbers: Sequence[int] | None = None) -> Totals:
    """Count what there is of some articles, or of all, and sum up what it cost."""
    sums = (func.coalesce(func.sum(outcome.c[name]), 0) for name in USAGE)
    found: list[Any] = []
    for table, columns in ((outcome, sums), (record, ()), (rejected, ())):
        query = select(func.count(), *columns).select_from(table)
        found += db.execute(query if numbers is None else query.where(table.c.article.in_(numbers))).one()
    articles, prompt, completion, calls, seconds, records, values = found
    return Totals(articles, records, values, Usage(int(prompt), int(completion), int(calls), float(seconds)))


def failures(db: Connection) -> dict[str, str]:
    """Return the reasons by the ids of what failed."""
    query = select(article.c.id, outcome.c.error).join(outcome).where(_FAILED).order_by(article.c.id)
    return {row.id: row.error for row in db.execute(query)}


def forget_unreadable(db: Connection) -> None:
    """Delete the failures that have no text."""
    failed = select(outcome.c.article).where(_FAILED)
    db.execute(delete(article).where(article.c.number.in_(failed), article.c.text == ""))


def page(db: Connection, after: str | None, fields: Sequence[str]) -> list[Extraction]:
    """Read the articles that come next by id, with all that belongs to them."""
    query = select(article, outcome).join(outcome).order_by(article.c.id).limit(_PAGE)
    found = db.execute(query if after is None else query.where(article.c.id > after)).all()
    numbers = [row.number for row in found]
    records, refused = _records(db, numbers, fields), _rejected(db, numbers)
    return [rows.extraction(row, records.get(row.number, ()), refused.get(row.number, ())) for row in found]


def _records(db: Connection, numbers: Sequence[int], fields: Sequence[str]) -> dict[int, list[Record]]:
    parts = (record.c.article, record.c.id, value.c.id, value.c.field, value.c.value, value.c.verdict, value.c.rule)
    joined = select(*parts, evidence.c.start, evidence.c.end).select_from(record.outerjoin(value).outerjoin(evidence))
    order = (record.c.article, record.c.position, value.c.id, evidence.c.position)
    return rows.records(db.execute(joined.where(record.c.article.in_(numbers)).order_by(*order)), fields)


def _rejected(db: Connection, numbers: Sequence[int]) -> dict[int, list[Rejected]]:
    parts = select(rejected.c.article, rejected.c.field, rejected.c.value, rejected.c.reason)
    order = (rejected.c.article, rejected.c.position)
    return rows.rejections(db.execute(parts.where(rejected.c.article.in_(numbers)).order_by(*order)))
