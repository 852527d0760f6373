"""Statements: who said, announced, accused, denied, promised or demanded what, of whom.

A speaker is as often a ministry as a person, and the words are as often a clause as a quotation. So this schema brings
field types of its own, made of those for people, quotations and countries: they read off the sentence who says what,
and the model chooses among that by the opening words, which spares it from copying them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from extractor.article import Article, Span
from extractor.fields import Choice, Dates, Found, Office, Party, View, dates
from extractor.fields.country import CountryType
from extractor.fields.gazetteer import mentions_in
from extractor.fields.names import named, same_person
from extractor.fields.offices import office_of
from extractor.fields.person import PersonType
from extractor.fields.quoted import QuotedType
from extractor.fields.sayings import Saying, sayings
from extractor.fields.when import WhenType
from extractor.fields.whose import found_country
from extractor.fields.words import find_words, level
from extractor.schema import Example, Schema, field
from extractor.sentences import sentences


def _verbs(stems: str) -> str:
    return rf"(?:{stems.replace(' ', '|')})(?:ed|e?s|ing)\b"


_SAID = (
    r"sa(?:id|ys?|ying)\b", r"(?:told|tells?|telling)\b", r"wr(?:ote|ites?|iting)\b", r"according to\b", r"quot(?:ed|es|ing) [^,;:“”\"]{2,60}? as saying\b", r"repl(?:ied|ies|ying)\b",
    r"(?:stated|stating|noted|notes|noting|argue|insist)\b",
    _verbs("add report mention express voic explain argu insist recall stress claim complain"),
)  # fmt: skip
_ANNOUNCED = (_verbs("announc declar confirm reveal unveil"), r"made (?:it )?known\b")
_ACCUSED = (_verbs("accus blam denounc condemn criticis criticiz"), r"accuse\b")
_DENIED = (r"den(?:ied|y|ies|ying)\b", _verbs("reject dismiss refut"))
_PROMISED = (_verbs("promis pledg vow offer"), r"swore\b")
_DEMANDED = (_verbs("demand urg ask request instruct order"), r"(?:urge|call(?:ed|s|ing) (?:on|for))\b")
_WARNED = (_verbs("warn threaten"), r"warn\b")
_VERBS = (*_SAID, *_ANNOUNCED, *_ACCUSED, *_DENIED, *_PROMISED, *_DEMANDED, *_WARNED)
_SHOWN = 8  # words of a quotation by which the model names it
_PRIVATE = re.compile(r"expert|analyst|professor|author|editor|coach|journalist|correspondent", re.IGNORECASE)
_AND = re.compile(r"\sand\s")
_BESIDE = re.compile(r"[^,;:“”\"]{0,60}")  # in the clause of a verb


def _told(article: Article) -> dict[Span, tuple[Saying, ...]]:
    return sayings(article, sentences(article.text, article.boilerplate), _VERBS)


def _here(view: View) -> tuple[Saying, ...] | None:
    """Return who says what in the passage; None where it is no whole sentence, such as a labeller's evidence."""
    return _told(view.article).get(view.where[0])


class SpeakerType(PersonType):
    """Who says something: a person by name, else an office or a body as the article calls it."""

    form: ClassVar[str] = "name without title, else the body as written"

    def ask(self, view: View) -> Any:
        """Offer whoever says something in the passage."""
        offers = tuple(dict.fromkeys(by.value for one in _here(view) or () for by in one.speakers))
        return Literal[offers] if offers else None

    def locate(self, value: Any, view: View) -> Found | None:
        """Find who says something in the passage; in evidence, the name or the very words."""
        here = _here(view)
        if here is not None:
            return next((by for one in here for by in one.speakers if self.same(by.value, value)), None)
        span = find_words(str(value), view.article.text, view.where)
        return Found(span.of(view.article.text), (span,), "stated") if span else super().locate(value, view)


