"""Versions of the tables, and the steps from each to the next. What a step does is never changed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from extractor.batch.database import Database
from extractor.batch.digests import digest
from extractor.batch.rows import stored_id
from extractor.batch.tables import metadata
from extractor.errors import UsageError

VERSION = 3


def up_to_date(connection: Connection, database: Database) -> None:
    """Make the tables where there are none, and bring those of an earlier version to this one.

    Raises `UsageError` if they are of a later version, or of one that is too old.
    """
    version = database.version(connection)
    check(database, version)
    if version == 0:
        metadata.create_all(connection, checkfirst=False)
    for step in range(version, VERSION) if version else ():
        _STEPS[step](connection)
    if version != VERSION:
        database.mark(connection, VERSION)


def check(database: Database, version: int) -> None:
    """Raise `UsageError` if there is no way from this version."""
    if version > VERSION:
        raise UsageError(
            f"{database.place} was made by a newer version of extractor (its store has version {version}, this one "
            f"knows {VERSION}); update extractor, or give another --out."
        )
    if version and version != VERSION and version not in _STEPS:
        raise database.no_store()


def _count_by_number(db: Connection) -> None:
    """From 2 to 3: articles by number, one row for each outcome, positions instead of the order of rows."""
    raw: Any = db.connection.driver_connection  # version 2 was SQLite's alone
    raw.create_function("stored_id", 1, stored_id, deterministic=True)
    raw.create_function("digest", 3, digest, deterministic=True)
    for statement in _FROM_2.split(";\n"):
        db.exec_driver_sql(statement)


_FROM_2 = """
DROP INDEX record_article;
DROP INDEX value_record;
DROP INDEX evidence_value;
DROP INDEX rejected_article;
ALTER TABLE run RENAME TO run_2;
ALTER TABLE article RENAME TO article_2;
ALTER TABLE record RENAME TO record_2;
ALTER TABLE value RENAME TO value_2;
ALTER TABLE evidence RENAME TO evidence_2;
ALTER TABLE rejected RENAME TO rejected_2;

CREATE TABLE run (
    number INTEGER NOT NULL, schema TEXT, schema_hash TEXT, fields TEXT, keys TEXT, prompts TEXT, model TEXT,
    model_hash TEXT, versions TEXT, settings TEXT, weights TEXT, created TEXT, PRIMARY KEY (number)
);
CREATE TABLE article (
    number INTEGER NOT NULL, id TEXT NOT NULL, published TEXT, published_evidence TEXT, publisher TEXT, url TEXT,
    language TEXT, source TEXT, boilerplate TEXT NOT NULL, escaped BOOLEAN NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (number), UNIQUE (id)
);
CREATE TABLE outcome (
    article INTEGER NOT NULL, digest BLOB NOT NULL, gated BOOLEAN NOT NULL, error TEXT,
    prompt_tokens BIGINT NOT NULL, completion_tokens BIGINT NOT NULL, calls BIGINT NOT NULL, seconds FLOAT NOT NULL,
    PRIMARY KEY (article), FOREIGN KEY(article) REFERENCES article (number) ON DELETE CASCADE
);
CREATE TABLE record (
    id INTEGER NOT NULL, article INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (id), UNIQUE (article, position),
    FOREIGN KEY(article) REFERENCES article (number) ON DELETE CASCADE
);
CREATE TABLE value (
    id INTEGER NOT NULL, record INTEGER NOT NULL, field TEXT NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL,
    text TEXT NOT NULL, verdict TEXT NOT NULL, rule TEXT, PRIMARY KEY (id), UNIQUE (record, field, position),
    FOREIGN KEY(record) REFERENCES record (id) ON DELETE CASCADE
);
CREATE TABLE evidence (
    value INTEGER NOT NULL, position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    PRIMARY KEY (value, position), FOREIGN KEY(value) REFERENCES value (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE rejected (
    article INTEGER NOT NULL, position INTEGER NOT NULL, field TEXT, value TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (article, position), FOREIGN KEY(article) REFERENCES article (number) ON DELETE CASCADE
) WITHOUT ROWID;

INSERT INTO run SELECT rowid, * FROM run_2;
INSERT INTO article SELECT rowid, stored_id(id), published, published_evidence, publisher, url, language, NULL,
    boilerplate, FALSE, text FROM article_2;
INSERT INTO outcome SELECT a.rowid, digest(a.id, a.published, a.text),
    EXISTS (SELECT 1 FROM rejected_2 r WHERE r.article = a.id AND r.field IS NULL
        AND r.reason = 'the gate: no sentence of the article names what a record is about'),
    f.reason, u.prompt_tokens, u.completion_tokens, u.calls, u.seconds
    FROM article_2 a JOIN usage u ON u.article = a.id LEFT JOIN failure f ON f.article = a.id;
INSERT INTO record SELECT r.id, a.rowid, row_number() OVER (PARTITION BY a.rowid ORDER BY r.id) - 1
    FROM record_2 r JOIN article_2 a ON a.id = r.article;
INSERT INTO value SELECT * FROM value_2;
INSERT INTO evidence SELECT value, row_number() OVER (PARTITION BY value ORDER BY rowid) - 1, start, end
    FROM evidence_2;
INSERT INTO rejected SELECT a.rowid, row_number() OVER (PARTITION BY a.rowid ORDER BY r.rowid) - 1,
    r.field, r.value, r.reason FROM rejected_2 r JOIN article_2 a ON a.id = r.article;

DROP TABLE evidence_2;
DROP TABLE value_2;
DROP TABLE record_2;
DROP TABLE rejected_2;
DROP TABLE failure;
DROP TABLE usage;
DROP TABLE article_2;
DROP TABLE run_2
"""
_STEPS: dict[int, Callable[[Connection], None]] = {2: _count_by_number}
