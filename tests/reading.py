"""What the tests of the readers share: writing files, and telling articles from what could not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from extractor.article import Article
from extractor.readers import Columns, Unreadable, read

TEXT = "Ann Bell is in Oslo."

Source = str | Path | list[str | Path | Article]


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder, and return it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def listing(*entries: object) -> bytes:
    """Make a list of articles; text and bytes are lines as they are."""
    return b"".join((entry if isinstance(entry, bytes) else _line(entry).encode()) + b"\n" for entry in entries)


def _line(entry: object) -> str:
    return entry if isinstance(entry, str) else json.dumps(entry)


def articles(source: Source, columns: Columns | None = None) -> list[Article]:
    """Read what must be articles."""
    found = list(read(source, columns))
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def refused(source: Source, columns: Columns | None = None) -> list[Unreadable]:
    """Read, and keep what gave no article."""
    return [item for item in read(source, columns) if isinstance(item, Unreadable)]
