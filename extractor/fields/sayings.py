"""Who says what in an English sentence, as far as word order tells: "…, the ministry said", "X accused Y of …".

Which verbs are of saying, a schema decides. Speakers are people by name, or bodies as the article calls them; "he",
"it" and "the ministry" are whoever was named so before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from extractor.article import AT_HAND, Article, Span
from extractor.fields.base import Found
from extractor.fields.clauses import deeds
from extractor.fields.gazetteer import mentions_in
from extractor.fields.names import is_title, named, names_in, same_person
from extractor.fields.person import PersonType
from extractor.fields.words import cue_pattern

# fmt: off
_TIME = (
    r"(?:(?:on|in|at|by|from|via|through|late|last|earlier|early|this|during|after)\b(?:(?!\bthat\b)[^,;:“”\"]){0,60}?"
    r"|today|yesterday|here|\w+day)"
)
_HEARER = r"[^,;:“”\"]{1,60}?"
# How the words follow their verb: "accused X of …", "told X that …", "said on Monday that …".
_FOLLOWS = (
    (r"accus|urg|ask|demand|request|instruct|order", rf"\s(?:{_HEARER}\s)??(?:of|to|that,?)\s|\s(?=for\b)"),
    (r"call", rf"\s(?:{_HEARER}\s)(?:to)\s|\s"),
    (r"blam|denounc|condemn|critici", rf"\s(?:{_HEARER}\s(?=for\b))?"),
    (r"t[eo]l[ld]|warn|promis", rf"\s(?:{_HEARER}\s)??that,?\s|\s(?:{_HEARER}\s)??(?:to|of|against)\s"
     r"|\s(?:[\w’'-]+\s){0,4}?(?=(?:he|she|it|they|there|we)\b|[“\"])"),
    (r"offer", r"\s(?:to|that)\s"),
    (r"threaten|pledg|vow|den|reject|dismiss|refut", r"\s(?:to\s|that\s|of\s)?"),
    (r"according", r"\s[^,;:“”\"]{2,60},\s"),
    (r"", rf"(?:\s{_TIME})?\sthat,?\s(?!(?:is|was|had|would|will)\b)|(?:\s{_TIME})?:\s|,\s(?=(?:on|in|at|if|as) )"
     r"|\s(?!(?:to|so)\b|it[,.;])"),
)
_OBJECT = re.compile(r"den|reject|dismiss|refut", re.IGNORECASE)
# What may follow a verb whose words stand before it.
_TAIL = re.compile(
    rf"(?:\s(?:us|me|reporters|journalists|parliament))?(?:\s{_TIME}){{0,2}}"
    r"(?:[,;)]|\swithout\b|[.!?]?[”\"]?\s*$|[.!?])"
)
_DATELINE = re.compile(
    r"(?:[^\W\d_][\w’' ]{2,20}(?:, [A-Z][\w. ]{2,12})?\s(?:\([^)]{2,30}\)(?:\s[-–—])?|[-–—])\s)?"
    r"(?:(?:Meanwhile|But|And|However|Still),?\s)?"
)
_OPENS, _CLOSES, _CLOSED = "“\"", re.compile(r"[”\"](?!\s(?!and\b|but\b)[a-z])"), re.compile(r"[,.?!…][”\"]$|[”\"],$")
# What stands before a verb: "will say" and "the report" are no deeds; "has also" is passed over; a clause ends.
_NO_DEED = re.compile(
    r"\b(?:will|would|may|might|can|could|should|not|never|to|is|was|are|were|am|be|been|being|as|no|whether|or|the|an?|of|"
    r"its|his|her|our|my|their)\s$", re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"(?<![^\s(“\"])(?:(?:has|have|had|also|later|then|previously|repeatedly|recently|again|earlier|today|meanwhile|however"
    r"|further|[a-z]+ly)\s)+$"
)
_BOUND = re.compile(
    r"[,;:“”\"—–]\s*|[.!?]\s(?=[A-Z])|\b(?:that|but|while|as|because|where|if|whether|when|after|before|though)\s"
)
_PARTED = re.compile(r",\s(?:but|while|though|whereas)\s$")
_JOINT = re.compile(r"(?:but|yet|now|still|then)\s", re.IGNORECASE)
_PARTICIPLE, _BY = re.compile(r"(?!quot)\w+ing"), re.compile(r"\sby\b")
_QUOTED, _BEHIND = re.compile(r"quot\w+ (?P<who>.+) as saying"), re.compile(r"\s(?P<who>[^,.;:“”\"]{2,60})")
_APPOSED = re.compile(r"(?P<who>[^,;:“”\"]{2,80}),\s(?P<also>[^;:“”\"]{2,150}),\s$")
# Who speaks: pronouns and offices that stand for somebody, what goes before a name, and who is nobody.
_HE, _IT = re.compile(r"he|she", re.IGNORECASE), re.compile(r"it|they|the [\w ]{3,30}", re.IGNORECASE)
_OFFICIAL = re.compile(r"the (?:[\w-]+ )?(?!spokes|official|diplomat)\w+(?<!s)", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:but|and|now|meanwhile|still|then|yet|later|however|both|only)\b,?\s|(?:the|an?)\s)+", re.IGNORECASE
)
_DESCRIBED = re.compile(r".*\b(?:agency|broadcaster|newspaper|daily|channel|state-run|state|official|local)\s(?=[A-Z])")
_OF = re.compile(r"\sof\s(?:the\s)?[A-Z]")  # "Ana Ruiz of Chile"
_AND, _CLAUSE = re.compile(r"\sand\s(?:the\s)?"), re.compile(r"\b(?:is|was|were|had|has|have|\w+ed)\b")
_NOBODY = re.compile(  # the author, whoever, and papers
    r"(?:.*\b)?(?-i:I|we|you|me)|(?:we|you|this|that|which|what|who|there|nobody|everybody|somebody|people)|"
    r"(?:[\w’'-]+ ){0,3}(?:program(?:me)?|reports?|data|schedule|statement|story|figures|plans?|polls?"
    r"|announcement|letter|accusation|evidence)\b.*",
    re.IGNORECASE,
)
_KNOWN, _FEWEST = 50, 2  # speakers whom a reader remembers; words without which nothing is said
# fmt: on


class Saying(NamedTuple):
    """A verb of saying at one place of a text: who may be its subject, and what is said."""

    verb: Span
    speakers: tuple[Found, ...]
    words: Span


@lru_cache(maxsize=AT_HAND)
def sayings(article: Article, cut: tuple[Span, ...], verbs: tuple[str, ...]) -> dict[Span, tuple[Saying, ...]]:
    """Find by sentence who says what in an article that is `cut` into sentences.

    >>> text = "Peru’s president, Ana Ruiz, said it was late. “Please go home,” she told us."
    >>> told = sayings(Article(id="a", text=text), (Span(0, 45), Span(46, len(text))), ("said", "told"))
    >>> [(one.speakers[0].value, one.words.of(text)) for many in told.values() for one in many]
    [('Ana Ruiz', 'it was late'), ('Ana Ruiz', 'Please go home')]
    """
    said: list[Found] = []
    told: dict[Span, tuple[Saying, ...]] = {}
    for i, sentence in enumerate(cut):
        told[sentence] = tuple(_Sentence(article, (sentence, *reversed(cut[max(0, i - 4) : i])), verbs, said).read())
        said += [by for one in told[sentence] for by in one.speakers]
    return told


class _Sentence:
    """Reads one sentence; `said` are those who spoke before, the last one last."""

    def __init__(self, article: Article, where: tuple[Span, ...], verbs: tuple[str, ...], said: list[Found]) -> None:
        self.article, self.text, (self.start, self.end) = article, article.text, where[0]
        self.where, self.verbs, self.said = where, verbs, said
        self.before: tuple[Found, ...] = ()

    def read(self) -> Iterator[Saying]:
        verbs = [Span(*m.span()) for m in cue_pattern(self.verbs).finditer(self.text, self.start, self.end)]
        verbs = [verb for verb in verbs if self._is_deed(verb)]
        attributed = {verb: self._attributed(verb) for verb in verbs}
        for verb, words in attributed.items():
            later = [w.end if w else self._parted(v) for v, w in attributed.items() if v.start > verb.start]
            said = words or self._behind(verb, min([self.end, *later]))
            self.before = self._speakers(verb, behind=words is not None) if said else ()
            if said and self.before and len(said.of(self.text).split()) >= _FEWEST:
                yield Saying(verb, self.before, said)

    def _is_deed(self, verb: Span) -> bool:
        """Leave out what is only wished, denied or quoted: "would not say", “I told her so”."""
        before = self.text[self.start : verb.start]
        quoted = before.count("“") > before.count("”") or before.count('"') % 2
        passive = _BY.match(self.text, verb.end)
        bare = _AUXILIARY.sub("", before)
        aside = _PARTICIPLE.fullmatch(verb.of(self.text)) and not before.endswith((", ", "and "))
        return not (quoted or passive or aside or any(map(_NO_DEED.search, (before, bare))))

    def _subject(self, verb: Span) -> Span:
        """Return the words right before a verb, up to where their clause begins."""
        aux = _AUXILIARY.search(self.text, self.start, verb.start)
        end = aux.start() if aux else verb.start
        begin = max([self.start, *(m.end() for m in _BOUND.finditer(self.text, self.start, end))])
        joint = _JOINT.match(self.text, begin, end)
        begin = joint.end() if joint else begin
        return Span(begin, begin + len(self.text[begin:end].rstrip()))

    def _parted(self, verb: Span) -> int:
        """Return where another clause begins with the subject of a verb: "…, but Peru said"."""
        parted = _PARTED.search(self.text, self.start, self._subject(verb).start)
        return parted.start() if parted else self.end

    def _attributed(self, verb: Span) -> Span | None:
        """Return the words before a verb that closes a sentence: "…,” the ministry said in a statement."."""
        text, subject = self.text, self._subject(verb)
        said = verb.of(text).lower()
        before = text[self.start : verb.start if said == "according to" else subject.start].rstrip()
        closed = _CLOSED.search(before)
        if not (closed or before.endswith(",")) or _PARTICIPLE.fullmatch(said):
            return None
        if not closed and not _TAIL.match(text, verb.end, self.end):
            return None
        begin = self.start + before.rfind("; ") + 2 if "; " in before else self.start
        end = self.start + len(before)
        if (dated := _DATELINE.match(text, begin, end)) and begin == self.start:
            begin = dated.end()
        return self._bare(Span(begin, end))

    def _behind(self, verb: Span, end: int) -> Span | None:
        """Return the words behind a verb, up to where another one begins."""
        text = self.text
        said = verb.of(text).lower()
        pattern = next(follow for stem, follow in _FOLLOWS if re.match(stem, said))
        opening = re.compile(pattern, re.IGNORECASE).match(text, verb.end, end)
        if opening is None:
            return None
        begin = opening.end()
        if text[begin : begin + 1] in _OPENS:
            closing = _CLOSES.search(text, begin + 1, end)
            return self._bare(Span(begin, closing.end() if closing else end))
        goes_on = _goes_on(self.verbs, bool(_OBJECT.match(said))).search(text, begin, end)
        return self._bare(Span(begin, goes_on.start() if goes_on else end))

    def _bare(self, words: Span) -> Span | None:
        """Leave out the marks around a quotation, unless only a part of the words is quoted."""
        said = words.of(self.text)
        inner = said.strip(" \n")
        start = words.start + said.index(inner) if inner else words.start
        if inner[:1] in _OPENS and not any(mark in inner[1:].rstrip('”",.!? ') for mark in '“”"'):
            start, inner = start + 1, inner[1:].rstrip('”"')
        inner = inner.rstrip(",.;: ")
        return Span(start, start + len(inner)) if inner else None

    def _speakers(self, verb: Span, *, behind: bool) -> tuple[Found, ...]:
        text, subject = self.text, self._subject(verb)
        said = verb.of(text).lower()
        if _PARTICIPLE.fullmatch(said):
            return self.before or self._doer(verb)
        if source := _QUOTED.match(text, verb.start):
            return self._named(Span(*source.span("who")), verb)
        if said == "according to" or (behind and not subject.of(text).strip()):
            inverted = _BEHIND.match(text, verb.end, self.end)
            return self._named(Span(*inverted.span("who")), verb) if inverted else ()
        words = subject.of(text)
        apposed = _APPOSED.search(text, self.start, verb.start) if not words else None
        if apposed:
            also = Span(*apposed.span("also"))
            beside = (n.span for n in names_in(text, also) if n.span.start == also.start or n.span.end == also.end)
            return self._named(next(beside, Span(*apposed.span("who"))), verb)
        if words.lower() == "who":
            relative = [n for n in names_in(text, Span(self.start, verb.start)) if n.span.end == subject.start - 2]
            return self._named(relative[0].span, verb) if relative else ()
        if not words or words.lower().endswith(("and", "but")):
            return self.before or self._doer(verb)
        if _HE.fullmatch(words):
            return self._agent(verb, subject)
        return self._named(subject, verb)

    def _agent(self, verb: Span, pronoun: Span) -> tuple[Found, ...]:
        """Return whom "he" means: who spoke right before, else the likeliest agent of the verb."""
        last = self.said[-1] if self.said else None
        is_person = last and (named(self.text, last.value) or is_title(last.value.split()[-1]))
        if last and is_person and last.spans[-1].start >= self.where[-1].start:
            return (_same(last, pronoun, self.text),)
        return tuple(_same(person, pronoun, self.text) for person in self._doer(verb))

    def _doer(self, verb: Span) -> tuple[Found, ...]:
        """Return the likeliest person who does what a verb tells."""
        done = [deed for deed in deeds(self.text, self.where, self.verbs) if deed.span == verb]
        return tuple(PersonType()._found(name, self.article) for deed in done for name in deed.agents[:1])

    def _named(self, words: Span, verb: Span) -> tuple[Found, ...]:
        """Return a person, or a body as the article calls it; of two that "and" joins, both."""
        text = self.text
        if names := [n for n in names_in(text, words) if n.span.end == words.end or _OF.match(text, n.span.end)]:
            return (PersonType()._found(names[0], self.article),)
        office = _OFFICIAL.fullmatch(words.of(text)) and is_title(words.of(text).split()[-1])
        meant = [_same(person, words, text) for person in self._doer(verb)] if office else []
        if not meant and _IT.fullmatch(words.of(text)):
            meant = self._meant(words)
        return tuple(meant or self._bodies(words))

    def _bodies(self, words: Span) -> list[Found]:
        """Return the bodies that words name, without articles and descriptions."""
        text = self.text
        opening = _OPENING.match(text, words.start, words.end)
        body = Span(opening.end() if opening else words.start, words.end)
        joints = [body.start, *(at for m in _AND.finditer(text, *body) for at in m.span()), body.end]
        parts = [Span(*ends) for ends in zip(joints[::2], joints[1::2], strict=True)]
        if len(parts) > 1 and all(any(m.span == part for m in mentions_in(text, *part)) for part in parts):
            return [Found(part.of(text), (part,), "stated") for part in parts]
        if len(parts) > 1 and _CLAUSE.search(parts[0].of(text)):  # "it was late and people say"
            body = parts[-1]
        described = _DESCRIBED.match(text, *body)
        body = Span(described.end() if described else body.start, body.end)
        name = " ".join(body.of(text).split())
        return [Found(name, (body,), "stated")] if name and not _NOBODY.fullmatch(name) else []

    def _meant(self, words: Span) -> list[Found]:
        """Return which body "it" or "the ministry" means: the last one before that is called so."""
        said = words.of(self.text)
        known = [by for by in (*self.said[-_KNOWN:], *self.before) if not named(self.text, by.value)]
        if " " in said:
            known = [body for body in known if same_person(said.split(" ", 1)[1], body.value) and " " in body.value]
        return [_same(body, words, self.text) for body in known[-1:]]


@lru_cache(maxsize=16)
def _goes_on(verbs: tuple[str, ...], of_thing: bool) -> re.Pattern[str]:
    """Match where the words behind a verb end: "…, adding that", "… and denied", and "the charges, which …"."""
    verb = f"(?=(?:{'|'.join(verbs)}))"
    aside = r"|,\s(?:which|who)\b" if of_thing else ""
    return re.compile(rf";|,\s(?=\w+ing\s){verb}|,?\s(?:and|but)\s(?:also\s)?{verb}|[.!?][”\"]\s{aside}")


def _same(meant: Found, words: Span, text: str) -> Found:
    """Return somebody whom words such as "it" or "the minister" stand for."""
    return Found(meant.value, (meant.spans[0], words), "derived", f"“{words.of(text)}” is the one named before")
