"""Read articles from files, folders, patterns and standard input: as a stream, with bounded memory.

A member that cannot be read comes out as `Unreadable` in its place, and the others are unharmed.
"""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

from extractor.article import Article
from extractor.errors import ArticleError, UsageError
from extractor.readers.archives import read_archive
from extractor.readers.columns import Columns, NoTextError
from extractor.readers.lists import check_first, read_list
from extractor.readers.pages import read_page
from extractor.readers.parquet import read_parquet
from extractor.readers.raw import NotInstalledError, Place, Raw, Unreadable, cause, finished, shown
from extractor.readers.streams import check, opened, standard_input
from extractor.readers.tables import read_table
from extractor.readers.texts import read_text

Source = str | Path | Article | Iterable[str | Path | Article]
Found = Iterator[Raw | Article | Unreadable]

_LIST = "articles.jsonl"
_SINGLE = {".txt": read_text, ".html": read_page, ".htm": read_page, ".xhtml": read_page}
_MANY = {".jsonl": read_list, ".ndjson": read_list, ".csv": read_table, ".tsv": read_table}
_ARCHIVES = (".warc", ".wet")
_READABLE = ".txt, .html, .jsonl, .csv, .tsv and .warc files, also packed as .gz or .zst, and .parquet"


def read(source: Source, columns: Columns | None = None) -> Iterator[Article | Unreadable]:
    """Read the articles of a file, a folder, a pattern (``crawl-*.warc.gz``), standard input, or several of these.

    The suffix tells the format: plain text, HTML, JSON lines, CSV, TSV, Parquet or WARC, most of them also packed
    (``news.csv.gz``, ``news.jsonl.zst``). Standard input, ``-``, packed or not, is JSON lines if it begins with a
    brace, else one text. A folder gives the articles that its ``articles.jsonl`` lists, in that order, then those of
    its other files by name; a table there that has no texts is none of these. `columns` tells which column of a
    table, or key of a line, holds what; without it that is guessed. An `Article` is passed through. Memory is bounded
    whatever the size of the source.

    Raises:
        UsageError: once the first article is asked for, when `source` does not exist, holds no articles or has not
            the columns that were named; among several sources such a one comes out as `Unreadable`. At any time, when
            a package is missing that a format needs.

    >>> [article.id for article in read([Article(id="a1", text="Lavrov is in Seoul.")])]
    ['a1']
    """
    for found in members(source, columns):
        yield finished(found) if isinstance(found, Raw) else found


def members(source: Source, columns: Columns | None = None) -> Found:
    """Yield what `read` does, but each article before anything is looked for in its text, which takes most of the time.

    >>> raw = next(members("seeds"))
    >>> raw.id, raw.published
    ('s00', '2023-10-16')
    """
    seen: set[int] = set()  # of hashes, since a source may have millions of ids
    for found in _found(source, columns or Columns()):
        if isinstance(found, Unreadable):
            yield found
        elif isinstance(found, Raw) and (fault := found.fault):
            yield found.refused(fault)
        elif hash(found.id) in seen:
            where = found.place.source if isinstance(found, Raw) else found.source
            at = f" at {where}" if where else ""
            reason = f"A second article{at} has the id {found.id!r}; ids must be unique."
            yield Unreadable(found.id, found.place.path if isinstance(found, Raw) else None, reason)
        else:
            seen.add(hash(found.id))
            yield found


def _found(source: Source, columns: Columns) -> Found:
    if isinstance(source, Article):
        yield source
    elif isinstance(source, str | Path):
        yield from _named(str(source), columns)
    else:
        for item in source:
            yield from _one_of_several(item, _found(item, columns))


def _one_of_several(item: str | Path | Article, found: Found) -> Found:
    """Let a source that is wrong as a whole not stop those after it."""
    try:
        yield from found
    except NotInstalledError:
        raise
    except UsageError as error:
        yield Unreadable(str(item), Path(str(item)), str(error))


