"""The store of events: one file of SQLite with plain columns, which Datasette and DuckDB open as it is.

It is written whole, beside the old one, and takes its name when it is on the disk. What is read back is what was
written: `evidence` holds every value of every source, so that events can be merged on.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from extractor.article import Span
from extractor.batch.rows import as_json, plain
from extractor.errors import ExtractorError, UsageError
from extractor.events.event import Chosen, Claim, Disagreement, Event, Source, Step
from extractor.events.gazetteer_file import Entry
from extractor.schema import Schema, fields_of

MARK = 0x45585445  # "EXTE", in the header of the file
VERSION = 1
_FULL = (errno.ENOSPC, errno.EDQUOT)
_OWN = ("id", "person", "first_published", "last_published", "articles", "disagreements", "formerly")
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE sources (id INTEGER PRIMARY KEY, event TEXT REFERENCES events (id), run TEXT, article TEXT, record INTEGER,
    published TEXT, publisher TEXT, url TEXT);
CREATE TABLE evidence (source INTEGER REFERENCES sources (id), field TEXT, position INTEGER, value TEXT, json INTEGER,
    words TEXT, spans TEXT, verdict TEXT, rule TEXT, PRIMARY KEY (source, field, position));
CREATE TABLE "values" (event TEXT REFERENCES events (id), field TEXT, value TEXT, json INTEGER, how TEXT,
    support INTEGER, "of" INTEGER, PRIMARY KEY (event, field));
CREATE TABLE disagreements (event TEXT REFERENCES events (id), field TEXT, value TEXT, json INTEGER, articles TEXT);
CREATE TABLE history (event TEXT REFERENCES events (id), position INTEGER, published TEXT, value TEXT, article TEXT,
    publisher TEXT, PRIMARY KEY (event, position));
"""
_INDEXES = """
CREATE INDEX sources_event ON sources (event);
CREATE INDEX disagreements_event ON disagreements (event);
"""


