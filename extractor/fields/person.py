"""People and the offices that they hold."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from extractor.article import Article, Span
from extractor.fields.base import FieldType, Found, Group, View
from extractor.fields.clauses import acts, deeds, distance, subject
from extractor.fields.gazetteer import mentions_in
from extractor.fields.names import Name, named, names_in, same_person
from extractor.fields.offices import office_of
from extractor.fields.words import find_words, same_words

_KIN = re.compile(  # "Macron and his wife, Brigitte Macron", "Reagan and Nancy Reagan"
    r"\b(?:wife|husband|spouse|daughter|son|brother|sister|mother|father|widow|First\sLady|Mrs\.?),?\s$", re.IGNORECASE
)


def _is_relative(name: Name, of: Name, text: str) -> bool:
    """Say whether a fuller name is that of another member of the family."""
    before = text[max(0, name.span.start - 40) : name.span.start]
    return bool(_KIN.search(before)) or bool(re.search(rf"\b{re.escape(of.words)},?\sand\s$", before))


@lru_cache(maxsize=4096)
def fullest(name: Name, text: str) -> Span:
    """Return where a text gives a person's name in its fullest form, which a relative's is not.

    Where several people share a surname, it is the one last named before.

    >>> text = "Mr. Weber flew to Peru with his wife, Karin Weber. Weber met Juan Ruiz. Ruiz spoke."
    >>> [fullest(name, text).of(text) for name in (named(text, "Weber")[0], named(text, "Ruiz")[-1])]
    ['Weber', 'Juan Ruiz']
    """
    known = [other for other in named(text, name.words) if " " in name.words or not _is_relative(other, name, text)]
    longest = max((name, *known), key=lambda other: len(other.words.split()))
    if all(same_person(longest.words, other.words) for other in known):
        return longest.span
    before = [other for other in known if other.span.end <= name.span.start and " " in other.words]
    return before[-1].span if before else longest.span


@lru_cache(maxsize=64)
def _lead_pattern(lead: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(lead).replace(" ", r"\s")
    return re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)


_CLAUSE = re.compile(  # up to where another clause begins
    r"(?!,)(?:(?!\b(?:who|which|where|whose|before|after|when|while|during|ahead|that|said|says|at|about|on)\b|,?\s*to\s)[^;:“”])*",
    re.IGNORECASE,
)


def _partners(view: View, sentence: Span, match: re.Match[str]) -> list[Name]:
    """Return the people behind lead words whose subject is the owner, or the subject where the owner is behind them."""
    text, article = view.article.text, view.article
    clause = _CLAUSE.match(text, match.end(), sentence.end)
    behind = names_in(article.text, Span(*clause.span())) if clause else []
    if view.of is None:
        return behind
    before = names_in(article.text, Span(sentence.start, match.start()))[-1:]
    if any(same_person(name.words, view.of.value) for name in behind[:1]):
        return before
    if before and not same_person(before[0].words, view.of.value):
        return []
    return [name for name in behind if not same_person(name.words, view.of.value)]


class PersonType(FieldType):
    """A person's name, in the fullest form that the article uses."""

    form: ClassVar[str] = "name as written, without title"
    group: ClassVar[Group] = "named"

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
        lead = _lead_pattern(view.lead)
        found: dict[str, Found] = {}
        for stretch in (view.where[0], *view.onward):
            for match in lead.finditer(view.article.text, stretch.start, stretch.end):
                for name in _partners(view, stretch, match):
                    new = self._found(name, view.article)
                    found.setdefault(new.value, new)
        return list(found.values())

    def told(self, value: Any, article: Article, sentence: Span) -> bool | None:
        """See whether the sentence names the person; one with another name for its subject tells of another."""
        people = names_in(article.text, sentence)
        if any(same_person(name.words, str(value)) for name in people):
            return True
        another = people and acts(article.text, people[0], sentence.start) and subject(article.text, sentence)
        return False if another else None

    def _eligible(self, view: View) -> list[Name]:
        """Return who may be meant: the agents of the deed that the owner of the value is nearest to, or anybody."""
        found = deeds(view.article.text, view.where, view.does) if view.does else []
        if not found:
            return [name for stretch in view.where for name in names_in(view.article.text, stretch)]
        if view.of and any(map(view.where[0].covers, view.of.spans)):
            here = view.where[0]
            mentioned = [m.span for m in mentions_in(view.article.text, *here) if m.code == view.of.value]
            goals = mentioned or [span for span in view.of.spans if here.covers(span)]
            nearest = [min(found, key=lambda deed: distance(deed.span, goal)) for goal in goals]
            found = list(dict.fromkeys(nearest))
        return [name for deed in found for name in deed.agents]

    def _found(self, name: Name, article: Article) -> Found:
        full = fullest(name, article.text)
        words = self._full(name, article)
        if same_words(words, name.words):
            return Found(words, (name.span,), "stated")
        return Found(words, (full, name.span), "derived", "fullest form of the name in the article")

    def _full(self, name: Name, article: Article) -> str:
        return " ".join(fullest(name, article.text).of(article.text).split())

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
        span = office_of(text, [name.span for name in named(text, view.of.value)])
        return [Found(" ".join(span.of(text).split()), (span,), "stated")] if span else []

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article."""
        return same_words(str(one), str(other))


Person = Annotated[str, PersonType()]
Office = Annotated[str, OfficeType()]