class WordsType(QuotedType):
    """What is said, in the words of the article."""

    def ask(self, view: View) -> Any:
        """Offer what is said in the passage, by its opening words."""
        offers = tuple(dict.fromkeys(_shown(one.words.of(view.article.text)) for one in _here(view) or ()))
        return Literal[offers] if offers else None

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the words, or those that begin so, among what is said in the passage."""
        text = view.article.text
        here = _here(view)
        if here is None:
            return super().locate(value, view)
        words = [(one.words, one.words.of(text)) for one in here]
        found = [span for span, said in words if str(value) == _shown(said) or self.same(said, value)]
        return Found(found[0].of(text), (found[0],), "stated") if found else None

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words; a quotation that is cut shorter, by less than half, is the same one."""
        short, long = sorted((level(str(one)).strip(" .,;:\"'"), level(str(other)).strip(" .,;:\"'")), key=len)
        return bool(short) and 2 * len(short) >= len(long) and bool(find_words(short, long, (Span(0, len(long)),)))


class SaidOnType(WhenType):
    """The words that date a saying: right behind its verb, or at the head of the sentence."""

    def read(self, view: View) -> list[Found]:
        """Read them beside the verb of the words that they belong to."""
        text, sentence = view.article.text, view.where[0]
        told = [one for one in _here(view) or () if view.of and one.words in view.of.spans]
        times = [Span(sentence.start + t.start, sentence.start + t.end) for t in dates.find(sentence.of(text))]
        for span, verb in ((time, one.verb) for time in times for one in told if not time.overlaps(one.words)):
            first = span.start == sentence.start and _BESIDE.fullmatch(text, span.end + 1, verb.start)
            if first or _BESIDE.fullmatch(text, verb.end, span.start):
                return [Found(span.of(text), (span,), "stated")]
        return []


def _shown(said: str) -> str:
    return " ".join(said.split()[:_SHOWN])


class SpeakerCountryType(CountryType):
    """The country or organisation that a person or a body speaks for."""

    def read(self, view: View) -> list[Found]:
        """Read it off the body's own name or the words right before it, or as an official's."""
        if view.of is None:
            return []
        text = view.article.text
        if people := named(text, view.of.value):
            office = office_of(text, [name.span for name in people])
            return [] if office and _PRIVATE.search(office.of(text)) else super().read(view)
        body = view.of.spans[0]
        near = [m for m in mentions_in(text, body.start - 60, body.end) if m.span.end <= body.end]
        inside = [m for m in near if m.span.start >= body.start]
        if len({m.code for m in inside}) > 1 and _AND.fullmatch(text, inside[0].span.end, inside[1].span.start):
            return []
        before = [m for m in near if re.fullmatch(r"(?:[’']s)?(?: [\w-]+){0,5} ", text[m.span.end : body.start])]
        return [found_country(mention) for mention in (inside[:1] or before[-1:])]


class Act(Choice):
    """What somebody does by saying something, by the verb that the article uses."""

    SAID = "said", "tells, reports, adds, notes or explains something", _SAID
    ANNOUNCED = "announced", "makes something known: announces, declares, confirms", _ANNOUNCED
    ACCUSED = "accused", "holds a wrong against somebody: accuses, blames, condemns", _ACCUSED
    DENIED = "denied", "says that something is not so, or will not have it: denies, rejects, dismisses", _DENIED
    PROMISED = "promised", "binds himself to do something: promises, pledges, offers", _PROMISED
    DEMANDED = "demanded", "wants somebody to do something: demands, urges, asks, calls on", _DEMANDED
    WARNED = "warned", "tells of harm to come: warns, threatens", _WARNED


class Stance(Choice):
    """The attitude of these words to whom or what they are about."""

    # fmt: off
    SUPPORTIVE = ("supportive", "approves: praises, thanks, welcomes, sides with somebody, looks forward to something",
        (r"appreciat(?:es?|ed)\b", r"(?:thank|prais|welcom)e?(?:s|d|ed)\b", r"hop(?:es?|ed) to"))
    CRITICAL = ("critical", "disapproves: accuses, denies, rejects, complains, threatens, is worried by what somebody does",
        (*_ACCUSED, *_DENIED, *_WARNED, r"complain(?:s|ed)", r"concerns?\b(?= (?:over|about|that))"))
    # fmt: on
    NEUTRAL = "neutral", "gives facts or plans without approval or disapproval"


_REACHED = r"(?!him\b|her\b|them\b)(?:the |an? )?(?P<value>(?:(?! that | to | of | for | in | on | at )[^,;:.“”\"]){2,60}?)"  # fmt: skip


