"""How each kind of time expression becomes a stretch of time, given the day of publication and the tense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from extractor.fields.date_grammar import Expression
from extractor.fields.date_moments import (
    REL_DIRECTION,
    Moment,
    Page,
    monday_of,
    name_of,
    nearest_day,
    read_day,
    shifted,
    stated,
    year_of,
)
from extractor.fields.date_values import UNKNOWN_YEAR, WORDS_FOR, Point, Stretch, nearest
from extractor.fields.date_words import Token

_DAYS_IN: Final = {"days": 1, "weeks": 7}
_PARTS_OF_YEAR: Final = {"half": 2, "quarters": 4}
_LONGEST: Final = timedelta(183)  # "from 8 to 5 April" is not a year less three days
_JOINS: Final = ("to", "until", "and", "dash")


def _day(expression: Expression, page: Page) -> Stretch | None:
    return read_day(Moment.of(expression.tokens), page)


def _sides(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Split a range at the word that joins its ends; the dash of "mid-May" joins nothing."""
    for n, token in enumerate(tokens[1:], 1):
        if token.kind in _JOINS and tokens[n - 1].kind not in ("early", "part"):
            return tokens[:n], tokens[n + 1 :]
    return tokens, ()


def _range(expression: Expression, page: Page) -> Stretch | None:
    left, right = (Moment.of(side) for side in _sides(expression.tokens))
    if left.day is None and left.month:
        return _months_range(left, right, page)
    if left.year and not left.month:
        return Stretch(Point(f"{left.year:04}"), Point(f"{right.year:04}"), "years as stated")
    begun = left.beginning(right)
    first = read_day(begun, page)
    if page.tense == "future" and begun.day and begun.month and not begun.year:  # it may be under way already
        nearest = _range(expression, page._replace(tense=None))
        if nearest and page.date and nearest.last.date and nearest.last.date >= page.date:
            return nearest
    return first and ending(first, right._replace(month=right.month or left.month), page)


def ending(first: Stretch, moment: Moment, page: Page) -> Stretch | None:
    """Return the stretch from a first day to the day that `moment` names; None if that is not soon after."""
    relative = any(part is not None for part in (moment.shift, moment.rel, moment.week, moment.rel_year))
    if moment.year is None and first.first.year.isdigit() and not relative:
        page = Page(first.first, "future")
    last = read_day(moment, page)
    if last is None or not _in_order(first.first, last.last):
        return None
    return Stretch(first.first, last.last, f"{first.rule} to {last.rule}")


def _in_order(first: Point, last: Point) -> bool:
    """Say whether one day may end what another began; an unknown year leaves that open."""
    if first.date is None or last.date is None:
        return UNKNOWN_YEAR in (first.year, last.year)
    return timedelta(0) <= last.date - first.date <= _LONGEST


def _months_range(left: Moment, right: Moment, page: Page) -> Stretch | None:
    first = _month_of(left._replace(day=1).beginning(right), page)
    later = Page(first.first._replace(day=1), "future") if first else page
    last = _month_of(right, later if page.date else page)
    return Stretch(first.first, last.last, f"{first.rule} to {last.rule}") if first and last else None


def _month(expression: Expression, page: Page) -> Stretch | None:
    return _month_of(Moment.of(expression.tokens), page)


def _month_of(moment: Moment, page: Page) -> Stretch | None:
    month, year = moment.month or 1, year_of(moment, page)
    if year is not None:
        return stated(Point(year, month))
    if page.date is None:
        return stated(Point(UNKNOWN_YEAR, month)) if moment.rel_year is None else None
    if moment.rel == 0:
        return stated(Point(str(page.date.year), month))
    direction = REL_DIRECTION.get(moment.rel or 0, page.tense)
    count = nearest(page.date.year * 12 + page.date.month - 1, month - 1, 12, direction)
    point = Point(f"{count // 12:04}", month)
    return Stretch(point, point, f"{name_of(moment._replace(day=None))}, {WORDS_FOR[direction]} {page.date}")


