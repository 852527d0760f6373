"""A gazetteer of the user: who is who, by id, before any rule has a say.

CSV with the header ``id,names,country,from,to``, the names separated by semicolons, or a JSON object on each line
with the same keys and a list of names. `country`, `from` and `to` may be empty; a day is 2024, 2024-03 or 2024-03-05,
a country its code of ISO 3166-1 alpha-3, or the acronym of an organisation.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from extractor.errors import UsageError
from extractor.events.romanisation import folded, keys
from extractor.fields.gazetteer import code_of, name_of

_COLUMNS = ("id", "names", "country", "from", "to")
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_FORM = "id, names, country, from, to"


class Entry(NamedTuple):
    """A person: an id, the names in use, the country represented, and the first and last day of that, if known."""

    id: str
    names: tuple[str, ...]
    country: str | None = None
    since: str | None = None
    until: str | None = None

    def fits(self, country: str | None, day: str | None) -> bool:
        """Say whether neither a country nor a day of publication speaks against the entry."""
        known = day or ""
        return not (
            (country and self.country and country != self.country)
            or (self.since and known and known[: len(self.since)] < self.since[: len(known)])
            or (self.until and known and known[: len(self.until)] > self.until[: len(known)])
        )


class Gazetteer:
    """The entries of one file, by the names that they list in any romanisation."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)
        self._by_key: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for key in dict.fromkeys(key for name in entry.names for key in keys(folded(name, entry.country))):
                self._by_key.setdefault(key, []).append(entry)

    def who(self, name: str, country: str | None, day: str | None) -> str | None:
        """Return the id of the one entry that lists the name and fits; None if there is none, or several.

        >>> bush = Entry("Q2", ("Bush",), "USA", until="1993-01-20")
        >>> people = Gazetteer([Entry("Q1", ("Choe Son Hui",), "PRK"), bush])
        >>> people.who("Choi Sun-hee", "PRK", "2024-01-15"), people.who("Bush", "USA", "2003-05-01")
        ('Q1', None)
        """
        if not self.entries:
            return None
        fits = {
            entry.id
            for script in (country, *({entry.country for entry in self.entries} if country is None else ()))
            for key in keys(folded(name, script))
            for entry in self._by_key.get(key, ())
            if entry.fits(country, day)
        }
        return fits.pop() if len(fits) == 1 else None


def read_gazetteer(path: str | Path) -> Gazetteer:
    """Read a gazetteer of people, CSV or JSON lines by its suffix.

    Raises:
        UsageError: if it cannot be read, or for the first line that is not as it must be.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"The people of {path} cannot be read: {reason}.") from None
    lines = _json_lines(path, text) if path.suffix.lower() in (".jsonl", ".ndjson", ".json") else _csv_lines(path, text)
    entries: dict[str, Entry] = {}
    for place, row in lines:
        entry = _entry(place, row)
        if entry.id in entries:
            raise UsageError(f"{place}: the id {entry.id} is on an earlier line; list all names of a person on one.")
        entries[entry.id] = entry
    if not entries:
        raise UsageError(f"{path} lists nobody; a line gives {_FORM}.")
    return Gazetteer(entries.values())


def _csv_lines(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    try:
        for row in rows:
            place = f"{path}, line {rows.line_num}"
            if header is None:
                header = [name.strip().lower() for name in row]
                if unknown := next((name for name in header if name not in _COLUMNS), None):
                    raise UsageError(f"{place}: no column is called {unknown!r}; the header is {_FORM}.")
                if twice := next((name for name in header if header.count(name) > 1), None):
                    raise UsageError(f"{place}: the column {twice!r} is there twice; the header is {_FORM}.")
                if not {"id", "names"} <= set(header):
                    raise UsageError(f"{place}: the header must name id and names; the columns are {_FORM}.")
            elif any(cell.strip() for cell in row):
                if len(row) > len(header):
                    raise UsageError(f"{place}: more cells than columns; separate names by semicolons, or quote them.")
                cells: dict[str, Any] = dict(zip(header, row, strict=False))
                yield place, cells | {"names": cells.get("names", "").split(";")}
    except csv.Error as error:
        raise UsageError(f"{path}, line {rows.line_num}: no CSV ({error}).") from None


def _json_lines(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{path}, line {number}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise UsageError(f"{place}: not JSON ({error.msg} at column {error.colno}).") from None
            if not isinstance(row, dict):
                raise UsageError(f"{place}: a line must be an object with {_FORM}.")
            if unknown := next((name for name in row if name not in _COLUMNS), None):
                raise UsageError(f"{place}: no key is called {unknown!r}; the keys are {_FORM}.")
            yield place, row


def _entry(place: str, row: dict[str, Any]) -> Entry:
    names = row.get("names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UsageError(f"{place}: “names” must be a list of names.")
    names = tuple(name.strip() for name in names if any(map(str.isalpha, name)))
    texts = {column: row.get(column) or "" for column in ("id", "country", "from", "to")}
    if wrong := next((column for column, text in texts.items() if not isinstance(text, str)), None):
        raise UsageError(f"{place}: “{wrong}” must be text.")
    texts = {column: text.strip() for column, text in texts.items()}
    for column in ("id", "names"):
        if not (texts.get(column) or (column == "names" and names)):
            raise UsageError(f"{place}: “{column}” is missing; a line gives {_FORM}.")
    for column in ("from", "to"):
        if texts[column] and not _is_day(texts[column]):
            raise UsageError(f"{place}: “{column}” is {texts[column]!r}; write a day as 2024-03-05, 2024-03 or 2024.")
    since, until = texts["from"], texts["to"]
    if since and until and since[: len(until)] > until[: len(since)]:
        raise UsageError(f"{place}: “from” is {since!r}, which is later than “to”, {until!r}; turn them round.")
    return Entry(texts["id"], names, _country(place, texts["country"]), since or None, until or None)


def _is_day(text: str) -> bool:
    """Say whether a day, a month or a year is one of the calendar."""
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text + "-01-01"[len(text) - 4 :]))
    except ValueError:
        return False


def _country(place: str, text: str) -> str | None:
    """Return the code of a country or an organisation as records have it."""
    if not text:
        return None
    if known := next((code for code in (text, text.upper()) if name_of(code)), None):
        return known
    raise UsageError(
        f"{place}: “country” is {text!r}; write ISO 3166-1 alpha-3, such as {code_of(text) or 'PRK'}, or the acronym "
        "of an organisation, such as UN."
    )
