"""What every field type knows about a value: how to ask for it, locate it, resolve it and compare it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from extractor.article import Article, Span

Verdict = Literal["stated", "derived", "judged"]
Tense = Literal["past", "future"]
Group = Literal["named", "judged", "worded"]


class Found(NamedTuple):
    """A value that the article carries: its standard form, its words, and how they support it.

    `rule` names how a derived value follows from the words; it is None for what is stated.
    """

    value: Any
    spans: tuple[Span, ...]
    verdict: Verdict
    rule: str | None = None


@dataclass(frozen=True)
class View:
    """What a field type may look at when it is asked about one value of one record.

    `where` lists the stretches that may carry the value, the nearest first: the passage that the record rests
    on, then its surroundings. `of` is the value that this one belongs to, such as the traveller whose country is
    wanted. `tense` says whether the record tells of the past or of what is to come, `lead` are the words that
    introduce the value, `does` the words of the deed whose agent or goal it is, and `by` is who does it. `onward` are
    sentences elsewhere that go on about the record, for a field that may be read there too. `unlike` is what the
    value cannot be.
    """

    article: Article
    where: tuple[Span, ...]
    of: Found | None = None
    tense: Tense | None = None
    lead: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    onward: tuple[Span, ...] = ()
    unlike: Any = None
    by: Found | None = None

    @property
    def passage(self) -> str:
        """The words of the nearest stretch."""
        return self.where[0].of(self.article.text)


class Change(NamedTuple):
    """What an altered copy of an article says in place of the original, for one value to follow.

    `words` gives what became of words of the article, `codes` of a country's code, and `date` of a date in EDTF.
    """

    words: Callable[[str], str]
    codes: Mapping[str, str]
    date: Callable[[str], str]


class FieldType(ABC):
    """One kind of value. Subclasses are stateless, so that schemas can share them."""

    form: ClassVar[str]
    """How a value is written, for the codebook."""

    cued: ClassVar[bool] = False
    """Whether the type reads its value off the words alone and need not be asked for."""

    group: ClassVar[Group] = "worded"
    """Whether a value is named by the text (people, places, time), judged by a reader, or words of any kind."""

    dated: ClassVar[bool] = False
    """Whether the values are EDTF dates, which tell two records with the same key apart."""

    @abstractmethod
    def ask(self, view: View) -> Any:
        """Return the type annotation of a model's answer: an enumeration of what the passage offers, or text.

        None means that the passage offers nothing to choose from.
        """

    @abstractmethod
    def locate(self, value: Any, view: View) -> Found | None:
        """Find the words in ``view.where`` that carry `value`, and resolve it; None if they do not."""

    def read(self, view: View) -> list[Found]:
        """Read values off the words without a model; none if they do not decide."""
        return []

    def values(self) -> list[tuple[str, str]]:
        """List the values that are allowed and what they mean, for the codebook; none if any is."""
        return []

    def tense(self, value: str) -> Tense | None:
        """Say which way the dates of a record with this value look, if the value tells."""
        return None

    def called(self, labels: Mapping[str, str]) -> FieldType:
        """Return the type with its allowed values called otherwise, in the order of `labels`: the new by the old."""
        return self

    def cues(self, value: str) -> tuple[str, ...]:
        """Return the patterns of the words that decide for a value; none if words alone do not."""
        return ()

    def follow(self, value: Any, change: Change) -> Any:
        """Return what a value must be in an altered copy of its article; here, what its words are there."""
        return change.words(value) if isinstance(value, str) else value

    def told(self, value: Any, article: Article, sentence: Span) -> bool | None:
        """Say whether a sentence tells of this value or of another one; None if of neither."""
        return None

    @abstractmethod
    def same(self, one: Any, other: Any) -> bool:
        """Say whether two values in standard form mean the same."""
