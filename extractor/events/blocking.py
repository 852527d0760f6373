"""Blocking: only records about the same person, with the same other keys, are compared at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from extractor.events.appearance import Appearance
from extractor.events.gazetteer_file import Gazetteer
from extractor.events.mentions import Mention
from extractor.events.people import identities
from extractor.fields import FieldType
from extractor.schema import Schema, fields_of

_MANY = 1000  # values of a field that are compared each with each; beyond, only what is written alike is alike

Block = tuple[str | None, tuple[str, ...]]


def blocks(
    mentions: Sequence[Mention], schema: type[Schema], gazetteer: Gazetteer | None = None
) -> dict[Block, list[Mention]]:
    """Divide mentions by who they are about, if the schema names an actor, and by their other keys."""
    actor = schema.event_actor
    keys = [spec for spec in fields_of(schema).values() if spec.key and not (actor and spec.name == actor.name)]
    sources = [mention.source for mention in mentions]
    alike = {spec.name: _alike({_text(source.value(spec.name)) for source in sources}, spec.type) for spec in keys}
    about = [tuple(alike[spec.name][_text(source.value(spec.name))] for spec in keys) for source in sources]
    who: Iterable[str | None] = [None] * len(sources)
    if actor:
        appearances = [
            Appearance(
                _text(one.source.value(actor.name)),
                one.source.value(actor.country),
                one.source.value(actor.office),
                one.source.published,
                one.day,
                rest,
                one.window,
                (one.source.run, one.source.article),
            )
            for one, rest in zip(mentions, about, strict=True)
        ]
        who = identities(appearances, gazetteer)
    found: dict[Block, list[Mention]] = defaultdict(list)
    for one, person, rest in zip(mentions, who, about, strict=True):
        found[person, rest].append(one)
    return found


def _text(value: Any) -> str:
    return " ".join(str("" if value is None else value).split())


def _alike(values: set[str], kind: FieldType) -> dict[str, str]:
    """Map each value to the first in order of those that all mean the same."""
    if len(values) > _MANY:
        return {value: value.casefold() for value in values}
    groups: list[list[str]] = []
    for value in sorted(values):
        group = next((group for group in groups if all(kind.same(value, other) for other in group)), None)
        if group is None:
            groups.append([value])
        else:
            group.append(value)
    return {value: group[0] for group in groups for value in group}
