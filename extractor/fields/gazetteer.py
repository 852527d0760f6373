"""Countries and international organisations in running text: where they are named, and by what kind of name.

`phrases` finds the words; this module decides what they mean where they stand. A rule that cannot tell keeps
quiet: a place that is missed costs less than a traveller taken for a place. Territories that two states claim
(Crimea, Kashmir, the Golan) belong to none here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from extractor.article import AT_HAND, Span, touching
from extractor.fields.phrases import Entry, Phrase, key_of, load, phrases

Kind = Literal["name", "demonym", "capital", "metonym", "city", "acronym"]


class Support(NamedTuple):
    """How a kind of mention supports a code: the verdict, and the rule's name where it is derived."""

    verdict: Literal["stated", "derived"]
    rule: str | None


class Mention(NamedTuple):
    """A place of a text that stands for a country or an organisation."""

    span: Span
    code: str
    kind: Kind


kinds: Mapping[Kind, Support] = MappingProxyType(
    {
        "name": Support("stated", None),
        "acronym": Support("stated", None),
        "demonym": Support("derived", "people of the country"),
        "capital": Support("derived", "capital of the country"),
        "metonym": Support("derived", "institution that stands for the country"),
        "city": Support("derived", "city or region of the country"),
    }
)


# Kinds of the data files that callers need not tell apart.
_SHOWN: Mapping[str, Kind] = {"region": "city", "town": "city", "half": "metonym"}


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# A name inside another name: "the Sea of Japan", "Radio Tuvalu", "de la Madrid", "d'Iran".
_PART_OF = _words("Sea Gulf Strait Straits Bay Bight Bank Times Voice Treaty Battle Congress Duke Duchess Earl")
_PART_BEFORE = _words("Radio Air de la del da di von van")
# "Moscow Times", "Paris Agreement", "Taiwan Strait", "US dollars".
_PART_AFTER = _words(
    "Sea Ocean Gulf Strait Straits Channel Times Post Herald Tribune Gazette Daily Airline Airlines Airways "
    "Convention Conventions Agreement Agreements Accord Accords Treaty Pact Protocol Consensus Declaration "
    "Memorandum dollar dollars pound pounds franc francs rouble roubles ruble rubles rupee rupees yen yuan "
    "won peso pesos lira krone kronor kroner rial rials riyal riyals"
)
_LANGUAGE_BEFORE = _words("in into from speak speaks spoke spoken speaking fluent learn learned learning")
_LANGUAGE_AFTER = re.compile(r"[.,;:!?)\"”]|\Z|[ -](?:and|or)\b")
_LANGUAGE = re.compile(r"[ -](?:languages?|speakers?|speaking)\b")
# Before a place whose name persons bear too: prepositions, and verbs whose object is a place.
_PLACE_BEFORE = _words(
    "in to into from at near nearby outside around across via through for toward towards of between and or "
    "visit visits visited visiting leave leaves left leaving reach reached tour toured touring "
    "downtown central greater northern southern eastern western city town port capital"
)
_PLACE_AFTER = _words(
    "region province district oblast city airport port county prefecture state summit spaceport cosmodrome"
)
_NEXT_WORD = re.compile(r"[ \u00a0\n]([^\W\d_][\w’-]*)")
_HALF_BEFORE = _words("the The THE")
_HALF_AFTER = re.compile(r"[ \u00a0\n](?:of\b|[A-Z])|[-/]")


def mentions(text: str) -> tuple[Mention, ...]:
    """Return all mentions of countries and organisations in `text`, in order and without overlap.

    >>> text = "Moscow's envoy left the U.S. for South Korea."
    >>> [(m.span.of(text), m.code, m.kind) for m in mentions(text)]
    [('Moscow', 'RUS', 'capital'), ('U.S.', 'USA', 'acronym'), ('South Korea', 'KOR', 'name')]
    """
    return _mentions(text)


