"""Mentions: what of a source decides which event it belongs to, above all when that can have been.

The words of a record may date the happening to the day, to a month, or not at all. Where they do not, the day of
publication does, together with how far the happening had come by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from extractor.events.event import Source
from extractor.fields.date_values import UNKNOWN_YEAR, extent
from extractor.schema import Schema, fields_of

AHEAD: Final = 150  # days that what is announced without a date may lie ahead
VAGUE: Final = 240  # the same for what has only begun its course, such as a mere possibility
BACK: Final = 120  # days that what is only said to be over may lie back
HERE: Final = 6  # days that what is going on may have begun before, or go on
LATE: Final = 2  # days that a report may come late, or two reports may differ
SHARP: Final = 7  # days; a stretch as long names a week or more in which something was, not how long it took
_LEAP: Final = "0004"  # the year in which dates without one are compared, with each other alone


class Window(NamedTuple):
    """The days, as numbers, between which a happening lies; `sharp` where they are its own first and last.

    `near` is the day about which it lies where no date is told: the day of publication.
    """

    first: int
    last: int
    sharp: bool = False
    near: int | None = None

    @property
    def days(self) -> int:
        """How many there are."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Mention:
    """A source as clustering sees it. `stage` counts along the course; it is None where nothing is told of that.

    `ended` says that the source tells of an end after which nothing follows, `begun` that it tells of no mere plan.
    """

    source: Source
    day: int | None
    window: Window | None
    stage: int | None
    ended: bool
    begun: bool


def mention(source: Source, schema: type[Schema]) -> Mention:
    """Return what of a source decides where it belongs."""
    day = day_of(source.published)
    course = schema.event_course
    told = source.value(course.field) if course else None
    stage = course.order.index(told) if course and told in course.order else None
    tense = fields_of(schema)[course.field].type.tense(str(told)) if course and told else None
    last = course is not None and stage == len(course.order) - 1
    begun = stage is not None and tense == "past"
    span = _told_by_status(day, tense, over=last or not begun, vague=stage == 0) if day else None
    dated = _dated(source, schema)
    if dated and not dated.sharp and span:
        dated = _narrowed(dated, span, tense, going_on=begun and not last)
    return Mention(source, day, dated or span, stage, bool(course and told in course.ends), begun)


@lru_cache(maxsize=65536)
def day_of(published: str | None) -> int | None:
    """Return the number of a day of publication; None where it or its year is unknown.

    >>> day_of("2024-03-05") - day_of("2024-03-01"), day_of("XXXX-01-26"), day_of(None)
    (4, None, None)
    """
    days = extent(published, False) if published else None
    return days[0] if days else None


@lru_cache(maxsize=65536)
def window_of(edtf: str) -> Window | None:
    """Return the days of an EDTF expression; where the year is unknown, those of a year that nothing else has.

    >>> window_of("2023-10-18/2023-10-19").days, window_of("2023-10").sharp, window_of("soon")
    (2, False, None)
    """
    text = edtf.upper()
    yearless = UNKNOWN_YEAR in text
    days = extent(text.replace(UNKNOWN_YEAR, _LEAP), False)
    if days is None or days[1] < days[0]:
        return None
    first, last = days
    return Window(first, last, sharp=last - first + 1 < SHARP or (yearless and first == last))


def _dated(source: Source, schema: type[Schema]) -> Window | None:
    values = (source.value(spec.name) for spec in fields_of(schema).values() if spec.type.dated)
    return next((window for value in values if value and (window := window_of(str(value)))), None)


def _told_by_status(day: int, tense: str | None, *, over: bool, vague: bool) -> Window:
    """Return when something can be that is told of on a day without a date."""
    if tense == "future":
        return Window(day - LATE, day + (VAGUE if vague else AHEAD), near=day)
    if tense == "past":
        return Window(day - (BACK if over else HERE), day + (0 if over else HERE), near=day)
    return Window(day - BACK, day + AHEAD, near=day)


def _narrowed(dated: Window, told: Window, tense: str | None, *, going_on: bool) -> Window:
    """Cut off of a month or year what lies on the wrong side of publication; never all of it."""
    first = max(dated.first, told.first) if tense == "future" or going_on else dated.first
    last = min(dated.last, told.last) if tense == "past" else dated.last
    return Window(first, last) if first <= last else dated
