"""Whom a pronoun or a mere office means: "she", "his", "the minister", "the Deputy Prime Minister's"."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.article import AT_HAND
from extractor.fields.names import Name, is_title, named, names
from extractor.fields.offices import title_after, title_before

_REFERENCE = re.compile(
    r"\b(?:he|she|they|his|her|their|(?-i:I)|we|you|"
    r"(?:the|this|that|his|her|its|our|my|whose)(?:[ \u00a0][\w’'-]+){0,3}?[ \u00a0]"
    r"(?:minister|president|premier|chancellor|leader|secretary|chief|envoy|ambassador|king|queen|emir|sultan|prince|pope|"
    r"official|diplomat|speaker|director|representative|politician|excellency|majesty|highness|guest|general|head))\b",
    re.IGNORECASE,
)
_BEING = re.compile(r"\b(?:is|was|are|were|be|been|became|as)\s$")  # "she is the first premier to visit Peru"
_VAGUE = frozenset(
    "leader chief official diplomat politician representative excellency majesty highness guest head".split()
)


def reference(text: str, start: int, end: int) -> str | None:
    """Return the last pronoun or office in a stretch that refers to somebody named before.

    >>> reference("Dino said the president and his wife", 0, 36)
    'his'
    """
    found = [m[0] for m in _REFERENCE.finditer(text, start, end) if not _BEING.search(text, start, m.start())]
    return found[-1] if found else None


def bearers(text: str, meant: str, until: int) -> list[Name]:
    """Return who is named before `until` with the office that a reference says; nobody for a pronoun."""
    office = _office(meant)
    return [name for name, title in _titled(text).items() if office and office <= title and name.span.end <= until]


def may_be(text: str, name: Name, meant: str) -> bool:
    """Say whether a reference can mean a person: an office only its bearer, or one whose office is not given.

    >>> text = "President Ana Ruiz met Minister Bo Berg."
    >>> [may_be(text, name, "the president") for name in names(text)]
    [True, False]
    """
    office = _office(meant)
    titled = _titled(text)
    titles = [titled[other] for other in named(text, name.words) if other in titled] if office else []
    return not titles or any(office <= title for title in titles)


def _office(meant: str) -> frozenset[str]:
    """Return the words of an office in a reference, without those that fit anybody."""
    return frozenset(word for word in meant.lower().split() if is_title(word) and word not in _VAGUE)


@lru_cache(maxsize=AT_HAND)
def _titled(text: str) -> dict[Name, frozenset[str]]:
    """Return the people whose office stands beside their name, each time that it does."""
    titles = ((name, title_before(text, name.span) or title_after(text, name.span)) for name in names(text))
    return {name: frozenset(title.of(text).lower().split()) for name, title in titles if title}
