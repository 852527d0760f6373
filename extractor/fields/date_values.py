"""Points and stretches of time as EDTF (ISO 8601-2) writes them, and the arithmetic of calendars."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

Direction = Literal["past", "future", "last", "next"]
UNKNOWN_YEAR: Final = "XXXX"
WORDS_FOR: Final[dict[Direction | None, str]] = {
    "past": "nearest not after",
    "future": "nearest not before",
    "last": "nearest before",
    "next": "nearest after",
    None: "nearest to",
}
_LEAP, _COMMON = 2000, 2001
_SEASON_MONTHS: Final = {21: 3, 22: 6, 23: 9, 24: 12}  # the first of three


class Point(NamedTuple):
    """A year, a month (or season, 21 to 24) or a day, with the year as EDTF writes it.

    >>> str(Point("XXXX", 1, 26)), str(Point("199X"))
    ('XXXX-01-26', '199X')
    """

    year: str
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, day: date) -> Point:
        """Return a calendar day as a point."""
        return cls(f"{day.year:04}", day.month, day.day)

    def __str__(self) -> str:
        return "-".join([self.year, *(f"{part:02}" for part in self[1:] if part is not None)])

    @property
    def date(self) -> date | None:
        """The calendar day, or None where the year is unknown, no day is named or there is no such day."""
        if not self.year.isdigit() or self.month is None or self.day is None:
            return None
        return real_day(int(self.year), self.month, self.day)

    def exists(self) -> bool:
        """Say whether the calendar has such a month or day; February 29 exists where the year is unknown."""
        if self.month is None or self.day is None:
            return True
        year = int(self.year) if self.year.isdigit() else _LEAP
        return real_day(year, self.month, self.day) is not None

    def shifted(self, days: int) -> Point | None:
        """Return the day so many days later; None where that depends on an unknown year.

        >>> str(Point("XXXX", 12, 31).shifted(1)), Point("XXXX", 2, 28).shifted(1)
        ('XXXX-01-01', None)
        """
        if self.date is not None:
            return Point.of(self.date + timedelta(days))
        if self.year != UNKNOWN_YEAR or self.month is None or self.day is None:
            return None
        landings = {
            (day + timedelta(days)).timetuple()[1:3]
            for year in (_LEAP, _COMMON)
            if (day := real_day(year, self.month, self.day))
        }
        return Point(UNKNOWN_YEAR, *landings.pop()) if len(landings) == 1 else None


class Stretch(NamedTuple):
    """A first and a last point, both included, and the rule that gave them."""

    first: Point
    last: Point
    rule: str

    @property
    def edtf(self) -> str:
        """The stretch in EDTF: one point where both are the same, else an interval."""
        return str(self.first) if self.first == self.last else f"{self.first}/{self.last}"


def real_day(year: int, month: int, day: int) -> date | None:
    """Return the calendar day, or None where there is none.

    >>> real_day(2023, 2, 29) is None
    True
    """
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(now: int, residue: int, cycle: int, direction: Direction | None) -> int:
    """Return the number nearest `now` that leaves `residue` when divided by `cycle`; in a tie the earlier.

    Months counted through the years are such numbers (`cycle` 12), and seasons (4), and halves of years (2).

    >>> nearest(2024 * 12 + 3, 2, 12, "past") - 2024 * 12
    2
    """
    back, forth = now - (now - residue) % cycle, now + (residue - now) % cycle
    options: dict[Direction | None, int] = {
        "past": back,
        "future": forth,
        "last": back if back < now else back - cycle,
        "next": forth if forth > now else forth + cycle,
        None: back if now - back <= forth - now else forth,
    }
    return options[direction]


_EDTF_POINT: Final = re.compile(r"(\d{4}|\d{3}X|\d\dXX|XXXX)(?:-(\d\d)(?:-(\d\d))?)?")


_WEEK = 7


def same(a: str | None, b: str | None) -> bool:
    """Say whether two EDTF expressions are equal once written alike; two that are missing are.

    >>> same("2023-10-18/2023-10-18", "2023-10-18"), same("2023-10", None)
    (True, False)
    """
    return _normal(a) == _normal(b)


def _normal(edtf: str | None) -> str | None:
    if not edtf or not edtf.strip():
        return None
    first, _, last = edtf.strip().upper().partition("/")
    return first if last in ("", first) else f"{first}/{last}"


def clash(a: str, b: str) -> bool:
    """Say whether two EDTF expressions, each in its whole extent, have no day in common.

    Where a year is unknown, months and days alone are compared. What cannot be read clashes with nothing.

    >>> clash("2024-03", "2024-03-05/2024-03-07"), clash("2024-03-05", "2024-03-06")
    (False, True)
    >>> clash("XXXX-12-30/XXXX-01-02", "2024-01-01")
    False
    """
    yearless = UNKNOWN_YEAR in a.upper() or UNKNOWN_YEAR in b.upper()
    one, two = extent(a, yearless), extent(b, yearless)
    if one is None or two is None:
        return False
    turns = (-366, 0, 366) if yearless else (0,)
    return not any(one[0] <= two[1] + turn and two[0] + turn <= one[1] for turn in turns)


def sharper(a: str, b: str) -> bool:
    """Say whether `a` tells the dates of one happening better than `b`.

    It does where `b` is a week or more and `a` a part of it, and where `b` is the day on which the interval `a`
    begins.

    >>> sharper("2024-06-03/2024-06-04", "2024-06-03/2024-06-09"), sharper("2024-06-03", "2024-06-03/2024-06-05")
    (True, False)
    >>> sharper("2024-06-03/2024-06-05", "2024-06-03")
    True
    """
    yearless = UNKNOWN_YEAR in a.upper() or UNKNOWN_YEAR in b.upper()
    one, two = extent(a, yearless), extent(b, yearless)
    if one is None or two is None or one == two:
        return False
    within = two[0] <= one[0] and one[1] <= two[1] and two[1] - two[0] >= _WEEK - 1
    return within or (two[0] == two[1] == one[0] and one[1] - one[0] < 2 * _WEEK)


def days_ahead(edtf: str, day: str) -> int | None:
    """Count the days from `day` to the first of an EDTF expression; None where a year is unknown or unreadable.

    >>> days_ahead("2024-03-08/2024-03-09", "2024-03-05"), days_ahead("2023", "2024-01-01"), days_ahead("XXXX-01", "")
    (3, -365, None)
    """
    if UNKNOWN_YEAR in edtf.upper() or UNKNOWN_YEAR in day.upper():
        return None
    then, now = extent(edtf, False), extent(day, False)
    return then[0] - now[0] if then and now else None


def extent(edtf: str, yearless: bool) -> tuple[int, int] | None:
    """Return the first and last day as numbers; where years do not count, those of one leap year."""
    first, _, last = (_normal(edtf) or "").partition("/")
    start, end = _day_bounds(first, yearless), _day_bounds(last or first, yearless)
    if start is None or end is None:
        return None
    if not yearless:
        return start[0], end[1]
    years = int(last[:4]) - int(first[:4]) if (first[:4] + last[:4]).isdigit() and last else 0
    turn = 366 if end[1] < start[0] else 0
    return start[0], end[1] + max(turn, 366 * years)


def _day_bounds(edtf: str, yearless: bool) -> tuple[int, int] | None:
    match = _EDTF_POINT.fullmatch(edtf)
    if match is None:
        return None
    year, month, day = match[1], int(match[2] or 0), int(match[3] or 0)
    years = (_LEAP, _LEAP) if yearless else (int(year.replace("X", "0")), int(year.replace("X", "9")))
    first_month, last_month = _months(month)
    try:
        start = date(years[0], first_month, day or 1)
        end_year = years[1] + (last_month < first_month)
        end = date(end_year, last_month, day or calendar.monthrange(end_year, last_month)[1])
    except ValueError:
        return None
    return start.toordinal(), end.toordinal()


def _months(month: int) -> tuple[int, int]:
    if month in _SEASON_MONTHS:
        first = _SEASON_MONTHS[month]
        return first, (first + 1) % 12 + 1
    return (month, month) if month else (1, 12)