def mentions_in(text: str, start: int, end: int) -> Sequence[Mention]:
    """Return the mentions that overlap the stretch of `text` from `start` to `end`.

    >>> [m.code for m in mentions_in("Peru, Chile, Bolivia", 2, 10)]
    ['PER', 'CHL']
    """
    return touching(_mentions(text), Span(max(0, start), end))


def code_of(words: str) -> str | None:
    """Return the code of a phrase that is as a whole a country's name, demonym, capital, ISO code and so on.

    Case is overlooked but for acronyms and codes. A phrase that only a text around it could settle has none.

    >>> code_of("the Kremlin"), code_of("north korea"), code_of("KP"), code_of("Congo")
    ('RUS', 'PRK', 'PRK', None)
    """
    bare = words.strip()
    for phrase in (bare, re.sub(r"^the\s+|['’]s?$", "", bare, flags=re.IGNORECASE)):
        key = key_of(phrase)
        entry = load().entries.get(key) or _in_any_case().get(key.casefold())
        if entry and len(entry.codes) == 1 and entry.kind != "half":
            return entry.codes[0]
    return load().iso.get(bare)


def name_of(code: str) -> str | None:
    """Return the short English name of a country or an organisation.

    >>> name_of("PRK"), name_of("UN"), name_of("XXX")
    ('North Korea', 'United Nations', None)
    """
    return load().display.get(code)


@lru_cache(maxsize=1)
def _in_any_case() -> dict[str, Entry]:
    """Return the dictionary without case, and without acronyms: "us" is a word."""
    entries: dict[str, Entry] = {}
    for key, entry in load().entries.items():
        if entry.kind != "acronym":
            entries.setdefault(key.casefold(), entry)
    return entries


@lru_cache(maxsize=AT_HAND)
def _mentions(text: str) -> tuple[Mention, ...]:
    """Find every phrase, drop those that mean something else, then settle those that hang on the others."""
    found = [p for p in phrases(text) if p.entry.codes]
    meant = [p for p, after in zip_longest(found, found[1:]) if _means_a_country(text, p, after)]
    named = {p.entry.codes[0] for p in meant if len(p.entry.codes) == 1 and p.entry.kind != "half"}
    settled = ((p, _settle(p.entry, named)) for p in meant)
    return tuple(
        Mention(p.span, code, _SHOWN.get(p.entry.kind, cast(Kind, p.entry.kind))) for p, code in settled if code
    )


def _settle(entry: Entry, named: set[str]) -> str | None:
    """Return the code that an entry stands for in a text that names the countries `named`.

    "Congo" is the one of its two countries that the text names otherwise; "the North" is North Korea where
    the text names either Korea.
    """
    if entry.kind == "half":
        return entry.codes[0] if named & {"PRK", "KOR"} else None
    if len(entry.codes) == 1:
        return entry.codes[0]
    candidates = [code for code in entry.codes if code in named]
    return candidates[0] if len(candidates) == 1 else None


class _Place(NamedTuple):
    """Where a phrase stands: the words directly beside it on one line, and all that follows for a bit."""

    before: str
    last: str
    next: str
    after: str


def _place(text: str, span: Span) -> _Place:
    before, after = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 40]
    following = _NEXT_WORD.match(after)
    return _Place(before, _last_word(before), following.group(1) if following else "", after)


def _last_word(before: str) -> str:
    """Return the word that a text ends with before a single space; a full stop belongs to initials only."""
    if before[-1:] not in (" ", "\u00a0", "\n") or before[-2:-1].isspace():
        return ""
    word = before[:-1].rsplit(None, 1)[-1].lstrip("\"'“‘([") if len(before) > 1 else ""
    return word if word[-1:].isalpha() or (word.endswith(".") and len(word) < 5) else ""


