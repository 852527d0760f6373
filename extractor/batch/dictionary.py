"""The columns of an export: what each holds, how it is read off a record, and what a reader is told about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args

from extractor.article import Article
from extractor.batch.lines import words
from extractor.batch.provenance import Provenance, provenance
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction, Record
from extractor.fields import Found
from extractor.models.spec import ModelSpec
from extractor.schema import Schema, fields_of, load, schemas_folder

Kind = Literal["text", "boolean", "integer", "number"]

_FITTING: Mapping[Kind, tuple[type, ...]] = {"boolean": (bool,), "integer": (int,), "number": (int, float)}
_ANNOTATED: Mapping[Any, Kind] = {bool: "boolean", int: "integer", float: "number"}


class Row(NamedTuple):
    """A record, and where it comes from; `number` counts the records of its article, from 1."""

    article: Article
    number: int
    record: Record
    confidence: float | None


class Column(NamedTuple):
    """One column; `lists` is 0 for plain cells, 1 for lists, 2 for lists of lists."""

    name: str
    kind: Kind
    lists: int
    form: str
    description: str
    allowed: Mapping[str, str]
    read: Callable[[Row], Any]

    def cell(self, row: Row) -> Any:
        """Return what the column holds for a record: None, a plain value, or a list."""
        return _utf8(self.read(row))

    def entry(self) -> dict[str, str]:
        """Return its row of the data dictionary."""
        return {
            "name": self.name,
            "type": "list of " * self.lists + self.kind + (" (in CSV a JSON array)" if self.lists else ""),
            "form": self.form,
            "description": self.description,
            "allowed": json.dumps(self.allowed, ensure_ascii=False) if self.allowed else "",
        }


def _utf8(cell: Any) -> Any:
    r"""Write out half a surrogate pair, which is no text to any format, as ``\ud800``."""
    if isinstance(cell, list):
        return [_utf8(one) for one in cell]
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


class _Field(NamedTuple):
    """What is known about a field of the schema."""

    name: str
    many: bool
    kind: Kind
    form: str = ""
    description: str = ""
    allowed: Mapping[str, str] = {}


class _Part(NamedTuple):
    """One of the columns that tell what the values of a field rest on."""

    name: str
    kind: Kind
    lists: int
    form: str
    description: str
    allowed: Mapping[str, str]
    of: Callable[[Found, Article], Any]


_OFFSETS = "code points from the start of the text, from 0"
_VERDICTS = {
    "stated": "the words say it: they are the value, but for case, white space, quotes, dashes and titles",
    "derived": "a rule that the row names makes the value of the words",
    "judged": "the model chose among the allowed values, and no word of the passage says otherwise",
}
_ABOUT = (
    Column("article", "text", 0, "", "id of the article", {}, attrgetter("article.id")),
    Column("record", "integer", 0, "from 1", "number of the record in its article", {}, attrgetter("number")),
    Column("published", "text", 0, "EDTF (ISO 8601-2)", "day of publication", {}, attrgetter("article.published")),
    Column("publisher", "text", 0, "", "who published the article", {}, attrgetter("article.publisher")),
    Column("url", "text", 0, "", "where it was published", {}, attrgetter("article.url")),
    Column(
        "source",
        "text",
        0,
        "",
        "file, and place in it, that the article was read from",
        {},
        attrgetter("article.source"),
    ),
)
_CONFIDENCE = Column(
    "confidence", "number", 0, "0 to 1", "share of such records that were right where it was measured", {},
    attrgetter("confidence"),
)  # fmt: skip
_EVIDENCE = (
    _Part("words", "text", 0, "as written", "words that carry {}, with … between places", {},
          lambda one, article: words(one.spans, article.text)),
    _Part("start", "integer", 1, _OFFSETS, "where the words of {} start, for each place", {},
          lambda one, _: [span.start for span in sorted(one.spans)]),
    _Part("end", "integer", 1, _OFFSETS, "first code point behind the words of {}, for each place", {},
          lambda one, _: [span.end for span in sorted(one.spans)]),
    _Part("verdict", "text", 0, "one of the allowed values", "how the words support {}", _VERDICTS,
          lambda one, _: one.verdict),
    _Part("rule", "text", 0, "", "what makes {} of the words, where they do not state it", {}, lambda one, _: one.rule),
)  # fmt: skip


def columns(
    made: Provenance, schema: type[Schema] | None, extractions: Iterable[Extraction], *, evidence: bool
) -> list[Column]:
    """Return the columns for a run; `extractions` are looked through only if its schema is not at hand.

    The fields of the schema keep their names; another column that meets one gets a ``_`` behind its own.
    """
    taken: set[str] = set()

    def free(column: Column) -> Column:
        name = column.name
        while name.casefold() in taken:  # to a database, case does not tell names apart
            name += "_"
        taken.add(name.casefold())
        return column._replace(name=name)

    fields = described(schema) if schema else _observed(made.fields, extractions)
    values = [free(_value(field)) for field in fields]
    found = [free(column) for column in (*_ABOUT, *([_CONFIDENCE] if made.weights else []))]
    for field, value in zip(fields, values, strict=True):
        found.append(value)
        if evidence:
            found += [free(_rests_on(field, part)) for part in _EVIDENCE]
    return found


def _value(field: _Field) -> Column:
    """Return the column of a field's values in standard form."""
    name, many, kind, form, description, allowed = field
    return Column(name, kind, int(many), form, description, allowed, partial(_cell, field, partial(_plain, field)))


