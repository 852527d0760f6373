"""Words of the article, as they stand there, and who is meant by them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from extractor.article import Span
from extractor.fields.base import FieldType, Found, View
from extractor.fields.names import is_title, names_in
from extractor.fields.person import fullest
from extractor.fields.words import find_words, same_words

_LONGEST = 160
_PHRASE = re.compile(  # up to where a clause ends, or goes on to something else; "(APEC)" may stand inside it
    rf"(?:\([^()]{{1,40}}\)\s)?[^\s()](?:\([A-Z]{{2,}}\)(?=\s\w)|[^()]){{1,{_LONGEST}}}?"
    r"(?=\s*(?:[,;:)“”\"]|\((?![A-Z]{2,}\)\s\w)|$|(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\b[A-Z])\.(?!\d)|"
    r"\b(?:amid|ahead|as|after|before|when|while|who|which|that|where|"
    r"and to|and (?:said|says)|said|says|from|during|until|this|last|next|at (?:the|an?)|"
    r"on (?:\w+day|\d|[A-Z][a-z]{2,8}\.? \d)|"
    r"in (?:the coming|[A-Z][a-z]+ \d{4}))\b))",
    re.DOTALL,
)
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)


@lru_cache(maxsize=512)
def _lead_pattern(lead: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\b|(?=\W)){lead}".replace(" ", r"\s"), re.IGNORECASE)


class QuotedType(FieldType):
    """A short quotation of the article."""

    form: ClassVar[str] = "as written"

    def ask(self, view: View) -> Any:
        """Ask for a short text."""
        return Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST)]

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the words, exactly but for case, white space, quotes and dashes."""
        span = find_words(str(value), view.article.text, view.where)
        return Found(span.of(view.article.text), (span,), "stated") if span else None

    def read(self, view: View) -> list[Found]:
        """Read the phrase that the lead words introduce, or that their group ``value`` holds."""
        stretches = (view.where[0], *view.onward)
        spans = (self._phrase(view.article.text, stretch, lead) for stretch in stretches for lead in view.lead)
        return [Found(span.of(view.article.text), (span,), "stated") for span in spans if span]

    def _phrase(self, text: str, passage: Span, lead: str) -> Span | None:
        words = passage.of(text)
        match = _lead_pattern(lead).search(words)
        if match is None:
            return None
        if "value" in match.groupdict():
            start, end = match.span("value")
            return Span(passage.start + start, passage.start + end)
        article = _ARTICLE.match(words, match.end())
        phrase = _PHRASE.match(words, article.end() if article else match.end())
        return Span(passage.start + phrase.start(), passage.start + phrase.end()) if phrase else None

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article or preposition."""
        return same_words(str(one), str(other))


_PRONOUN = re.compile(r"(?:it|he|she|they|we|who)", re.IGNORECASE)
_APPOSED = re.compile(r",\s(?:(?:H\.E\.|Dr\.?|Mr\.?|Ms\.?|Mrs\.?)\s)*")
_DESCRIPTION = re.compile(  # "the state news agency" before a name of its own
    r".*\b(?:agency|broadcaster|newspaper|daily|channel)\s(?=[A-Z])|.*\b(?:state-run|state|official|semi-official|local)\s(?=[A-Z])"
)


class PartyType(QuotedType):
    """Somebody who says or invites: a person by name, else an office or a body as the article calls it."""

    form: ClassVar[str] = "a name without title, else as written without leading article"

    def read(self, view: View) -> list[Found]:
        """Read the phrase; where it holds a person's name, that name in its fullest form."""
        found = [self._named(found, view) for found in super().read(view)]
        return [party for party in found if not _PRONOUN.fullmatch(party.value)]

    def _named(self, found: Found, view: View) -> Found:
        text, span = view.article.text, found.spans[0]
        apposed = _APPOSED.match(text, span.end) if is_title(found.value.split()[-1]) else None
        people = names_in(text, span)
        if apposed and not people:
            people = [n for n in names_in(text, Span(apposed.end(), len(text))) if n.span.start == apposed.end()]
        if not people:
            described = _DESCRIPTION.match(text, span.start, span.end)
            span = Span(described.end() if described else span.start, span.end)
            return Found(span.of(text), (span,), "stated")
        full = fullest(people[0], text)
        words = " ".join(full.of(view.article.text).split())
        if full == people[0].span:
            return Found(words, (full,), "stated")
        return Found(words, (full, people[0].span), "derived", "fullest form of the name in the article")


Quoted = Annotated[str, QuotedType()]
Party = Annotated[str, PartyType()]
