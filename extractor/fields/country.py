"""Countries and organisations, and places that lie in them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from extractor.article import Article, Span
from extractor.fields.base import FieldType, Found, View
from extractor.fields.clauses import deeds
from extractor.fields.gazetteer import Mention, code_of, kinds, mentions, name_of
from extractor.fields.names import is_title, names, same_person
from extractor.fields.phrases import load
from extractor.fields.words import find_words, same_words

_GENERIC = re.compile(
    r"\b(?:there|here|in town|(?:the|that|this)(?: [\w-]+)? "
    r"(?:country|nation|state|island|kingdom|republic|capital|city))\b(?! of)",
    re.IGNORECASE,
)
# Before a country that one goes to: a word of direction or place, or a neighbour in a list of such.
_GOAL = re.compile(
    r"(?:\b(?:to|in|into|for|from|at|via|through|toward|towards|(?:tour|visit) of|near|around|and|or|then|on|"
    r"visit\w*|tour\w*|reach\w*|leav\w*|left)|,)[\s“\"(\[]+"
    r"(?:(?:the|neighbou?ring|nearby|northern|southern|eastern|western|central|isolated|"
    r"Gulf|Baltic|Nordic|states?|nations?|allies|ally|[\w-]+[’']s|capital|city)"
    r"[\s,]+(?:of )?){0,3}$",
    re.IGNORECASE,
)
_SLUG = re.compile(r"\s*[-–—:]\s")  # "BERLIN – ..." in a diary
_POSTED = re.compile(
    r"\b(?:ambassador|envoy|commissioner|consul|consulate|embassy|representative|mission)s? (?:to|in|for) (?:the )?$",
    re.IGNORECASE,
)
_REACH = 30  # code points between a word of travel and the country that it reaches
# Between two goals of one journey stand small words, names and times, but no other verb or noun.
_LISTED = re.compile(
    r"(?:[\s,;“”\"()\[\]’'–-]|\b(?:and|or|then|to|in|on|at|from|until|for|the|also|later|again|next|last|days?|week|month|year|s)\b"
    r"|\b(?-i:[A-Z])[\w.]*|\d+(?:st|nd|rd|th)?)*+",
    re.IGNORECASE,
)
_OFFERS = 8

# Behind a country that stands for a government or tells whose official follows, and is no place to go to.
_OFFICIAL = re.compile(
    r"(?:[’']s?)? +(?:(?:(?:(?-i:[A-Z])[\w-]+|foreign|interior|defen[cs]e|state|news|central|national|press) +){0,3}"
    r"(?:ministry|government|embassy|office|parliament|media|agency)\b"
    r"|(?:(?:foreign|prime|defen[cs]e|deputy|vice|former) +)?"
    r"(?:minister|president|chancellor|secretary|leader|king|premier|ambassador|envoy)\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(load().iso.values())


def is_country(code: str) -> bool:
    """Tell a country from an organisation.

    >>> is_country("PRK"), is_country("UN")
    (True, False)
    """
    return code in _countries()


def places_in(article: Article, stretch: Span) -> list[Mention]:
    """Return the countries and organisations that a stretch of the article mentions, in order."""
    return [m for m in mentions(article.text) if stretch.covers(m.span) or m.span.covers(stretch)]


class CountryType(FieldType):
    """A country or organisation, by its ISO 3166-1 alpha-3 code or its acronym."""

    form: ClassVar[str] = "ISO 3166-1 alpha-3; organisations by acronym"

    def ask(self, view: View) -> Any:
        """Offer the countries that one goes to in the passage; where it gives none, or "the country", those before."""
        offers = dict.fromkeys(_goals(view))
        if not offers or _GENERIC.search(view.passage):
            for stretch in view.where[1:]:
                offers |= dict.fromkeys(_named(view.article, stretch))
        return Literal[tuple(offers)[:_OFFERS]] if offers else None

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
                return _found((named or stated or carried)[0])
        return None

    def read(self, view: View) -> list[Found]:
        """Read whose official a person is from the words beside the name."""
        found = _country_beside(view)
        return [found] if found else []

    def same(self, one: Any, other: Any) -> bool:
        """Compare codes; names are looked up first."""
        return (code_of(str(one)) or one) == (code_of(str(other)) or other)


def _goals(view: View) -> list[str]:
    """Name the countries of the passage that one goes to."""
    text, passage = view.article.text, view.where[0]
    goals = [m for m in places_in(view.article, passage) if _is_goal(text, passage, m)]
    cues = deeds(text, [passage], view.does) if view.does else []
    kept: list[Mention] = []
    for goal in goals:
        reached = any(0 <= goal.span.start - deed.span.end < _REACH for deed in cues)
        if reached or (kept and _LISTED.fullmatch(text, kept[-1].span.end, goal.span.start)):
            kept.append(goal)
    return [goal.span.of(text) for goal in kept or goals]


def _is_goal(text: str, passage: Span, mention: Mention) -> bool:
    """Say whether a country stands behind a word of direction, and not for a government or an official."""
    if mention.kind == "demonym" or not is_country(mention.code) or _OFFICIAL.match(text, mention.span.end):
        return False
    begin = max(passage.start, mention.span.start - 60)
    if _POSTED.search(text, begin, mention.span.start):
        return False
    slug = mention.span.start == passage.start and _SLUG.match(text, mention.span.end)
    return bool(slug or _GOAL.search(text, begin, mention.span.start))


def _named(article: Article, stretch: Span) -> list[str]:
    """Name the countries of a stretch, whatever they do there."""
    places = places_in(article, stretch)
    return [m.span.of(article.text) for m in places if m.kind != "demonym" and is_country(m.code)]


_LINKS = frozenset("for of and the , & 's ’s ’ '".split())
_LAST_WORDS = re.compile(r"([\w-]+) (?:of|for) (?:the )?$")
# Where an official is posted, or what the office is for: "ambassador to Peru", "envoy for the Caspian,".
_POST = re.compile(r"(?<= )(?:for|to|in) (?:(?:the )?[\w ]+(?=,)|(?:the )?(?:[A-Z][\w’'-]*\s?)+)")


def _found(mention: Mention) -> Found:
    support = kinds[mention.kind]
    rule = f"{support.rule}: {name_of(mention.code)}" if support.rule else None
    return Found(mention.code, (mention.span,), support.verdict, rule)


def _country_beside(view: View) -> Found | None:
    """Look before each mention of the name ("Russian Foreign Minister …"), then behind it (", the … of Chile")."""
    text = view.article.text
    places = mentions(text)
    spans = [name.span for name in names(text) if view.of and same_person(name.words, view.of.value)]
    for span in spans:
        near = [m for m in places if m.span.end <= span.start and span.start - m.span.end < 90]
        posted = [m for m in near if _POSTED.search(text, max(0, m.span.start - 40), m.span.start)]
        for mention in reversed([m for m in near if m not in posted][-1:]):
            if _belongs(text, mention, span):
                return _found(mention)
    for span in spans:
        for mention in [m for m in places if 0 <= m.span.start - span.end < 60][:1]:
            if _apposition(text[span.end : mention.span.start], text[mention.span.end : mention.span.end + 40]):
                return _found(mention)
    return None


def _belongs(text: str, mention: Mention, name: Span) -> bool:
    """Say whether a country before a name tells whose official the person is.

    So do "Russian Foreign Minister X", "Russia's X" and "the President of Laos, H.E. X", but not "in Peru, X".
    """
    between = text[mention.span.end : name.start]
    before = _LAST_WORDS.search(text, max(0, mention.span.start - 40), mention.span.start)
    if before and is_title(before[1]) and _only_titles(between.replace(",", " ")):
        return True
    if re.match(r"\s*(?:,|and\b|of\b|&)", between):
        return False
    return _only_titles(between) and (bool(between.strip()) or mention.kind == "demonym")


def _only_titles(between: str) -> bool:
    """Say whether nothing but an office stands between a country and a name."""
    office = _POST.sub(" ", re.sub(r"^[’']s?", "", between))
    words = re.findall(r"[^\W\d_](?:[\w’'\-]|\.(?=\w))*\.?|[^\s\w]", office)
    return all(is_title(word) or word.lower() in _LINKS for word in words)


def _apposition(between: str, after: str) -> bool:
    """Say whether a country behind a name tells whose official the person is: ", the Qatari …", "of Tuvalu"."""
    if between.strip() == "(" and after.startswith(")"):
        return True
    head = re.match(r"\s+of (?:the )?$|\s*,\s*(?:\d+,\s*)?(?:who heads? )?(?:the |a )?", between)
    if head is None:
        return False
    rest = between[head.end() :]
    if " of " in head[0] or rest.strip():
        return _only_titles(rest) or not rest.strip()
    following = re.match(r"[’']?s? +([\w-]+)", after)
    return following is not None and is_title(following[1])


class PlaceType(FieldType):
    """A city, region, site or venue in the country that it belongs to."""

    form: ClassVar[str] = "as written"
    cued: ClassVar[bool] = True

    def ask(self, view: View) -> Any:
        """Ask for words of the passage."""
        return str

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the place's name in the passage."""
        span = find_words(str(value), view.article.text, view.where)
        return Found(span.of(view.article.text), (span,), "stated") if span else None

    def read(self, view: View) -> list[Found]:
        """Read every city of the country off the passage, each once."""
        if view.of is None:
            return []
        places: dict[str, Found] = {}
        for mention in places_in(view.article, view.where[0]):
            words = mention.span.of(view.article.text)
            stands_for_government = _OFFICIAL.match(view.article.text, mention.span.end)
            if mention.code == view.of.value and mention.kind in ("city", "capital") and not stands_for_government:
                places.setdefault(words, Found(words, (mention.span,), "stated"))
        return list(places.values())

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article."""
        return same_words(str(one), str(other))


Country = Annotated[str, CountryType()]
Place = Annotated[str, PlaceType()]
