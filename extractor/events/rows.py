"""Rows of events: all of them with every field, or those of a table that the schema declares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from extractor.batch.rows import as_json, plain
from extractor.events.declarations import Table, TableRows, alternatives
from extractor.events.event import Event
from extractor.events.mentions import Window, window_of
from extractor.schema import Schema, fields_of

Cells = dict[str, Any]


class _Told(NamedTuple):
    """An event as one row tells it: the kind of row, the other event of a meeting, and the day of that."""

    event: Event
    rows: TableRows
    other: Event | None = None
    met: int | None = None


class Rows:
    """The rows of a declared table, by column; counts the events without any by their status."""

    def __init__(self, events: Sequence[Event], table: Table, schema: type[Schema]) -> None:
        self._events, self._table, self._schema = events, table, schema
        self.left_out: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Cells]:
        self.left_out.clear()
        kinds = self._table.rows
        meetings = {rows.meeting: _meetings(self._events, rows, self._schema) for rows in kinds if rows.meeting}
        course = self._schema.event_course
        for event in self._events:
            empty = True
            for rows in (rows for rows in kinds if _has(event, rows, self._schema)):
                for other, met in meetings[rows.meeting][event.id] if rows.meeting else ((None, None),):
                    cells = self._cells(_Told(event, rows, other, met))
                    if cells is not None:
                        empty = False
                        yield cells
            if empty:
                status = event.values.get(course.field) if course else None
                self.left_out[str(status.value) if status else "unknown"] += 1

    def _cells(self, told: _Told) -> Cells | None:
        """Return the cells of a row; None where one that it must have is empty."""
        cells: Cells = {}
        for column in self._table.columns:
            of = told.rows.of.get(column.name, column.of)
            values = (_value(told, one) for one in alternatives(of) if one)
            cells[column.name] = told.rows.text.get(column.name, next((one for one in values if one is not None), None))
            if column.required and cells[column.name] in (None, ""):
                return None
        return cells


def every_field(event: Event, schema: type[Schema], names: Mapping[str, str]) -> Cells:
    """Return an event as a row with all fields; `names` maps each field to its column."""
    days = sorted(source.published for source in event.sources if source.published)
    cells: Cells = {"id": event.id, "person": event.person}
    for name, spec in fields_of(schema).items():
        chosen = event.values.get(name)
        missing: list[Any] | None = [] if spec.many else None
        cells[names[name]] = missing if chosen is None else _cell(chosen.value)
    return cells | {
        "first_published": days[0] if days else None,
        "last_published": days[-1] if days else None,
        "articles": len(event.articles),
        "disagreements": len(event.disagreements),
        "disputed": _disputed(event),
        "sources": _sources(event),
        "formerly": list(event.formerly),
    }


def _cell(value: Any) -> Any:
    """Return a value as a cell can hold it; half a surrogate pair in a list is escaped, as it is in plain text."""
    if isinstance(value, list):
        return [_cell(one) for one in value]
    if isinstance(value, str):
        return plain(value)
    return value if isinstance(value, bool | int | float) else as_json(value)


def _has(event: Event, rows: TableRows, schema: type[Schema]) -> bool:
    course = schema.event_course
    status = event.values.get(course.field) if course else None
    if rows.status and (status is None or status.value not in rows.status):
        return False
    return not rows.told or any(step.value in rows.told for step in event.history)


def _value(told: _Told, of: str) -> Any:
    """Return what fills a cell; None if nothing does."""
    event = told.event
    if of.startswith("other."):
        return _value(told._replace(event=told.other, other=None), of.removeprefix("other.")) if told.other else None
    match of:
        case "@id":
            return event.id
        case "@row":
            return "-".join(filter(None, (event.id, told.rows.code, told.other.id if told.other else None)))
        case "@code":
            return told.rows.code
        case "@person":
            return event.person
        case "@articles":
            return list(event.articles)
        case "@sources":
            return _sources(event)
        case "@disputed":
            return _disputed(event)
        case "@told":
            wanted = told.rows.told or told.rows.status
            return next((day for step in event.history if step.value in wanted and (day := _day(step.published))), None)
        case "@met":
            return date.fromordinal(told.met).isoformat() if told.met else None
    name, _, end = of.partition(".")
    chosen = event.values.get(name)
    if chosen is None:
        return None
    if not end:
        return _cell(chosen.value)
    first, _, last = str(chosen.value).partition("/")
    return _day(first if end == "first" else last or first)


def _day(edtf: str | None) -> str | None:
    """Return a point in time that is a day of the calendar, and nothing else.

    >>> _day("2024-03-05"), _day("2024-03"), _day("XXXX-03-05"), _day("..")
    ('2024-03-05', None, None, None)
    """
    try:
        return date.fromisoformat(edtf or "").isoformat() if len(edtf or "") == len("2024-03-05") else None
    except ValueError:
        return None


def _disputed(event: Event) -> list[str]:
    return list(dict.fromkeys(one.field for one in event.disagreements))


def _sources(event: Event) -> list[str]:
    """Name each article once, by what finds it best."""
    named = {source.article: source.url or _cited(source.publisher, source.published) for source in event.sources}
    return [name or article for article, name in named.items()]


def _cited(publisher: str | None, published: str | None) -> str | None:
    return f"{publisher}, {published}" if publisher and published else None


def _meetings(
    events: Iterable[Event], rows: TableRows, schema: type[Schema]
) -> Mapping[str, Sequence[tuple[Event, int]]]:
    """Return whom each event meets, by its id, and the first day on which both are there."""
    actor = schema.event_actor
    assert actor  # noqa: S101 -- a table that asks for meetings was checked for one
    same = fields_of(schema)[actor.name].type.same
    there: defaultdict[tuple[tuple[str, ...], int], list[Event]] = defaultdict(list)
    dated = [(one, window) for one in events if _has(one, rows, schema) and (window := _window(one, schema))]
    for one, window in dated:
        for day in range(window.first, window.last + 1):
            there[_place(one, schema), day].append(one)
    found: defaultdict[str, dict[str, tuple[Event, int]]] = defaultdict(dict)
    for one, window in dated:
        named = one.values.get(str(rows.meeting))
        names = named.value if named and isinstance(named.value, list) else [named.value] if named else []
        for day in range(window.first, window.last + 1) if names else ():
            for other in there[_place(one, schema), day]:
                met = (same(name, other.values[actor.name].value) for name in names)
                if _foreign(one, other, actor.country) and any(met):
                    found[one.id].setdefault(other.id, (other, day))
                    found[other.id].setdefault(one.id, (one, day))
    return defaultdict(list, {own: [met[other] for other in sorted(met)] for own, met in found.items()})


def _window(event: Event, schema: type[Schema]) -> Window | None:
    """Return the days of an event, if it is told to the day and the year."""
    dated = (spec.name for spec in fields_of(schema).values() if spec.type.dated and spec.name in event.values)
    dates = next((str(event.values[name].value) for name in dated), "")
    return window_of(dates) if all(_day(one) for one in dates.split("/")) else None


def _place(event: Event, schema: type[Schema]) -> tuple[str, ...]:
    """Return the keys of an event, but for who it is about."""
    actor = schema.event_actor
    keys = (spec.name for spec in fields_of(schema).values() if spec.key and not (actor and spec.name == actor.name))
    return tuple(str(event.values[name].value) for name in keys if name in event.values)


def _foreign(one: Event, other: Event, country: str | None) -> bool:
    """Say whether two events are of different countries, both known."""
    mine, theirs = (event.values.get(country or "") for event in (one, other))
    return bool(mine and theirs and mine.value != theirs.value)
