"""An event: one happening that records of several articles tell of, with all that each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.article import Span


class Claim(NamedTuple):
    """A value that one record has, the words that carry it, where they stand, and how they support it."""

    value: Any
    words: str
    spans: tuple[Span, ...]
    verdict: str
    rule: str | None = None


@dataclass(frozen=True)
class Source:
    """A record of one article in one run. `record` is its number within the article, from 1."""

    run: str
    article: str
    record: int
    published: str | None
    publisher: str | None
    url: str | None
    claims: Mapping[str, tuple[Claim, ...]]

    @property
    def key(self) -> tuple[str, str, int]:
        """What no other source has."""
        return self.run, self.article, self.record

    def value(self, field: str | None) -> Any:
        """Return the first value of a field; None if it has none."""
        claims = self.claims.get(field, ()) if field else ()
        return claims[0].value if claims else None


class Chosen(NamedTuple):
    """The value of a field, and how it was chosen among those of the sources.

    `support` articles of the `of` that have a value for the field agree with it.
    """

    value: Any
    how: str
    support: int
    of: int


class Disagreement(NamedTuple):
    """One of several values of a field that cannot all be true, and the articles that have it."""

    field: str
    value: Any
    articles: tuple[str, ...]


class Step(NamedTuple):
    """What an article told of how far the event had come."""

    published: str | None
    value: str
    article: str
    publisher: str | None


@dataclass(frozen=True)
class Event:
    """One happening. The sources are in order of publication.

    `person` is the identity of who it is about: the id of a gazetteer's entry, or a name with a country. `formerly`
    lists the ids of events that were found to be this one.
    """

    id: str
    person: str | None
    values: Mapping[str, Chosen]
    disagreements: tuple[Disagreement, ...]
    history: tuple[Step, ...]
    sources: tuple[Source, ...]
    formerly: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of the articles that tell of it, each once, by publication."""
        return tuple(dict.fromkeys(source.article for source in self.sources))
