"""Drafts: the records of one article while a labeller works on them, and whether they can be a label yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.article import Span
from extractor.evaluation.labels import has_value
from extractor.schema import Schema


class Plain(BaseModel):
    """Base of what goes to the page or comes from it: it has no other fields, and does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Version(Plain):
    """What one of two labellers gave for a field."""

    by: str
    value: Any = None
    evidence: tuple[Span, ...] = ()


class Draft(Plain):
    """A record in a labeller's hands.

    It is `settled` once the labeller accepted or added it. `undecided` are the fields of which two labellers gave
    different versions, and `only` names the one who has the record at all.
    """

    values: dict[str, Any] = {}
    evidence: dict[str, tuple[Span, ...]] = {}
    settled: bool = False
    undecided: dict[str, tuple[Version, Version]] = {}
    only: str | None = None


class Document(Plain):
    """The label of an article in the making. An article that is done may have no record: that is a label too."""

    id: str
    records: tuple[Draft, ...] = ()
    note: str = ""
    done: bool = False


def proposed(values: Mapping[str, Any], evidence: Mapping[str, Sequence[Span]]) -> Draft:
    """Put a record of the model before the labeller."""
    kept = {name: value for name, value in values.items() if has_value(value)}
    marks = {name: tuple(sorted(set(evidence.get(name, ())))) for name in kept if evidence.get(name)}
    return Draft(values=kept, evidence=marks)


def with_value(draft: Draft, name: str, value: Any, evidence: Sequence[Span]) -> Draft:
    """Return the record with another value of a field; evidence of no value is none."""
    values = {key: one for key, one in draft.values.items() if key != name}
    marks = {key: spans for key, spans in draft.evidence.items() if key != name}
    if has_value(value) or value is False:
        values[name] = value
    if has_value(value) and evidence:
        marks[name] = tuple(sorted(set(evidence)))
    undecided = {key: versions for key, versions in draft.undecided.items() if key != name}
    return draft.model_copy(update={"values": values, "evidence": marks, "undecided": undecided})


def problems(draft: Draft, schema: type[Schema]) -> dict[str, str]:
    """Return by field why a record cannot be a label yet, in the words of the schema."""
    found: dict[str, str] = {}
    try:
        schema.model_validate(draft.values)
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0]) if one["loc"] else "record"
            reason = "is needed" if one["type"] == "missing" else one["msg"].removeprefix("Value error, ")
            found.setdefault(name, reason)
    for name, versions in draft.undecided.items():
        found[name] = " and ".join(f"{one.by} gave {_told(one)}" for one in versions) + "; choose or write one"
    return found


def stands(draft: Draft, schema: type[Schema]) -> bool:
    """Say whether a record is part of the label: somebody took it as right, and the schema allows it."""
    return draft.settled and not problems(draft, schema)


def _told(version: Version) -> str:
    value = version.value
    return (", ".join(value) if isinstance(value, list) else str(value)) if has_value(value) else "nothing"
