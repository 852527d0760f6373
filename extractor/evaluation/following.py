"""Following: whether the records of an altered copy are those that it tells, or still those of the original."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from extractor.article import Article
from extractor.evaluation.align import Values, agreement, align
from extractor.evaluation.counterfactuals import Copy
from extractor.evaluation.labels import Label, has_value
from extractor.schema import FieldSpec, Schema, fields_of

Outcome = Literal["followed", "kept", "lost"]


@dataclass(frozen=True)
class Case:
    """What became of one record in one copy.

    It `followed` if the copy yields what it tells, is `kept` if it still says what only the original does, and is
    `lost` if it says neither. `expected` holds the values that decide, `found` those that were there instead or
    None where there was no such record.
    """

    probe: str
    article: str
    copy: str
    record: Mapping[str, Any]
    expected: Mapping[str, Any]
    found: Mapping[str, Any] | None
    outcome: Outcome


def followed(
    probe: str, copy: Copy, records: Sequence[Label], found: Sequence[Values], schema: type[Schema]
) -> Iterator[Case]:
    """Judge the records that the copy of an article tells otherwise; what stays as it was is no case."""
    specs = fields_of(schema)
    old = [record.values for record in records]
    new = [copy.expected(number, record, schema) for number, record in enumerate(records)]
    matched = matches(found, new, schema)
    for number in sorted(set(range(len(records))) - copy.doubtful):
        one = matched.get(number)
        wanted = {
            name: value
            for name, value in new[number].items()
            if _decides(specs[name], schema) and agreement(specs[name], old[number].get(name), value) < 1
        }
        if not wanted:
            continue
        stale = one is None and any(_has(other, _keys(old[number], schema), schema) for other in found)
        there = None if one is None else {name: one.get(name) for name in wanted}
        wrong = [name for name in there or () if not _has(there or {}, {name: wanted[name]}, schema)]
        stale = stale or any(_has(there or {}, {name: old[number].get(name)}, schema) for name in wrong)
        outcome: Outcome = "kept" if stale else "lost" if there is None or wrong else "followed"
        yield _case(probe, copy, old[number], wanted, there, outcome, schema)


def vanished(
    probe: str, copy: Copy, records: Sequence[Label], found: Sequence[Values], schema: type[Schema]
) -> Iterator[Case]:
    """Judge the records whose sentences were removed: they must be gone, and no other with them."""
    old = [record.values for record in records]
    matched = matches(found, old, schema)
    stay = set(range(len(records))) - copy.gone - copy.doubtful
    for number in copy.gone:
        one = matched.get(number)
        outcome: Outcome = "kept" if one is not None else "followed" if stay <= set(matched) else "lost"
        there = None if one is None else _keys(one, schema)
        yield _case(probe, copy, old[number], {}, there, outcome, schema)


def unchanged(
    probe: str, article: Article, old: Sequence[Values], found: Sequence[Values], schema: type[Schema]
) -> Iterator[Case]:
    """Judge what another codebook made of an article: each record must be there, with all that a model was asked."""
    specs = [spec for spec in fields_of(schema).values() if spec.asked and _decides(spec, schema)]
    matched = matches(found, old, schema)
    for number, record in enumerate(old):
        one = matched.get(number)
        wanted = {spec.name: record[spec.name] for spec in specs if has_value(record.get(spec.name))}
        there = None if one is None else {name: one.get(name) for name in wanted}
        outcome: Outcome = "followed" if one is not None and _has(one, wanted, schema) else "lost"
        copy = f"{article.id}.{probe}"
        yield Case(probe, article.id, copy, _keys(record, schema), wanted, there, outcome)


def matches(found: Sequence[Values], wanted: Sequence[Values], schema: type[Schema]) -> dict[int, Values]:
    """Return for each wanted record, by its number, the one that was found for it."""
    alignment = align(found, wanted, schema)
    return {j: found[i] for i, j in (*alignment.pairs, *alignment.excused)}


def _decides(spec: FieldSpec, schema: type[Schema]) -> bool:
    """Say whether a value tells two records apart: who, where, when and what is judged, not how it is put."""
    return spec.key or (spec.type.group != "worded" and spec.name != schema.lenient)


def _has(record: Values, wanted: Values, schema: type[Schema]) -> bool:
    specs = fields_of(schema)
    return all(agreement(specs[name], record.get(name), value) == 1 for name, value in wanted.items())


def _keys(values: Values, schema: type[Schema]) -> dict[str, Any]:
    return {spec.name: values.get(spec.name) for spec in fields_of(schema).values() if spec.key}


def _case(
    probe: str, copy: Copy, old: Values, wanted: Values, there: Values | None, outcome: Outcome, schema: type[Schema]
) -> Case:
    return Case(probe, copy.original.id, copy.article.id, _keys(old, schema), wanted, there, outcome)
