"""Lists of articles: a line of JSON for each, with its text or the name of the file that holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from extractor.errors import ArticleError
from extractor.readers.columns import Columns, NoTextError, listed, row
from extractor.readers.pages import read_page
from extractor.readers.raw import Place, Raw, Unreadable, cause, shown
from extractor.readers.streams import Lines, opened
from extractor.readers.texts import read_text

_PAGE = re.compile(r"\.x?html?(?:\.gz|\.zst)?$", re.IGNORECASE)
_BLANK = b" \t\r\n\xef\xbb\xbf"


def read_list(
    handle: IO[bytes], path: Path, columns: Columns, files: set[Path] | None = None
) -> Iterator[Raw | Unreadable]:
    """Read a list, and add the files that it names to `files`.

    The key ``file`` names a file in the folder of the list, a text or a page, in place of a text. What the line says of
    the article counts more than what the page says.
    """
    lines = Lines(handle, path)
    unseen = columns.named
    keys: list[str] = []
    found: dict[str, str] = {}
    empty = True
    for line in lines:
        values = _values(line, lines.place)
        if values is None:
            continue
        empty = False
        if isinstance(values, Unreadable):
            yield values
        else:
            if keys != list(values):  # most lists have the same in each line
                keys = list(values)
                found = columns.guessed(keys)
            unseen = {field: name for field, name in unseen.items() if field not in found}
            if isinstance(values.get("file"), str) and columns.text is None:
                yield _read_file(values, found, lines.place, set() if files is None else files)
            else:
                yield _read_text(values, found, columns, lines.place)
    for field, name in ({} if empty else unseen).items():
        yield Place(path).unreadable(f"has no line with the key {name!r} (--{field}-column)")


def check_first(handle: IO[bytes], path: Path, columns: Columns) -> None:
    """Raise `NoTextError` if the first line neither has a text nor names the file of one."""
    lines = Lines(handle, path)
    values = next((values for line in lines if (values := _values(line, lines.place)) is not None), None)
    if isinstance(values, Mapping) and "file" not in values and "text" not in columns.guessed(list(values)):
        raise NoTextError(lines.place.says(_no_text(values)))


def _no_text(values: Mapping[str, Any]) -> str:
    keys = f"there are {listed(list(values))}; --text-column names the one with the text"
    return f"is refused: an article needs either 'file' or 'text' ({keys})"


def _values(line: bytes | Unreadable, place: Place) -> Mapping[str, Any] | Unreadable | None:
    """Return the values that a line holds; a blank one holds none."""
    if isinstance(line, Unreadable):
        return line
    if not line.strip(_BLANK):
        return None
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return place.unreadable(f"is not UTF-8: byte 0x{error.object[error.start]:02x} at position {error.start}")
    except (ValueError, RecursionError) as error:
        return place.unreadable(f"is not JSON ({cause(error)})")
    return values if isinstance(values, dict) else place.unreadable("is not a JSON object")


def _read_text(values: Mapping[str, Any], found: Mapping[str, str], columns: Columns, place: Place) -> Raw | Unreadable:
    known = {
        field: values[key]
        for field, key in found.items()
        if key == field or field in columns.named or not isinstance(values[key], dict | list)  # a guess was wrong
    }
    return row(known, place) if "text" in known else place.unreadable(_no_text(values))


def _read_file(values: Mapping[str, Any], found: Mapping[str, str], place: Place, files: set[Path]) -> Raw | Unreadable:
    folder = place.path.parent
    member = folder / values["file"]
    files.add(member)
    if "text" in values:
        return place.unreadable("is refused: an article needs either 'file' or 'text'")
    known = {field: values[key] for field, key in found.items() if field not in ("text", "title")}
    try:
        with opened(member, folder) as handle:
            raw = (read_page if _PAGE.search(member.name) else read_text)(handle, member)
    except ArticleError as error:
        return Unreadable(shown(str(known.get("id") or Place(member).id)), member, f"{place.words}: {error}")
    merged = row({**known, "text": raw.text}, place, raw.id)
    if isinstance(merged, Unreadable):
        return merged
    return merged._replace(
        published=merged.published or raw.published,
        publisher=merged.publisher or raw.publisher,
        url=merged.url or raw.url,
        language=merged.language or raw.language,
        day_of_page=raw.day_of_page and not merged.published,
    )
