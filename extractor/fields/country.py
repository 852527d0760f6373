"""Countries and organisations, and places that lie in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from extractor.article import Article, Span
from extractor.fields.base import Change, FieldType, Found, Group, View
from extractor.fields.gazetteer import Mention, code_of, kinds
from extractor.fields.goals import goals, is_country, is_dateline, places_in, reached, stands_for_government
from extractor.fields.home import home_of
from extractor.fields.whose import country_of, found_country
from extractor.fields.words import find_words, same_words

_GENERIC = re.compile(
    r"\b(?:there|here|in town|(?:the|that|this)(?: [\w-]+)? "
    r"(?:country|nation|state|island|kingdom|republic|capital|city))\b(?! of)",
    re.IGNORECASE,
)
_OFFERS = 8


class CountryType(FieldType):
    """A country or organisation, by its ISO 3166-1 alpha-3 code or its acronym."""

    form: ClassVar[str] = "ISO 3166-1 alpha-3; organisations by acronym"
    group: ClassVar[Group] = "named"

    def ask(self, view: View) -> Any:
        """Offer the countries that the deed leads to; without a deed, all that the passage names.

        Where the deed leads to none, or to "the country", a country named before is meant: one that a deed there
        leads to, the nearest first, or else any.
        """
        if not view.does:
            return _offer(view, (m for stretch in view.where for m in _names_first(places_in(view.article, stretch))))
        near = goals(view.article, view.where[0], view.does)
        generic = _GENERIC.search(view.passage)
        if near and not generic:
            return _offer(view, near)
        led_to = (reached(view.article, stretch, view.does) for stretch in view.where[1:])
        before = next(filter(None, led_to), None) or [
            mention
            for stretch in view.where[1:]
            for mention in places_in(view.article, stretch)
            if mention.kind != "demonym" and is_country(mention.code) and not is_dateline(view.article.text, mention)
        ]
        here = places_in(view.article, view.where[0]) if generic else ()  # "met the Peruvian premier on the island"
        return _offer(view, [*near, *before] or _names_first(here))

    def locate(self, value: Any, view: View) -> Found | None:
        """Find a mention of the country: its name first, then what stands for it."""
        text = view.article.text
        meant = {code_of(str(value)) or str(value)}
        for stretch in view.where:
            here = places_in(view.article, stretch)
            meant |= {m.code for m in here if m.span.of(text) == value}  # "the North" means what it means there
            carried = [m for m in here if m.code in meant]
            if carried:
                named = [m for m in carried if same_words(m.span.of(text), str(value))]
                stated = [m for m in carried if kinds[m.kind].verdict == "stated"]
                return found_country((named or stated or carried)[0])
        return None

    def read(self, view: View) -> list[Found]:
        """Read whose official a person is from the words beside the name, else from what the article is about."""
        if view.of is None:
            return []
        person = view.of.value
        found = country_of(view.article.text, person) or home_of(view.article, person, view.unlike)
        return [found] if found else []

    def told(self, value: Any, article: Article, sentence: Span) -> bool | None:
        """See whether the sentence mentions the country; one that is set in another country tells of that."""
        here = places_in(article, sentence)
        if any(mention.code == value for mention in here):
            return True
        return False if any(_is_scene(article.text, mention) for mention in here) else None

    def follow(self, value: Any, change: Change) -> Any:
        """Return the code of the country that took the place of this one."""
        code = code_of(str(value)) or str(value)
        return change.codes.get(code, value)

    def same(self, one: Any, other: Any) -> bool:
        """Compare codes; names are looked up first."""
        return (code_of(str(one)) or one) == (code_of(str(other)) or other)


def _offer(view: View, places: Iterable[Mention]) -> Any:
    """Let the words be chosen by which countries are mentioned."""
    words = tuple(dict.fromkeys(mention.span.of(view.article.text) for mention in places))[:_OFFERS]
    return Literal[words] if words else None


def _names_first(places: Iterable[Mention]) -> list[Mention]:
    """Return each country once, by its name if it has one here: "France" rather than "French"."""
    by_code: dict[str, Mention] = {}
    for mention in sorted(places, key=lambda mention: mention.kind == "demonym"):
        by_code.setdefault(mention.code, mention)
    return list(by_code.values())


# Before a place where something happens: a preposition, or a verb whose object is a place.
_AT = re.compile(
    r"\b(?i:in|at|to|from|via|through|for|near|outside|visit(?:s|ed|ing)?|see|reach(?:ed)?|leave|left|cit(?:y|ies) of)"
    r"[\s“\"(\[]+(?:(?:nearby|neighbou?ring|central|downtown) )?(?:[A-Z][\w’-]+(?:, | and | or |, and )){0,3}$",
)
_PROPER = r"((?:[A-Z][\w’'-]*\s(?:(?:de|las|los|la|of|the|and) )*)+"
_VENUE = re.compile(  # "at the Nordic Museum", and whatever is "at the … in Lima"
    rf"\b(?:at|in|to|of|inside|outside|visit|tour|address) (?:the )?{_PROPER}"
    r"(?:Palace|Airport|airport|University|Monument|Mausoleum|Museum|Centre|Center|Cathedral|Chapel|Mosque|Temple|Stadium"
    r"|Falls|Province|Castle|Hospital|refugee camp|House)"
    r"(?: (?:of|to) (?:the )?(?:[A-Z][\w-]+ ?(?:and )?)+(?<! ))?)"
    r"|\b(?:at|to|of) (?:the )?((?:University|Museum|Port|Bank) of (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)"
    rf"|\b(?:at|inside|outside) (?:the )?{_PROPER})in (?:the capital )?(?=[A-Z])"
)
_SLUG = re.compile(r"^([A-Z][A-Z ]+) [–—-] ", re.MULTILINE)


def _is_scene(text: str, mention: Mention) -> bool:
    """Say whether something happens in or near a place, which then stands for no government."""
    before = _AT.search(text, max(0, mention.span.start - 60), mention.span.start)
    return mention.kind != "demonym" and bool(before) and not stands_for_government(text, mention)


def _is_slug(text: str, place: Span) -> bool:
    """Tell a diary's place slugs from the one dateline of a report."""
    slugs = _slugs(text)
    return len(slugs) > 1 and place in slugs


