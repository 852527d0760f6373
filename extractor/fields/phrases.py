"""The gazetteer's dictionary: phrases that name countries and organisations, and where they occur in a text.

Both sides of a comparison go through one written normalisation: compatibility forms are resolved, accents and
invisible characters dropped, white space and hyphens made alike. Case counts, for "turkey" is a bird; only a
phrase all in capitals is the same phrase. The longest phrase wins. Offsets point into the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from extractor.article import Span


class Entry(NamedTuple):
    """What a phrase means: several codes where the text must decide, none where it names no country."""

    codes: tuple[str, ...]
    kind: str


class Phrase(NamedTuple):
    """A phrase of the dictionary at one place of a text."""

    span: Span
    key: str
    entry: Entry


class Dictionary(NamedTuple):
    """All that ``extractor/data`` says."""

    entries: dict[str, Entry]  # by normalised phrase
    beginnings: set[str]  # of phrases of several words
    accented: set[str]  # phrases that the data spell with an accent
    display: dict[str, str]  # short English name by code
    iso: dict[str, str]  # alpha-3 code by alpha-2 and alpha-3 code
    rather_places: frozenset[str]  # phrases that are persons' names too, see persons.txt
    rather_persons: frozenset[str]
    no_names: frozenset[str]  # words, lower case, that make no person of a place beside them
    titles: frozenset[str]  # words, lower case, that make a person of the place after them


# In order of authority: the first file to name a phrase settles it.
_FILES = ("aliases.tsv", "organisations.tsv", "countries.tsv", "demonyms.tsv", "cities.tsv")

# Marks that a reader does not see. Overrides of the writing direction are none: they change what he reads.
_INVISIBLE = "\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_ACCENT = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_DROPPED = re.compile(f"[{_INVISIBLE}{_ACCENT}]")
_TRAILING = re.compile(f"[{_INVISIBLE}]+$")
_LETTERS = str.maketrans("ıøØłŁđĐðəƏ", "ioOlLdDdaA") | {
    ord("ß"): "ss",
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
}

_INNER = rf"(?:[^\W_]|[{_INVISIBLE}{_ACCENT}])*"
_WORD = re.compile(rf"[^\W_]{_INNER}")
# A word that may begin with a capital. Web addresses and handles are passed over whole.
_CANDIDATE = re.compile(rf"(?:https?://|www\.|@)\S+|(?<![^\W_])(?<![{_ACCENT}])[^\W\d_a-z]{_INNER}")
_GAP = re.compile(
    r"(?P<and>[ \u00a0]&[ \u00a0])"
    r"|(?P<space>[ \t\u00a0\u2009\u202f]{1,3}|[ \t]?\r?\n[ \t]{0,3}|[-\u2010\u2011])"
    r"|(?P<apostrophe>['’‘ʼʻ`])"
    r"|(?P<dot>\.[ \u00a0\u202f]?)|(?P<comma>,[ \u00a0\u202f])"
)
_GAPS = {"space": " ", "apostrophe": "'", "dot": ".", "comma": ", ", "and": " and "}
_SEPARATOR = re.compile("[ .',]+")  # between the words of a normalised phrase
# What shows that a word goes on: "Oman'i", "Chad.com", "US$"; the possessive does not.
_GOES_ON = re.compile(r"['’](?![sS](?![^\W_]))[^\W_]|\.[a-z]|\$")


def fold(word: str) -> str:
    r"""Return a word without accents and invisible characters.

    >>> fold("Chișinău"), fold("TÜRKİYE"), fold("Rus\u00adsia")
    ('Chisinau', 'TURKIYE', 'Russia')
    """
    if word.isascii():
        return word
    return _DROPPED.sub("", unicodedata.normalize("NFKD", word)).translate(_LETTERS)


def key_of(phrase: str) -> str:
    """Return the normalised form of a whole phrase, by which the dictionary lists it.

    >>> key_of("Guinea-Bissau"), key_of("St. Kitts & Nevis"), key_of("Côte d’Ivoire")
    ('Guinea Bissau', 'St.Kitts and Nevis', "Cote d'Ivoire")
    """
    if phrase.isascii() and phrase.replace(" ", "").isalpha():
        return phrase
    match = _WORD.search(phrase)
    key = ""
    while match:
        key += fold(match.group())
        gap = _GAP.match(phrase, match.end())
        match = _WORD.match(phrase, gap.end()) if gap else None
        if gap and match:
            key += _GAPS[str(gap.lastgroup)]
    return key


def phrases(text: str) -> Iterator[Phrase]:
    """Yield the longest phrase of the dictionary at every capitalised word, without overlap."""
    dictionary = load()
    reached = 0
    for match in _CANDIDATE.finditer(text):
        first = fold(match.group())
        if match.start() < reached or not (first in dictionary.entries or first in dictionary.beginnings):
            continue
        phrase = _longest(text, Span(*match.span()), first, dictionary)
        if phrase:
            reached = phrase.span.end
            yield phrase


def _longest(text: str, word: Span, key: str, dictionary: Dictionary) -> Phrase | None:
    """Return the longest phrase that begins with `word`, whose normalised form is `key`."""
    best = None
    end = word.end
    while True:
        entry = dictionary.entries.get(key)
        if entry and not _GOES_ON.match(text, end):
            best = Phrase(Span(word.start, _end(text, word.start, end, key)), key, entry)
        gap = _GAP.match(text, end) if key in dictionary.beginnings else None
        following = _WORD.match(text, gap.end()) if gap else None
        if not gap or not following:
            return best
        key += _GAPS[str(gap.lastgroup)] + fold(following.group())
        end = following.end()


def _end(text: str, start: int, end: int, key: str) -> int:
    """Return where a phrase ends: with the full stop of "U.S.", without invisible characters."""
    if key[-2:-1] == "." and text.startswith(".", end):
        return end + 1
    words = text[start:end]
    return end if words.isascii() else start + len(_TRAILING.sub("", words))


@lru_cache(maxsize=1)
def load() -> Dictionary:
    """Read the data files, once."""
    entries: dict[str, Entry] = {}
    accented: set[str] = set()
    iso: dict[str, str] = {}
    display: dict[str, str] = {}
    for phrase in _lines("blocked.txt"):
        entries[key_of(phrase)] = Entry((), "blocked")
    for code, kind, names in (row for file in _FILES for row in _rows(file)):
        if kind == "code":
            iso.update((name, code) for name in names)
            continue
        entry = Entry(tuple(code.split("/")), kind)
        for name in names:
            keys = _spellings(key_of(name), kind)
            accented.update(() if name.isascii() else keys)
            for key in keys:
                entries.setdefault(key, entry)
    for code, _, names in (*_rows("countries.tsv"), *_rows("organisations.tsv")):
        display.setdefault(code, names[0])
    persons = _sections("persons.txt")
    places = _all_spellings(persons["places"])
    no_names, titles = (frozenset(" ".join(persons[head]).split()) for head in ("no names", "titles"))
    return Dictionary(
        entries,
        _beginnings(entries),
        accented,
        display,
        iso,
        places,
        _all_spellings(persons["persons"]),
        no_names,
        titles,
    )


def _all_spellings(names: Iterable[str]) -> frozenset[str]:
    """Return the ways to write any of `names`."""
    return frozenset(s for name in names for s in _spellings(key_of(name), "name"))


def _spellings(key: str, kind: str) -> set[str]:
    """Return the ways to write a phrase: in capitals, with or without the stops of its abbreviations."""
    if kind == "acronym":
        return {key, ".".join(key)} if key.isalpha() and key.isupper() and len(key) < 5 else {key}
    spellings = {key, key.replace(".", " ")}
    if key.startswith("Saint "):
        spellings |= {key.replace("Saint ", "St.", 1), key.replace("Saint ", "St ", 1)}
    return spellings | {s.upper() for s in spellings}


def _beginnings(entries: Iterable[str]) -> set[str]:
    """Return every phrase cut after each of its words but the last."""
    return {key[: gap.start()] for key in entries for gap in _SEPARATOR.finditer(key)}


def _lines(file: str) -> Iterator[str]:
    """Yield the lines of a data file but for remarks."""
    for line in resources.files("extractor").joinpath(f"data/{file}").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _sections(file: str) -> dict[str, list[str]]:
    """Return the lines of a data file under the headings in square brackets."""
    sections: dict[str, list[str]] = {}
    for line in _lines(file):
        if line.startswith("["):
            sections[line.strip("[]")] = lines = []
        else:
            lines.append(line)
    return sections


def _rows(file: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield code, kind and names of every row of a table."""
    for line in list(_lines(file))[1:]:
        code, kind, names, _ = line.split("\t")
        yield code, kind, names.split("; ")
