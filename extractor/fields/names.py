"""Names of people in running text: where they stand, and which of them are the same person.

No list of known people is used. A name is a run of capitalised words that is neither a place, a title, a
weekday, an institution nor the mere beginning of a sentence; a single word counts as a name only after a
title ("President Reagan"), or where the article has it so, or in a fuller form, elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from extractor.article import AT_HAND, Span, touching
from extractor.fields.gazetteer import mentions

_LETTERS = r"(?:[^\W\d_][\u0300-\u036f\u00ad]*)+"  # with combining marks and soft hyphens
_WORD = re.compile(rf"{_LETTERS}(?:[’'‘`\-‐‑]{_LETTERS})*\.?")
_GAP = re.compile(r"[ \u00a0\u202f]{1,2}|[ \u00a0]?\n[ \u00a0]*")
_WRAPPED = 45  # a line of at least so many characters may have been broken in the middle of a name
_NAMES_TOO = frozenset("May He Will No To Le".split())  # behind a title they are names, else they are words
_INSTITUTIONS_TOO = frozenset(("Bill", "Park"))  # begin a name, but alone or at the end of words they are others
_NUMBER = re.compile(r"\s?\d")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTICLES = frozenset(
    "al bin bint ben ibn el da das de del della den der di do dos du e la le ter van von y zu af av".split()
)


class Name(NamedTuple):
    """A person's name at one place of a text."""

    span: Span
    words: str


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, frozenset[str]]:
    """Return the word lists of ``data/name_words.txt`` by section."""
    sections: dict[str, set[str]] = {}
    for line in resources.files("extractor").joinpath("data/name_words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            section.update(line.split())
    return {name: frozenset(words) for name, words in sections.items()}


def is_title(word: str) -> bool:
    """Say whether `word` belongs to offices and forms of address.

    >>> is_title("Minister"), is_title("Lavrov")
    (True, False)
    """
    bare = _POSSESSIVE.sub("", word).rstrip(".").lower()
    return any(bare in _lexicon()[section] for section in ("titles", "honorifics")) or (
        "-" in bare and all(part in _lexicon()["titles"] for part in bare.split("-"))
    )


def is_honorific(word: str) -> bool:
    """Say whether `word` is a mere form of address, such as "Mr" or "Dame"."""
    return word.rstrip(".").lower() in _lexicon()["honorifics"]


def names(text: str) -> tuple[Name, ...]:
    """Find the people whom `text` names, in order of appearance.

    >>> [name.words for name in names("Russian President Vladimir Putin met Kim Jong Un. Putin left.")]
    ['Vladimir Putin', 'Kim Jong Un', 'Putin']
    """
    return _names(text)


def names_in(text: str, stretch: Span) -> list[Name]:
    """Find the people whom a stretch of `text` names, in order."""
    return [name for name in touching(_names(text), stretch) if stretch.covers(name.span)]


@lru_cache(maxsize=4096)
def named(text: str, person: str) -> tuple[Name, ...]:
    """Find where `text` names a person, in a fuller form or a shorter one, in order of appearance.

    >>> [name.words for name in named("Vladimir Putin met Kim Jong Un. Putin left.", "Putin")]
    ['Vladimir Putin', 'Putin']
    """
    index = _by_word(text)
    near = {name for word in key(person).split() for name in index.get(word, ())}
    return tuple(sorted(name for name in near if same_person(name.words, person)))


@lru_cache(maxsize=AT_HAND)
def _by_word(text: str) -> dict[str, list[Name]]:
    """List the names that hold each word; two names of one person share one."""
    index: dict[str, list[Name]] = {}
    for name in _names(text):
        for word in key(name.words).split():
            index.setdefault(word, []).append(name)
    return index


@lru_cache(maxsize=AT_HAND)
def _names(text: str) -> tuple[Name, ...]:
    runs = list(_runs(text))
    sure = [run for run in runs if (run.after_title or " " in run.words) and not run.doubtful]
    full = {part for run in sure for part in key(run.words).split()}
    return tuple(
        Name(run.span, run.words)
        for run in runs
        if (" " in run.words and not run.doubtful) or run.after_title or set(key(run.words).split()) <= full
    )


class _Run(NamedTuple):
    span: Span
    words: str
    after_title: bool
    doubtful: bool


def _runs(text: str) -> Iterator[_Run]:
    """Cut `text` into runs of capitalised words that could be a name."""
    places = {m.span.start: m.span.end for m in mentions(text)}
    lexicon = _lexicon()
    run: list[re.Match[str]] = []
    last_end, titled, run_titled, run_apposed = -1, False, False, False
    place_end, before, thing = -1, "", False
    for word in _WORD.finditer(text):
        place_end = max(place_end, places.get(word.start(), -1))
        adjacent = last_end >= 0 and _adjacent(text, last_end, word.start())
        dated = word[0].rstrip(".").lower() in lexicon["calendar"] and _NUMBER.match(text, word.end())
        kind = "break" if word.start() < place_end or dated else _kind(word[0], lexicon)
        named_too = titled and word[0] in _NAMES_TOO and text[last_end - 1] != "."  # "the First Lady. He left"
        if (named_too and adjacent) or (run and adjacent and word[0] == "May"):
            kind = "name"
        if run and (not adjacent or kind in ("break", "title") or _ends(run[-1][0])):
            yield from _close(text, run, run_titled, run_apposed)
            run = []
        if kind == "name" or (kind == "particle" and run):
            if not run:
                run_titled, thing = titled and adjacent, adjacent and before in lexicon["things"]
                run_apposed = titled and text[last_end : word.start()] == ", "
            run += [] if thing else [word]
        titled = kind == "title" or (titled and adjacent and kind == "break" and word.start() < place_end)
        last_end, before = word.end(), word[0].lower()
    if run:
        yield from _close(text, run, run_titled, run_apposed)


def _ends(word: str) -> bool:
    """Say whether a name cannot go on behind a word: a possessive, or the end of a sentence rather than an initial."""
    return bool(_POSSESSIVE.search(word)) or (word.endswith(".") and len(word) > 2 and not is_honorific(word))


def _adjacent(text: str, end: int, start: int) -> bool:
    """Say whether a word directly follows another; over a line's end only where the line is wrapped."""
    gap = _GAP.fullmatch(text, end, start)
    return gap is not None and ("\n" not in gap[0] or end - text.rfind("\n", 0, end) > _WRAPPED)


def _kind(word: str, lexicon: dict[str, frozenset[str]]) -> str:
    """Sort a word into name, particle, title, or what breaks a name off."""
    bare = _POSSESSIVE.sub("", word).rstrip(".")
    lower = bare.lower()
    if is_title(word):
        return "title"
    if not bare[0].isupper():
        prefix, _, rest = bare.partition("-")  # "al-Nuri"
        return "particle" if lower in _PARTICLES or (len(prefix) <= 3 and rest[:1].isupper()) else "break"
    if lower in lexicon["not_names"] or (len(bare) > 3 and bare.isupper()):
        return "break"
    return "name"


def _close(text: str, run: list[re.Match[str]], titled: bool, apposed: bool) -> Iterator[_Run]:
    """Trim a finished run and hand it on if anything is left; `apposed` it stands in "the minister, Sugiono,"."""
    while run and run[-1][0] in _PARTICLES:
        run = run[:-1]
    if not run:
        return
    last = run[-1][0]
    bare_last = _POSSESSIVE.sub("", last)
    if bare_last.endswith(".") and len(bare_last) > 2 and bare_last[:-1].lower() not in ("jr", "sr"):
        bare_last = bare_last[:-1]
    span = Span(run[0].start(), run[-1].start() + len(bare_last))
    first = 1 if _POSSESSIVE.sub("", run[0][0]) in _INSTITUTIONS_TOO else 0
    words = (_POSSESSIVE.sub("", word[0]).rstrip(".").lower() for word in run[first:])
    institutional = any(word in _lexicon()["institutions"] for word in words)
    if len(span.of(text)) > 1 and not institutional:
        known = titled or (apposed and text[span.end : span.end + 1] == ",")
        yield _Run(span, " ".join(span.of(text).split()), known, len(run) > 6 or len(run) == first)


@lru_cache(maxsize=8192)
def key(name: str) -> str:
    """Return the comparable form of a name: no accents, case, hyphens or forms of address.

    >>> key("Ms. Chişinău-Đorđević"), key("CHOE Son-hui")
    ('chisinau đorđevic', 'choe son hui')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = re.sub(r"[-‐‑‒–.,’'‘`]", " ", _POSSESSIVE.sub("", plain)).lower().split()
    while len(words) > 1 and words[0] in _lexicon()["honorifics"]:
        words = words[1:]
    return " ".join(words)


def same_person(one: str, other: str) -> bool:
    """Say whether two names can be one person's: the words of one are all among those of the other.

    Order does not matter (family name first or last), nor how a given name is joined.

    >>> same_person("Choe Son Hui", "Choe Son-hui"), same_person("Lavrov", "Sergei Lavrov")
    (True, True)
    >>> same_person("Kim Jong Un", "Kim Yo Jong"), same_person("Jun Hatakeyama", "Hatakeyama Jun")
    (False, True)
    """
    a, b = key(one).split(), key(other).split()
    if not a or not b:
        return False
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    joined = "".join(a) == "".join(b) and (a[0] == b[0] or a[-1] == b[-1])  # "Son Hui", "Sonhui"
    return set(short) <= set(long) or joined
