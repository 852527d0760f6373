"""The SQLite file under a store: its tables, how it is opened, and what can go wrong with it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractor.errors import ExtractorError, UsageError

_APPLICATION = 0x45585452  # "EXTR", in the header of the file: this SQLite file is ours
_VERSION = 2

_TABLES = """
CREATE TABLE run (schema, schema_hash, fields, keys, prompts, model, model_hash, versions, settings, weights, created);
CREATE TABLE article (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, published TEXT, published_evidence TEXT, publisher TEXT,
    url TEXT, language TEXT, boilerplate TEXT NOT NULL
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


def make_tables(db: sqlite3.Connection) -> None:
    """Make the tables in an empty file, and mark it as ours."""
    for statement in _TABLES.split(";"):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    db.execute(f"PRAGMA user_version = {_VERSION}")


def is_ours(db: sqlite3.Connection) -> bool:
    """Say whether the file is a store, and of this version."""
    header = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return header == [_APPLICATION, _VERSION]


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file; a process that was killed left its last transaction to be undone, so never read-only."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    return db


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn what a file system can do wrong into one sentence; wrong SQL is a bug and passes."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}; choose another --out.") from None
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_NOTADB":
            raise no_store(path) from None
        if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
            raise ExtractorError(
                f"Cannot write {path}: {error}; what was written is safe: make room and run the same again."
            ) from None
        if name in {"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_PERM"}:
            raise UsageError(f"Cannot use {path} as a store: {error}.") from None
        raise


def no_store(path: Path) -> UsageError:
    """Return the error to raise for a file that is not ours."""
    return UsageError(f"{path} is no store of this version of extractor; `extractor run` makes one.")


def column(value: object) -> object:
    """Make a value fit for a column: what is no plain text goes in as JSON."""
    if value is None:
        return None
    return utf8(value) if isinstance(value, str) else as_json(value)


def as_json(value: object) -> str:
    """Write a value as JSON, with letters as they are."""
    return utf8(json.dumps(value, ensure_ascii=False))


def utf8(text: str) -> str:
    r"""Write half a surrogate pair, which a model may send and SQLite cannot hold, as in JSON: ``\ud800``."""
    return text.encode("utf-8", "backslashreplace").decode()
