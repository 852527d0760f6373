"""One of a few values that the codebook defines, each with the words that give it away."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Literal, Self

from extractor.article import Span
from extractor.fields.base import FieldType, Found, Tense, View
from extractor.fields.clauses import distance


class Choice(StrEnum):
    """Base of a schema's choices: ``value, meaning, cues, tense``.

    `cues` are regular expressions of the words that decide for a value; where the passage has one, it overrules
    the model. `tense` tells the dates of the record which way "on Monday" looks.

    >>> class Mood(Choice):
    ...     GOOD = "good", "somebody is pleased", ("laugh(s|ed)",)
    ...     BAD = "bad", "somebody is not", ("weeps?", "wept")
    >>> Mood.GOOD.meaning
    'somebody is pleased'
    """

    meaning: str
    cues: tuple[str, ...]
    tense: Tense | None

    def __new__(cls, value: str, meaning: str, cues: tuple[str, ...] = (), tense: Tense | None = None) -> Self:
        """Make one choice."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning, member.cues, member.tense = meaning, cues, tense
        return member


@lru_cache(maxsize=64)
def _pattern(choices: type[Choice]) -> re.Pattern[str]:
    groups = [f"(?P<{choice.name}>{'|'.join(choice.cues)})" for choice in choices if choice.cues]
    return re.compile(r"\b(?:" + "|".join(groups) + r")(?!\w)", re.IGNORECASE) if groups else re.compile(r"(?!)")


class ChoiceType(FieldType):
    """A choice that the model makes, unless the words of the passage decide it."""

    form: ClassVar[str] = "one of the values below"

    def __init__(self, choices: type[Choice]) -> None:
        """Hold the choices of one schema."""
        self.choices = choices

    def ask(self, view: View) -> Any:
        """Offer every choice."""
        return Literal[tuple(choice.value for choice in self.choices)]

    def cue(self, view: View) -> tuple[Choice, Span] | None:
        """Return the choice whose cue stands nearest to the value that this one belongs to."""
        passage = view.where[0]
        matches = list(_pattern(self.choices).finditer(view.article.text, passage.start, passage.end))
        if not matches:
            return None
        centre = next((s for s in view.of.spans if passage.covers(s)), None) if view.of else None
        nearest = min(matches, key=lambda m: distance(Span(*m.span()), centre)) if centre else matches[0]
        return self.choices[str(nearest.lastgroup)], Span(*nearest.span())

    def values(self) -> list[tuple[str, str]]:
        """List the choices with their meanings."""
        return [(choice.value, choice.meaning) for choice in self.choices]

    def tense(self, value: str) -> Tense | None:
        """Return the tense of a choice."""
        return next((choice.tense for choice in self.choices if choice.value == value), None)

    def read(self, view: View) -> list[Found]:
        """Let the nearest cue decide."""
        cue = self.cue(view)
        if cue is None:
            return []
        choice, span = cue
        return [Found(choice.value, (span,), "derived", f"“{span.of(view.article.text)}” says {choice.value}")]

    def locate(self, value: Any, view: View) -> Found | None:
        """Accept a choice that no cue speaks against; it rests on the whole passage."""
        if str(value) not in {choice.value for choice in self.choices}:
            return None
        cued = self.read(view)
        if cued:
            return cued[0] if cued[0].value == str(value) else None
        return Found(str(value), (view.where[0],), "judged")

    def same(self, one: Any, other: Any) -> bool:
        """Compare the values."""
        return str(one) == str(other)
