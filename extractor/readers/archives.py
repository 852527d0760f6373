"""Web archives (WARC, packed or not): the pages that were fetched, and the texts that others took out of them."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from extractor.errors import ArticleError
from extractor.readers.pages import LARGEST_PAGE, page
from extractor.readers.raw import Place, Raw, Unreadable, cause, needs, shown, too_large

if TYPE_CHECKING:
    from fastwarc import WarcRecord

_PAGES = ("text/html", "application/xhtml+xml")
_GZIP, _ZSTANDARD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_LARGEST_RECORD = LARGEST_PAGE + (1 << 16)  # a page, and what the server said with it


def read_archive(path: Path) -> Iterator[Raw | Unreadable]:
    """Read the pages of an archive; the number of each is the byte at which its record begins.

    Articles are pages that were served with status 200, and the texts of ``conversion`` records; all else, such as
    pictures, errors and requests, is passed over. Behind what is damaged, reading goes on with the next record.

    Raises:
        ArticleError: if the file cannot be read.
    """
    try:
        with path.open("rb") as handle:
            yield from _read(handle, path)
    except OSError as error:
        raise ArticleError(f"{shown(path)} cannot be read: {cause(error)}.") from None


def _read(handle: IO[bytes], path: Path) -> Iterator[Raw | Unreadable]:
    with needs("fastwarc", "warc", "WARC"):
        from fastwarc import ArchiveIterator

    start: int | None = 0
    gap: Unreadable | None = None  # damage between two records, if it turns out to be none of the next one
    while start is not None:
        last = None
        handle.seek(start)
        try:
            for record in ArchiveIterator(handle, parse_http=False):
                if gap:
                    yield gap
                gap, last = None, Place(path, "byte", record.stream_pos)
                content = record.reader.read(_LARGEST_RECORD + 1)
                if len(content) < min(record.content_length, _LARGEST_RECORD + 1):
                    yield last.unreadable(f"ends after {len(content)} of {record.content_length} bytes")
                    break
                if found := _article(record, content, last):
                    yield found
            else:
                return
        except OSError as error:
            gap = last.unreadable(f"is followed by what is no record ({cause(error)})") if last else None
            if not last:
                yield Place(path, "byte", start).unreadable(f"begins no whole record ({cause(error)})")
        start = _next_record(handle, (last.number if last else start) + 1)
    if gap:
        yield gap


def _next_record(handle: IO[bytes], start: int) -> int | None:
    """Find the first byte, from `start` on, at which a record seems to begin."""
    with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as file:
        magic = next((one for one in (_GZIP, _ZSTANDARD) if file[: len(one)] == one), b"\nWARC/1.")
        found = file.find(magic, start)
        while magic == _GZIP and found >= 0 and not _unpacks_to_record(file[found : found + 1000]):
            found = file.find(magic, found + 1)
    if found < 0:
        return None
    return found + (magic[:1] == b"\n")


def _unpacks_to_record(packed: bytes) -> bool:
    """Say whether this is the beginning of a packed record, and not the same three bytes within one."""
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, 5) == b"WARC/"
    except zlib.error:
        return False


def _article(record: WarcRecord, content: bytes, place: Place) -> Raw | Unreadable | None:
    """Return what a record holds of an article, if it can hold one."""
    of = (record.headers.get("WARC-Type") or "").lower()
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
    try:
        if of == "conversion" and _kind(record) == "text/plain":
            return Raw(place.id, _bounded(content, place).decode(), place, url=url)
        if of == "resource" and _kind(record) in _PAGES:
            return _page(record, content, record.headers.get("Content-Type"), url, place)
        if of != "response" or not record.is_http:
            return None
        served = _served(content, "none")
        kind = record.headers.get("WARC-Identified-Payload-Type") or served.http_content_type or ""
        if served.http_headers.status_code != 200 or kind.lower() not in _PAGES:
            return None
        html = _served(content, "all").reader.read(LARGEST_PAGE + 1)
        return _page(record, html, served.http_headers.get("Content-Type"), url, place)
    except ArticleError as error:
        return Unreadable(place.id, place.path, str(error))
    except UnicodeDecodeError as error:
        return place.unreadable(f"is not UTF-8: byte 0x{content[error.start]:02x} at position {error.start}")
    except OSError as error:
        return place.unreadable(f"holds no answer of a server that can be read ({cause(error)})")


def _kind(record: WarcRecord) -> str:
    return (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _served(content: bytes, decode: Literal["none", "all"]) -> WarcRecord:
    """Parse what a server answered, and undo its packing. Raises `OSError`."""
    from fastwarc import WarcRecord

    answer = WarcRecord()
    answer.is_http = True
    answer.set_bytes_content(content)
    answer.parse_http(auto_decode=decode)
    return answer


def _page(record: WarcRecord, html: bytes, content_type: str | None, url: str | None, place: Place) -> Raw:
    seen = record.record_date.date() if record.record_date else None
    return page(_bounded(html, place), place, content_type=content_type, url=url, seen=seen)


def _bounded(content: bytes, place: Place) -> bytes:
    if len(content) > LARGEST_PAGE:
        raise ArticleError(place.says(too_large(LARGEST_PAGE)))
    return content