def _season(expression: Expression, page: Page) -> Stretch | None:
    season = next(token.worth for token in expression.tokens if token.kind == "season")
    moment = Moment.of(expression.tokens)
    year = year_of(moment, page)
    if year is not None:
        return stated(Point(year, season))
    if page.date is None:
        return None
    if moment.rel == 0:
        return stated(Point(str(page.date.year), season))
    # January and February belong to the winter that the year before began.
    now = page.date.year * 4 + (page.date.month - 3) // 3
    direction = REL_DIRECTION.get(moment.rel or 0, page.tense)
    point = Point(f"{nearest(now, season - 21, 4, direction) // 4:04}", season)
    return Stretch(point, point, f"season, {WORDS_FOR[direction]} {page.date}")


def _fraction(expression: Expression, page: Page) -> Stretch | None:
    """Read a half or a quarter of a year."""
    kind = next(kind for kind in expression.kinds if kind in _PARTS_OF_YEAR)
    moment, parts = Moment.of(expression.tokens), _PARTS_OF_YEAR[kind]
    year = year_of(moment if moment.year or moment.rel_year else moment._replace(rel_year=0), page)
    if year is None or not moment.day or moment.day > parts:
        return None
    months = 12 // parts
    first, last = Point(year, months * (moment.day - 1) + 1), Point(year, months * moment.day)
    return Stretch(first, last, f"part {moment.day} of {parts} of {year}")


def _year(expression: Expression, page: Page) -> Stretch | None:
    token = next(token for token in expression.tokens if token.kind in ("year", "decade"))
    year = f"{token.worth:04}"
    point = Point(year if token.kind == "year" else f"{year[:3]}X")
    return Stretch(point, point, f"{point} as stated")


def _unit(expression: Expression, page: Page) -> Stretch | None:
    tokens = {token.kind: token for token in expression.tokens}
    shift = tokens["rel"].worth if "rel" in tokens else 0
    if "hours" in tokens and "rel" in tokens and len(_UNIT_READERS.keys() & tokens.keys()) == 0:
        return shifted(page, shift) if shift <= 0 else None
    kind = next(kind for kind in _UNIT_READERS if kind in tokens)
    if tokens[kind].worth != 1 or page.anchor is None:
        return None
    if kind == "weekend" and "rel" not in tokens:
        saturday = page.date and nearest_day(page.date, page.tense, weekday=5)
        return Stretch(Point.of(saturday), Point.of(saturday + timedelta(1)), "weekend") if saturday else None
    qualifier = next((tokens[kind].word for kind in ("early", "part", "shift") if kind in tokens), "")
    return _UNIT_READERS[kind](page.anchor, shift, qualifier)


def _week(anchor: Point, shift: int, qualifier: str) -> Stretch | None:
    if anchor.date is None:
        return None
    monday = monday_of(anchor.date, shift)
    first, last = monday, monday + timedelta(6)
    if qualifier == "end":
        first = monday + timedelta(4)
    elif qualifier == "earlier" and not shift:
        last = anchor.date
    elif qualifier == "later" and not shift:
        first = anchor.date
    return Stretch(Point.of(first), Point.of(last), f"{qualifier or 'all'} of the week of {monday}")


def _week_of(expression: Expression, page: Page) -> Stretch | None:
    """Read "the week of March 11"."""
    day = _day(expression, page)
    return _week(day.first, 0, "") if day else None


def _weekend(anchor: Point, shift: int, qualifier: str) -> Stretch | None:
    week = _week(anchor, shift, "end")
    saturday = week.first.shifted(1) if week else None
    return Stretch(saturday, week.last, f"the weekend of the {week.rule}") if week and saturday else None


def _calendar_month(anchor: Point, shift: int, qualifier: str) -> Stretch | None:
    if anchor.month is None:
        return None
    years, month = divmod(anchor.month - 1 + shift, 12)
    year = f"{int(anchor.year) + years:04}" if anchor.year.isdigit() else anchor.year
    point = Point(year, month + 1)
    return Stretch(point, point, f"{shift:+} months from {anchor}")


