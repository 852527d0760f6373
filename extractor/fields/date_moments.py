"""Single days: what words say of one, and which day of the calendar that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from dateutil.rrule import YEARLY, rrule

from extractor.fields.date_values import UNKNOWN_YEAR, WORDS_FOR, Direction, Point, Stretch
from extractor.fields.date_words import Token

Tense = Literal["past", "future"]
REL_DIRECTION: Final[dict[int, Direction]] = {-1: "last", 1: "next"}
_FIELD_OF: Final = {
    "month": "month", "weekday": "weekday", "wkday": "weekday", "num": "day", "nth": "day", "ordinal": "day",
    "year": "year", "deictic": "shift",
}  # fmt: skip


class Page(NamedTuple):
    """What a phrase is read against: the day of publication, where known, and the tense of the happening."""

    anchor: Point | None
    tense: Tense | None

    @property
    def date(self) -> date | None:
        """The day of publication, where its year is known."""
        return self.anchor.date if self.anchor else None


class Moment(NamedTuple):
    """What words say of one day: any of its parts, or how it lies to the day of publication."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    shift: int | None = None  # days from publication: "yesterday" is -1
    rel: int | None = None  # "last Friday" is -1
    week: int | None = None  # "Friday of last week" is -1
    rel_year: int | None = None  # "in September last year" is -1

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Moment:
        """Read a moment from its words; of two days or months the first counts."""
        fields: dict[str, int] = {}
        following = [*(token.kind for token in tokens[1:]), ""]
        for token, after in zip(tokens, following, strict=True):
            if token.kind in ("iso", "dotted"):
                fields.update(_numeric_date(token.word))
            elif token.kind == "rel":
                fields[{"weeks": "week", "years": "rel_year", "hours": "shift"}.get(after, "rel")] = token.worth
            elif token.kind in _FIELD_OF:
                fields.setdefault(_FIELD_OF[token.kind], token.worth)
        return cls(**fields)

    def beginning(self, end: Moment) -> Moment:
        """Return the first day of a range, with what it leaves to the words for its last day."""
        if self.shift is not None:
            return self
        if self.day is None:
            return self._replace(week=end.week if self.week is None else self.week)
        if self.year or self.rel_year is not None:
            return self
        turn = bool(self.month and end.month and self.month > end.month)  # "30 December to 2 January 2024"
        year, rel_year = end.year and end.year - turn, None if end.rel_year is None else end.rel_year - turn
        return self._replace(month=self.month or end.month, year=year, rel_year=rel_year)


def _numeric_date(word: str) -> dict[str, int]:
    """Read "2024-03-05", "25.01.2024" and "25/01/2024"; "5/6/2024" may be of May or June and is not read."""
    if "-" in word:
        year, month, day = map(int, word.split("-"))
        return {"year": year, "month": month, "day": day}
    day, month, year = map(int, word.replace("/", ".").split("."))
    if "/" in word and day != month and max(day, month) <= 12:
        return {}
    if month > 12 and "/" in word:
        day, month = month, day
    return {"year": year, "month": month, "day": day}


@lru_cache(maxsize=4096)
def nearest_day(
    anchor: date,
    direction: Direction | None,
    *,
    month: int | None = None,
    day: int | None = None,
    weekday: int | None = None,
) -> date | None:
    """Return the day with these parts that lies nearest the anchor, of two as near the earlier.

    >>> nearest_day(date(2024, 3, 6), "past", weekday=1)
    datetime.date(2024, 3, 5)
    """
    within = 9  # years: February 29 may be eight years away
    days = rrule(
        YEARLY,
        dtstart=datetime(anchor.year - within, 1, 1),
        until=datetime(anchor.year + within, 12, 31),
        bymonth=month,
        bymonthday=day,
        byweekday=weekday,
    )
    now, inclusive = datetime.combine(anchor, time()), direction not in ("last", "next")
    back: datetime | None = days.before(now, inc=inclusive)
    forth: datetime | None = days.after(now, inc=inclusive)
    if direction is None and back and forth:
        return (back if now - back <= forth - now else forth).date()
    found = back if direction in ("past", "last") else forth
    return found.date() if found else None


def read_day(moment: Moment, page: Page) -> Stretch | None:
    """Return the one day that a moment names, or None."""
    if moment.shift is not None:
        return shifted(page, moment.shift)
    if moment.month and moment.day:
        return _day_of_year(moment, page)
    if page.date is None:
        return None
    if moment.weekday is not None and moment.week is not None:
        day = monday_of(page.date, moment.week) + timedelta(moment.weekday)
        return _one_day(day, f"that weekday in the week of {monday_of(page.date, moment.week)}")
    if moment.weekday is not None and moment.day:
        return _nearby(page.date, moment)
    if moment.weekday is not None or moment.day:
        direction = REL_DIRECTION.get(moment.rel or 0, page.tense)
        day_found = nearest_day(page.date, direction, day=moment.day, weekday=moment.weekday)
        return _one_day(day_found, f"{name_of(moment)}, {WORDS_FOR[direction]} {page.date}")
    return None


def _day_of_year(moment: Moment, page: Page) -> Stretch | None:
    year = year_of(moment, page)
    if year is not None:
        return stated(Point(year, moment.month, moment.day))
    yearless = stated(Point(UNKNOWN_YEAR, moment.month, moment.day))
    if page.date is None or yearless is None:
        return yearless if moment.rel_year is None else None
    if moment.weekday is not None and (found := _nearby(page.date, moment)):
        return found
    direction = REL_DIRECTION.get(moment.rel or 0, page.tense)
    day = nearest_day(page.date, direction, month=moment.month, day=moment.day)
    return _one_day(day, f"{name_of(moment)}, {WORDS_FOR[direction]} {page.date}")


def _nearby(anchor: date, moment: Moment) -> Stretch | None:
    """Find the day by its weekday and number together, which tell more than the tense; not a year away."""
    day = nearest_day(anchor, None, month=moment.month, day=moment.day, weekday=moment.weekday)
    if day is None or abs(day - anchor) > timedelta(366):
        return None
    return _one_day(day, f"{name_of(moment)}, {WORDS_FOR[None]} {anchor}")


def year_of(moment: Moment, page: Page) -> str | None:
    """Return the year that the words state, themselves or by "last year"."""
    if moment.year:
        return f"{moment.year:04}"
    if moment.rel_year is not None and page.anchor and page.anchor.year.isdigit():
        return f"{int(page.anchor.year) + moment.rel_year:04}"
    return None


def name_of(moment: Moment) -> str:
    """Return the parts of a moment in words, for the rule of a result."""
    weekday = date(2024, 1, 1 + moment.weekday).strftime("%A") if moment.weekday is not None else ""
    month = date(2024, moment.month, 1).strftime("%B") if moment.month else ""
    return " ".join(filter(None, [weekday, str(moment.day or ""), month]))


def stated(point: Point) -> Stretch | None:
    """Return a point that the words state in full; None where the calendar has no such day."""
    return Stretch(point, point, f"{point} as stated") if point.exists() else None


def _one_day(day: date | None, rule: str) -> Stretch | None:
    return Stretch(Point.of(day), Point.of(day), rule) if day else None


def shifted(page: Page, days: int) -> Stretch | None:
    """Return the day so many days after publication."""
    day = page.anchor.shifted(days) if page.anchor else None
    return Stretch(day, day, f"{days:+} days from {page.anchor}") if day else None


def monday_of(day: date, weeks: int) -> date:
    """Return the Monday of a day's week, or of one so many weeks later."""
    return day + timedelta(7 * weeks - day.weekday())
