"""Swaps: another name for each person, and another country for each country, all through an article."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from extractor.article import Article, Span, touching
from extractor.evaluation.counterfactuals import Copy, Edit, copied, with_article
from extractor.evaluation.labels import Label
from extractor.fields.gazetteer import Mention, mentions, name_of
from extractor.fields.goals import is_country
from extractor.fields.names import Name, is_title, key, names
from extractor.fields.phrases import key_of, load
from extractor.schema import Schema

_TRIES = 40  # draws until a copy reads as meant: an invented name may be a word, a town may be a man's name
_ONSETS = "b br d dr f g gr h j k kl l m n p r s st t tr v w z".split()
_VOWELS, _ENDS = "aeiou", ["", "", "n", "l", "r", "s", "m", "k", "th", "nd"]
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*")


def _drawn(article: Article, seed: int, attempt: Callable[[random.Random], Copy | None]) -> list[Copy]:
    """Draw until a copy reads as it is meant; none where that never comes."""
    draws = (attempt(random.Random(f"{article.id} {seed} {n}")) for n in range(_TRIES))  # noqa: S311 -- no secret
    return [copy for copy in [next(filter(None, draws), None)] if copy]


def _keeps(places: Sequence[Span], copy: Copy, found: Sequence[Span]) -> bool:
    """Say whether a reader finds in the copy what was found in the original, and nothing else."""
    return [copy.move(span) for span in places] == list(found)


def renamed(article: Article, records: Sequence[Label], schema: type[Schema], seed: int) -> list[Copy]:
    """Make a copy in which every person of the records has an invented name, in each form that the article uses."""
    here = names(article.text)
    people = _people(here, records)
    words = {key(word) for name in people for word in _LETTERS.findall(name.words)}

    def attempt(chance: random.Random) -> Copy | None:
        new = _inventions(sorted(words), chance, article.text)
        standing = ((span, span.of(article.text)) for span in _standing(article.text, people, here, words))
        edits = [Edit(span, _in_case(new[key(word)], word)) for span, word in standing]
        copy = copied(article, "names", edits)
        found = [name.span for name in names(copy.article.text)]
        places = [m.span for m in mentions(article.text)]
        named = [m.span for m in mentions(copy.article.text)]
        return copy if _keeps([n.span for n in here], copy, found) and _keeps(places, copy, named) else None

    return _drawn(article, seed, attempt) if people else []


def _people(here: Sequence[Name], records: Sequence[Label]) -> list[Name]:
    """Return the names that are people of the records: some value is such a name, in full or in short."""
    told = [v for r in records for value in r.values.values() for v in (value if isinstance(value, list) else [value])]
    full = {key(value) for value in told if isinstance(value, str)} & {key(name.words) for name in here}
    parts = [set(known.split()) for known in full]
    return [name for name in here if any(set(key(name.words).split()) <= part for part in parts)]


def _standing(text: str, people: Sequence[Name], here: Sequence[Name], words: set[str]) -> Iterator[Span]:
    """Yield the words of the names: inside them, and where they stand alone as no other name and no place."""
    of_records = set(people)
    others = [name for name in here if name not in of_records]
    spoken = {match[0] for match in _LETTERS.finditer(text) if match[0].islower()}
    for match in _LETTERS.finditer(text):
        span = Span(*match.span())
        if key(match[0]) not in words or not match[0][0].isupper():
            continue
        own = any(name.span.covers(span) for name in touching(people, span))
        free = len(match[0]) > 2 and match[0].lower() not in spoken
        if own or (free and not touching(others, span) and not touching(mentions(text), span)):
            yield span


def _inventions(words: Sequence[str], chance: random.Random, text: str) -> Mapping[str, str]:
    """Invent a word for each word of the names, in its comparable form, of about its length."""
    taken = {key(word) for word in _LETTERS.findall(text)}
    invented: dict[str, str] = {}
    for word in words:
        while word not in invented:
            new = _invented(len(word), chance)
            if new not in taken:
                taken.add(new)
                invented[word] = new
    return invented


def _invented(length: int, chance: random.Random) -> str:
    word = ""
    while len(word) < max(3, length - 1):
        word += chance.choice(_ONSETS) + chance.choice(_VOWELS)
    return word + (chance.choice(_ENDS) if len(word) <= length else "")


def _in_case(new: str, old: str) -> str:
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


_THE = re.compile(r"\b(?:[Tt]he|THE)[ \u00a0]\Z")
_TAKES_THE = re.compile(
    r"\b(?:States|Kingdom|Republic|Emirates|Islands|Union|Netherlands|Philippines|Gambia|Bahamas|Maldives|Seychelles"
    r"|Comoros|Congo|Federation)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(r"[ \u00a0-]([\w-]+)")


class _Country(NamedTuple):
    """The words for a country that another can take: its name, people, capital and further cities."""

    code: str
    name: str
    people: str
    capital: str
    cities: tuple[str, ...]


@lru_cache(maxsize=1)
def _countries() -> tuple[_Country, ...]:
    """Return the countries whose words are plain: regular in the plural, and nothing else in any text."""
    dictionary = load()
    words: dict[tuple[str, str], list[str]] = {}
    for phrase, entry in dictionary.entries.items():
        if len(entry.codes) == 1 and not phrase.isupper() and phrase not in dictionary.rather_persons:
            words.setdefault((entry.codes[0], entry.kind), []).append(phrase)
    found = []
    for code in sorted({code for code, _ in words if is_country(code)}):
        name, people = name_of(code) or "", words.get((code, "demonym"), [])
        capitals, cities = words.get((code, "capital"), []), words.get((code, "city"), [])
        plain = [name, *people[:1], *capitals]
        known = bool(cities or words.get((code, "town")))  # an island of which the world hears little reads oddly
        regular = people[1:2] == [f"{people[0]}s"] if people else False
        clear = all(word.isascii() and word.replace(" ", "").isalpha() for word in plain) and not _TAKES_THE.search(
            name
        )
        if known and regular and len(capitals) == 1 and clear and not any(w in dictionary.rather_places for w in plain):
            found.append(_Country(code, name, people[0], capitals[0], tuple(c for c in cities if c.isalpha())))
    return tuple(found)


def relocated(article: Article, records: Sequence[Label], schema: type[Schema], seed: int) -> list[Copy]:
    """Make a copy in which each country that is named has changed places with another, and so have its cities."""
    here = [mention for mention in mentions(article.text) if is_country(mention.code)]
    codes = list(dict.fromkeys(mention.code for mention in here))
    cities = {code: _cities(article.text, here, code) for code in codes}

    def attempt(chance: random.Random) -> Copy | None:
        new: dict[str, _Country] = {}
        for code in sorted(codes, key=lambda code: -len(cities[code])):
            free = [c for c in _countries() if c not in new.values() and c.code not in codes]
            enough = [c for c in free if len(c.cities) >= len(cities[code])]
            if not enough:
                return None
            new[code] = chance.choice(enough)
        edits = [_put(article.text, mention, new[mention.code], cities[mention.code]) for mention in here]
        copy = copied(article, "countries", edits, codes={code: country.code for code, country in new.items()})
        return copy if _reads(copy, here) else None

    return _drawn(article, seed, attempt) if here else []


def _cities(text: str, here: Sequence[Mention], code: str) -> list[str]:
    found = (key_of(m.span.of(text)).lower() for m in here if m.code == code and m.kind == "city")
    return list(dict.fromkeys(found))


def _reads(copy: Copy, here: Sequence[Mention]) -> bool:
    """Say whether the copy names the new countries where the original names the old, and the same people."""
    text = copy.article.text
    found = {(m.span.end, m.code) for m in mentions(text) if is_country(m.code)}
    wanted = {(copy.move(m.span).end, copy.codes[m.code]) for m in here}
    people = [name.span for name in names(copy.original.text)]
    return found == wanted and _keeps(people, copy, [name.span for name in names(text)])


def _put(text: str, mention: Mention, new: _Country, cities: Sequence[str]) -> Edit:
    """Put the new country's word in the place of a mention, with the article that goes with it."""
    span, old = mention.span, mention.span.of(text)
    following = _NOUN.match(text, span.end)
    official = bool(following and is_title(following[1]))
    match mention.kind:
        case "demonym":
            words = f"{new.people}s" if old.endswith(("s", "S")) and not old.endswith(("ss", "SS")) else new.people
        case "city":
            words = new.cities[cities.index(key_of(old).lower())]
        case "capital" | "metonym":
            words = new.capital
        case "acronym" if official:
            words = new.people
        case _:
            words = new.name
    if old.isupper() and mention.kind != "acronym" and len(old) > 3:
        words = words.upper()
    the = _THE.search(text, max(0, span.start - 5), span.start)
    plain = mention.kind == "name" and _TAKES_THE.search(old)
    if the and (plain or mention.kind == "metonym" or (mention.kind == "acronym" and not official)):
        return Edit(Span(the.start(), span.end), words)
    return with_article(text, Edit(span, words))
