"""Tables that a schema declares for its events, in a file beside it: `visits.py` has `visits.tables.toml`."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import UsageError
from extractor.schema import Schema, fields_of, load, schemas_folder

DAY: Final = "ISO 8601, YYYY-MM-DD"
_LISTS: Final = frozenset({"@articles", "@sources", "@disputed"})
_DAYS: Final = frozenset({"@told", "@met"})
OWN: Final = frozenset({"@id", "@row", "@code", "@person"}) | _LISTS | _DAYS


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableColumn(_Declared):
    """A column. The first of what it is `of` that has a value fills it.

    That is a field, the first or last day of one (``dates.first``), or what the event itself knows (one of `OWN`).
    Rows without what is `required` are left out.
    """

    name: str = Field(min_length=1)
    about: str
    of: str | tuple[str, ...] = ()
    required: bool = False
    unique: bool = False


class TableRows(_Declared):
    """Rows of one kind, one for each event that has them.

    These are the events whose `status` is one of those, and those of which some article `told` so. Rows of a
    `meeting` are of two events of different countries on one day, with the same keys but for who it is about, one of
    which names the other in that field; ``other.`` are the fields of the other. `text` and `of` say what fills the
    columns in these rows alone.
    """

    code: str = ""
    status: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    meeting: str | None = None
    text: Mapping[str, str] = {}
    of: Mapping[str, str | tuple[str, ...]] = {}


class Table(_Declared):
    """A table of events in a form that a field of work knows."""

    about: str
    columns: tuple[TableColumn, ...] = Field(min_length=1)
    rows: tuple[TableRows, ...] = Field(min_length=1)


def tables_of(schema: type[Schema]) -> dict[str, Table]:
    """Return the tables that a schema declares, by name.

    Raises:
        UsageError: if what stands beside the schema declares none that can be filled.

    >>> list(tables_of(load("visits")))
    ['leaders', 'plover']
    """
    with suppress(TypeError, OSError):  # of a schema that is in no file
        path = Path(inspect.getfile(schema)).with_suffix(".tables.toml")
        if path.is_file():
            return _read(path, schema)
    return {}


def _read(path: Path, schema: type[Schema]) -> dict[str, Table]:
    try:
        declared = tomllib.loads(path.read_text("utf-8")).get(schema.__name__, {})
        if not isinstance(declared, dict):
            raise UsageError(f"{path}: {schema.__name__} is no table; write [{schema.__name__}.NAME].")
        tables = {name: Table.model_validate(content) for name, content in declared.items()}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the table"
        raise UsageError(
            f"{path}: {where}: {first['msg']}; docs/events-export.md tells what may stand there."
        ) from None
    for name, table in tables.items():
        for wrong in _unknown(table, schema):
            raise UsageError(f"{path}: {schema.__name__}.{name} asks for {wrong}; mend it or take it out.")
    return tables


def _unknown(table: Table, schema: type[Schema]) -> Iterator[str]:
    """Tell what a table asks for that is not there."""
    columns = [column.name for column in table.columns]
    yield from (f"two columns {name}" for name in sorted(set(columns)) if columns.count(name) > 1)
    for rows in table.rows:
        yield from (f"a column {name}, which it has not" for name in (*rows.text, *rows.of) if name not in columns)
        if (rows.status or rows.told) and schema.event_course is None:
            yield "a status, which the schema does not declare"
        if rows.meeting and (schema.event_actor is None or rows.meeting not in fields_of(schema)):
            yield f"a meeting by {rows.meeting}, which the schema does not tell"
    asked = (*(column.of for column in table.columns), *(one for rows in table.rows for one in rows.of.values()))
    for of in (one for many in asked for one in alternatives(many)):
        name = of.removeprefix("other.").removesuffix(".first").removesuffix(".last")
        if of and of not in OWN and name not in fields_of(schema):
            yield f"{of}, which is no field"


def alternatives(of: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return what may fill a cell, in the order in which it is tried."""
    return (of,) if isinstance(of, str) else of


def schema_called(name: str, given: str | type[Schema] | None, path: Path) -> type[Schema]:
    """Return the schema of the events at `path`, which is called `name`.

    Raises:
        UsageError: if it is not at hand, or if `given` is another.
    """
    if given is not None:
        schema = load(given)
        if schema.__name__ != name:
            raise UsageError(f"{path} holds events of the schema {name}, and not of {schema.__name__}; name that one.")
        return schema
    for file in sorted(schemas_folder().glob("*.py")):
        with suppress(UsageError):  # no schema of that name in this file
            return load(f"{file.stem}:{name}")
    raise UsageError(f"{path} holds events of the schema {name}, which is not at hand; name it with --schema.")


def form_of(table: Table, schema: type[Schema], column: str) -> tuple[str, Mapping[str, str], bool]:
    """Return the form of what a column holds, the values allowed there, and whether that is a list."""
    declared = next(one.of for one in table.columns if one.name == column)
    kinds = [declared, *(rows.of.get(column, ()) for rows in table.rows)]
    of = {one.removeprefix("other.") for many in kinds for one in alternatives(many) if one}
    if of & _LISTS:
        return "", {}, True
    if of and all(one in _DAYS or one.endswith((".first", ".last")) for one in of):
        return DAY, {}, False
    specs = [fields_of(schema).get(one) for one in of]
    forms = {spec.type.form if spec else "" for spec in specs}
    if len(forms) != 1 or specs[0] is None:
        return "", {}, False
    allowed = dict(specs[0].type.values()) if len(specs) == 1 else {}
    return ("one of the allowed values" if allowed else forms.pop()), allowed, specs[0].many
