"""Words of the article, as they stand there, and who is meant by them."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from extractor.article import Span
from extractor.fields.base import FieldType, Found, View
from extractor.fields.person import fullest, people_in
from extractor.fields.words import find_words, same_words

_LONGEST = 160
_PHRASE = re.compile(  # up to where a clause ends, or goes on to something else
    rf"[^\s].{{1,{_LONGEST}}}?(?=\s*(?:[,.;:()“”\"\n]|$|\b(?:amid|ahead|as|after|before|when|while|who|which|that|where|"
    r"said|says|from|during|until|this|last|next|on (?:\w+day|\d|[A-Z][a-z]{2,8}\.? \d)|"
    r"in (?:the coming|[A-Z][a-z]+ \d{4}))\b))"
)
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)


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
        spans = (self._phrase(view, lead) for lead in view.lead)
        return [Found(span.of(view.article.text), (span,), "stated") for span in spans if span]

    def _phrase(self, view: View, lead: str) -> Span | None:
        text, passage = view.article.text, view.where[0]
        pattern = re.compile(rf"(?:\b|(?=\W)){lead}".replace(" ", r"\s"), re.IGNORECASE)
        match = pattern.search(text, passage.start, passage.end)
        if match is None:
            return None
        if "value" in match.groupdict():
            return Span(*match.span("value"))
        phrase = _PHRASE.match(text, match.end(), passage.end)
        if phrase is None:
            return None
        article = _ARTICLE.match(text, phrase.start())
        return Span(article.end() if article else phrase.start(), phrase.end())

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article or preposition."""
        return same_words(str(one), str(other))


class PartyType(QuotedType):
    """Somebody who says or invites: a person by name, else an office or a body as the article calls it."""

    form: ClassVar[str] = "a name without title, else as written without leading article"

    def read(self, view: View) -> list[Found]:
        """Read the phrase; where it holds a person's name, that name in its fullest form."""
        return [self._named(found, view) for found in super().read(view)]

    def _named(self, found: Found, view: View) -> Found:
        people = people_in(view.article, found.spans[0])
        if not people:
            return found
        full = fullest(people[0], view.article)
        words = " ".join(full.of(view.article.text).split())
        if full == people[0].span:
            return Found(words, (full,), "stated")
        return Found(words, (full, people[0].span), "derived", "fullest form of the name in the article")


Quoted = Annotated[str, QuotedType()]
Party = Annotated[str, PartyType()]
