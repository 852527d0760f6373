"""Resolve: records that tell of the same thing become one, and dates are read once all their words are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from extractor.article import Article, Span
from extractor.extraction.check import values
from extractor.extraction.records import Record
from extractor.fields import Found, View
from extractor.fields.date_phrases import lies_ahead
from extractor.fields.dates import sharper
from extractor.schema import FieldSpec, Schema, fields_of, tense_of
from extractor.sentences import sentences


def resolve(records: Iterable[Record], article: Article, schema: type[Schema]) -> list[Record]:
    """Merge the records of one article; the earlier passage, which leads, decides where two differ."""
    merged: list[Record] = []
    cut = sentences(article.text, article.boilerplate)
    for record in records:
        for i, known in enumerate(merged):
            if same_keys(known, record, schema) and same_record(known, record, schema):
                merged[i] = _merge(known, record, article, schema, cut)
                break
        else:
            merged.append(record)
    return merged


def same_keys(one: Record, other: Record, schema: type[Schema]) -> bool:
    """Say whether two records agree in every key field."""
    keys = [spec for spec in fields_of(schema).values() if spec.key]
    return all(
        one[spec.name] and other[spec.name] and spec.type.same(one[spec.name][0].value, other[spec.name][0].value)
        for spec in keys
    )


def same_record(one: Record, other: Record, schema: type[Schema]) -> bool:
    """Say whether two records with the same keys can tell of the same thing, by the schema's own rule."""
    return schema.same_record(_said(one, schema), _said(other, schema))


def _said(record: Record, schema: type[Schema]) -> dict[str, Any]:
    """Return the values that words carry; what a model only judged does not tell two records apart."""
    said = {name: tuple(f for f in found if f.verdict != "judged") for name, found in record.items()}
    return values(said, schema)


def _merge(one: Record, other: Record, article: Article, schema: type[Schema], cut: Sequence[Span]) -> Record:
    merged: Record = {}
    specs = fields_of(schema)
    for name, spec in specs.items():
        if spec.many:
            new = [f for f in other[name] if not any(spec.type.same(f.value, g.value) for g in one[name])]
            merged[name] = (*one[name], *new)
        else:
            merged[name] = other[name] if _prevails(other, one, spec, article, schema) else one[name]
    for name, spec in specs.items():
        if spec.type.dated and spec.of:
            first, second = (other, one) if _sharper(other[name], one[name]) else (one, other)
            merged[spec.of] = first[spec.of] or second[spec.of]
            merged[name] = _dated(spec, (first, second), merged, article, schema, cut)
    return merged


def _prevails(new: Record, known: Record, spec: FieldSpec, article: Article, schema: type[Schema]) -> bool:
    """Say whether a later passage decides a value: where only it has one, or says outright what the other does not.

    A prevailing value ("has arrived") wins too, over one that looks ahead, unless its day is still to come.
    """
    if not new[spec.name] or not known[spec.name]:
        return bool(new[spec.name])
    mine, other = new[spec.name][0], known[spec.name][0]
    if mine.verdict == "judged" or other.verdict == "judged":
        return mine.verdict != "judged"
    if mine.value not in schema.prevailing or spec.type.tense(other.value) != "future":
        return False
    words = [known[dated.of] for dated in fields_of(schema).values() if dated.type.dated and dated.of]
    return not any(lies_ahead(article, found.spans[0]) for many in words for found in many)


def _dated(
    spec: FieldSpec,
    pair: tuple[Record, Record],
    merged: Record,
    article: Article,
    schema: type[Schema],
    cut: Sequence[Span],
) -> tuple[Found, ...]:
    """Read the date from the words of both records, and what their sentences add to it ("the three-day visit").

    The status is that of both together by now, so that the date may look another way than either alone.
    """
    assert spec.of  # noqa: S101 -- the caller looked
    spans = [span for record in pair for field in (spec.of, spec.name) for f in record[field] for span in f.spans]
    words = Found(None, tuple(dict.fromkeys(spans)), "stated")
    tense = tense_of(schema, values(merged, schema))
    found: tuple[Found, ...] = ()
    for stretch in (*words.spans[:1], *_told_in(pair, fields_of(schema)[spec.of], schema, cut)):
        view = View(article, (stretch,), of=words, tense=tense, lead=spec.lead)
        found = tuple(spec.type.read(view)[:1])
        words = found[0] if found else words
    return found or pair[0][spec.name] or pair[1][spec.name]


def _told_in(pair: tuple[Record, Record], words: FieldSpec, schema: type[Schema], cut: Sequence[Span]) -> list[Span]:
    """Return the sentences that tell of what is dated: those that name it, and those on which a choice rests."""
    specs = fields_of(schema).values()
    names = [spec.name for spec in specs if spec.name == words.of or (spec.of == words.of and spec.type.values())]
    spans = [span for record in pair for name in names for found in record[name] for span in found.spans]
    return [sentence for sentence in cut if any(sentence.overlaps(span) for span in spans)]


def _sharper(one: tuple[Found, ...], other: tuple[Found, ...]) -> bool:
    """Say whether one record dates the thing better than the other: "on 3–4 June" than "next week" or nothing."""
    return bool(one) and (not other or sharper(one[0].value, other[0].value))
