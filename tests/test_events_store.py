"""The store of events: what is read back is what was written, any program can read it, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from extractor import ExtractorError, Schema, Span, UsageError, field
from extractor.events import Claim, Source, assemble, read_events, write_events
from extractor.fields import Flag, Person, Quoted
from extractor.schema import load

VISITS = load("visits")
HOSTILE = "Ana <script>alert(1)</script> \u202eRuiz e\u0301 🛫 \"'; DROP TABLE events; --"


def source(article: str = "a", **values: object) -> Source:
    values = {"visitor": "Ana Ruiz", "visitor_country": "PER", "destination": "NOR"} | values
    found = {
        name: tuple(
            Claim(one, f"words of {one}", (Span(0, 3), Span(7, 9)), "derived", "a rule")
            for one in (value if isinstance(value, list) else [value])
        )
        for name, value in values.items()
    }
    return Source("runs/may.db", article, 1, "2024-03-04", "The Times", "https://news.example/a", found)


def test_events_with_anything_in_them_come_back_as_they_were(tmp_path: Path) -> None:
    sources = [
        source("a", purpose=HOSTILE, places=["Oslo", HOSTILE], implied=True, dates="2024-03-04", status="announced"),
        source(HOSTILE, dates="2024-03-05/2024-03-07", status="completed", kind="state"),
        source("c", visitor="null", purpose="true", dates="2024-03-01/2024-03-04", status="cancelled"),
    ]
    events = assemble(sources, VISITS)
    path = tmp_path / "new" / "events.db"
    write_events(path, events, VISITS)
    assert read_events(path) == events
    assert {one.key: one for event in events for one in event.sources} == {one.key: one for one in sources}


def test_half_a_surrogate_pair_and_a_zero_are_escaped_and_not_lost(tmp_path: Path) -> None:
    write_events(tmp_path / "e.db", assemble([source(purpose="a\ud800b\0c")], VISITS), VISITS)
    (event,) = read_events(tmp_path / "e.db")
    assert event.values["purpose"].value == "a\\ud800b\\x00c"


def test_sqlite_and_duckdb_read_plain_columns(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    write_events(path, assemble([source(dates="2024-03-04", places=["Oslo", "Bergen"])], VISITS), VISITS)
    wanted = ("Ana Ruiz (PER)", "NOR", "2024-03-04", '["Bergen", "Oslo"]', 1, "2024-03-04")
    query = "SELECT person, destination, dates, places, articles, first_published FROM {}events"
    with closing(sqlite3.connect(path)) as db:
        assert db.execute(query.format("")).fetchall() == [wanted]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute('SELECT how FROM "values" WHERE field = ?', ("dates",)).fetchone() == (
            "the only article that tells",
        )
    with duckdb.connect() as duck:
        try:
            duck.execute(f"ATTACH '{path}' AS e (TYPE sqlite)")
        except duckdb.Error as error:
            pytest.skip(f"DuckDB cannot load its extension for SQLite here: {str(error).splitlines()[0]}")
        assert duck.execute(query.format("e.")).fetchall() == [wanted]


def test_fields_may_be_called_as_our_own_columns_are(tmp_path: Path) -> None:
    class Odd(Schema):
        """One thing."""

        id: Quoted = field("what it is called", key=True)
        Formerly: Person | None = field("who")
        articles: Flag = field("whether it has any")

    held = {"id": (Claim("x", "x", (), "stated"),), "articles": (Claim(True, "x", (), "stated"),)}
    events = assemble([Source("r", "a", 1, None, None, None, held)], Odd)
    write_events(tmp_path / "e.db", events, Odd)
    assert read_events(tmp_path / "e.db") == events
    with closing(sqlite3.connect(tmp_path / "e.db")) as db:
        assert db.execute("SELECT id_, Formerly_, articles_ FROM events").fetchall() == [("x", None, "true")]


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ExtractorError, match=r"Cannot write .*; make room there, or choose another --out"):
        write_events(tmp_path / "file" / "e.db", [], VISITS)


def test_what_fails_halfway_leaves_the_old_events_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    write_events(path, assemble([source()], VISITS), VISITS)
    before = path.read_bytes()

    def broken() -> object:
        yield from assemble([source()], VISITS)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_events(path, broken(), VISITS)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [(b"no database", "is no file of events"), (b"", "is no file of events"), (None, "There are no events at")],
)
def test_what_holds_no_events_is_refused_in_a_sentence(tmp_path: Path, content: bytes | None, wanted: str) -> None:
    path = tmp_path / "e.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=wanted):
        read_events(path)


def test_events_of_a_later_version_or_another_schema_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    write_events(path, [], VISITS)

    class Other(Schema):
        """One thing."""

        name: Quoted = field("what it is called", key=True)

    with pytest.raises(UsageError, match="holds events of the schema Visit"):
        read_events(path, Other)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    with pytest.raises(UsageError, match="later version"):
        read_events(path)
