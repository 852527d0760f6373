"""The words that date a happening, and the date that they make against the day of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from extractor.article import Span
from extractor.fields import dates
from extractor.fields.base import Change, FieldType, Found, Group, View
from extractor.fields.clauses import acts, deeds
from extractor.fields.date_phrases import heading, time_words
from extractor.fields.gazetteer import mentions_in
from extractor.fields.names import names_in, same_person
from extractor.fields.words import find_words, same_words

_BESIDE = re.compile(r"[ \u00a0\n\]]{0,3}(?:,? (?:later|again|early|only))?")
_ORIGIN = re.compile(r"\b(?:from|left|leav(?:es|ing)|depart(?:ed|s|ing))\s(?:the\s)?$", re.IGNORECASE)
_CLAUSE = 60
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WILL, _WAS = re.compile(r"\b(?:will|won[’']t)\b"), re.compile(r"\b(?:was|were|had|would)\b")
_LIST = re.compile(r"(?:[\s,]|\b(?:and|or|then|the)\b|\b[A-Z][\w’'-]*)+")  # "Peru, Chile and Bolivia in May"
# What begins another clause, but for one of the same person: "the trip to Peru that she was to begin tonight".
_BREAK = re.compile(
    r"[,;:.()“”\"\n–—]|\b(?:and|but|or|who|which|that|where|when|while|after|before|since|as|ahead|until|than|because|said"
    r"|says)\b(?! (?:he|she|they) (?:was|were|is|are|will|had)\b)",
    re.IGNORECASE,
)
_ONWARD = re.compile(r"\s(?:for|to|on\sa)\b")  # "leaves on Friday for Rome": with that day something begins
# "in Peru on Monday, [in Chile] on Friday", "on Monday and [will go to Chile] on Friday": one after the other.
_NEXT = re.compile(
    r",?\s(?:and\s|then\s)*(?:(?:he|she|they)\s)?(?:will\s(?:\w+\s){1,2}?)?(?:(?:in|to|at|for)\s)?(?:the\s)?"
    r"(?:[A-Z][\w’'-]+\s){1,4}"
)


def _follows(text: str, owner: Span, span: Span) -> bool:
    """Say whether a time expression stands behind a value in the same clause, with no other place between."""
    if _BESIDE.fullmatch(text, owner.end, span.start):
        return True
    words = span.of(text)
    if span.start - owner.end > _CLAUSE or words.lower().startswith("since") or dates.only_completes(words):
        return False
    between = any(place.span.start >= owner.end for place in mentions_in(text, owner.end, span.start))
    return not between and not _BREAK.search(text[owner.end : span.start])


def _dates_another_place(view: View, span: Span) -> bool:
    """Say whether a time expression stands right behind another place than the one that it shall date.

    A place that one comes from does not count: "left Oslo on Monday for Peru".
    """
    text = view.article.text
    near = mentions_in(text, span.start - _CLAUSE, span.start)
    place = next((m for m in near if _BESIDE.fullmatch(text, m.span.end, span.start)), None)
    if place is None or view.of is None or place.code == view.of.value:
        return False
    earlier = (owner.end for owner in view.of.spans if owner.end <= place.span.start)
    if any(_LIST.fullmatch(text, end, place.span.start) for end in earlier):
        return False
    return not _ORIGIN.search(text, max(0, place.span.start - 20), place.span.start)


def _is_end(view: View, span: Span) -> bool:
    """Say whether `lead` words make a day the last one: "leaves on Friday", "on Friday she leaves"."""
    return _ended(view, span) is not None


def _ended(view: View, span: Span) -> re.Match[str] | None:
    """Return the `lead` words that make a day the last one; those in a group called `over` say that it is past."""
    text = view.article.text
    if not view.lead or _ONWARD.match(text, span.end):
        return None
    before, after = _led(view.lead)
    return before.search(text[max(0, span.start - 60) : span.start]) or after.match(text, span.end)


@lru_cache(maxsize=8)
def _led(lead: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = "|".join(lead)
    return (
        re.compile(rf"\b(?:{words}),?\s$", re.IGNORECASE),
        re.compile(rf",?\s(?:he|she|they|the\s\w+)\s(?:will\s)?(?:{words})(?!\w)", re.IGNORECASE),
    )


def _anchor(view: View, span: Span) -> str | None:
    """Return the day from which to count: a coming weekday follows the heading, and those listed in its sentence."""
    text, anchor = view.article.text, view.article.published
    stretch = next((where for where in view.where if where.covers(span)), None)
    if view.tense != "future" or not stretch or not dates.names_weekday(span.of(text)):
        return anchor
    above = heading(text, stretch)
    listed = dates.resolve([above.of(text)], anchor, "future") if above else None
    anchor = listed.edtf.partition("/")[0] if listed else anchor
    earlier = anchor
    last: Span | None = None
    for one in time_words(view.article, Span(stretch.start, span.end)):
        if not dates.names_weekday(one.of(text)) or not (last and _NEXT.fullmatch(text, last.end, one.start)):
            earlier = anchor
        if one.end >= span.end:
            return earlier
        resolved = dates.resolve([one.of(text)], earlier, "future")
        earlier = resolved.edtf.rpartition("/")[2] if resolved else anchor
        last = one
    return anchor


def _dates_another_deed(view: View, span: Span) -> bool:
    """Say whether a time expression belongs to what another person does further on in the sentence.

    In "Ruiz's visit to Peru comes after Berg went there last month", last month is Berg's.
    """
    if view.by is None or not view.where[0].covers(span):
        return False
    passage, text = view.where[0], view.article.text
    goals = [one.end for one in view.of.spans if passage.covers(one)] if view.of else []
    own = [name.span.end for name in names_in(text, passage) if same_person(view.by.value, name.words)]
    begin = next((end for end in (*goals[:1], *own[:1]) if end <= span.start), span.start)
    return any(
        acts(text, name, passage.start) and not same_person(view.by.value, name.words)
        for name in names_in(text, Span(begin, span.start))
    )


def _telling(view: View, spans: Sequence[Span]) -> list[Span]:
    """Leave out the time expressions that name no day of their own: "now", "three-day", "until Friday"."""
    words = [(span, span.of(view.article.text)) for span in spans]
    return [span for span, said in words if said.lower() != "now" and not dates.only_completes(said)]


def _deeds_of(view: View, agent: str) -> list[Span]:
    """Return the words of the passage that tell what `agent` does."""
    told = deeds(view.article.text, view.where, view.does) if view.does else []
    return [deed.span for deed in told if any(same_person(agent, name.words) for name in deed.agents[:1])]


class WhenType(FieldType):
    """The words that date the happening, preposition included."""

    form: ClassVar[str] = "as written"
    group: ClassVar[Group] = "named"

    def ask(self, view: View) -> Any:
        """Offer the time expressions of the passage; "now" and what only completes a date, if there is nothing else."""
        spans = time_words(view.article, view.where[0])
        offers = dict.fromkeys(span.of(view.article.text) for span in _telling(view, spans) or spans)
        return Literal[tuple(offers)] if offers else None

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the words in the passage, if any of them tell a time."""
        span = find_words(str(value), view.article.text, view.where)
        dated = span and dates.find(span.of(view.article.text))
        if span is None or not dated or _dates_another_place(view, span) or _dates_another_deed(view, span):
            return None
        return Found(span.of(view.article.text), (span,), "stated")

    def read(self, view: View) -> list[Found]:
        """Read the time expression behind the value that it dates ("to Armenia for talks on 5-6 June"), or a heading.

        Failing that, the one behind the deed ("visited Putin in July"). The day in the heading of an agenda counts
        where the passage names none itself.
        """
        passage = view.where[0]
        owner = next((span for span in view.of.spans if passage.covers(span)), None) if view.of else None
        text = view.article.text
        inside = time_words(view.article, passage)
        spans = [span for span in inside if owner and span.start >= owner.end and _follows(text, owner, span)]
        if not spans and view.by:
            done = _deeds_of(view, str(view.by.value))
            told = _telling(view, inside)
            spans = [span for span in told if any(d.end <= span.start and _follows(text, d, span) for d in done)]
        above = heading(text, passage)
        if above and all(dates.only_completes(span.of(text)) for span in inside):
            spans = [above]
        return [Found(span.of(text), (span,), "stated") for span in spans]

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading preposition."""
        return same_words(str(one), str(other))


class DatesType(FieldType):
    """The date that the words of another field make: a day, a month or an interval."""

    form: ClassVar[str] = "EDTF (ISO 8601-2)"
    group: ClassVar[Group] = "named"
    cued: ClassVar[bool] = True
    dated: ClassVar[bool] = True

    def ask(self, view: View) -> Any:
        """Ask for nothing: dates follow from words."""
        return None

    def locate(self, value: Any, view: View) -> Found | None:
        """Resolve the words, and see whether they make `value`."""
        return next((found for found in self.read(view) if dates.same(found.value, str(value))), None)

    def read(self, view: View) -> list[Found]:
        """Resolve the words against the day of publication, by the codebook's rules.

        Time expressions beside them complete the date: a length ("three-day"), or an end ("until Friday", and the
        day that `lead` words introduce: "leaves on Wednesday").
        """
        if view.of is None:
            return []
        words = view.of.spans
        if view.tense is None and _WILL.search(view.passage) and not _WAS.search(view.passage):
            view = replace(view, tense="future")
        ends = [span for span in words if _is_end(view, span)]
        starts = [span for span in words if span not in ends]
        text = view.article.text
        if not ends and not starts:
            return []
        if ends and all(dates.only_completes(span.of(text)) for span in starts):
            spans = [*ends, *starts, *self._completing(view)]
            phrases = [span.of(text) for span in spans]
            last = dates.resolve_last(phrases, view.article.published, view.tense)
            if last is None and (match := _ended(view, ends[0])) and match.groupdict().get("over"):
                last = dates.resolve(phrases[:1], view.article.published, view.tense)  # all that is told
            return [Found(last.edtf, tuple(spans), "derived", last.rule)] if last else []
        first, *others = self._in_time(starts, view)
        spans = [first, *ends, *self._completing(view), *others]
        anchor = _anchor(view, first)
        resolved = dates.resolve([span.of(text) for span in spans], anchor, view.tense)
        return [Found(resolved.edtf, tuple(spans), "derived", resolved.rule)] if resolved else []

    def _in_time(self, spans: list[Span], view: View) -> list[Span]:
        """Put what has been in order, where each names one day: "on Wednesday ... the guest, who came on Tuesday"."""
        if len(spans) == 1 or view.tense != "past":
            return spans
        anchor = view.article.published
        read = [dates.resolve([span.of(view.article.text)], anchor, "past") for span in spans]
        days = [one.edtf for one in read if one and _DAY.fullmatch(one.edtf)]
        return [span for _, span in sorted(zip(days, spans, strict=True))] if len(days) == len(spans) else spans

    def _completing(self, view: View) -> list[Span]:
        """Return the words that tell how long, or until when, this also further on; the nearest to the date first."""
        assert view.of  # noqa: S101 -- read looks first
        known = view.of.spans
        text = view.article.text
        words = [span for span in time_words(view.article, view.where[0]) if not any(map(span.overlaps, known))]
        kept = [
            span
            for span in words
            if _is_end(view, span) or dates.resolve([span.of(text)], view.article.published, view.tense) is None
        ]
        behind = (span for stretch in view.onward for span in time_words(view.article, stretch))
        kept += [span for span in behind if _is_end(view, span)]
        return sorted(kept, key=lambda span: abs(span.start - known[0].start))

    def follow(self, value: Any, change: Change) -> Any:
        """Return the date that the altered words make."""
        return change.date(str(value))

    def same(self, one: Any, other: Any) -> bool:
        """Compare what the two expressions cover."""
        return dates.same(one, other)


When = Annotated[str, WhenType()]
Dates = Annotated[str, DatesType()]