class Statement(Schema):
    """One speaker, one verb of saying, and what the article gives as said.

    A statement is made by a person by name, an office, a ministry, a government or its capital, a company or a
    news organisation that, in the words of the article, said, wrote, announced, accused, denied, promised,
    demanded, warned or the like.
    """

    unit: ClassVar[str] = "statements"
    cues: ClassVar[tuple[str, ...]] = _VERBS
    rules: ClassVar[tuple[str, ...]] = (
        "One record per speaker and verb of saying and what is said: two verbs are two records, and so are two speakers "
        "that “and” joins (“both Peru and Chile deny”). The same words of the same speaker are one record.",
        "What is said must be given: “they discussed trade”, “she spoke”, “he declined to comment” are no statements.",
        "What nobody has said yields nothing: “will say”, “did not confirm”, “is believed to”. Neither do questions.",
        "A quotation that goes on in a sentence without a verb of saying belongs to the statement before.",
        "Papers (a programme, data, a report) do not speak, and neither does the author of the article or an interview.",
        "Text that is not the article (menus, appeals, “read more”, author biographies) yields nothing.",
    )

    # fmt: off
    speaker: Annotated[str, SpeakerType()] = field(
        "who says it: a person by name without title, in the fullest form of the article, else the office or body as "
        "written, without a leading article", key=True,
    )
    speaker_role: Office | None = field("the office of a person who speaks", of="speaker")
    speaker_country: Annotated[str, SpeakerCountryType()] | None = field("the country or organisation that the speaker speaks for", of="speaker", asked=False)
    act: Act | None = field("what the speaker does, by the verb of saying", of="speaker", asked=False)
    addressee: Party | None = field(
        "to whom it is said, or who is accused, asked or warned", of="speaker",
        lead=(
            rf"(?:accus\w+|warn(?:ed|s|ing)) {_REACHED}(?= of| that| against)", rf"(?:blam\w+|thank\w*|condemn\w*|prais\w+|criticis\w+) {_REACHED}(?= for|[,.])",
            rf"(?:urg\w+|ask(?:ed|s|ing)?|call(?:ed|s|ing)? on|demand\w*) {_REACHED}(?= to )", rf"(?:told|tells|assur\w+|inform\w*) {_REACHED}(?= that| in | on | at |[,.]| (?:he|she|it|they|there)\b)",
        ),
    )
    quote: Annotated[str, WordsType()] = field("what is said, in the words of the article, without “that” and the marks of a quotation", key=True)
    stance: Stance | None = field("the attitude of these words to whom or what they are about", of="quote")
    when: Annotated[str, SaidOnType()] | None = field("the words that date the saying, preposition included", of="quote", asked=False)
    dates: Dates | None = field("those words resolved against the day of publication", of="when")
    # fmt: on

    @field_validator("quote")
    @classmethod
    def _own_words(cls, quote: str, info: ValidationInfo) -> str:
        """What is said goes with who says it."""
        known, speaker = info.context or {}, info.data.get("speaker")
        spans = [span for found in known.get("record", {}).get("quote", ()) for span in found.spans]
        told = [one for many in _told(known["article"]).values() for one in many] if known else []
        says = [by.value for one in told if one.words in spans for by in one.speakers]
        if says and speaker and not any(same_person(name, speaker) for name in says):
            raise ValueError(f"“{_shown(quote)} …” is said by {' or '.join(says)}, not by {speaker}; name who says it")
        return quote

    # fmt: off
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Kenya’s trade minister, Grace Wanjiru, accused Ghana of dumping steel and called for talks.", (
            {"speaker": "Grace Wanjiru", "quote": "dumping steel", "stance": "critical"},
            {"speaker": "Grace Wanjiru", "quote": "talks", "stance": "neutral"},
        )),
        Example("“We are glad to have such a neighbour,” Wanjiru said, but the Ghanaian embassy denied any dumping.", (
            {"speaker": "Grace Wanjiru", "quote": "We are glad to have such a neighbour", "stance": "supportive"},
            {"speaker": "Ghanaian embassy", "quote": "any dumping", "stance": "critical"},
        )),
    )
    # fmt: on