def _rests_on(field: _Field, part: _Part) -> Column:
    name, description = f"{field.name}_{part.name}", part.description.format(field.name)
    read = partial(_cell, field, part.of)
    return Column(name, part.kind, field.many + part.lists, part.form, description, part.allowed, read)


def _cell(field: _Field, of: Callable[[Found, Article], Any], row: Row) -> Any:
    """Return what `of` makes of a field's only value, or of each where the schema declares a list."""
    cells = [of(one, row.article) for one in row.record[field.name]]
    return cells if field.many else next(iter(cells), None)


def _plain(field: _Field, one: Found, article: Article) -> Any:
    if field.kind == "text":
        return one.value if isinstance(one.value, str) else json.dumps(one.value, ensure_ascii=False)
    if not _fits(one.value, field.kind):
        raise ExtractorError(
            f"{article.id}: {field.name} holds {one.value!r}, which is no {field.kind}; mend the schema's annotation, "
            "and until then leave --schema out."
        )
    return one.value


def schema_of(made: Provenance, schema: str | type[Schema] | None) -> tuple[type[Schema] | None, str | None]:
    """Return the schema that a run was made with, if it is at hand, and what a reader must know of it.

    Raises:
        UsageError: if the given `schema` has not the fields of the run.
    """
    if schema is None:
        found = next((one for one in _shipped(made.schema) if _lists(one) == made.fields), None)
        if found is None:
            return None, f"The dictionary has no descriptions: name the schema {made.schema} with --schema."
    else:
        found = load(schema)
        if _lists(found) != made.fields:
            raise UsageError(f"The run was made with the schema {made.schema}, and {schema} has other fields.")
    # The model has no part in the hash of the schema.
    if provenance(found, ModelSpec.parse("openai/any"), {}).schema_hash == made.schema_hash:
        return found, None
    return found, f"The schema {made.schema} has changed since the run; the dictionary tells what it says now."


def _shipped(name: str) -> Iterator[type[Schema]]:
    for path in sorted(schemas_folder().glob("*.py")):
        with suppress(UsageError):  # no schema of that name in this file
            yield load(f"{path.stem}:{name}")


def _lists(schema: type[Schema]) -> dict[str, bool]:
    return {name: spec.many for name, spec in fields_of(schema).items()}


def described(schema: type[Schema]) -> list[_Field]:
    """Read the fields off a schema."""
    fields = []
    for name, spec in fields_of(schema).items():
        kind = _ANNOTATED.get(_innermost(schema.model_fields[name].annotation), "text")
        allowed = dict(spec.type.values())
        form = "one of the allowed values" if allowed else spec.type.form
        fields.append(_Field(name, spec.many, kind, form, spec.description, allowed))
    return fields


def _innermost(annotation: Any) -> Any:
    """Return the type inside ``list[Annotated[bool, …]] | None``."""
    inside = [one for one in get_args(annotation) if one is not type(None)]
    return _innermost(inside[0]) if inside else annotation


def _observed(lists: Mapping[str, bool], extractions: Iterable[Extraction]) -> list[_Field]:
    """Tell the kinds of fields by their values."""
    kinds: dict[str, list[Kind]] = {}
    for extraction in extractions:
        for record in extraction.records:
            for name, found in record.items():
                for one in found:
                    kinds[name] = [kind for kind in kinds.get(name, _FITTING) if _fits(one.value, kind)]
    return [_Field(name, many, next(iter(kinds.get(name, [])), "text")) for name, many in lists.items()]


def _fits(value: object, kind: Kind) -> bool:
    whole = type(value) is not int or -(2**63) <= value < 2**63  # what the columns of databases hold
    return type(value) in _FITTING[kind] and whole
