"""Where a deed leads: the countries that somebody goes to, sends to or strikes, as far as word order tells.

"He flew to Peru", "a tour of Peru and Chile" and "LIMA – ..." have goals; the Peru of "Peru's minister" and of
"the ambassador to Peru" is none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.article import Article, Span
from extractor.fields.clauses import Deed, deeds
from extractor.fields.gazetteer import Mention, mentions_in
from extractor.fields.phrases import load

_FILL = (
    r"(?:the (?-i:[a-z][\w-]+) (?-i:(?=[A-Z])))?"
    r"(?:(?:the|neighbou?ring|nearby|northern|southern|eastern|western|central|isolated|"
    r"Gulf|Baltic|Nordic|states?|nations?|allies|ally|[\w-]+[’']s|capital|city|kingdom|republic|sultanate|emirate)"
    r"[\s,]+(?:of )?){0,3}"
)
# Before a goal: a word of direction or place, or a neighbour in a list of such.
_TOWARD = re.compile(
    r"(?:\b(?:to|in|into|for|at|via|through|towards?|near|around|and|or|then|on)|,)[\s“\"(\[]+" + _FILL + "$",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"\s+(?:of )?[“\"(\[]*" + _FILL, re.IGNORECASE)  # between a deed and its object
_WHERE = re.compile(r",? where (?:he|she|they)\b")  # "flew in from Peru, where she ..."
_SLUG = re.compile(r"\s*[-–—:]\s")  # "BERLIN – ..." in a diary
_POSTED = re.compile(
    r"\b(?:ambassador|envoy|commissioner|consul|consulate|embassy|representative|mission)s? (?:to|in|for) (?:the )?$",
    re.IGNORECASE,
)
_CONCERNED = re.compile(r" (?:peace |special )?(?:envoy|mediator|coordinator|rapporteur)\b")
_BESIDE = re.compile(r",?\s+(?:H\.?E\.?\s+)?(?:(?:Mr|Ms|Mrs|Dr)\.?\s+)?")
_APPOSED = re.compile(r",\s[^,.;:]{0,60}")
_DATELINE = re.compile(r"(?:,[^\n.]{0,30})?(?:\s?\([^()\n]{1,40}\))?\s*[-–—]\s")
_OWNS = re.compile(
    r"[’'](?:s )? ?(?!(?:[\w-]+ )?(?:capital|cit(?:y|ies)|port|island|coast|province|region|town|border)\b)[a-z]"
)
_CAPITAL = re.compile(r" (?:capital|city of|resort of|port of|island of)\b")
_WRITTEN = re.compile(r"\b(?:report\w*|said|wrote|writes|told \w+) (?:from|in) $")  # where news is from
_BY_WHOM = re.compile(r"\sby\s[^.,;:]{3,70}?\s(?:to|in|through)\s(?:the\s)?")  # "a trip by Premier Ruiz to Peru"
_REACH = 30  # code points between the words of a deed and its goal
# Between two goals of one deed stand small words, names and times, but no other verb or noun.
_LISTED = re.compile(
    r"(?:[\s,;“”\"()\[\]’'–-]|\b(?:and|or|then|to|in|on|at|from|until|for|the|also|later|again|next|last|days?|week|month|year|s)\b"
    r"|\b(?-i:[A-Z])[\w.]*|\d+(?:st|nd|rd|th)?)*+",
    re.IGNORECASE,
)
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
    near = mentions_in(article.text, stretch.start, stretch.end)
    return [m for m in near if stretch.covers(m.span) or m.span.covers(stretch)]


def stands_for_government(text: str, mention: Mention) -> bool:
    """Say whether a country stands for its government or tells whose official follows: "Moscow's foreign ministry"."""
    return bool(_OFFICIAL.match(text, mention.span.end))


def is_posted(text: str, mention: Mention) -> bool:
    """Say whether a country only tells where somebody is posted: "the ambassador to Peru", "the UN's Peru envoy"."""
    before = _POSTED.search(text, max(0, mention.span.start - 40), mention.span.start)
    concerned = (
        mention.kind == "name" and not mention.span.of(text).isupper() and _CONCERNED.match(text, mention.span.end)
    )
    return bool(before or concerned)


def posting(text: str, name: Span) -> str | None:
    """Return the country where a person is posted, by the words beside the name.

    >>> posting("Ana Ruiz, the Swedish ambassador to Peru, left.", Span(0, 8))
    'PER'
    """
    for mention in mentions_in(text, name.start - _REACH, name.end + 3 * _REACH):
        before = _BESIDE.fullmatch(text, mention.span.end, name.start) if mention.span.end <= name.start else None
        behind = mention.span.start > name.end and _APPOSED.fullmatch(text, name.end, mention.span.start)
        if (before or behind) and is_posted(text, mention):
            return mention.code
    return None


def is_dateline(text: str, mention: Mention) -> bool:
    """Say whether a place opens a report and only tells where it was written: "Doha, 26 January (GNS) – "."""
    opens = mention.span.start == 0 or text[mention.span.start - 1] == "\n"
    return opens and bool(_DATELINE.match(text, mention.span.end))


def goals(article: Article, passage: Span, cues: tuple[str, ...]) -> list[Mention]:
    """Find the countries of a passage that the deeds lead to whose words the patterns `cues` match.

    Where no deed stands near enough, those behind a word of direction are returned.

    >>> article = Article(id="a", text="Peru's minister flew to Chile and Brazil.")
    >>> [mention.code for mention in goals(article, Span(0, 41), ("flew",))]
    ['CHL', 'BRA']
    """
    found, kept = _found(article, passage, cues)
    return kept or found


def reached(article: Article, stretch: Span, cues: tuple[str, ...]) -> list[Mention]:
    """Find the countries of a stretch that deeds lead to, and no others.

    >>> reached(Article(id="a", text="A dispute with Peru and Chile."), Span(0, 30), ("flew",))
    []
    """
    return _found(article, stretch, cues)[1]


def _found(article: Article, stretch: Span, cues: tuple[str, ...]) -> tuple[list[Mention], list[Mention]]:
    """Return what may be goals in a stretch, and which of them the deeds reach."""
    text = article.text
    done = deeds(text, (stretch,), cues)
    found = [m for m in places_in(article, stretch) if _is_goal(text, stretch, m, done)]
    kept: list[Mention] = []
    for goal in found:
        near = any(
            0 <= goal.span.start - deed.span.end < _REACH or _BY_WHOM.fullmatch(text, deed.span.end, goal.span.start)
            for deed in done
        )
        if near or (kept and _LISTED.fullmatch(text, kept[-1].span.end, goal.span.start)):
            kept.append(goal)
    return found, kept


def _is_goal(text: str, passage: Span, mention: Mention, done: tuple[Deed, ...]) -> bool:
    """Say whether a country stands behind a deed or a word of direction, and not for a government or an official."""
    if mention.kind == "demonym" and _CAPITAL.match(text, mention.span.end):
        return True  # "in the Peruvian capital"
    if mention.kind == "demonym" or not is_country(mention.code) or stands_for_government(text, mention):
        return False
    if _OWNS.match(text, mention.span.end):
        return False
    begin = max(passage.start, mention.span.start - 60)
    if _POSTED.search(text, begin, mention.span.start) or _WRITTEN.search(text, begin, mention.span.start):
        return False
    slug = mention.span.start == passage.start and _SLUG.match(text, mention.span.end)
    return bool(
        slug
        or _WHERE.match(text, mention.span.end)
        or _TOWARD.search(text, begin, mention.span.start)
        or any(
            deed.span.covers(mention.span) or _OBJECT.fullmatch(text, deed.span.end, mention.span.start)
            for deed in done
        )
    )
