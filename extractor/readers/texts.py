"""Plain text, kept exactly as its file has it: line ends, control characters and a byte order mark included."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from extractor.errors import ArticleError
from extractor.readers.raw import Place, Raw
from extractor.readers.streams import whole


def read_text(handle: IO[bytes], path: Path) -> Raw:
    """Read a file that is one article. Raises `ArticleError`."""
    place = Place(path)
    content = whole(handle, path)
    try:
        return Raw(place.id, content.decode(), place)
    except UnicodeDecodeError as error:
        byte = f"byte 0x{content[error.start]:02x} at position {error.start}"
        raise ArticleError(place.says(f"is not UTF-8: {byte}")) from None
