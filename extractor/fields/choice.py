"""One of a few values that the codebook defines, each with the words that give it away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Literal, NamedTuple, Self, get_args

from extractor.article import Span
from extractor.fields.base import Change, FieldType, Found, Group, Tense, View
from extractor.fields.clauses import deeds, distance
from extractor.fields.date_phrases import is_listed_ahead, lies_ahead
from extractor.fields.names import same_person
from extractor.fields.words import cue_pattern


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


# Before a cue: what takes it back. A negation that decides for a choice is part of that choice's own cues.
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|hardly|n[’']t)\s(?:\w+\s){0,2}$"
    r"|\bden(?:y|ies|ied|ying)\s(?:\w+\s){0,2}?(?:that|having|any|plans|claims|reports|rumou?rs)\b[^.;]*$",
    re.IGNORECASE,
)
_NEGATION_REACH = 120  # code points that a denial goes before what it denies


def _whole(cues: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rf"(?:{cue})(?!\w)" for cue in cues)


class _Cue(NamedTuple):
    """A choice, the words that say it, and whether others before them take it back ("denied that he will")."""

    choice: Choice
    span: Span
    taken_back: bool


@lru_cache(maxsize=256)
def _cues(choices: type[Choice], text: str, passage: Span, listed_ahead: bool) -> tuple[_Cue, ...]:
    """Find the cues of a passage; of two that overlap ("was to" in "was to have gone"), the longer counts.

    What an agenda lists under a day to come has not happened yet, whatever its verb ("arrives", "in town").
    """
    found = [
        _Cue(choice, Span(*match.span()), _is_taken_back(text, passage, match.start()))
        for choice in choices
        if not (choice.tense == "past" and listed_ahead)
        for cue in _whole(choice.cues)
        for match in cue_pattern((cue,)).finditer(text, passage.start, passage.end)
    ]
    kept: list[_Cue] = []
    for cue in sorted(found, key=lambda cue: (cue.taken_back, cue.span.start - cue.span.end)):
        if not any(cue.span.overlaps(other.span) for other in kept):
            kept.append(cue)
    return tuple(kept)


def _is_taken_back(text: str, passage: Span, cue: int) -> bool:
    return bool(_NEGATED.search(text, max(passage.start, cue - _NEGATION_REACH), cue))


def _tells_of_another(view: View, cue: Span) -> bool:
    """Say whether a cue stands with what another person does: "Ruiz's trip is off, as Berg's visit to Peru is near"."""
    if view.by is None or not view.does:
        return False
    found = [deed for deed in deeds(view.article.text, view.where, view.does) if deed.agents]
    own = [deed for deed in found if any(same_person(name.words, view.by.value) for name in deed.agents)]
    return bool(own) and min(found, key=lambda deed: distance(deed.span, cue)) not in own


class ChoiceType(FieldType):
    """A choice that the model makes, unless the words of the passage decide it."""

    form: ClassVar[str] = "one of the values below"
    group: ClassVar[Group] = "judged"

    def __init__(self, choices: type[Choice]) -> None:
        """Hold the choices of one schema."""
        self.choices = choices

    def ask(self, view: View) -> Any:
        """Offer every choice; where the time words tell only of days to come, none of what has happened."""
        ahead = lies_ahead(view.article, view.where[0])
        return Literal[tuple(choice.value for choice in self.choices if not (ahead and choice.tense == "past"))]

    def cue(self, view: View) -> tuple[Choice, Span] | None:
        """Return the choice whose cue stands nearest to the value that this one belongs to."""
        passage = view.where[0]
        cues = [(choice, span) for choice, span, taken_back in self._cues(view) if not taken_back]
        cues = [(choice, span) for choice, span in cues if not _tells_of_another(view, span)]
        centre = next((s for s in view.of.spans if passage.covers(s)), None) if view.of else None
        return min(cues, key=lambda cue: distance(cue[1], centre) if centre else cue[1].start, default=None)

    def _cues(self, view: View) -> tuple[_Cue, ...]:
        passage = view.where[0]
        return _cues(self.choices, view.article.text, passage, is_listed_ahead(view.article, passage))

    def values(self) -> list[tuple[str, str]]:
        """List the choices with their meanings."""
        return [(choice.value, choice.meaning) for choice in self.choices]

    def tense(self, value: str) -> Tense | None:
        """Return the tense of a choice."""
        return next((choice.tense for choice in self.choices if choice.value == value), None)

    def called(self, labels: Mapping[str, str]) -> FieldType:
        """Make the same choices under other labels, or in another order."""
        by_value = {choice.value: choice for choice in self.choices}
        made = [(label, by_value[old]) for old, label in labels.items()]
        members = {f"VALUE_{n}": (label, c.meaning, c.cues, c.tense) for n, (label, c) in enumerate(made)}
        return ChoiceType(Choice(self.choices.__name__, members))  # type: ignore[arg-type]

    def cues(self, value: str) -> tuple[str, ...]:
        """Return the cues of a choice."""
        return next((choice.cues for choice in self.choices if choice.value == value), ())

    def follow(self, value: Any, change: Change) -> Any:
        """Return the choice itself: its name is no word of the article."""
        return value

    def read(self, view: View) -> list[Found]:
        """Let the nearest cue decide."""
        cue = self.cue(view)
        if cue is None:
            return []
        choice, span = cue
        return [Found(choice.value, (span,), "derived", f"“{span.of(view.article.text)}” says {choice.value}")]

    def locate(self, value: Any, view: View) -> Found | None:
        """Accept a choice that no cue, and no time word, speaks against; it rests on the whole passage.

        A cue speaks against its own choice where a negation or a denial takes it back.
        """
        if str(value) not in get_args(self.ask(view)):
            return None
        cued = self.read(view)
        if cued:
            return cued[0] if cued[0].value == str(value) else None
        if any(cue.choice.value == str(value) for cue in self._cues(view)):
            return None
        return Found(str(value), (view.where[0],), "judged")

    def same(self, one: Any, other: Any) -> bool:
        """Compare the values."""
        return str(one) == str(other)
