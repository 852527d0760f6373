"""Who does what in an English sentence, as far as word order tells: the agents of a verb or of a deed's noun.

"Lavrov will visit", "Lavrov's visit", "a visit to China by Lavrov" have one agent; the Putin of "at the
invitation of Putin" is none. Where a pronoun or a mere office ("the minister") stands before the deed, its agent
may be anybody who was spoken of before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from extractor.article import AT_HAND, Span
from extractor.fields.gazetteer import mentions_in
from extractor.fields.names import Name, is_honorific, is_title, names, names_in
from extractor.fields.references import bearers, may_be, reference
from extractor.fields.words import cue_pattern

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-‐‑][^\W\d_]+)*\.?|[,;:()“”\"–—-]")
# A person behind one of these is spoken of, spoken to or asked, but is not the one who acts.
_OBLIQUE = frozenset(
    "of with by against between from to than including like meet meets met meeting tell tells told ask asked thank "
    "thanked replace replaced succeed succeeds succeeding succeeded host hosts hosted welcome welcomes welcomed "
    "welcoming "
    "greet greets greeted receive received join joined call called phone phoned telephone telephoned see saw "
    "counterpart for about on at alongside beside near under over without toward towards behind".split()
)
_PASSED_OVER = frozenset('the a an his her its their our , ( “ " former then-'.split())
_PRONOUN_FIRST = re.compile(r"[“\"]?(?:but |and |then |on |later )?(?:he|she|they|it|by)\b", re.IGNORECASE)
_INVITING = re.compile(
    r"[’'](?:s )?\s*(?:[\w-]+ ){0,2}"
    r"(?:invitation|invite|proposal|offer|request|call|office|spokes\w+|government|behalf)\b"
)
# "a visit by X", "a visit to Peru by X", "the visit of X"; no verb may stand between.
_BY = re.compile(
    r"\s?of\s|(?:(?!\b(?:was|were|is|are|be|been|has|have|had|\w+ed)\b)[^,.;:()]){0,45}?\bby\s(?!the\sinvitation)"
)
_HOSTED = re.compile(r"\b(?:received|welcomed|greeted|hosted)\b")  # "was welcomed in Oslo by X": X is at home
_FROM = re.compile(r"\sfrom\s(?![^.,;]{0,60}[’']s\b)")  # "the first visit from X"
_ARTICLE = re.compile(
    r"\b(?:an?|the|any|this|that|another|next|first|last|state|official)\s(?:[\w-]+\s){0,2}$", re.IGNORECASE
)
_FRONTED = re.compile(r"(?:during|after|before|on|in|following|ahead of|despite|for|with)\b", re.IGNORECASE)
_WHO = re.compile(
    r"(?:, (?:the |an? )[^,.;:()“”\"\n]{2,60})?,? who(?:se)?\b[^,.;]{0,40}"
)  # "X, the foreign minister, who"
_DATE_WORD = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Janu|Febru)ary|March|April|July|August|(?:Septem|Octo|Novem|Decem)ber)$"
)
_LISTED = re.compile(r",? (?:and )?(?:[\w’'-]+ ){0,5}")
_AND = re.compile(r",? and (?:[\w’'-]+ ){0,5}")
_ELLIPTIC = 25  # "Goes on to Rome.": so near to its beginning a sentence has no subject of its own
_BYLINE = re.compile(
    r"(?:(?:\A|\n)\s*|\b(?:photo|photograph|image|picture|reporting|editing|writing|written|compiled) )by $"
    r"|\b(?:photo|image|picture|reporter|editor|author):\s(?:\w+ / )?$",
    re.IGNORECASE,
)
# "talks about X visiting Peru": what X does follows, whatever governs the name.
_DOING = re.compile(r"\s(?!during\b|including\b|following\b|according\b|regarding\b|concerning\b)[a-z]+ing\b")
# "the government would not travel": the subject is no person.
_GROUP = re.compile(
    r"\b(?:the|a|an|no|its|their)\s(?:[\w-]+\s){0,2}?(?:government|delegation|administration|regime|opposition|army|team|group"
    r"|leaders|ministers|officials|rebels)\s(?:(?:had|has|have|was|were|is|are|will|would|may|might|could|not|also|to|be|on|[a-z]+ly)\s){0,4}$"
)
# "invited African leaders to come": the subject is not who comes. "A letter for Ruiz, allowing her to go".
_SENT = re.compile(
    r"(?<!was )(?<!were )(?<!been )(?<!is )(?<!are )"
    r"\b(?:(?:invit|ask|urg|allow|permit|sen[dt]|order|encourag|persuad)\w*|for)\s"
    r"(?!by\b)(?P<whom>[^.;:,]{2,80}?)\sto\s(?:also\s)?$"
)
_THEM = frozenset(("him", "her", "them"))
_PARTICIPLE = re.compile(r"[a-z]+ing(?=\s(?!(?:to|in|on|at|for|from|with|by|a|an|the|his|her|their|its)\b))")
_ATTRIBUTE = re.compile(r"\b(?:with|by|of|and|for|from|the|a|an|all|several|other)\s$")  # "talks with visiting leaders"
_OWNER = re.compile(r"[’'](?:s )?\s*(?:[\w-]+ ){0,4}$")


class Deed(NamedTuple):
    """A deed that a sentence tells of: its words, and who may be its agent, the likeliest first."""

    span: Span
    agents: tuple[Name, ...]


@lru_cache(maxsize=8 * AT_HAND)
def deeds(text: str, where: tuple[Span, ...], cues: tuple[str, ...]) -> tuple[Deed, ...]:
    """Find the deeds in the sentence ``where[0]`` whose words the patterns `cues` match, and their agents.

    >>> text = "Lavrov is in Beijing ahead of a visit to China by Vladimir Putin. Sergei Lavrov left."
    >>> [[name.words for name in deed.agents] for deed in deeds(text, (Span(0, 66),), ("is in", "visit"))]
    [['Lavrov'], ['Vladimir Putin']]
    """
    sentence = where[0]
    inside = names_in(text, sentence)
    acting = _acting(text, inside, sentence.start)
    spoken_of = [name for stretch in where[1:] if (name := subject(text, stretch))] or _protagonist(text)
    spans = [Span(*cue.span()) for cue in cue_pattern(cues).finditer(text, sentence.start, sentence.end)]
    ends = [span.start for span in spans[1:]] + [sentence.end]
    return tuple(
        Deed(span, tuple(_agents(text, Span(sentence.start, end), span, inside, acting, spoken_of)))
        for span, end in zip(spans, ends, strict=False)
    )


def _acting(text: str, inside: Iterable[Name], since: int) -> list[Name]:
    """Return who may act in a sentence; "with X and Y" makes neither an agent."""
    acting: list[Name] = []
    before: Name | None = None
    for name in inside:
        idle = before and before not in acting and _coordinated(text, before.span.end, name.span.start)
        if not idle and acts(text, name, since):
            acting.append(name)
        before = name
    return acting


def _coordinated(text: str, start: int, end: int) -> bool:
    """Say whether nothing but "and" and an office stands between two names."""
    joint = re.compile(r",? and\b").match(text, start, end)
    words = [(m.start(), m[0]) for m in _WORD.finditer(text, joint.end(), end)] if joint else []
    return bool(joint) and all(
        word[0].isupper() or word in ("of", "for", "and") or _is_office(text, at, word) for at, word in words
    )


def _agents(
    text: str,
    sentence: Span,
    deed: Span,
    inside: list[Name],
    acting: list[Name],
    spoken_of: list[Name],
) -> Iterator[Name]:
    """Yield who may do a deed; `sentence` ends where the next deed begins."""
    if _GROUP.search(text, sentence.start, deed.start):
        return
    if _is_attribute(text, sentence.start, deed):
        yield from (name for name in inside if _reaches(text, deed.end, name.span.start))
        return
    sent = _SENT.search(text, sentence.start, deed.start)
    if sent and not names_in(text, Span(*sent.span("whom"))):
        yield from () if sent["whom"] not in _THEM else [name for name in inside if name.span.end <= sent.start()][-1:]
        return
    by = None if _HOSTED.search(text, deed.start, deed.end) else _BY.match(text, deed.end, sentence.end)
    if by is None and _ARTICLE.search(text, sentence.start, deed.start):
        by = _FROM.match(text, deed.end, sentence.end)
    named = [name for name in inside if by and _reaches(text, by.end(), name.span.start)]
    if named:
        yield named[0]
        yield from (name for name in inside if _AND.fullmatch(text, named[0].span.end, name.span.start))
        return
    before = [name for name in inside if name.span.end <= deed.start]
    owner = [name for name in before if _OWNER.fullmatch(text, name.span.end, deed.start)]
    if owner and not _INVITING.match(text, owner[-1].span.end):
        yield owner[-1]
        return
    related = [name for name in before if _WHO.fullmatch(text, name.span.end, deed.start)]
    if related:
        yield related[-1]
        return
    left = [name for name in acting if name.span.end <= deed.start]
    meant = reference(text, left[-1].span.end if left else sentence.start, deed.start)
    left = [name for name in left if meant is None or may_be(text, name, meant)]
    if left:
        yield from _and_fellows(text, left[-1], inside)
    if not left and meant and _FRONTED.match(text, sentence.start):  # "During his visit, X ..."
        yield from [name for name in acting if name.span.start > deed.end][:1]
    elliptic = not left and deed.start - sentence.start < _ELLIPTIC
    holders = bearers(text, meant, sentence.start) if meant else []
    yield from reversed(holders)
    if not holders and (elliptic or meant):
        others = [*reversed(left[:-1]), *spoken_of, *reversed(before if not acting and not spoken_of else [])]
        yield from (name for name in others if meant is None or may_be(text, name, meant))
    if not left and not meant:
        yield from (name for name in acting if name.span.start > deed.end)


def _is_attribute(text: str, since: int, deed: Span) -> bool:
    """Say whether a deed only describes whoever is named behind it: "talks with visiting leaders"."""
    participle = _PARTICIPLE.match(text, deed.start)
    if participle is None or participle.end() != deed.end or mentions_in(text, deed.end, deed.end + 2):
        return False
    return bool(_ATTRIBUTE.search(text, since, deed.start))


def _reaches(text: str, start: int, end: int) -> bool:
    """Say whether only an office and a country stand between two places."""
    return start <= end and all(_is_office(text, start + m.start(), m[0]) for m in _WORD.finditer(text[start:end]))


def _protagonist(text: str) -> list[Name]:
    """Return the person whom the article names first as acting; nobody nearer being known, "he" is likely he."""
    return [name for name in names(text)[:5] if acts(text, name, 0)][:1]


def subject(text: str, sentence: Span) -> Name | None:
    """Return whom a sentence is about: the first who acts in it, or whose deed it tells of with "by"."""
    if _PRONOUN_FIRST.match(text, sentence.start):
        return None
    inside = names_in(text, sentence)
    first = next((name for name in inside if acts(text, name, sentence.start)), None)
    return first or next((name for name in inside if acts(text, name, sentence.start, _OBLIQUE - {"by"})), None)


def _and_fellows(text: str, name: Name, inside: list[Name]) -> Iterator[Name]:
    """Yield a person and those whom a list joins to them: "Kim, Lavrov and Putin"."""
    yield name
    link = _AND
    for other in reversed(inside):
        if other.span.end <= name.span.start and link.fullmatch(text, other.span.end, name.span.start):
            yield other
            name, link = other, _LISTED


def _is_office(text: str, start: int, word: str) -> bool:
    """Say whether a word belongs to what stands before a name: office, address, country, article."""
    return (
        is_title(word)
        or is_honorific(word)
        or word.lower() in _PASSED_OVER
        or bool(mentions_in(text, start, start + 1))
        or bool(re.fullmatch(r"[’']s?", word))
    )


@lru_cache(maxsize=64 * AT_HAND)
def acts(text: str, name: Name, since: int, oblique: frozenset[str] = _OBLIQUE) -> bool:
    """Say whether a person can be the agent of what follows: no object, host or bystander.

    The word that governs the name decides; office, country and other capitalised words between are passed over.
    """
    if (
        _INVITING.match(text, name.span.end)
        or text[name.span.end : name.span.end + 1] == "/"
        or _BYLINE.search(text, max(0, name.span.start - 20), name.span.start)
    ):
        return False
    if _DOING.match(text, name.span.end):
        return True
    begin = max(since, name.span.start - 150)
    before = list(_WORD.finditer(text, begin, name.span.start))
    for i in range(len(before) - 1, -1, -1):
        word = before[i][0]
        if word.lower() == "counterpart":
            return False
        if word == "," and i > 0 and not _is_office(text, before[i - 1].start(), before[i - 1][0]):
            return True  # a new clause: "On Monday, X"
        if _DATE_WORD.match(word):
            return True  # "On Monday X"
        # "President of Laos X", "Minister in the Office of the President, X", "House of Commons Speaker X"
        of_office = word in ("of", "for", "in") and i > 0 and is_title(before[i - 1][0])
        of_body = word == "of" and 0 < i < len(before) - 1 and before[i - 1][0][0].isupper()
        if of_office or of_body or word == "and" or _is_office(text, before[i].start(), word):
            continue
        if word[0].isupper() and word.lower() not in oblique:  # "National Assembly Chairwoman X"
            continue
        led = word == "by" and i > 0 and before[i - 1][0] in ("led", "headed")
        return led or word.lower() not in oblique
    return True


def distance(deed: Span, goal: Span) -> int:
    """Count the characters between a deed and the place or thing that it is about.

    A goal before its deed ("to Rome, where he went") is rarer than one behind it, and counts threefold.
    """
    if deed.end <= goal.start:
        return goal.start - deed.end
    return 3 * max(0, deed.start - goal.end)