def _named(name: str, columns: Columns) -> Found:
    path = Path(name)
    if name == "-":
        found = _standard_input(columns)
    elif _exists(path):
        found = _folder(path, columns) if path.is_dir() else _file(path, columns)
    elif glob.has_magic(name):
        found = _matching(name, columns)
    else:
        raise UsageError(f"{shown(path)} does not exist.")
    empty = True
    for result in found:
        empty = False
        yield result
    if empty:
        raise UsageError(f"{shown(path)} holds no articles; what can be read are {_READABLE}.")


def _matching(pattern: str, columns: Columns) -> Found:
    paths = sorted(glob.iglob(pattern, recursive=True))
    if not paths:
        raise UsageError(f"There is no file that matches {shown(pattern)}.")
    for path in paths:
        yield from _one_of_several(path, _named(path, columns))


def _folder(folder: Path, columns: Columns) -> Found:
    try:
        names = sorted(os.listdir(folder))  # names take half the memory of paths
    except OSError as error:
        raise UsageError(f"{shown(folder)} cannot be read: {cause(error)}.") from None
    listed: set[Path] = set()
    others: list[NoTextError] = []  # tables without texts, such as labels
    empty = True
    if _LIST in names:
        for found in _list_of(folder, columns, listed):
            yield found
            empty = False
    for name in names:
        path = folder / name
        if name != _LIST and not name.startswith(".") and _format(path) and path not in listed:
            for found in _one_of_folder(path, folder, columns, others):
                yield found
                empty = False
    if empty and others:
        raise others[0]


def _list_of(folder: Path, columns: Columns, listed: set[Path]) -> Found:
    path = folder / _LIST
    if path.is_dir():
        raise UsageError(f"{shown(path)} cannot be read: Is a directory.")
    try:
        with opened(path, None) as handle:
            yield from read_list(handle, path, columns, listed)
    except ArticleError as error:
        yield Unreadable(Place(path).id, path, str(error))


def _one_of_folder(path: Path, folder: Path, columns: Columns, others: list[NoTextError]) -> Found:
    try:
        if _format(path) in (".jsonl", ".ndjson"):
            with suppress(ArticleError), opened(path, folder) as handle:  # the same error is told when it is read
                check_first(handle, path, columns)
        yield from _file(path, columns, folder)
    except NotInstalledError:
        raise
    except NoTextError as error:
        others.append(error)
    except UsageError as error:
        yield Unreadable(Place(path).id, path, str(error))


def _file(path: Path, columns: Columns, folder: Path | None = None) -> Found:
    kind = _format(path)
    try:
        if kind == ".parquet" or kind in _ARCHIVES:
            check(path, folder)
            yield from read_parquet(path, columns) if kind == ".parquet" else read_archive(path)
            return
        with opened(path, folder) as handle:
            if kind in _SINGLE:
                yield _SINGLE[kind](handle, path)
            elif kind in _MANY:
                yield from _MANY[kind](handle, path, columns)
            elif path.suffix:
                raise UsageError(f"{shown(path)} has a suffix of no format that can be read; these are {_READABLE}.")
            else:
                yield from _guessed(cast("io.BufferedReader", handle), path, columns)
    except ArticleError as error:
        yield Unreadable(Place(path).id, path, str(error))


def _standard_input(columns: Columns) -> Found:
    path = Path("stdin")
    try:
        with standard_input() as handle:
            yield from _guessed(handle, path, columns)
    except ArticleError as error:
        yield Unreadable(Place(path).id, path, str(error))


def _guessed(handle: io.BufferedReader, path: Path, columns: Columns) -> Found:
    """Read what has no suffix: JSON lines begin with a brace, all else is one text."""
    if handle.peek().lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from read_list(handle, path, columns)
    else:
        yield read_text(handle, path)


def _format(path: Path) -> str | None:
    """Return the suffix that tells the format, without that of packing; None where it tells none."""
    packed = path.suffix.lower() in (".gz", ".zst")
    suffix = (path.with_suffix("") if packed else path).suffix.lower()
    known = (*_SINGLE, *_MANY, *_ARCHIVES, *(() if packed else (".parquet",)))
    return suffix if suffix in known else None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
