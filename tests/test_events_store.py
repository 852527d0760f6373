"""The store of events: what is read back is what was written, any program can read it, and nothing is lost."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from extractor import ExtractorError, Schema, Span, UsageError, field
from extractor.events import Claim, Source, assemble, diff, read_events, write_events
from extractor.events.export import export_events
from extractor.events.store import cannot_write
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
    with pytest.raises(ExtractorError, match=r"Cannot write .*e\.db: .*file is no folder; choose another --out\.$"):
        write_events(tmp_path / "file" / "e.db", [], VISITS)


def test_room_is_asked_for_where_there_is_none() -> None:
    full, denied = OSError(errno.ENOSPC, "No space left on device"), PermissionError(errno.EACCES, "Permission denied")
    assert str(cannot_write("e.db", full)) == (
        "Cannot write e.db: No space left on device; make room there, or choose another --out."
    )
    assert str(cannot_write("e.db", denied)) == "Cannot write e.db: Permission denied; choose another --out."


def test_a_file_that_is_read_only_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    write_events(path, assemble([source()], VISITS), VISITS)
    before = path.read_bytes()
    path.chmod(0o444)
    with pytest.raises(UsageError, match=r"e\.db is read-only; choose another --out, or let it be written to\.$"):
        write_events(path, [], VISITS)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (before, 0o444)


def test_a_file_that_is_written_anew_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    write_events(path, [], VISITS)
    path.chmod(0o640)
    write_events(path, assemble([source()], VISITS), VISITS)
    assert path.stat().st_mode & 0o777 == 0o640
    assert len(read_events(path)) == 1


def test_a_link_stays_one_and_leads_to_the_new_events(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "e.db"
    link.symlink_to(Path("far", "real.db"))
    for _ in range(2):
        write_events(link, assemble([source()], VISITS), VISITS)
        assert link.is_symlink()
        assert len(read_events(tmp_path / "far" / "real.db")) == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["e.db", "far", "real.db"]


@pytest.mark.parametrize("damage", [b"\xff", b"\0", b"x"])
def test_a_damaged_file_is_told_in_a_sentence_and_left_as_it_is(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "e.db"
    write_events(path, assemble([source(f"{n}", visitor=f"Ana {n} Ruiz") for n in range(150)], VISITS), VISITS)
    content = path.read_bytes()
    assert len(content) > 70_000
    path.write_bytes(content[:20_000] + damage * 40_000 + content[60_000:])
    broken = path.read_bytes()
    for command in (
        lambda: read_events(path),
        lambda: export_events(path, to="csv", out=tmp_path / "e.csv"),
        lambda: diff(path, path),
    ):
        with pytest.raises(UsageError, match=r"e\.db is damaged \(.*\); restore a copy, or merge its runs into a new"):
            command()
    assert path.read_bytes() == broken
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM about", "UPDATE evidence SET spans = '5'", "UPDATE evidence SET spans = '{'", "DROP TABLE history"],
)
def test_events_that_somebody_has_meddled_with_are_told_in_a_sentence(tmp_path: Path, change: str) -> None:
    path = tmp_path / "e.db"
    write_events(path, assemble([source()], VISITS), VISITS)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(change)
    with pytest.raises(UsageError, match=r"e\.db is damaged"):
        read_events(path, VISITS)


def test_a_folder_is_no_file_of_events(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder; name a file of events\.$"):
        read_events(tmp_path)
    with pytest.raises(UsageError, match=r"is a folder; name a file in it with --out\.$"):
        write_events(tmp_path, [], VISITS)


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
