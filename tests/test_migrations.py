"""Stores of earlier versions are brought to this one with all that they hold; those of later ones are left alone."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, astuple, replace
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article
from extractor.batch.database import Database
from extractor.batch.migrations import VERSION
from extractor.batch.sqlite import SQLite
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.extraction import Extraction, Rejected
from extractor.extraction.gate import CLOSED
from tests.postgres import Server, select
from tests.test_store import ARTICLE, FULL, MADE

# As version 2 made them.
OLD_TABLES = """
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
PRAGMA application_id = 0x45585452;
PRAGMA user_version = 2;
"""
OLD = replace(FULL, article=ARTICLE.model_copy(update={"source": None}), rejected=(FULL.rejected[1],))
DONE = replace(
    OLD, article=OLD.article.model_copy(update={"id": "done", "text": "Naïve " + OLD.article.text}), error=None
)
GATED = Extraction(Article(id="gated", text="Nothing."), rejected=(Rejected(None, None, CLOSED),))
ALL = [OLD, DONE, GATED]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store as version 2 wrote it; the last article was added first."""
    path = tmp_path / "run.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLD_TABLES)
        for made in (replace(MADE, settings={}), MADE):
            insert(db, "run", *(plain(value) for value in asdict(made).values()))
        for extraction in reversed(ALL):
            add(db, extraction)
        db.commit()
    return path


def insert(db: sqlite3.Connection, table: str, *values: object) -> int | None:
    return db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values).lastrowid  # noqa: S608


def plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def add(db: sqlite3.Connection, extraction: Extraction) -> None:
    article = extraction.article
    known = {name: value for name, value in article.model_dump().items() if name != "source"}
    insert(db, "article", *map(plain, known.values()))
    for record in extraction.records:
        record_id = insert(db, "record", None, article.id)
        for field, found in record.items():
            for position, (value, spans, verdict, rule) in enumerate(found):
                row = (field, position, json.dumps(value), "…", verdict, rule)
                value_id = insert(db, "value", None, record_id, *row)
                for span in spans:
                    insert(db, "evidence", value_id, *span)
    for name, value, reason in extraction.rejected:
        insert(db, "rejected", article.id, name, json.dumps(value), reason)
    if extraction.error:
        insert(db, "failure", article.id, extraction.error)
    insert(db, "usage", article.id, *astuple(extraction.usage))


def test_an_old_store_is_read(old: Path) -> None:
    """Opening it is enough: all that it holds comes out, and it is of this version from then on."""
    with Store.open(old) as store:
        assert list(store.extractions()) == ALL
        assert store.provenance == MADE
        assert store.failures() == {"a/1": "It broke off."}
    assert select(old, "PRAGMA user_version") == [(VERSION,)]
    assert select(old, "SELECT count(*) FROM run") == [(2,)]
    assert not select(old, "SELECT name FROM sqlite_master WHERE name LIKE '%2' OR name IN ('failure', 'usage')")


def test_a_run_goes_on_with_an_old_store(old: Path) -> None:
    """What was done is done, and new rows have their place after the old ones."""
    with Store.resume(old, MADE) as store:
        assert [store.has(extraction.article) for extraction in ALL] == [False, True, False]
        assert store.has(GATED.article, gate=True)
        store.add(FULL, Extraction(Article(id="new", text="New.")))
        assert store.totals()[:3] == (4, 4, 4)
        assert len(list(store.extractions())) == 4


def test_an_old_store_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    """Columns, keys and indices are the same, however a store came to its version."""
    Store.resume(tmp_path / "new.db", MADE).close()
    Store.open(old).close()

    def shape(path: Path) -> dict[str, list[list[tuple[Any, ...]]]]:
        tables = [name for (name,) in select(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        kinds = ("table_xinfo", "index_list", "foreign_key_list")
        return {table: [select(path, f"PRAGMA {kind}({table})") for kind in kinds] for table in tables}

    assert shape(old) == shape(tmp_path / "new.db")


def test_a_migration_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one transaction; the next one finds the store as it was."""

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    before = select(old, "SELECT * FROM sqlite_master")
    with monkeypatch.context() as patch:
        patch.setattr(SQLite, "mark", broken)
        with pytest.raises(KeyboardInterrupt):
            Store.open(old)
    assert select(old, "SELECT * FROM sqlite_master") == before
    with Store.open(old) as store:
        assert len(list(store.extractions())) == 3


@pytest.mark.parametrize("version", [1, VERSION + 1])
def test_other_versions_are_left_alone(place: str, version: int) -> None:
    """A store of the future, and one of a past that is forgotten, are told and not touched."""
    with Store.resume(place, MADE) as store:
        database: Database = store._database
        database.transact(database.mark, version)
    sentence = (
        r"was made by a newer version .* update extractor" if version > VERSION else "is no store of this version"
    )
    for attempt in (Store.open, lambda place: Store.resume(place, MADE)):
        with pytest.raises(UsageError, match=sentence):
            attempt(place)


def test_a_new_store_on_a_server_says_its_version(postgres: Server) -> None:
    """One row, which a later version will read."""
    with Store.resume(postgres.url("postgres", "?run=versioned"), MADE) as store:
        assert select(store.place, "SELECT version FROM extractor") == [(VERSION,)]
