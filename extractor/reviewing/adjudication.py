"""Adjudication: what two labellers who worked apart gave for an article, brought together where they agree. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extractor.article import Span
from extractor.evaluation.align import agreement, align
from extractor.evaluation.labels import Label, has_value
from extractor.reviewing.drafts import Draft, Version
from extractor.schema import FieldSpec, Schema, fields_of


class Difference(NamedTuple):
    """What two labellers gave for a field of a record, by its number; without a field, who alone has the record."""

    record: int
    field: str | None
    said: tuple[Version, ...]


def adjudicate(
    one: Sequence[Label], other: Sequence[Label], names: tuple[str, str], schema: type[Schema]
) -> list[Draft]:
    """Bring the labels of two people together: a record for each pair, and for each that only one has.

    The records are in the order of the first labeller; those that only the second has come last. What both agree on is
    settled. A field of which they gave different values is undecided and stays empty; so is one whose words they marked
    in different places. Where the marks overlap, the longer ones are taken.

    >>> from extractor.schema import load
    >>> trip = Label({"visitor": "Olaf Scholz", "destination": "FRA", "status": "ongoing"}, {})
    >>> same = Label({"visitor": "Scholz", "destination": "FRA", "status": "announced"}, {})
    >>> [draft] = adjudicate([trip], [same], ("ann", "ben"), load("visits"))
    >>> draft.values, [version.value for version in draft.undecided["status"]]
    ({'visitor': 'Olaf Scholz', 'destination': 'FRA'}, ['ongoing', 'announced'])
    """
    matched = align([label.values for label in one], [label.values for label in other], schema)
    partner = dict((*matched.pairs, *matched.excused))
    drafts = [
        _merged(label, other[partner[i]], names, schema) if i in partner else _alone(label, names[0])
        for i, label in enumerate(one)
    ]
    taken = set(partner.values())
    return drafts + [_alone(label, names[1]) for j, label in enumerate(other) if j not in taken]


def differences(drafts: Sequence[Draft]) -> list[Difference]:
    """List what is still to be decided, in the order of the records and fields."""
    found: list[Difference] = []
    for number, draft in enumerate(drafts):
        if draft.only and not draft.settled:
            found.append(Difference(number, None, (Version(by=draft.only),)))
        found += [Difference(number, name, versions) for name, versions in draft.undecided.items()]
    return found


def _alone(label: Label, name: str) -> Draft:
    return Draft(values=_filled(label), evidence=_marks(label), only=name)


def _filled(label: Label) -> dict[str, object]:
    return {name: value for name, value in label.values.items() if has_value(value)}


def _marks(label: Label) -> dict[str, tuple[Span, ...]]:
    return {name: spans for name, spans in label.evidence.items() if spans and has_value(label.values.get(name))}


def _merged(one: Label, other: Label, names: tuple[str, str], schema: type[Schema]) -> Draft:
    values, evidence, undecided = {}, {}, {}
    for name, spec in fields_of(schema).items():
        versions = (_version(one, name, names[0]), _version(other, name, names[1]))
        if not any(has_value(version.value) for version in versions):
            continue
        if _agree(spec, *versions):
            values[name] = max((version.value for version in versions), key=_length)
            evidence[name] = _longer(versions[0].evidence, versions[1].evidence)
        else:
            undecided[name] = versions
    marks = {name: spans for name, spans in evidence.items() if spans}
    return Draft(values=values, evidence=marks, undecided=undecided, settled=True)


def _version(label: Label, name: str, by: str) -> Version:
    value = label.values.get(name)
    return Version(by=by, value=value, evidence=tuple(label.evidence.get(name, ())) if has_value(value) else ())


def _agree(spec: FieldSpec, one: Version, other: Version) -> bool:
    """Say whether two versions mean the same and rest on the same place; a mark that only one made is no difference."""
    if not (has_value(one.value) and has_value(other.value)) or agreement(spec, one.value, other.value) < 1:
        return False
    if not one.evidence or not other.evidence:
        return True
    return all(any(map(span.overlaps, other.evidence)) for span in one.evidence) and all(
        any(map(span.overlaps, one.evidence)) for span in other.evidence
    )


def _length(value: object) -> int:
    """Prefer the fuller of two forms that mean the same: "Olaf Scholz" to "Scholz"."""
    return len(value) if isinstance(value, str | list) else 0


def _longer(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """Take the marks of both; of those that overlap, the longest."""
    kept: list[Span] = []
    for span in sorted({*one, *other}, key=lambda span: (span.start - span.end, span)):
        if not any(map(span.overlaps, kept)):
            kept.append(span)
    return tuple(sorted(kept))
