"""Tables as text: CSV and TSV, a row for each article, read row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from extractor.errors import UsageError
from extractor.readers.columns import Columns, row
from extractor.readers.raw import LARGEST, Place, Raw, Unreadable, cause, shown, too_large
from extractor.readers.streams import Lines

_DELIMITERS = ",;\t|"


def read_table(handle: IO[bytes], path: Path, columns: Columns) -> Iterator[Raw | Unreadable]:
    """Read a table whose first line names its columns.

    What stands between quotes may hold line breaks; a row that is quoted wrongly is refused, and reading goes on with
    the next line. The number of a row is that of its first line.

    Raises:
        UsageError: if a column that is needed is not there.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST))
    lines = _Decoded(Lines(handle, path))
    rows = csv.reader(lines, delimiter=lines.delimiter, strict=True)
    names = _names(rows, lines, path)
    found = {field: names.index(name) for field, name in columns.found(names, shown(path)).items()} if names else {}
    while True:
        place = lines.begin()
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield place.unreadable(f"is no row of a table ({cause(error)})")
            continue
        except _TooLongError:
            yield place.unreadable(too_large(LARGEST) + "; is a quotation mark missing?")
            continue
        if cells is None:
            break
        if cells:
            yield _row(cells, names, found, place, is_utf8=lines.is_utf8)


def _names(rows: Iterator[list[str]], lines: _Decoded, path: Path) -> list[str]:
    """Read the header; an empty file has none."""
    try:
        names = next(rows, [])
    except (csv.Error, _TooLongError) as error:
        raise UsageError(f"{shown(path)} has no header that names its columns ({cause(error)}).") from None
    if not lines.is_utf8:
        raise UsageError(f"{shown(path)} is not UTF-8, from its first line on; save it as UTF-8.")
    return names


def _row(
    cells: list[str], names: Sequence[str], found: dict[str, int], place: Place, *, is_utf8: bool
) -> Raw | Unreadable:
    if len(cells) < len(names) or any(cells[len(names) :]):
        return place.unreadable(f"has {len(cells)} cells, where the header names {len(names)}")
    values = {field: cells[index] or None for field, index in found.items()}
    if not is_utf8:
        for field, value in values.items():
            if byte := _bad_byte(value or ""):
                return place.unreadable(f"is not UTF-8: byte 0x{byte:02x} in the column {names[found[field]]!r}")
    return row({**values, "text": values["text"] or ""}, place)


def _bad_byte(text: str) -> int | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return ord(text[error.start]) & 0xFF
    return None


class _TooLongError(Exception):
    """A row does not end where it should."""


class _Decoded:
    """Lines as text for the parser of rows, which may take several; it counts them, and their bytes up to a limit."""

    def __init__(self, lines: Lines) -> None:
        first = next(lines, b"")
        self.is_utf8 = True
        self._read = 0
        self._lines = lines
        self._chained = chain([first.removeprefix(b"\xef\xbb\xbf") if isinstance(first, bytes) else first], lines)
        head = first[:10_000].decode("latin-1") if isinstance(first, bytes) else ""
        self.delimiter = max(_DELIMITERS, key=head.count)

    def begin(self) -> Place:
        """Forget the last row; return where the next one begins."""
        self.is_utf8 = True
        self._read = 0
        return Place(self._lines.place.path, "line", self._lines.number + 1)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._chained)
        self._read += LARGEST if isinstance(line, Unreadable) else len(line)
        if isinstance(line, Unreadable) or self._read > LARGEST:
            raise _TooLongError("its line " + too_large(LARGEST))
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.is_utf8 = False
            return line.decode(errors="surrogateescape")  # other columns may be bad, as long as they are not asked for
