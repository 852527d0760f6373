"""Schemas: pydantic models of one kind of record, written with grounded field types."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType, UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from extractor.errors import UsageError
from extractor.fields.base import FieldType, Tense
from extractor.fields.choice import Choice, ChoiceType
from extractor.fields.dates import clash


@dataclass(frozen=True)
class Mark:
    """What a schema says about a field beyond its type; made by `field`."""

    key: bool = False
    of: str | None = None
    asked: bool = True
    lead: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    onward: bool = False
    unlike: str | None = None
    by: str | None = None


def field(
    description: str,
    *,
    key: bool = False,
    of: str | None = None,
    asked: bool = True,
    lead: tuple[str, ...] = (),
    does: tuple[str, ...] = (),
    onward: bool = False,
    unlike: str | None = None,
    by: str | None = None,
) -> Any:
    """Declare a field of a schema.

    `description` is what the codebook says of it. `key` fields tell one record from another. `of` names the field
    that the value belongs to: the dates *of* the words, the country *of* the traveller. A field that is not
    `asked`, or whose `lead` words introduce it ("at the invitation of …"), is read off the text without the model.
    `does` gives the words of a deed whose agent (a person) or goal (a country) the value must be. Both are regular
    expressions. A field that goes `onward` is read off the sentences too that go on about the same record. `unlike`
    names the field whose value this one never has, to decide where the words leave it open; `by` the field of who
    does what the value tells of, whose doings others must not date.
    """
    # pydantic keeps what it does not know under this name untouched, though its types promise JSON alone.
    mark = Mark(key=key, of=of, asked=asked and not lead, lead=lead, does=does, onward=onward, unlike=unlike, by=by)
    if key:
        return Field(description=description, json_schema_extra={"mark": mark})  # type: ignore[dict-item]
    return Field(default=None, description=description, json_schema_extra={"mark": mark})  # type: ignore[dict-item]


@dataclass(frozen=True)
class FieldSpec:
    """A field of a schema, as the steps see it."""

    name: str
    type: FieldType
    description: str
    many: bool
    optional: bool
    key: bool
    of: str | None
    asked: bool
    lead: tuple[str, ...]
    does: tuple[str, ...]
    onward: bool
    unlike: str | None
    by: str | None


@dataclass(frozen=True)
class Course:
    """How a happening goes on: `field` is the choice that tells how far it has come.

    `order` lists the values of that choice from the first to the last, `ends` those after which nothing follows.
    """

    field: str
    order: tuple[str, ...]
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Who it is about: the fields of the name, of the country, which tells namesakes apart, and of the office."""

    name: str
    country: str | None = None
    office: str | None = None


@dataclass(frozen=True)
class Example:
    """A worked example: a passage, and the answer that a labeller would give for it."""

    passage: str
    records: tuple[Mapping[str, Any], ...]


