"""Files as streams of bytes and lines: unpacked on the way, and never held whole, whatever their size."""

from __future__ import annotations

import gzip
import io
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from extractor.errors import ArticleError
from extractor.readers.raw import LARGEST, Place, Unreadable, cause, needs, shown, too_large

_CHUNK = 1 << 20
_MARKS = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}  # how packed data begin


@contextmanager
def opened(path: Path, folder: Path | None) -> Iterator[IO[bytes]]:
    """Open a file to read what it holds, unpacked.

    A member of a `folder` must lie inside it and be a regular file; what a user names may also be a pipe.

    Raises:
        ArticleError: if it cannot be opened, or is damaged where it is read.
    """
    check(path, folder)
    try:
        with path.open("rb") as packed, _unpacked(path.suffix.lower(), packed) as handle:
            yield handle
    except (OSError, EOFError, zlib.error) as error:
        raise ArticleError(f"{shown(path)} cannot be read: {cause(error)}.") from None


@contextmanager
def standard_input() -> Iterator[io.BufferedReader]:
    """Lend standard input, unpacked, in a form that can be looked into; it stays open.

    Raises:
        ArticleError: if it is damaged where it is read.
    """
    unbuffered = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)  # gives what a pipe has, and waits for no more
    handle: io.BufferedReader = io.BufferedReader(cast("Any", unbuffered), _CHUNK)
    packing = next((suffix for suffix, mark in _MARKS.items() if handle.peek().startswith(mark)), "")
    try:
        yield io.BufferedReader(cast("Any", _unpacked(packing, handle)), _CHUNK) if packing else handle
    except (OSError, EOFError, zlib.error) as error:
        raise ArticleError(f"stdin cannot be read: {cause(error)}.") from None
    finally:
        handle.detach()


def _unpacked(suffix: str, packed: IO[bytes]) -> IO[bytes]:
    if suffix == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=packed))
    if suffix == ".zst":
        return io.BufferedReader(_Zstandard(packed), _CHUNK)
    return packed


class _Zstandard(io.RawIOBase):
    """A Zstandard file; what is wrong with its data is an `OSError`, as with other files."""

    def __init__(self, packed: IO[bytes]) -> None:
        with needs("backports.zstd", "zstd", "Zstandard"):
            if sys.version_info >= (3, 14):
                from compression import zstd
            else:
                from backports import zstd

        self._file = zstd.ZstdFile(packed)
        self._error = zstd.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            unpacked = self._file.read1(len(buffer))  # so that what stands before an error is had first
        except self._error as error:
            raise OSError(str(error)) from None
        buffer[: len(unpacked)] = unpacked
        return len(unpacked)


def check(path: Path, folder: Path | None) -> None:
    """Look at a file before it is opened, which may block for ever. Raises `ArticleError`."""
    try:
        if folder and not _is_inside(path, folder):
            raise ArticleError(f"{shown(path)} lies outside the folder {shown(folder)} and is not read.")
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode) or (folder and not stat.S_ISREG(mode)):
            kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise ArticleError(f"{shown(path)} is {kind}, not a text file.")
    except FileNotFoundError:
        raise ArticleError(f"{shown(path)} does not exist.") from None
    except (OSError, RuntimeError, ValueError) as error:  # too long a name, a loop of links, a NUL in the name
        raise ArticleError(f"{shown(path)} cannot be read: {cause(error)}.") from None


def _is_inside(path: Path, folder: Path) -> bool:
    if path.parent == folder and not path.is_symlink():
        return True  # what a folder lists can lead out of it by a link alone
    return path.resolve().is_relative_to(folder.resolve())


def whole(handle: IO[bytes], path: Path, largest: int = LARGEST) -> bytes:
    """Return all that a file holds. Raises `ArticleError` when that is more than an article may have."""
    content = handle.read(largest + 1)
    if len(content) > largest:
        raise ArticleError(Place(path).says(too_large(largest)))
    return content


class Lines:
    """The lines of a file, one after the other, with the number of the last; one that is too long is not held.

    What is damaged raises `ArticleError` with the number of the last good line.
    """

    def __init__(self, handle: IO[bytes], path: Path) -> None:
        self.number = 0
        self._handle = handle
        self._path = path

    def __iter__(self) -> Iterator[bytes | Unreadable]:
        return self

    def __next__(self) -> bytes | Unreadable:
        line = self._read(LARGEST + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) <= LARGEST:
            return line
        while line and not line.endswith(b"\n"):
            line = self._read(_CHUNK)
        return self.place.unreadable(too_large(LARGEST))

    @property
    def place(self) -> Place:
        """Where the last line stands."""
        return Place(self._path, "line", self.number)

    def _read(self, size: int) -> bytes:
        try:
            return self._handle.readline(size)
        except (OSError, EOFError, zlib.error) as error:
            if not self.number:
                raise
            where = f"after line {self.number}, if not before"  # the checksum of a packed file stands at its end
            raise ArticleError(f"{shown(self._path)} is damaged {where}: {cause(error)}.") from None
