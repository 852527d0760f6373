"""Align: which record of a run tells of which labelled one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from extractor.evaluation.labels import has_value, labelled_values
from extractor.evaluation.scientific import assignment
from extractor.schema import FieldSpec, Schema, fields_of

Values = Mapping[str, Any]
_TIE = 1e-6  # less than any difference between two shares of fields


class Alignment(NamedTuple):
    """The pairs of an article by their numbers; what is left of the run's records and of the labels.

    `repeated` are records whose label another record took; `spurious` fit no label at all. `excused` pairs
    have a label that is neither demanded nor punished, and such labels are never `missed`.
    """

    pairs: tuple[tuple[int, int], ...]
    excused: tuple[tuple[int, int], ...]
    repeated: tuple[int, ...]
    spurious: tuple[int, ...]
    missed: tuple[int, ...]


def align(records: Sequence[Values], labels: Sequence[Values], schema: type[Schema]) -> Alignment:
    """Match records with labels one to one, so that the matched ones agree in as many fields as they can.

    Two can match if they agree in every key field; of several trips of one traveller to one country, those
    that share dates, words and status belong together. In a tie a demanded label comes before a lenient one.

    >>> from extractor.schema import load
    >>> trip = {"visitor": "Olaf Scholz", "destination": "FRA", "dates": "2024-03-05"}
    >>> align([{"visitor": "Scholz", "destination": "France"}] * 2, [trip], load("visits"))
    Alignment(pairs=((0, 0),), excused=(), repeated=(1,), spurious=(), missed=())
    """
    weights = [[_weight(record, label, schema) for label in labels] for record in records]
    matched = _best(weights)
    demanded = [j for j, label in enumerate(labels) if not is_lenient(label, schema)]
    left = [i for i in range(len(records)) if i not in matched]
    return Alignment(
        pairs=tuple((i, j) for i, j in matched.items() if j in demanded),
        excused=tuple((i, j) for i, j in matched.items() if j not in demanded),
        repeated=tuple(i for i in left if any(weights[i])),
        spurious=tuple(i for i in left if not any(weights[i])),
        missed=tuple(j for j in demanded if j not in matched.values()),
    )


def align_labels(one: Sequence[Values], other: Sequence[Values], schema: type[Schema]) -> dict[int, int]:
    """Match the records of two labellers by their numbers, as `align` does, with neither as the measure."""
    return _best([[_share(a, b, schema) + _share(b, a, schema) for b in other] for a in one])


def _best(weights: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return the matching of the greatest total weight; a pair of weight 0 is none."""
    if not weights or not weights[0]:
        return {}
    return {i: j for i, j in assignment(weights) if weights[i][j]}


def _weight(record: Values, label: Values, schema: type[Schema]) -> float:
    """Return what a pair is worth: a little more where the label is demanded."""
    share = _share(record, label, schema)
    return share + _TIE if share and not is_lenient(label, schema) else share


def _share(record: Values, label: Values, schema: type[Schema]) -> float:
    """Return the share of the label's values that the record agrees with; 0 where a key differs."""
    specs = fields_of(schema)
    if not all(_same_key(spec, record.get(spec.name), label.get(spec.name)) for spec in specs.values() if spec.key):
        return 0.0
    names = labelled_values(label, schema)
    return sum(agreement(specs[name], record.get(name), label[name]) for name in names) / len(names)


def is_lenient(label: Values, schema: type[Schema]) -> bool:
    """Say whether a label is neither demanded nor punished."""
    return bool(schema.lenient and label.get(schema.lenient))


def _same_key(spec: FieldSpec, one: Any, other: Any) -> bool:
    return has_value(one) and has_value(other) and spec.type.same(one, other)


def agreement(spec: FieldSpec, value: Any, labelled: Any) -> float:
    """Return how far a value agrees with the labelled one: 0 or 1, or the F1 of two lists taken as sets."""
    if not has_value(value):
        return 0.0
    if not spec.many:
        return float(spec.type.same(value, labelled))
    return 2 * len(shared(spec, value, labelled)) / (len(value) + len(labelled))


def shared(spec: FieldSpec, values: Sequence[Any], labelled: Sequence[Any]) -> list[tuple[int, int]]:
    """Pair the elements of two lists that mean the same, each at most once, and as many as possible."""
    same = [[float(spec.type.same(value, label)) for label in labelled] for value in values]
    return sorted(_best(same).items())
