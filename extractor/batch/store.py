"""The store of a run: one SQLite file, one transaction for each article as it finishes.

Whatever ends the process, the file holds exactly one outcome for each article that it knows, and the run can
go on from there. People may read it with any SQLite tool.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from extractor.article import Article, Span
from extractor.batch.file import (
    as_json,
    column,
    connect,
    is_ours,
    make_tables,
    no_store,
    plainly,
    transaction,
    utf8,
)
from extractor.batch.lines import words
from extractor.batch.provenance import Provenance
from extractor.errors import UsageError
from extractor.extraction import Extraction, Record, Rejected
from extractor.extraction.confidence import is_sure
from extractor.extraction.gate import CLOSED
from extractor.fields import Found
from extractor.models.usage import Usage


class Totals(NamedTuple):
    """What a store holds, failures included."""

    articles: int
    records: int
    rejected: int
    usage: Usage


class Store:
    """The extractions of one run. Open one with `Store.open`, or with `Store.resume` to add to it.

    >>> with Store.open("runs/visits.db") as store:                               # doctest: +SKIP
    ...     total = sum(len(extraction.records) for extraction in store.extractions())
    """

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open the store at `path`. Raises `UsageError` if there is none."""
        path = Path(path)
        if not path.exists():
            raise UsageError(f"There is no store at {path}; `extractor run` makes one.")
        with plainly(path):
            store = cls(path, connect(path, "rw"))
            if not is_ours(store._db):
                store.close()
                raise no_store(path)
        return store

    @classmethod
    def resume(cls, path: Path, made: Provenance) -> Store:
        """Open the store at `path` to go on with it, or make it.

        Raises `UsageError` if another schema, prompt or model has made it, unless nothing in it is done.
        """
        with plainly(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            store = cls(path, connect(path, "rwc"))
            try:
                with transaction(store._db):
                    store._prepare(made)
            except BaseException:
                store.close()
                raise
        return store

    def _prepare(self, made: Provenance) -> None:
        """Make the tables in a new file; in an old one, see to it that the run may go on."""
        if not self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            make_tables(self._db)
        elif not is_ours(self._db):
            raise no_store(self.path)
        elif change := self.provenance.difference(made):
            if self._db.execute("SELECT 1 FROM article WHERE id NOT IN (SELECT article FROM failure)").fetchone():
                raise UsageError(f"{self.path} was {change}; give another --out to keep both, or delete the file.")
            self._db.execute("DELETE FROM article")
            self._db.execute("DELETE FROM run")
        elif replace(made, created=self.provenance.created) == self.provenance:
            return
        self._insert("run", *(column(getattr(made, field.name)) for field in fields(made)))

    @property
    def provenance(self) -> Provenance:
        """What made the run; the last of several calls counts, which may differ in versions and settings."""
        row = self._db.execute("SELECT * FROM run ORDER BY rowid DESC").fetchone()
        decoded = {"fields", "keys", "prompts", "versions", "settings", "weights"}
        names = (field.name for field in fields(Provenance))
        return Provenance(**{name: json.loads(v) if name in decoded else v for name, v in zip(names, row, strict=True)})

    def has(self, article: Article, *, gate: bool = False) -> bool:
        """Say whether this very article, by id, text and day of publication, is done and did not fail.

        What only a gate has judged is done for a run with a gate.
        """
        same = self._db.execute(
            "SELECT 1 FROM article WHERE id = ? AND text = ? AND published IS ?"
            " AND id NOT IN (SELECT article FROM failure)"
            " AND (? OR id NOT IN (SELECT article FROM rejected WHERE field IS NULL AND reason = ?))",
            (article.id, utf8(article.text), article.published, gate, CLOSED),
        )
        return same.fetchone() is not None

    def add(self, extraction: Extraction) -> None:
        """Write the outcome for one article, in place of an earlier one.

        Raises `ExtractorError` if it cannot be written; what was written before is unharmed.
        """
        with plainly(self.path), transaction(self._db):
            article = extraction.article.model_copy(update={"id": utf8(extraction.article.id)})
            self._db.execute("DELETE FROM article WHERE id = ?", (article.id,))
            columns = (column(getattr(article, name)) for name in Article.model_fields)
            self._insert("article", *columns)
            for record in extraction.records:
                self._add_record(record, article)
            for field, value, reason in extraction.rejected:
                self._insert("rejected", article.id, field, as_json(value), utf8(reason))
            if extraction.error is not None:
                self._insert("failure", article.id, utf8(extraction.error))
            self._insert("usage", article.id, *astuple(extraction.usage))

    def _add_record(self, record: Record, article: Article) -> None:
        record_id = self._insert("record", None, article.id)
        for field, many in record.items():
            for position, (value, spans, verdict, rule) in enumerate(many):
                text = utf8(words(spans, article.text))
                value_id = self._insert("value", None, record_id, field, position, as_json(value), text, verdict, rule)
                for span in spans:
                    self._insert("evidence", value_id, *span)

    def forget_unreadable(self) -> None:
        """Drop the failures of what gave no article; each run meets them anew, or they are mended."""
        with plainly(self.path), transaction(self._db):
            self._db.execute("DELETE FROM article WHERE text = ''")

    def extractions(self, *, min_confidence: float = 0) -> Iterator[Extraction]:
        """Yield what came out of each article, by id; those that failed have an `error`.

        Records of less confidence than `min_confidence` are left out; those without one stay.
        """
        with plainly(self.path):
            made = self.provenance
            names = list(made.fields)
            # All ids at once: a query left open would lock out the run that may still be writing.
            for (article_id,) in self._db.execute("SELECT id FROM article ORDER BY id").fetchall():
                whole = self._extraction(article_id, names)
                sure = (r for r in whole.records if is_sure(r, made.keys, made.weights, min_confidence))
                yield replace(whole, records=tuple(sure))

    def _extraction(self, article_id: str, names: list[str]) -> Extraction:
        (row,) = self._of(article_id, "SELECT * FROM article WHERE id = ?")
        (usage,) = self._of(article_id, "SELECT * FROM usage WHERE article = ?")
        failure = self._of(article_id, "SELECT reason FROM failure WHERE article = ?")
        rejected = self._of(article_id, "SELECT * FROM rejected WHERE article = ? ORDER BY rowid")
        return Extraction(
            _article(row),
            tuple(self._records(article_id, names)),
            tuple(Rejected(field, json.loads(value), reason) for _, field, value, reason in rejected),
            Usage(*usage[1:]),
            failure[0][0] if failure else None,
        )

    def _records(self, article_id: str, names: list[str]) -> Iterator[Record]:
        for (record_id,) in self._of(article_id, "SELECT id FROM record WHERE article = ? ORDER BY id"):
            record: Record = dict.fromkeys(names, ())
            for value_id, field, value, verdict, rule in self._of(
                record_id, "SELECT id, field, value, verdict, rule FROM value WHERE record = ? ORDER BY id"
            ):
                spans = self._of(value_id, "SELECT start, end FROM evidence WHERE value = ? ORDER BY rowid")
                record[field] += (Found(json.loads(value), tuple(Span(*s) for s in spans), verdict, rule),)
            yield record

    def failures(self) -> dict[str, str]:
        """Return the reasons by the ids of what failed or could not be read."""
        return dict(self._db.execute("SELECT article, reason FROM failure ORDER BY article"))

    def totals(self) -> Totals:
        """Count what the store holds, and sum up what it cost."""
        tables = ("article", "record", "rejected")
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608 -- ours
        articles, records, rejected = self._db.execute(f"SELECT {counts}").fetchone()
        sums = "SELECT sum(prompt_tokens), sum(completion_tokens), sum(calls), sum(seconds) FROM usage"
        spent = (total or 0 for total in self._db.execute(sums).fetchone())  # the sum of nothing is NULL
        return Totals(articles, records, rejected, Usage(*spent))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _of(self, owner: object, query: str) -> list[tuple[Any, ...]]:
        return self._db.execute(query, (owner,)).fetchall()

    def _insert(self, table: str, *values: object) -> int | None:
        marks = ", ".join("?" * len(values))
        return self._db.execute(f"INSERT INTO {table} VALUES ({marks})", values).lastrowid  # noqa: S608


def _article(row: tuple[Any, ...]) -> Article:
    known = dict(zip(Article.model_fields, row, strict=True))
    decoded = {name: json.loads(known[name] or "null") for name in ("published_evidence", "boilerplate")}
    return Article.model_validate(known | decoded)
