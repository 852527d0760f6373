"""Articles and the spans that point into them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

AT_HAND = 128
"""Texts of which what was found is kept: those of the articles that are read at a time, and their readings."""


class Span(NamedTuple):
    """A half-open stretch ``[start, end)`` of an article, in Unicode code points.

    >>> Span(2, 5).of("Khartoum")
    'art'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words of `text` that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Say whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


class Located(Protocol):
    """What stands at one place of a text."""

    @property
    def span(self) -> Span:
        """Where it stands."""


T = TypeVar("T", bound=Located)


def touching(found: Sequence[T], stretch: Span) -> Sequence[T]:
    """Return those of `found`, which are in order and do not overlap, that share a code point with a stretch.

    A long text names thousands of people and places; looking at all of them for each would take quadratic time.
    """
    first = bisect_right(found, stretch.start, key=lambda one: one.span.start)
    first -= first > 0 and found[first - 1].span.end > stretch.start
    return found[first : bisect_left(found, stretch.end, key=lambda one: one.span.start)]


class Article(BaseModel):
    """One text exactly as read, with what is known about it. All offsets are code points into `text`.

    `published` is the day of publication as EDTF: ``2023-10-16``, ``XXXX-01-26`` where the article
    states no year, or None where nothing is known. `published_evidence` is the span that states it when it was
    taken from the text. `boilerplate` marks menus, appeals and the like; they stay in `text`. `source` tells where the
    article was read: a file, and the line, row or byte of it (``news.csv:17``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    published: str | None = None
    published_evidence: Span | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    boilerplate: tuple[Span, ...] = ()
    source: str | None = None

    def without_boilerplate(self) -> Article:
        """Return the article with spaces for its boilerplate, so that nothing of that is read and all offsets hold.

        >>> Article(id="a", text="Menu She left.", boilerplate=(Span(0, 4),)).without_boilerplate().text
        '     She left.'
        """
        pieces: list[str] = []
        end = 0
        for span in sorted(self.boilerplate):
            pieces += [self.text[end : span.start], re.sub(r"[^\r\n]", " ", self.text[max(end, span.start) : span.end])]
            end = max(end, span.end)
        return self.model_copy(update={"text": "".join([*pieces, self.text[end:]])})
