"""Forms: what an answer must look like. Each question has its own, since each passage offers other values."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import TypeAdapter
from pydantic_core import CoreConfig, CoreSchema, SchemaValidator
from pydantic_core import core_schema as core


class _Part(NamedTuple):
    """A part of a form: the JSON schema that a model is shown, and what checks its answer."""

    shown: dict[str, Any]
    check: CoreSchema


class Form:
    """What an answer must look like: fields by name, each given by its annotation. The values are a dictionary.

    To the byte, the JSON schema is that of a pydantic model with these fields. To make such a class for each question
    takes longer than all else that is done for it, hence this.

    >>> form = Form.of("Correction", {"town": Literal["Lima", "Oslo"]})
    >>> form.model_json_schema()["properties"]
    {'town': {'enum': ['Lima', 'Oslo'], 'title': 'Town', 'type': 'string'}}
    >>> form.model_validate_json('{"town": "Oslo"}')
    {'town': 'Oslo'}
    """

    def __init__(self, name: str, whole: _Part) -> None:
        self._shown = whole.shown
        self._validator = SchemaValidator(whole.check, CoreConfig(title=name))

    @classmethod
    def of(cls, name: str, fields: Mapping[str, Any]) -> Form:
        """Ask for each of these fields, and for no other."""
        return cls(name, _object(name, fields))

    @classmethod
    def of_records(cls, fields: Mapping[str, Any], *, least: int, most: int) -> Form:
        """Ask for records with these fields.

        A decoder that keeps to the schema gives at least so many; an answer with none is still a valid one.
        """
        record = _object("Record", fields)
        items = {"items": {"$ref": "#/$defs/Record"}, "maxItems": most, "minItems": least}
        records = core.typed_dict_field(core.list_schema(record.check, max_length=most))
        shown = {
            "$defs": {"Record": record.shown},
            "properties": {"records": items | {"title": "Records", "type": "array"}},
            "required": ["records"],
            "title": "Answer",
            "type": "object",
        }
        return cls("Answer", _Part(shown, core.typed_dict_schema({"records": records})))

    def model_json_schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return self._shown

    def model_validate_json(self, json_data: str | bytes | bytearray, *, context: Any = None) -> dict[str, Any]:
        """Return the values of an answer. Raises `pydantic.ValidationError` if it does not fit."""
        values: dict[str, Any] = self._validator.validate_json(json_data, context=context)
        return values


def _object(name: str, fields: Mapping[str, Any]) -> _Part:
    parts = {field: _part(annotation) for field, annotation in fields.items()}
    titled = {field: part.shown | {"title": field.title().replace("_", " ").strip()} for field, part in parts.items()}
    shown = {
        "additionalProperties": False,
        "properties": {field: dict(sorted(one.items())) for field, one in titled.items()},
        "required": list(fields),
        "title": name,
        "type": "object",
    }
    checks = {field: core.typed_dict_field(part.check) for field, part in parts.items()}
    return _Part(shown, core.typed_dict_schema(checks, extra_behavior="forbid"))


def _part(annotation: Any) -> _Part:
    """Take what field types make of the offers of a passage; pydantic knows all other annotations."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal and all(type(value) is str for value in args):
        offered = {"enum": list(args)} if len(args) > 1 else {"const": args[0]}
        return _Part(offered | {"type": "string"}, core.literal_schema(list(args)))
    if origin is list:
        item = _part(*args)
        return _Part({"items": item.shown, "type": "array"}, core.list_schema(item.check))
    if origin in (Union, UnionType) and len(args) == 2 and args[1] is type(None):
        value = _part(args[0])
        return _Part({"anyOf": [value.shown, {"type": "null"}]}, core.nullable_schema(value.check))
    adapter = TypeAdapter(annotation)
    return _Part(adapter.json_schema(), adapter.core_schema)
