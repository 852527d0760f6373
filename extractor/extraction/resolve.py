"""Resolve: records that tell of the same thing become one, and dates are read once all their words are known."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.article import Article
from extractor.extraction.check import values
from extractor.extraction.records import Record
from extractor.fields import Found, View
from extractor.fields.dates import sharper
from extractor.schema import Schema, fields_of, tense_of


def resolve(records: Iterable[Record], article: Article, schema: type[Schema]) -> list[Record]:
    """Merge the records of one article; the earlier passage, which leads, decides where two differ."""
    merged: list[Record] = []
    for record in records:
        for i, known in enumerate(merged):
            if _same(known, record, schema):
                merged[i] = _merge(known, record, article, schema)
                break
        else:
            merged.append(record)
    return merged


def _same(one: Record, other: Record, schema: type[Schema]) -> bool:
    keys = [spec for spec in fields_of(schema).values() if spec.key]
    return all(
        one[spec.name] and other[spec.name] and spec.type.same(one[spec.name][0].value, other[spec.name][0].value)
        for spec in keys
    ) and schema.same_record(values(one, schema), values(other, schema))


def _merge(one: Record, other: Record, article: Article, schema: type[Schema]) -> Record:
    merged: Record = {}
    specs = fields_of(schema)
    for name, spec in specs.items():
        if spec.many:
            new = [f for f in other[name] if not any(spec.type.same(f.value, g.value) for g in one[name])]
            merged[name] = (*one[name], *new)
        else:
            prevails = other[name] and other[name][0].value in schema.prevailing
            merged[name] = other[name] if prevails or not one[name] else one[name]
    for name, spec in specs.items():
        if spec.type.dated and spec.of:
            first, second = (other, one) if _sharper(other[name], one[name]) else (one, other)
            merged[spec.of] = first[spec.of] or second[spec.of]
            spans = tuple(s for record in (first, second) for found in record[spec.of] for s in found.spans)
            words = Found(None, spans, "stated")
            view = View(article, words.spans, of=words, tense=tense_of(schema, values(merged, schema)))
            merged[name] = tuple(spec.type.read(view)[:1]) or first[name] or second[name]
    return merged


def _sharper(one: tuple[Found, ...], other: tuple[Found, ...]) -> bool:
    """Say whether one record dates the thing better than the other: "on 3–4 June" than "next week"."""
    return bool(one and other) and sharper(one[0].value, other[0].value)
