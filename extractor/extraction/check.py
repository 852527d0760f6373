"""Check: every value is held against the words of the article. No model, no network, nothing fuzzy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from extractor.article import AT_HAND, Article, Span
from extractor.extraction.passages import onward
from extractor.extraction.records import Candidate, Complaint, Record
from extractor.fields import Found, View
from extractor.schema import FieldSpec, Schema, fields_of, tense_of


class Checked(NamedTuple):
    """What of a candidate stands, what does not and why, and what the words of the passage overruled."""

    record: Record
    complaints: list[Complaint]
    overruled: list[Complaint]


def check(candidate: Candidate, article: Article, schema: type[Schema], *, further: bool = True) -> Checked:
    """Locate each value of a candidate in its passage, read off what the words decide, apply the schema's rules.

    The model's values come first, since others belong to them (dates to words, a country to a traveller).
    A value that its words do not carry is left out of the record and complained about. Without `further`, so are the
    fields that may be read beyond the passage: no record stands or falls with them.
    """
    record: Record = {}
    complaints: list[Complaint] = []
    overruled: list[Complaint] = []
    specs = fields_of(schema)
    for spec in in_order(schema):
        if spec.onward and not further:
            record[spec.name] = ()
            continue
        view = _view(spec, candidate, article, schema, record)
        said = candidate.values.get(spec.name)
        read = spec.type.read(view)
        if read or said in (None, []):
            record[spec.name] = tuple(read if spec.many else read[:1])
            overruled += _overruled(spec, said, record[spec.name])
            continue
        record[spec.name] = ()
        for value in said if spec.many else [said]:
            if found := spec.type.locate(value, view):
                record[spec.name] += (_with_own(found, candidate.evidence.get(spec.name, ())),)
            else:
                complaints.append(Complaint(spec.name, value, f"the passage does not carry {spec.name} “{value}”"))
    complaints += _rules(record, candidate, article, schema, complaints)
    return Checked({name: record[name] for name in specs}, complaints, overruled)


def _with_own(found: Found, own: tuple[Span, ...]) -> Found:
    """Add the other words that a labeller marked for the value: "on Sunday" and "a four-day visit" date it together."""
    return found._replace(spans=found.spans + tuple(s for s in own if not any(s.overlaps(f) for f in found.spans)))


def _overruled(spec: FieldSpec, said: Any, read: tuple[Found, ...]) -> list[Complaint]:
    """Tell which values a candidate gave for a field that the words of the passage decide otherwise."""
    return [
        Complaint(spec.name, value, f"the passage says {', '.join(str(found.value) for found in read)}")
        for value in (said if isinstance(said, list) else [said])
        if value is not None and not any(spec.type.same(value, found.value) for found in read)
    ]


@lru_cache(maxsize=32)
def in_order(schema: type[Schema]) -> tuple[FieldSpec, ...]:
    """Sort the fields so that each comes after the one that it belongs to, and dates after what sets the tense."""
    specs = fields_of(schema)

    def depth(spec: FieldSpec) -> int:
        return max((1 + depth(specs[name]) for name in (spec.of, spec.unlike, spec.by) if name), default=0)

    return tuple(sorted(specs.values(), key=lambda spec: (not spec.asked, spec.type.dated, depth(spec))))


def _view(spec: FieldSpec, candidate: Candidate, article: Article, schema: type[Schema], record: Record) -> View:
    owner = record.get(spec.of or "", ())
    tense = tense_of(schema, values(record, schema))
    where = candidate.evidence.get(spec.name, candidate.where)
    goes_on = where and spec.onward and spec.name not in candidate.evidence
    further = _further(article, where[0], schema, _key_values(record, schema)) if goes_on else ()
    other, agent = record.get(spec.unlike or "", ()), record.get(spec.by or "", ())
    return View(
        article,
        where,
        owner[0] if owner else None,
        tense,
        spec.lead,
        spec.does,
        further,
        other[0].value if other else None,
        agent[0] if agent else None,
    )


def _key_values(record: Record, schema: type[Schema]) -> tuple[Any, ...]:
    keys = (spec.name for spec in fields_of(schema).values() if spec.key)
    return tuple(record[name][0].value if record[name] else None for name in keys)


@lru_cache(maxsize=AT_HAND)
def _further(article: Article, passage: Span, schema: type[Schema], keys: tuple[Any, ...]) -> tuple[Span, ...]:
    """Return the sentences behind a passage that go on about the record with these key values."""
    types = [spec.type for spec in fields_of(schema).values() if spec.key]

    def told(sentence: Span) -> list[bool | None]:
        """Say for each key value whether a sentence tells of it; a value that is missing is never told of."""
        pairs = zip(types, keys, strict=True)
        return [False if value is None else kind.told(value, article, sentence) for kind, value in pairs]

    return tuple(onward(article, passage, told))


def _rules(
    record: Record, candidate: Candidate, article: Article, schema: type[Schema], complaints: list[Complaint]
) -> list[Complaint]:
    """Let the schema's own validators judge the values in standard form."""
    known = {complaint.field for complaint in complaints}
    try:
        schema.model_validate(values(record, schema), context={"record": record, "article": article})
    except ValidationError as error:
        return [
            Complaint(name, candidate.values.get(name, e["input"]), _reason(e))
            for e in error.errors()
            if (name := str(e["loc"][0]) if e["loc"] else "record") not in known
        ]
    return []


def _reason(error: Any) -> str:
    if error["type"] == "missing":
        return f"the passage gives no {error['loc'][0]}"
    return str(error["msg"]).removeprefix("Value error, ")


def values(record: Record, schema: type[Schema]) -> dict[str, Any]:
    """Return a record's values in standard form, without evidence; what it does not have is left out."""
    specs = fields_of(schema)
    return {
        name: [found.value for found in many] if specs[name].many else many[0].value
        for name, many in record.items()
        if many
    }
