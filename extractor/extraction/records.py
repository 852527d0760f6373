"""What goes from step to step: candidates from the model, records that stand, and what was rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from extractor.article import Article, Span
from extractor.fields import Found
from extractor.models.usage import Usage


class Candidate(NamedTuple):
    """A record as a model, or a labeller, proposes it: values by field, and what they rest on.

    `where` are the stretches of the whole record, the nearest first. A field that `evidence` names rests on those
    spans and on nothing else.
    """

    values: Mapping[str, Any]
    where: tuple[Span, ...]
    evidence: Mapping[str, tuple[Span, ...]] = MappingProxyType({})


class Complaint(NamedTuple):
    """Why a value does not stand, in words that a model and a person can act on."""

    field: str
    value: Any
    reason: str


Record = dict[str, tuple[Found, ...]]
"""A record's values by field: none, one, or several where the schema declares a list."""


class Rejected(NamedTuple):
    """A value (`field` is set) or a whole record (`field` is None) that was not kept, and why."""

    field: str | None
    value: Any
    reason: str


@dataclass(frozen=True)
class Extraction:
    """All that came out of one article. `error` says in one sentence why an article failed."""

    article: Article
    records: tuple[Record, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    usage: Usage = field(default_factory=Usage)
    error: str | None = None
