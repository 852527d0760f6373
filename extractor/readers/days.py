"""Days of publication as tables and lists write them, to EDTF: many forms, and no guess which of two days is meant."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

_DAY = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?|XXXX(-\d\d)(-\d\d)")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d*)?")  # seconds or milliseconds of the years 2001 to 2286
_YEAR_FIRST = re.compile(r"\d{4}(?:\D|\d{4}(?:\D|$|\d{6}$))")  # 2024/3/5, 20240305, 20240305103000
_MISSING = frozenset({"", "nan", "nat", "none", "null", "n/a"})  # what other programs write for no value
_LONGEST = 60


@lru_cache(maxsize=4096)
def day(written: str) -> str | None:
    """Return the day, month or year that is written, or None where nothing is; of a point in time the day as written.

    Raises `ValueError` where it is no date, or may be two.

    >>> day("2024-03-05T23:30:00-05:00"), day("Tue, 05 Mar 2024 10:00:00 GMT"), day("March 2024"), day("1709632800")
    ('2024-03-05', '2024-03-05', '2024-03', '2024-03-05')
    >>> day("03/05/2024")
    Traceback (most recent call last):
        ...
    ValueError: '03/05/2024' may be two different days, so write it as 2024-03-05 is written
    """
    written = written.strip()
    if written.casefold() in _MISSING:
        return None
    first = re.split(r"[T ]", written, maxsplit=1)[0]
    match = _DAY.fullmatch(first)
    if match and (first == written or match[3] or match[5]):  # and not "2024 March 5"
        return _existing(first, written)
    if match := _EPOCH.fullmatch(written):
        return datetime.datetime.fromtimestamp(int(match[1]), datetime.UTC).date().isoformat()
    return _spelled_out(written)


def _existing(first: str, written: str) -> str:
    try:
        datetime.date.fromisoformat((first.replace("XXXX", "2000") + "-01-01")[:10])
    except ValueError:
        raise _no_date(written) from None
    return first


def _spelled_out(written: str) -> str:
    """Read what `dateutil` reads, in each order of day and month, and with two defaults for what is not written."""
    from dateutil.parser import parse

    day_first = (False,) if _YEAR_FIRST.match(written) else (False, True)
    defaults = (datetime.datetime(2000, 1, 1), datetime.datetime(2004, 3, 2))
    if len(written) > _LONGEST:
        raise _no_date(written)
    try:
        read = [
            [parse(written, default=default, dayfirst=order, yearfirst=order, ignoretz=True) for default in defaults]
            for order in day_first
        ]
    except (ValueError, OverflowError):
        raise _no_date(written) from None
    days = {_stated(*pair) for pair in read}
    if None in days:
        raise _no_date(written)
    if len(days) > 1:
        raise ValueError(f"{written!r} may be two different days, so write it as 2024-03-05 is written")
    return str(days.pop())


def _stated(one: datetime.datetime, other: datetime.datetime) -> str | None:
    """Return what two readings with different defaults have in common, if it is a date."""
    year, month, date = one.year == other.year, one.month == other.month, one.day == other.day
    if month and date:
        return f"{one.year:04}-{one:%m-%d}" if year else f"XXXX-{one:%m-%d}"
    if year and not date:
        return f"{one.year:04}-{one:%m}" if month else f"{one.year:04}"
    return None


def _no_date(written: str) -> ValueError:
    return ValueError(f"{written[:_LONGEST]!r} is no date such as 2024-03-05, 2024-03 or XXXX-03-05")