def write_events(path: str | Path, events: Iterable[Event], schema: type[Schema], people: Iterable[Entry] = ()) -> None:
    """Write events to the file at `path`, in place of those that it holds, and the `people` by whom they were merged.

    Paths of runs that are not absolute count from the folder of the file.

    Raises:
        UsageError: if the file is read-only, or a folder.
        ExtractorError: if it cannot be written; the old file is then unharmed.
    """
    named, path = path, Path(os.path.realpath(path))
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        if path.is_dir():
            raise UsageError(f"{named} is a folder; name a file in it with --out.")
        if mode is not None and not mode & stat.S_IWUSR:
            raise UsageError(f"{named} is read-only; choose another --out, or let it be written to.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            new = Path(folder, path.name)
            with closing(sqlite3.connect(new)) as db, db:
                _fill(db, events, schema)
                about = {"folder": str(path.parent), "people": list(people)}
                db.executemany("INSERT INTO about VALUES (?, ?)", ((name, as_json(one)) for name, one in about.items()))
            with new.open("rb+") as written:
                os.fsync(written.fileno())
            if mode is not None:
                new.chmod(mode)
            os.replace(new, path)
    except (OSError, sqlite3.OperationalError) as error:
        raise cannot_write(named, error) from None


def cannot_write(path: str | Path, error: OSError | sqlite3.Error) -> ExtractorError:
    """Return the error that tells why a file cannot be written, and what to do."""
    reason = getattr(error, "strerror", None) or error
    if isinstance(error, FileExistsError):
        reason = f"{Path(path).parent} is no folder"
    full = getattr(error, "errno", None) in _FULL or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
    return ExtractorError(f"Cannot write {path}: {reason}; {'make room there, or ' * full}choose another --out.")


def read_events(path: str | Path, schema: type[Schema] | None = None) -> list[Event]:
    """Return the events in the file at `path`, in the order in which they were written.

    Raises:
        UsageError: if there are none, or if they are of another schema than `schema`.
    """
    with _opened(path) as db:
        about = dict(db.execute("SELECT name, value FROM about"))
        if schema and about["schema"] != schema.__name__:
            raise UsageError(f"{path} holds events of the schema {about['schema']}; choose another --out.")
        claims: dict[int, dict[str, tuple[Claim, ...]]] = defaultdict(dict)
        for source, field, value, is_json, words, spans, verdict, rule in db.execute(
            "SELECT source, field, value, json, words, spans, verdict, rule FROM evidence ORDER BY rowid"
        ):
            places = tuple(Span(*span) for span in json.loads(spans))
            claim = Claim(_value(value, is_json), words, places, verdict, rule)
            claims[source][field] = (*claims[source].get(field, ()), claim)
        sources: dict[str, list[Source]] = defaultdict(list)
        for number, event, run, article, record, *known in db.execute(
            "SELECT id, event, run, article, record, published, publisher, url FROM sources ORDER BY id"
        ):
            published, publisher, url = known
            held = claims.get(number, {})
            sources[event].append(Source(run, article, record, published, publisher, url, held))
        values: dict[str, dict[str, Chosen]] = defaultdict(dict)
        for event, field, value, is_json, *how in db.execute(
            'SELECT event, field, value, json, how, support, "of" FROM "values" ORDER BY rowid'
        ):
            values[event][field] = Chosen(_value(value, is_json), *how)
        disagreements: dict[str, list[Disagreement]] = defaultdict(list)
        for event, field, value, is_json, articles in db.execute(
            "SELECT event, field, value, json, articles FROM disagreements ORDER BY rowid"
        ):
            disagreements[event].append(Disagreement(field, _value(value, is_json), tuple(json.loads(articles))))
        steps: dict[str, list[Step]] = defaultdict(list)
        for event, *step in db.execute(
            "SELECT event, published, value, article, publisher FROM history ORDER BY event, position"
        ):
            steps[event].append(Step(*step))
        return [
            Event(
                own,
                person,
                values[own],
                tuple(disagreements[own]),
                tuple(steps[own]),
                tuple(sources[own]),
                tuple(json.loads(formerly)),
            )
            for own, person, formerly in db.execute("SELECT id, person, formerly FROM events ORDER BY rowid")
        ]


def about_events(path: str | Path) -> dict[str, Any]:
    """Return what is known of a file of events.

    `schema`, `course` (a field, or None), `dated` and `keys` (fields), `folder` (from which the paths of runs count),
    and `people` (the entries of the gazetteer by which they were merged).

    Raises:
        UsageError: if there are none.
    """
    with _opened(path) as db:
        about = dict(db.execute("SELECT name, value FROM about"))
        people = [Entry(own, tuple(names), *rest) for own, names, *rest in json.loads(about.get("people", "[]"))]
        return {
            "schema": about["schema"],
            "course": about["course"],
            "dated": json.loads(about["dated"]),
            "keys": json.loads(about["keys"]),
            "folder": json.loads(about["folder"]) if "folder" in about else os.path.dirname(os.path.realpath(path)),
            "people": people,
        }


@contextmanager
def _opened(path: str | Path) -> Iterator[sqlite3.Connection]:
    """Open a file of events to be read."""
    path = Path(path)
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file of events.")
    if not path.is_file():
        raise UsageError(f"There are no events at {path}; `extractor merge` makes them.")
    foreign = UsageError(f"{path} is no file of events; name one that `extractor merge` made, or a new one.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            header = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if header[0] != MARK:
                raise foreign
            if header[1] != VERSION:
                raise UsageError(f"{path} was written by a later version of extractor; update extractor to read it.")
            yield db
    except (sqlite3.DatabaseError, ValueError, LookupError, TypeError) as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_NOTADB":
            raise foreign from None
        if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_BUSY")):
            raise UsageError(f"{path} cannot be read: {error}; see who may read it, and who uses it.") from None
        raise UsageError(f"{path} is damaged ({error}); restore a copy, or merge its runs into a new file.") from None


def _fill(db: sqlite3.Connection, events: Iterable[Event], schema: type[Schema]) -> None:
    columns = {name: f"{name}_" if name.lower() in _OWN else name for name in fields_of(schema)}
    listed = ", ".join(_quoted(name) for name in (*_OWN, *columns.values()))
    dated = [name for name, spec in fields_of(schema).items() if spec.type.dated]
    keys = [name for name, spec in fields_of(schema).items() if spec.key]
    db.executescript(f"PRAGMA application_id = {MARK}; PRAGMA user_version = {VERSION}; PRAGMA journal_mode = OFF;")
    db.execute(f"CREATE TABLE events ({listed}, PRIMARY KEY (id))")
    db.executescript(_TABLES)
    course = schema.event_course.field if schema.event_course else None
    db.executemany(
        "INSERT INTO about VALUES (?, ?)",
        (
            ("schema", schema.__name__),
            ("course", course),
            ("dated", json.dumps(dated)),
            ("keys", json.dumps(keys)),
        ),
    )
    number = 0
    marks = ", ".join("?" * (len(_OWN) + len(columns)))
    for event in events:
        db.execute(f"INSERT INTO events VALUES ({marks})", _row(event, columns))  # noqa: S608 -- question marks
        for one in event.sources:
            number += 1
            db.execute(
                "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (number, event.id, plain(one.run), plain(one.article), one.record, *map(_plain, _known(one))),
            )
            db.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _evidence(number, one))
        for into, rows in _parts(event).items():
            db.executemany(into, rows)
    db.executescript(_INDEXES)


def _row(event: Event, columns: dict[str, str]) -> list[Any]:
    days = sorted(source.published for source in event.sources if source.published)
    own = (event.id, _plain(event.person), days[0] if days else None, days[-1] if days else None)
    counts = (len(event.articles), len(event.disagreements), json.dumps(event.formerly))
    values = (event.values.get(name) for name in columns)
    return [*own, *counts, *(None if one is None else _cell(one.value)[0] for one in values)]


def _known(source: Source) -> Sequence[str | None]:
    return source.published, source.publisher, source.url


def _evidence(number: int, source: Source) -> Iterator[tuple[Any, ...]]:
    for field, claims in source.claims.items():
        for position, (value, words, spans, verdict, rule) in enumerate(claims):
            yield number, field, position, *_cell(value), plain(words), json.dumps(spans), verdict, _plain(rule)


def _parts(event: Event) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of an event by the statement that writes them."""
    return {
        'INSERT INTO "values" VALUES (?, ?, ?, ?, ?, ?, ?)': [
            (event.id, name, *_cell(one.value), one.how, one.support, one.of) for name, one in event.values.items()
        ],
        "INSERT INTO disagreements VALUES (?, ?, ?, ?, ?)": [
            (event.id, one.field, *_cell(one.value), as_json(list(one.articles))) for one in event.disagreements
        ],
        "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)": [
            (event.id, n, *map(_plain, step)) for n, step in enumerate(event.history, 1)
        ],
    }


def _cell(value: Any) -> tuple[str | None, int]:
    """Write text as it is and other values as JSON, and say which it was."""
    return (plain(value), 0) if isinstance(value, str) else (as_json(value), 1)


def _value(text: str, is_json: int) -> Any:
    return json.loads(text) if is_json else text


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
