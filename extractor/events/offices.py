"""Offices: which of the words for an office can mean the same one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
_MINOR: Final = frozenset("of for and the a an his her their then acting outgoing new".split())
# Offices that the press calls by several words; the first that fits counts.
_OFFICES: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("deputy", r"\b(?:vice|deputy|under-?secretary|assistant)\b"),
        ("heir", r"\bcrown prince|\bheir\b"),
        ("foreign", r"\bforeign\b(?! (?:trade|polic|econ))|\btop diplomat\b|\bexternal affairs\b|^secretary of state$"),
        ("defence", r"\bdefen[cs]e\b|\bpentagon\b"),
        ("government", r"\bprime minister\b|\bpremier\b|\bchancellor\b(?! of the exchequer)|\bhead of government\b"),
        (
            "head",
            r"^(?:\w+ )?president\b|\b(?:head of state|king|queen|emir|emperor|sultan)\b"
            r"|(?<!opposition )(?<!party )(?<!majority )(?<!minority )\bleader\b(?! of the opposition)",
        ),
        ("general", r"\bsecretary[- ]general\b"),
    )
)  # fmt: skip

_HELD_BY_MANY: Final = re.compile(
    r"\b(?:members?|mps?|meps?|\w+maker|legislator|senator|congress\w+|delegates?|representative|envoy|ambassador|diplomat"
    r"|officials?|aide|advis[eo]r|councill?or|commissioner|judge|governor|mayor|general(?! staff)|admiral"
    r"|(?:party|permanent|state|press) secretary)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def same_office(one: str, other: str) -> bool:
    """Say whether two offices can be one: alike in kind, or the words of one among those of the other.

    >>> same_office("top diplomat", "Foreign Minister"), same_office("President", "Defence Minister")
    (True, False)
    """
    a, b = _kind(one), _kind(other)
    if a and b:
        return a == b or ({a, b} == {"head", "government"} and "leader" in f"{one} {other}".lower())
    mine, theirs = _words(one), _words(other)
    return not mine or not theirs or mine <= theirs or theirs <= mine


@lru_cache(maxsize=65536)
def post(office: str) -> str | None:
    """Return what names an office that one person of a country holds at a time, as far as the words tell.

    >>> post("minister of trade") == post("Trade Minister"), post("top diplomat"), post("Deputy Foreign Minister")
    (True, 'foreign', None)
    """
    kind, words = _kind(office), _words(office)
    if kind or _HELD_BY_MANY.search(office):
        return kind if kind != "deputy" else None
    return " ".join(sorted(words)) if len(words) > 1 else None


@lru_cache(maxsize=65536)
def _kind(office: str) -> str | None:
    return next((name for name, pattern in _OFFICES if pattern.search(office)), None)


@lru_cache(maxsize=65536)
def _words(office: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(office)) - _MINOR