@lru_cache(maxsize=64)
def _slugs(text: str) -> frozenset[Span]:
    return frozenset(Span(*slug.span(1)) for slug in _SLUG.finditer(text))


class PlaceType(FieldType):
    """A city, region, site or venue in the country that it belongs to."""

    form: ClassVar[str] = "as written"
    group: ClassVar[Group] = "named"
    cued: ClassVar[bool] = True

    def ask(self, view: View) -> Any:
        """Ask for words of the passage."""
        return str

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the place's name in the passage."""
        span = find_words(str(value), view.article.text, view.where)
        return Found(span.of(view.article.text), (span,), "stated") if span else None

    def read(self, view: View) -> list[Found]:
        """Read every city of the country where something happens, and the venues beside it, each once."""
        if view.of is None:
            return []
        text = view.article.text
        places: dict[str, Found] = {}
        for stretch in (view.where[0], *view.onward):
            here = [m for m in places_in(view.article, stretch) if m.code == view.of.value]
            cities = [m.span for m in here if m.kind in ("city", "capital")]
            scenes = [m.span for m in here if m.span in cities and (_is_scene(text, m) or _is_slug(text, m.span))]
            venues = _venues(text, stretch) if here or stretch == view.where[0] else []
            for span in (*scenes, *venues):
                places.setdefault(span.of(text).casefold(), Found(span.of(text), (span,), "stated"))
        return list(places.values())

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article."""
        return same_words(str(one), str(other))


def _venues(text: str, stretch: Span) -> list[Span]:
    """Return the venues that a stretch names."""
    found = (match.span(match.lastindex or 0) for match in _VENUE.finditer(text, stretch.start, stretch.end))
    return [Span(start, start + len(text[start:end].rstrip())) for start, end in found]


Country = Annotated[str, CountryType()]
Place = Annotated[str, PlaceType()]
