"""The store of a run: one SQLite file, one transaction for each article as it finishes.

Whatever ends the process, the file holds exactly one outcome for each article that it knows, and the run can
go on from there. People may read it with any SQLite tool.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from extractor.article import Article, Span
from extractor.batch.lines import words
from extractor.batch.provenance import Provenance
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction, Record, Rejected
from extractor.fields import Found
from extractor.models.usage import Usage

_FAILED = "SELECT article FROM failure"
_APPLICATION = 0x45585452  # "EXTR", in the header of the file: this SQLite file is ours
_VERSION = 1

_TABLES = """
CREATE TABLE run (schema, schema_hash, fields, keys, prompts, model, model_hash, versions, settings, created);
CREATE TABLE article (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, published TEXT, published_evidence TEXT, publisher TEXT, url TEXT,
    language TEXT, boilerplate TEXT NOT NULL
);
CREATE TABLE record (
    id INTEGER PRIMARY KEY, article TEXT NOT NULL REFERENCES article ON DELETE CASCADE
);
CREATE TABLE value (
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,
    field TEXT NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL, text TEXT NOT NULL,
    verdict TEXT NOT NULL, rule TEXT
);
CREATE TABLE evidence (
    value INTEGER NOT NULL REFERENCES value ON DELETE CASCADE, start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE TABLE rejected (
    article TEXT NOT NULL REFERENCES article ON DELETE CASCADE, field TEXT, value TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE failure (article TEXT PRIMARY KEY REFERENCES article ON DELETE CASCADE, reason TEXT NOT NULL);
CREATE TABLE usage (
    article TEXT PRIMARY KEY REFERENCES article ON DELETE CASCADE, prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL, calls INTEGER NOT NULL, seconds REAL NOT NULL
);
CREATE INDEX record_article ON record (article);
CREATE INDEX value_record ON value (record);
CREATE INDEX evidence_value ON evidence (value);
CREATE INDEX rejected_article ON rejected (article);
"""


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
        with _plainly(path):
            store = cls(path, _connect(path, "rw"))
            if not store._is_ours():
                store.close()
                raise _no_store(path)
        return store

    @classmethod
    def resume(cls, path: Path, made: Provenance) -> Store:
        """Open the store at `path` to go on with it, or make it.

        Raises `UsageError` if another schema, prompt or model has made it, unless nothing in it is done.
        """
        with _plainly(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            store = cls(path, _connect(path, "rwc"))
            try:
                with store._transaction():
                    store._prepare(made)
            except BaseException:
                store.close()
                raise
        return store

    def _prepare(self, made: Provenance) -> None:
        """Make the tables in a new file; in an old one, see to it that the run may go on."""
        if not self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {_VERSION}")
        elif not self._is_ours():
            raise _no_store(self.path)
        elif change := self.provenance.difference(made):
            if self._db.execute(f"SELECT 1 FROM article WHERE id NOT IN ({_FAILED})").fetchone():
                raise UsageError(
                    f"{self.path} was {change}; give another --out to keep both, or delete the file."
                )
            self._db.execute("DELETE FROM article")
            self._db.execute("DELETE FROM run")
        elif replace(made, created=self.provenance.created) == self.provenance:
            return
        self._insert("run", *(_column(getattr(made, field.name)) for field in fields(made)))

    @property
    def provenance(self) -> Provenance:
        """What made the run; the last of several calls counts, which may differ in versions and settings."""
        row = self._db.execute("SELECT * FROM run ORDER BY rowid DESC").fetchone()
        decoded = {"fields", "keys", "prompts", "versions", "settings"}
        names = (field.name for field in fields(Provenance))
        return Provenance(
            **{name: json.loads(v) if name in decoded else v for name, v in zip(names, row, strict=True)}
        )

    def has(self, article: Article) -> bool:
        """Say whether this very article is done: its text and day of publication are the same, and it did not fail."""
        return bool(
            self._db.execute(
                f"SELECT 1 FROM article WHERE id = ? AND text = ? AND published IS ? AND id NOT IN ({_FAILED})",  # noqa: S608
                (article.id, _utf8(article.text), article.published),
            ).fetchone()
        )

    def add(self, extraction: Extraction) -> None:
        """Write the outcome for one article, in place of an earlier one.

        Raises `ExtractorError` if it cannot be written; what was written before is unharmed.
        """
        with _plainly(self.path), self._transaction():
            article = extraction.article.model_copy(update={"id": _utf8(extraction.article.id)})
            self._db.execute("DELETE FROM article WHERE id = ?", (article.id,))
            columns = (_column(getattr(article, name)) for name in Article.model_fields)
            self._insert("article", *columns)
            for record in extraction.records:
                self._add_record(record, article)
            for field, value, reason in extraction.rejected:
                self._insert("rejected", article.id, field, _json(value), _utf8(reason))
            if extraction.error is not None:
                self._insert("failure", article.id, _utf8(extraction.error))
            self._insert("usage", article.id, *astuple(extraction.usage))

    def _add_record(self, record: Record, article: Article) -> None:
        record_id = self._insert("record", None, article.id)
        for field, many in record.items():
            for position, (value, spans, verdict, rule) in enumerate(many):
                text = _utf8(words(spans, article.text))
                value_id = self._insert(
                    "value", None, record_id, field, position, _json(value), text, verdict, rule
                )
                for span in spans:
                    self._insert("evidence", value_id, *span)

    def forget_unreadable(self) -> None:
        """Drop the failures of what gave no article; each run meets them anew, or they are mended."""
        with _plainly(self.path), self._transaction():
            self._db.execute("DELETE FROM article WHERE text = ''")

    def extractions(self) -> Iterator[Extraction]:
        """Yield what came out of each article, in the order of their ids; those that failed have an `error`."""
        names = list(self.provenance.fields)
        for row in self._db.execute("SELECT * FROM article ORDER BY id"):
            article = _article(row)
            failure = self._of(article.id, "SELECT reason FROM failure WHERE article = ?")
            usage = self._of(
                article.id,
                "SELECT prompt_tokens, completion_tokens, calls, seconds FROM usage WHERE article = ?",
            )
            rejected = self._of(
                article.id, "SELECT field, value, reason FROM rejected WHERE article = ? ORDER BY rowid"
            )
            yield Extraction(
                article,
                tuple(self._records(article.id, names)),
                tuple(Rejected(field, json.loads(value), reason) for field, value, reason in rejected),
                Usage(*usage[0]),
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
        counts = "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM record), (SELECT count(*) FROM rejected)"
        articles, records, rejected = self._db.execute(counts).fetchone()
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

    def _is_ours(self) -> bool:
        header = [
            self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        ]
        return header == [_APPLICATION, _VERSION]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("ROLLBACK")
            raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file; a process that was killed left its last transaction to be undone, so never read-only."""
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30, isolation_level=None
    )
    db.execute("PRAGMA foreign_keys = ON")
    return db


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """Turn what a file system can do wrong into one sentence; wrong SQL is a bug and passes."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}; choose another --out.") from None
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_NOTADB":
            raise _no_store(path) from None
        if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
            raise ExtractorError(
                f"Cannot write {path}: {error}; what was written is safe, so make room and run the same again."
            ) from None
        if name in {"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_PERM"}:
            raise UsageError(f"Cannot use {path} as a store: {error}.") from None
        raise


def _no_store(path: Path) -> UsageError:
    return UsageError(f"{path} is no store of this version of extractor; `extractor run` makes one.")


def _article(row: tuple[Any, ...]) -> Article:
    known = dict(zip(Article.model_fields, row, strict=True))
    decoded = {name: json.loads(known[name] or "null") for name in ("published_evidence", "boilerplate")}
    return Article.model_validate(known | decoded)


def _column(value: object) -> object:
    """Make a value fit for a column: what is no plain text goes in as JSON."""
    if value is None:
        return None
    return _utf8(value) if isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    return _utf8(json.dumps(value, ensure_ascii=False))


def _utf8(text: str) -> str:
    r"""Write half a surrogate pair, which a model may send and SQLite cannot hold, as JSON does: ``\ud800``."""
    return text.encode("utf-8", "backslashreplace").decode()
