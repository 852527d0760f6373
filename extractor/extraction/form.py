"""The form that a model fills in for a passage: what it may answer, and nothing else."""

from __future__ import annotations

from itertools import islice, product
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model

from extractor.article import Article, Span
from extractor.extraction.check import check
from extractor.extraction.records import Candidate
from extractor.fields import View
from extractor.schema import FieldSpec, Schema, fields_of

RECORDS = 4  # of one passage; without a bound a small model repeats itself for ever
_COMBINATIONS = 64  # of key values that are tried


def form(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> type[BaseModel] | None:
    """Build the form of a passage; None where it offers nothing for a key field.

    Where all key fields are choices among what the passage offers, only values are offered that some combination
    needs which the check would let stand. What the words of the passage decide is not asked for: each token of an
    answer costs as much as several of a prompt.
    """
    keys: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for spec in fields_of(schema).values():
        if not spec.asked or (not spec.key and spec.type.read(View(article, where, lead=spec.lead))):
            continue
        offer = offers(spec, article, where)
        if offer is None and spec.key:
            return None
        if spec.key:
            keys[spec.name] = offer
        elif offer is not None:
            others[spec.name] = (offer | None if spec.optional and not spec.many else offer, ...)
    most = RECORDS
    if all(get_origin(offer) is Literal for offer in keys.values()):
        standing = _standing(keys, article, schema, where)
        keys = {name: Literal[tuple(dict.fromkeys(pair[name] for pair in standing))] for name in keys}
        most = min(RECORDS, len(standing))
    if not most:
        return None
    fields = {name: (offer, ...) for name, offer in keys.items()} | others
    record = create_model("Record", __config__=ConfigDict(extra="forbid"), **fields)
    return create_model("Answer", records=(list[record], Field(max_length=most)))  # type: ignore[valid-type]


def _standing(
    keys: dict[str, Any], article: Article, schema: type[Schema], where: tuple[Span, ...]
) -> list[dict[str, Any]]:
    """Combine the offers for the key fields, and keep what the check has no complaint about."""
    combined = islice(product(*(get_args(offer) for offer in keys.values())), _COMBINATIONS)
    candidates = (Candidate(dict(zip(keys, values, strict=True)), where) for values in combined)
    return [
        dict(candidate.values)
        for candidate in candidates
        if not any(complaint.field in keys for complaint in check(candidate, article, schema).complaints)
    ]


def choices(offer: Any) -> tuple[Any, ...]:
    """Return the values that an offer enumerates; none where it asks for text."""
    return get_args(offer) if get_origin(offer) is Literal else ()


def offers(spec: FieldSpec, article: Article, where: tuple[Span, ...], refused: tuple[Any, ...] = ()) -> Any:
    """Return the annotation of a field in a form: what the passage offers for it, but for what was refused."""
    offer = spec.type.ask(View(article, where, lead=spec.lead, does=spec.does))
    if get_origin(offer) is Literal:
        left = tuple(value for value in get_args(offer) if value not in refused)
        offer = Literal[left] if left else None
    return list[offer] if offer is not None and spec.many else offer  # type: ignore[valid-type]
