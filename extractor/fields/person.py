"""People and the offices that they hold."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from extractor.article import Article, Span
from extractor.fields.base import FieldType, Found, View
from extractor.fields.clauses import deeds, distance
from extractor.fields.names import Name, names, same_person
from extractor.fields.offices import title_after, title_before
from extractor.fields.words import find_words, same_words


def people_in(article: Article, stretch: Span) -> list[Name]:
    """Return the people whom a stretch of the article names, in order."""
    return [name for name in names(article.text) if stretch.covers(name.span)]


def fullest(name: Name, article: Article) -> Span:
    """Return where the article gives a person's name in its fullest form.

    Where several people share a surname, it is the one last named before.
    """
    known = [other for other in names(article.text) if same_person(name.words, other.words)]
    longest = max((name, *known), key=lambda other: len(other.words.split()))
    if all(same_person(longest.words, other.words) for other in known):
        return longest.span
    before = [other for other in known if other.span.end <= name.span.start and " " in other.words]
    return before[-1].span if before else longest.span


class PersonType(FieldType):
    """A person's name, in the fullest form that the article uses."""

    form: ClassVar[str] = "name as written, without title"

    def ask(self, view: View) -> Any:
        """Offer the people of the passage who may do the deed; without a deed, all whom it names."""
        offers: list[str] = []
        for name in self._eligible(view):
            if not any(same_person(self._full(name, view.article), known) for known in offers):
                offers.append(self._full(name, view.article))
        return Literal[tuple(offers)] if offers else None

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the name, or a shorter form of it, where it may stand."""
        for name in self._eligible(view):
            if same_person(name.words, value):
                return self._found(name, view.article)
        span = None if view.does else find_words(str(value), view.article.text, view.where)
        return Found(span.of(view.article.text), (span,), "stated") if span else None

    def read(self, view: View) -> list[Found]:
        """Read the people behind the lead words, up to the end of the clause."""
        if not view.lead or not view.where:
            return []
        text, passage = view.article.text, view.where[0]
        lead = re.compile(r"\b(?:" + "|".join(view.lead) + r")\b([^.;:]*)", re.IGNORECASE)
        found: dict[str, Found] = {}
        for match in lead.finditer(text, passage.start, passage.end):
            for name in people_in(view.article, Span(*match.span(match.lastindex or 0))):
                if not (view.of and same_person(name.words, view.of.value)):
                    new = self._found(name, view.article)
                    found.setdefault(new.value, new)
        return list(found.values())

    def _eligible(self, view: View) -> list[Name]:
        """Return who may be meant: the agents of the deed that the owner of the value is nearest to, or anybody."""
        found = deeds(view.article.text, view.where, view.does) if view.does else []
        if not found:
            return [name for stretch in view.where for name in people_in(view.article, stretch)]
        if view.of:
            goal = next((span for span in view.of.spans if view.where[0].covers(span)), None)
            found = [min(found, key=lambda deed: distance(deed.span, goal))] if goal else found
        return [name for deed in found for name in deed.agents]

    def _found(self, name: Name, article: Article) -> Found:
        full = fullest(name, article)
        words = self._full(name, article)
        if same_words(words, name.words):
            return Found(words, (name.span,), "stated")
        return Found(words, (full, name.span), "derived", "fullest form of the name in the article")

    def _full(self, name: Name, article: Article) -> str:
        return " ".join(fullest(name, article).of(article.text).split())

    def same(self, one: Any, other: Any) -> bool:
        """Compare without accents, case, hyphens or titles; a shorter form of a name is the same name."""
        return same_person(str(one), str(other))


class OfficeType(FieldType):
    """The office of the person that it belongs to, as it stands beside the name."""

    form: ClassVar[str] = "as written, without the country or organisation"
    cued: ClassVar[bool] = True

    def ask(self, view: View) -> Any:
        """Ask for words of the passage."""
        return str

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the office in the passage, or beside the name."""
        if span := find_words(value, view.article.text, view.where):
            return Found(span.of(view.article.text), (span,), "stated")
        return next((found for found in self.read(view) if same_words(found.value, str(value))), None)

    def read(self, view: View) -> list[Found]:
        """Read the title before the name, or the apposition behind it, wherever the article has one."""
        if view.of is None:
            return []
        text = view.article.text
        for name in names(text):
            if same_person(name.words, view.of.value):
                span = title_before(text, name.span) or title_after(text, name.span)
                if span:
                    return [Found(span.of(text), (span,), "stated")]
        return []

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article."""
        return same_words(str(one), str(other))


Person = Annotated[str, PersonType()]
Office = Annotated[str, OfficeType()]