def _means_a_country(text: str, phrase: Phrase, following: Phrase | None) -> bool:
    """Say whether a phrase means the country where it stands."""
    place = _place(text, phrase.span)
    if _is_part(place):
        return False
    match phrase.entry.kind:
        case "half":
            return place.last in _HALF_BEFORE and not _HALF_AFTER.match(place.after)
        case "acronym":
            return not _is_word(text, phrase)
        case "demonym" if _is_language(place) or not _is_spelt_as_listed(text, phrase):
            return False
        case "city" | "town" | "capital" if following and text[phrase.span.end : following.span.start] == ", ":
            shared = bool(set(phrase.entry.codes) & set(following.entry.codes))
            if shared or _settles(following, phrase):
                return shared
    return not _is_person(text, phrase, place)


def _is_part(place: _Place) -> bool:
    """Say whether the words beside a phrase make it part of another name."""
    if place.last in ("of", "the"):
        of = re.search(r"(\w+) of(?: the)?\s\Z", place.before)
        if of and of.group(1) in _PART_OF:
            return True
    glued = place.before[-1:] in ("'", "’") and place.before[-2:-1].isalnum()
    return glued or place.last in _PART_BEFORE or place.next in _PART_AFTER


def _settles(following: Phrase, city: Phrase) -> bool:
    """Say whether what follows a city tells its country: "London, Ontario", but "Moscow, China and Iran"."""
    return following.entry.kind == "region" or (following.entry.kind == "name" and city.entry.kind != "capital")


def _is_word(text: str, phrase: Phrase) -> bool:
    """Say whether an acronym that is also a word ("US", "WHO") may be that word in a line of capitals."""
    if phrase.key not in ("US", "WHO"):
        return False
    around = text[max(0, phrase.span.start - 40) : phrase.span.end + 40]
    return around.isupper() and len(around.split()) > 2


def _is_language(place: _Place) -> bool:
    """Say whether a demonym is the name of a language here: "in Russian.", "French-speaking"."""
    return bool(_LANGUAGE.match(place.after) or (place.last in _LANGUAGE_BEFORE and _LANGUAGE_AFTER.match(place.after)))


def _is_spelt_as_listed(text: str, phrase: Phrase) -> bool:
    """Say whether a demonym has no accent but those that the data give it: "Germán" is a man."""
    return phrase.key in load().accented or unicodedata.normalize("NFC", phrase.span.of(text)).isascii()


def _is_person(text: str, phrase: Phrase, place: _Place) -> bool:
    """Say whether a place reads as part of a person's name: "Michael Jordan", "Israel Katz"."""
    dictionary = load()
    if phrase.key in dictionary.rather_persons or phrase.entry.kind == "town":
        placed = place.last.lower() in _PLACE_BEFORE or place.next in _PLACE_AFTER
        return not placed or _is_name_part(place.next)
    may_be_given = phrase.key in dictionary.rather_places
    if not may_be_given and phrase.entry.kind != "city":
        return False
    in_name = _is_name_part(place.last) or (may_be_given and _is_name_part(place.next))
    in_name = in_name or (place.last[:1].isupper() and place.last.lower() in dictionary.titles)
    return in_name and not _is_headline(text, phrase.span)


def _is_name_part(word: str) -> bool:
    """Say whether the word beside a place is capitalised for no reason that we know of."""
    if not word[:1].isupper():
        return False
    bare = re.sub(r"['’]s?$", "", word).rstrip(".")
    dictionary = load()
    lower = bare.lower()
    if lower in dictionary.no_names or lower in dictionary.titles or (len(bare) > 1 and bare.isupper()):
        return False
    known = dictionary.entries.get(key_of(bare))
    return not (known and known.codes)


def _is_headline(text: str, span: Span) -> bool:
    """Say whether a span is in a short line of capitalised words, where capitals tell nothing."""
    start = text.rfind("\n", max(0, span.start - 160), span.start) + 1
    end = text.find("\n", span.end, span.end + 160)
    end = min(len(text), span.end + 160) if end < 0 else end
    words = [w for w in text[max(start, span.start - 160) : end].split() if len(w) > 3 and w[0].isalpha()]
    return end - start <= 160 and len(words) > 5 and sum(w[0].isupper() for w in words) > 0.85 * len(words)
