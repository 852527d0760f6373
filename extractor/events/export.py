"""Export of events: as tables that the field knows, or with all columns, and told to machines what they hold."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from extractor.batch import dictionary
from extractor.batch.dictionary import Column, Kind
from extractor.batch.export import write_table
from extractor.errors import UsageError
from extractor.events import metadata
from extractor.events.declarations import Table, form_of, schema_called, tables_of
from extractor.events.rows import Cells, Rows, every_field
from extractor.events.store import about_events, cannot_write, read_events
from extractor.schema import Schema

FORMATS: Final = ("csv", "jsonl", "parquet")
_OWN: Final[tuple[tuple[str, Kind, int, str, str], ...]] = (
    ("id", "text", 0, "", "id of the event, the same when it is merged again"),
    ("person", "text", 0, "", "who it is about: an id of the gazetteer of people, or a name with a country"),
    ("first_published", "text", 0, "EDTF (ISO 8601-2)", "day of the first article that tells of it"),
    ("last_published", "text", 0, "EDTF (ISO 8601-2)", "day of the last article that tells of it"),
    ("articles", "integer", 0, "", "number of articles that tell of it"),
    ("disagreements", "integer", 0, "", "number of values that cannot all be true"),
    ("disputed", "text", 1, "", "fields in which the sources disagree"),
    ("sources", "text", 1, "", "address of each article; where there is none, its publisher and day, or its id"),
    ("formerly", "text", 1, "", "ids of events that were found to be this one"),
)


class ExportedEvents(NamedTuple):
    """What was written: `rows` of `events` to `out`, what its columns hold to `metadata` (None for Parquet).

    `left_out` counts the events that the table has no row for, by their status.
    """

    out: Path
    metadata: Path | None
    rows: int
    events: int
    left_out: Mapping[str, int]

    def __str__(self) -> str:
        """Say it in a sentence."""
        told = f"{_count(self.rows, 'row')} of {_count(self.events, 'event')} in {self.out}"
        told += f", columns described in {self.metadata}" if self.metadata else ""
        if self.left_out:
            which = ", ".join(f"{status} {number:,}" for status, number in sorted(self.left_out.items()))
            told += f"; no row for {_count(sum(self.left_out.values()), 'event')} ({which})"
        return f"{told}."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)


def export_events(
    events_db: str | Path,
    *,
    to: str,
    out: str | Path,
    schema: str | type[Schema] | None = None,
    force: bool = False,
) -> ExportedEvents:
    """Write the events in the file `events_db` as a table to `out`.

    `to` is csv, jsonl or parquet, with all columns and a row for each event; or a table that the schema declares, such
    as leaders or plover of visits, whose format the suffix of `out` tells. Beside CSV and JSON lines, the file
    datapackage.json tells what the columns hold, for all tables of the folder. `schema` is needed if it is none that
    comes with the program. A file that is there is replaced with `force` alone, and only once the new one is whole.

    Raises:
        UsageError: if there are no events, or the table, format, file or schema is wrong.
        ExtractorError: if the file cannot be written.

    >>> import extractor
    >>> extractor.export_events("events.db", to="leaders", out="leaders.csv")           # doctest: +SKIP
    """
    events_db, out = Path(events_db), Path(out)
    known = schema_called(about_events(events_db)["schema"], schema, events_db)
    tables = tables_of(known)
    if to not in FORMATS and to not in tables:
        raise UsageError(f"{to!r} is no table of {known.__name__}; give one of {', '.join((*FORMATS, *tables))}.")
    form = _format(to, out)
    _refuse(events_db, out, force=force)
    events = read_events(events_db)
    rows: Iterable[Cells]
    if to in tables:
        told = Rows(events, tables[to], known)
        columns, rows, left_out = _columns(tables[to], known), told, told.left_out
    else:
        columns, names = _all_columns(known)
        rows, left_out = (every_field(event, known, names) for event in events), Counter[str]()
    counted = _Counted(rows)
    try:
        described = None if form == "parquet" else _described(out, form, columns, tables.get(to), known, force=force)
        _save(form, counted, columns, out, described)
    except OSError as error:
        raise cannot_write(out, error) from None
    return ExportedEvents(out, out.parent / metadata.NAME if described else None, counted.rows, len(events), left_out)


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        self._of, self.rows = rows, 0

    def __iter__(self) -> Iterator[Cells]:
        for row in self._of:
            self.rows += 1
            yield row


def _format(to: str, out: Path) -> str:
    """Return the format of a table: that which `to` names, else that of the suffix of `out`."""
    name = out.suffix.removeprefix(".").lower()
    if to in FORMATS:
        if name != to and name in FORMATS:
            raise UsageError(f"--to {to} does not fit the name {out}; let it end in .{to}, or give --to {name}.")
        return to
    if name not in FORMATS:
        raise UsageError(f"The name {out} does not tell a format; let it end in .{', .'.join(FORMATS)}.")
    return name


def _refuse(events_db: Path, out: Path, *, force: bool) -> None:
    """Keep what is there: the events in any case, other files unless `force` says otherwise."""
    if out.name == metadata.NAME:
        raise UsageError(f"{out} is the name of what describes the table; choose another --out.")
    if not out.exists():
        return
    if out.samefile(events_db):
        raise UsageError(f"{out} holds the events themselves; choose another --out.")
    if not out.is_file():
        raise UsageError(f"{out} is no file; choose another --out.")
    if not force:
        raise UsageError(f"{out} is there already; add --force to replace it, or choose another --out.")


def _columns(table: Table, schema: type[Schema]) -> list[Column]:
    """Return the columns of a declared table."""
    found = []
    for one in table.columns:
        form, allowed, many = form_of(table, schema, one.name)
        found.append(Column(one.name, "text", int(many), form, one.about, allowed, itemgetter(one.name)))
    return found


def _all_columns(schema: type[Schema]) -> tuple[list[Column], dict[str, str]]:
    """Return the columns of a row for each event, and the name of each field's, as in the store."""
    own = {
        name: Column(name, kind, lists, form, about, {}, itemgetter(name)) for name, kind, lists, form, about in _OWN
    }
    fields = dictionary.described(schema)
    names = {field.name: f"{field.name}_" if field.name.lower() in own else field.name for field in fields}
    values = [
        Column(names[name], kind, int(many), form, about, allowed, itemgetter(names[name]))
        for name, many, kind, form, about, allowed in fields
    ]
    return [own.pop("id"), own.pop("person"), *values, *own.values()], names


def _described(
    out: Path, form: str, columns: Sequence[Column], table: Table | None, schema: type[Schema], *, force: bool
) -> str:
    """Return the Data Package of the folder, with the table in it."""
    about = table.about if table else f"{schema.unit} merged from several articles, a row for each event"
    required = [one.name for one in table.columns if one.required] if table else ["id"]
    key = next((one.name for one in table.columns if one.unique), None) if table else "id"
    described = metadata.resource(out, form, about, columns, required=required, key=key)
    return metadata.package(out.parent / metadata.NAME, described, force=force)


def _save(form: str, rows: Iterable[Cells], columns: Sequence[Column], out: Path, described: str | None) -> None:
    """Write both files apart, and give them their names once they are whole and on the disk."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as place:
        write_table(form, rows, columns, Path(place, out.name))
        if described:
            Path(place, metadata.NAME).write_text(described, "utf-8", newline="")
        for name in (metadata.NAME, out.name) if described else (out.name,):
            with Path(place, name).open("rb+") as written:
                os.fsync(written.fileno())
            os.replace(written.name, out.parent / name)
