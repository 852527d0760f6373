"""The words that date a happening, and the date that they make against the day of publication."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from extractor.article import Article, Span
from extractor.fields import dates
from extractor.fields.base import FieldType, Found, View
from extractor.fields.gazetteer import mentions
from extractor.fields.words import find_words, same_words

_SAYING = re.compile(
    r"\b(?:said|says|say|told|reported|announced|confirmed|added|wrote|stated|tweeted|according to)\b"
    r"(?: \w+){0,3}[ ,]*$",
    re.IGNORECASE,
)


_BESIDE = re.compile(r"[ \u00a0\n\]]{0,3}(?:,? (?:later|again|early|only))?")


def _dates_another_place(view: View, span: Span) -> bool:
    """Say whether a time expression stands right behind another place than the one that it shall date."""
    text = view.article.text
    place = next((m for m in mentions(text) if _BESIDE.fullmatch(text, m.span.end, span.start)), None)
    return place is not None and view.of is not None and place.code != view.of.value


def time_words(article: Article, stretch: Span) -> list[Span]:
    """Return the time expressions of a stretch, without those that only date what somebody said."""
    words = stretch.of(article.text)
    found = [Span(stretch.start + span.start, stretch.start + span.end) for span in dates.find(words)]
    found = [span for span in found if not _is_dateline(article.text, span)]
    told = [span for span in found if _SAYING.search(article.text[max(stretch.start, span.start - 60) : span.start])]
    return [span for span in found if span not in told]


def _is_dateline(text: str, span: Span) -> bool:
    """Tell "SEOUL, Jan 15 (Agency)" at the beginning of a line, which dates the report."""
    start = text.rfind("\n", 0, span.start) + 1
    return bool(
        re.fullmatch(r"\s*[A-ZÀ-Þ][\w.’'/-]*(?: [\w.’'/-]+){0,3}, +", text[start : span.start])
        and re.match(r"\s*(?:\(|[-–—]{1,2}\s|\.)", text[span.end : span.end + 12])
    )


class WhenType(FieldType):
    """The words that date the happening, preposition included."""

    form: ClassVar[str] = "as written"

    def ask(self, view: View) -> Any:
        """Offer the time expressions of the passage."""
        offers = dict.fromkeys(span.of(view.article.text) for span in time_words(view.article, view.where[0]))
        return Literal[tuple(offers)] if offers else None

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the words in the passage, if any of them tell a time."""
        span = find_words(str(value), view.article.text, view.where)
        dated = span and dates.find(span.of(view.article.text))
        if span is None or not dated or _dates_another_place(view, span):
            return None
        return Found(span.of(view.article.text), (span,), "stated")

    def read(self, view: View) -> list[Found]:
        """Read the time expression that stands right behind the value that it dates: "to Armenia on 5-6 June"."""
        passage = view.where[0]
        owner = next((span for span in view.of.spans if passage.covers(span)), None) if view.of else None
        text = view.article.text
        return [
            Found(span.of(text), (span,), "stated")
            for span in time_words(view.article, passage)
            if owner and _BESIDE.fullmatch(text, owner.end, span.start)
        ]

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading preposition."""
        return same_words(str(one), str(other))


class DatesType(FieldType):
    """The date that the words of another field make: a day, a month or an interval."""

    form: ClassVar[str] = "EDTF (ISO 8601-2)"
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

        Time expressions beside them complete the date: a length ("three-day") or an end ("until Friday").
        """
        if view.of is None:
            return []
        text = view.article.text
        spans = [*view.of.spans, *self._completing(view)]
        resolved = dates.resolve([span.of(text) for span in spans], view.article.published, view.tense)
        return [Found(resolved.edtf, tuple(spans), "derived", resolved.rule)] if resolved else []

    def _completing(self, view: View) -> list[Span]:
        """Return what dates nothing by itself but tells how long or until when."""
        if view.of is None or not any(view.where[0].overlaps(span) for span in view.of.spans):
            return []
        text = view.article.text
        return [
            span
            for span in time_words(view.article, view.where[0])
            if not any(span.overlaps(known) for known in view.of.spans)
            and dates.resolve([span.of(text)], view.article.published, view.tense) is None
        ]

    def same(self, one: Any, other: Any) -> bool:
        """Compare what the two expressions cover."""
        return dates.same(one, other)


When = Annotated[str, WhenType()]
Dates = Annotated[str, DatesType()]