def _calendar_quarter(anchor: Point, shift: int, qualifier: str) -> Stretch | None:
    if anchor.month is None:
        return None
    first = _calendar_month(anchor, 3 * shift - (anchor.month - 1) % 3, "")
    last = _calendar_month(first.first, 2, "") if first else None
    return Stretch(first.first, last.last, f"{shift:+} quarters from {anchor}") if first and last else None


def _calendar_year(anchor: Point, shift: int, qualifier: str) -> Stretch | None:
    if not anchor.year.isdigit():
        return None
    point = Point(f"{int(anchor.year) + shift:04}")
    return Stretch(point, point, f"{shift:+} years from {anchor}")


def _days_away(anchor: Point, shift: int, qualifier: str) -> Stretch | None:
    return shifted(Page(anchor, None), shift)


_UNIT_READERS: Final[dict[str, Callable[[Point, int, str], Stretch | None]]] = {
    "days": _days_away,
    "weekend": _weekend,
    "weeks": _week,
    "months": _calendar_month,
    "quarters": _calendar_quarter,
    "years": _calendar_year,
}


def _count(tokens: Sequence[Token]) -> int:
    """Return the number nearest the unit: two in "for another two days"."""
    return next((t.worth for t in reversed(tokens) if t.kind in ("a", "number", "num", "figure")), 1)


def _away(anchor: Point, kind: str, count: int) -> Stretch | None:
    """Return the day, month or year that lies so many units away; weeks are counted in days."""
    if kind == "weeks":
        return _days_away(anchor, 7 * count, "")
    return _UNIT_READERS[kind](anchor, count, "")


def _ago(expression: Expression, page: Page) -> Stretch | None:
    kind = next(kind for kind in expression.kinds if kind in _UNIT_READERS)
    sign = next((token.worth for token in expression.tokens if token.kind == "ago"), 1)
    if page.anchor is None or (sign > 0 and page.tense == "past"):  # "in two days" was a length of time
        return None
    return _away(page.anchor, kind, sign * _count(expression.tokens))


def _offset(expression: Expression, page: Page) -> Stretch | None:
    """Read "two days before Monday" and "the day after tomorrow"."""
    kinds = expression.kinds
    n = next(n for n, kind in enumerate(kinds) if kind == "before" and n and kinds[n - 1] in _DAYS_IN)
    base = read_day(Moment.of(expression.tokens[n + 1 :]), page)
    count = expression.tokens[n].worth * _count(expression.tokens[:n])
    return _away(base.first, kinds[n - 1], count) if base else None


def lean(expression: Expression, base: Stretch) -> Stretch | None:
    """Read "that month" or "the day before" against the date of another phrase."""
    kind = next(kind for kind in expression.kinds if kind in _UNIT_READERS)
    signs = {token.kind: token.worth for token in expression.tokens}
    if "before" in signs or "shift" in signs:
        sign = signs.get("shift", signs.get("before", 0))
        return _away(base.first, kind, sign * _count(expression.tokens))
    if signs.get("rel", 1) < 1:  # "the last day" is the last of something else
        return None
    return _UNIT_READERS[kind](base.first, signs.get("other", signs.get("rel", 0)), "")


def length(expression: Expression) -> int:
    """Return the number of days in a length of time: 3 for "three-day", 14 for "for two weeks"."""
    for token in expression.tokens:
        if token.kind == "lasting":
            return token.worth
    return _count(expression.tokens) * next(_DAYS_IN[kind] for kind in expression.kinds if kind in _DAYS_IN)


READERS: Final[dict[str, Callable[[Expression, Page], Stretch | None]]] = {
    "range": _range,
    "week": _week_of,
    "offset": _offset,
    "ago": _ago,
    "date": _day,
    "weekday": _day,
    "nth": _day,
    "deictic": _day,
    "month": _month,
    "season": _season,
    "fraction": _fraction,
    "unit": _unit,
    "year": _year,
}
