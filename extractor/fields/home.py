"""Whose official a person is where no words beside the name tell: what a reader takes for granted.

"Prime Minister X" without a country is at home where the article is. These rules are weaker than those of `whose`, so
they never give the country that the schema says it cannot be.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from extractor.article import AT_HAND, Article, Span
from extractor.fields.base import Found
from extractor.fields.gazetteer import Mention, mentions, mentions_in
from extractor.fields.goals import is_country
from extractor.fields.names import named
from extractor.fields.offices import office_of, title_before
from extractor.fields.whose import found_country, holders

_OPENING = re.compile(r"(?:\A|\n|[.!?:][”\"’)]*\s)\W{0,2}In (?:the capital )?$")
_MEETS = re.compile(r"\b(?:with|by|meets?|met|call(?:s|ed)? on|sees?|saw)\b")
_TELLS = re.compile(r" (?:has |have )?(?:said|says|announced|confirmed|told)\b")
_END = re.compile(r"[.!?][”\"’)]*\s|\n\s*\n")
_OFTEN = 2  # a country that is mentioned once is not what an article is about
_NEAR = 300  # code points of a sentence that are looked through


def home_of(article: Article, person: str, unlike: str | None) -> Found | None:
    """Return the country that an official of no stated country represents, if the article leaves little choice.

    >>> text = "Peru is in crisis. The president, Ana Ruiz, went to Chile for help. Peru owes it much."
    >>> found = home_of(Article(id="a", text=text), "Ana Ruiz", unlike="CHL")
    >>> found and (found.value, found.rule)
    ('PER', 'official of the country that the article is most about: Peru')
    """
    spans = [name.span for name in named(article.text, person)]
    office = office_of(article.text, spans)
    if office is None:
        return None
    for rule, find in _RULES.items():
        if (mention := find(article.text, spans)) and mention.code != unlike:
            return found_country(mention, rule)
    others = frozenset({unlike, *holders(article.text, office.of(article.text), spans)})
    most = _most_named(article.text, article.boilerplate, others)
    return found_country(most, "official of the country that the article is most about") if most else None


def _met_in(text: str, spans: list[Span]) -> Mention | None:
    """Read "In Lima she will meet Prime Minister X": the country of the place that the sentence opens with."""
    for span in spans:
        office = title_before(text, span)
        for mention in mentions_in(text, span.start - _NEAR, span.start) if office else ():
            between = text[mention.span.end : span.start]
            opens = _OPENING.search(text, max(0, mention.span.start - 20), mention.span.start)
            if opens and mention.kind != "demonym" and _MEETS.search(between) and not _END.search(between):
                return mention
    return None


def _told_by(text: str, spans: list[Span]) -> Mention | None:
    """Read "President X will leave on Monday, the White House said": a seat of government that tells of its own."""
    for span in spans:
        for mention in mentions_in(text, span.end, span.end + _NEAR) if title_before(text, span) else ():
            between = text[span.end : mention.span.start]
            if mention.kind == "metonym" and _TELLS.match(text, mention.span.end) and not _END.search(between):
                return mention
    return None


_RULES = {
    "official met in a place of the country": _met_in,
    "official of whom the seat of the government tells": _told_by,
}


@lru_cache(maxsize=AT_HAND)
def _most_named(text: str, boilerplate: tuple[Span, ...], but: frozenset[str | None]) -> Mention | None:
    """Return the first mention of the country that is named most, if none is named as often; `but` cannot be meant."""
    others = [
        mention
        for mention in mentions(text)
        if mention.code not in but and not any(stretch.covers(mention.span) for stretch in boilerplate)
    ]
    counts = Counter(mention.code for mention in others).most_common(2)
    if not counts or counts[0][1] < _OFTEN or (len(counts) > 1 and counts[0][1] == counts[1][1]):
        return None
    if not is_country(counts[0][0]):  # then he may be its official, or his country's
        return None
    return next(mention for mention in others if mention.code == counts[0][0])