class Schema(BaseModel):
    """Base class of schemas. The docstring of a subclass opens its codebook.

    `unit` is the plural by which labels and tables call the records. `cues` are regular expressions of the
    words that a sentence must hold to tell of a record; without any, the whole article is read at once.
    `rules` are what a labeller must know besides, `examples` are worked ones. Where passages of one record differ,
    what words say beats what was judged, and of two such the first decides; a later one prevails with a value in
    `prevailing` over one that looks ahead, unless its day is still to come. A label whose field `lenient` is true is
    neither demanded nor punished by the evaluation. `weights` make a record's confidence of its `signs` (see
    `confidence`); records below `least_confidence` are rejected unless a run says otherwise.
    `event_course` and `event_actor` tell how records of several articles become one event.
    """

    model_config = ConfigDict(extra="forbid")

    unit: ClassVar[str] = "records"
    cues: ClassVar[tuple[str, ...]] = ()
    rules: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = ()
    prevailing: ClassVar[tuple[str, ...]] = ()
    lenient: ClassVar[str | None] = None
    weights: ClassVar[Mapping[str, float]] = {}
    least_confidence: ClassVar[float] = 0.0
    event_course: ClassVar[Course | None] = None
    event_actor: ClassVar[Actor | None] = None

    @classmethod
    def same_record(cls, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Say whether two sets of values with the same key tell of one record; dates must not clash."""
        return not any(
            one.get(spec.name) and other.get(spec.name) and clash(one[spec.name], other[spec.name])
            for spec in fields_of(cls).values()
            if spec.type.dated
        )


@lru_cache(maxsize=32)
def fields_of(schema: type[Schema]) -> Mapping[str, FieldSpec]:
    """Return the fields of a schema by name, in the order in which it declares them."""
    return {name: _spec(schema, name, info) for name, info in schema.model_fields.items()}


def _spec(schema: type[Schema], name: str, info: FieldInfo) -> FieldSpec:
    if name == "confidence":
        raise UsageError(f"{schema.__name__}.confidence needs another name; rows call a record's own confidence so.")
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    mark = extra.get("mark", Mark())
    if not isinstance(mark, Mark) or not info.description:
        raise UsageError(f"{schema.__name__}.{name} has no description; declare it with field('what it is').")
    field_type, many, optional = _read_annotation(info)
    if field_type is None:
        raise UsageError(
            f"{schema.__name__}.{name} has no field type; annotate it with Quoted, Person, Country, When, a Choice, "
            "or Annotated[str, YourFieldType()]."
        )
    return FieldSpec(
        name, field_type, info.description, many, optional or not info.is_required(),
        mark.key, mark.of, mark.asked and not field_type.cued, mark.lead, mark.does, mark.onward, mark.unlike, mark.by,
    )  # fmt: skip


def _read_annotation(info: FieldInfo) -> tuple[FieldType | None, bool, bool]:
    """Unwrap ``Person``, ``Person | None`` and ``list[Person]``."""
    for metadata in info.metadata:
        if isinstance(metadata, FieldType):
            return metadata, False, False
    return _unwrap(info.annotation)


def _unwrap(annotation: Any) -> tuple[FieldType | None, bool, bool]:
    origin = get_origin(annotation)
    if origin is Annotated:
        found = next((m for m in annotation.__metadata__ if isinstance(m, FieldType)), None)
        return found, False, False
    if origin in (Union, UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        found, many, _ = _unwrap(inner[0]) if len(inner) == 1 else (None, False, False)
        return found, many, True
    if origin is list:
        found, _, _ = _unwrap(get_args(annotation)[0])
        return found, True, True
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        return ChoiceType(annotation), False, False
    return None, False, False


def tense_of(schema: type[Schema], values: Mapping[str, Any]) -> Tense | None:
    """Return which way the dates of a record look, by the first of its choices that says so."""
    for spec in fields_of(schema).values():
        if isinstance(values.get(spec.name), str) and (tense := spec.type.tense(values[spec.name])):
            return tense
    return None


def load(name: str | type[Schema]) -> type[Schema]:
    """Load a schema by name ("visits"), by path ("my_schema.py", "my_schema.py:Recipe"), or as it is.

    Raises:
        UsageError: if there is none, if it does not import, or if the file holds several and none is named.
    """
    if isinstance(name, type):
        return name
    path_text, _, wanted = name.partition(":") if not re.match(r"^[A-Za-z]:\\", name) else (name, "", "")
    path = Path(path_text) if path_text.endswith(".py") else schemas_folder() / f"{path_text}.py"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in schemas_folder().glob("*.py")))
        raise UsageError(f"No schema {name!r}; give one of {known}, or a path such as my_schema.py:Recipe.")
    found = {
        key: value
        for key, value in vars(_import(path)).items()
        if isinstance(value, type) and issubclass(value, Schema) and value is not Schema and value.model_fields
    }
    if wanted and wanted not in found:
        raise UsageError(f"{path} has no schema {wanted!r}; it has {', '.join(found) or 'none'}.")
    if not wanted and len(found) != 1:
        one = next(iter(found), "Recipe")
        raise UsageError(f"{path} holds {len(found)} schemas; name one, as in {path.name}:{one}.")
    schema = found[wanted] if wanted else next(iter(found.values()))
    fields_of(schema)
    return schema


def schemas_folder() -> Path:
    """Return the folder of the schemas that come with the package, in a wheel or a checkout."""
    return _shipped("schemas")


def _shipped(folder: str) -> Path:
    inside = Path(__file__).parent / folder
    return inside if inside.is_dir() else Path(__file__).parent.parent / folder


def _import(path: Path) -> ModuleType:
    """Import a schema file under a name of its own, whatever else is called so."""
    mark = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]  # two files of one name do not collide
    spec = importlib.util.spec_from_file_location(f"extractor_schema_{path.stem}_{mark}", path)
    assert spec  # noqa: S101 -- a .py file always has a spec and a loader
    assert spec.loader  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"The schema {path} does not import: {type(error).__name__}: {error}.") from error
    return module
