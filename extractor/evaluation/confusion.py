"""Confusion: which allowed value a run gives where the label has which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractor.evaluation.articles import ScoredArticle
from extractor.evaluation.labels import has_value
from extractor.schema import FieldSpec, Schema, fields_of


@dataclass(frozen=True)
class Confusion:
    """A row of `table` for each of `values` that the labels have, a column for each that the run has.

    None among the values stands for a field that is not filled in.
    """

    values: tuple[str | None, ...]
    table: tuple[tuple[int, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Return values and table."""
        return {"values": list(self.values), "table": [list(row) for row in self.table]}

    def occurring(self) -> Confusion:
        """Leave out the values that neither side has."""
        places = range(len(self.values))
        kept = [i for i in places if any(self.table[i]) or any(self.table[j][i] for j in places)]
        return Confusion(
            tuple(self.values[i] for i in kept), tuple(tuple(self.table[i][j] for j in kept) for i in kept)
        )


def confusions(articles: Sequence[ScoredArticle], schema: type[Schema]) -> dict[str, Confusion]:
    """Return a table for each field of one value out of a few that the codebook allows, over the matched records."""
    return {
        name: confusion(spec, [(r.values.get(name), t.values.get(name)) for one in articles for r, t in one.pairs])
        for name, spec in fields_of(schema).items()
        if spec.type.values() and not spec.many
    }


def confusion(spec: FieldSpec, pairs: Sequence[tuple[Any, Any]]) -> Confusion:
    """Count pairs of a value and the labelled one; what the codebook does not allow comes last, before nothing."""
    allowed = [value for value, _ in spec.type.values()]
    found = Counter((_standard(spec, allowed, label), _standard(spec, allowed, value)) for value, label in pairs)
    known = {value for pair in found for value in pair if value is not None}
    values = (*allowed, *sorted(known - set(allowed)), None)
    return Confusion(values, tuple(tuple(found[row, column] for column in values) for row in values))


def _standard(spec: FieldSpec, allowed: Sequence[str], value: Any) -> str | None:
    if not has_value(value):
        return None
    return next((one for one in allowed if spec.type.same(one, value)), str(value))
