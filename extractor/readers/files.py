"""Read articles from text files, folders of them, and lists of metadata (``articles.jsonl``).

A text is kept exactly as its file, decoded as UTF-8, has it: line ends, control characters and a byte
order mark included, so that offsets hold against the file. A member that cannot be read comes out as
`Unreadable` in its place, and the others are unharmed.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from extractor.article import Article
from extractor.errors import ArticleError, UsageError
from extractor.readers.boilerplate import find_boilerplate
from extractor.readers.published import find_published

LARGEST = 50_000_000
"""A text file with more bytes than this is refused: it is no article."""

_LIST = "articles.jsonl"
_UNSAFE = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # ids name files and are printed
_DAY = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?|XXXX(-\d\d)(-\d\d)")


@dataclass(frozen=True)
class Unreadable:
    """A member of the source that gave no article, and why, in one sentence."""

    id: str
    path: Path | None
    reason: str


class _Entry(BaseModel):
    """One line of ``articles.jsonl``; keys that are not named here are left alone."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str | None = None
    file: str | None = None
    text: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None

    @field_validator("published")
    @classmethod
    def _is_a_day(cls, value: str | None) -> str | None:
        return _day(value) if value else None

    @model_validator(mode="after")
    def _has_one_text(self) -> _Entry:
        if (self.file is None) == (self.text is None):
            raise ValueError("an article needs either 'file' or 'text'")
        if self.file is None and self.id is None:
            raise ValueError("an article with 'text' needs an 'id'")
        return self

    def article(self, default_id: str, text: str) -> Article:
        """Make the article that this line describes."""
        known = self.model_dump(include={"published", "publisher", "url", "language"})
        return _article(default_id if self.id is None else self.id, text, **known)


def read(source: str | Path | Article | Iterable[str | Path | Article]) -> Iterator[Article | Unreadable]:
    """Read the articles of a text file, a folder, an ``articles.jsonl``, or several of these.

    A folder gives the articles that its ``articles.jsonl`` lists, in that order, then its other ``*.txt``
    files by name. An `Article` is passed through. Raises `UsageError`, once the first article is asked for,
    when `source` does not exist or holds no articles; among several sources such a one comes out as
    `Unreadable`.

    >>> [article.id for article in read([Article(id="a1", text="Lavrov is in Seoul.")])]
    ['a1']
    """
    seen: set[str] = set()
    for result in _read(source):
        if isinstance(result, Article):
            if result.id in seen:
                yield Unreadable(result.id, None, f"A second article has the id {result.id!r}; ids must be unique.")
                continue
            seen.add(result.id)
        yield result


def _read(source: str | Path | Article | Iterable[str | Path | Article]) -> Iterator[Article | Unreadable]:
    if isinstance(source, Article):
        yield source
    elif isinstance(source, str | Path):
        yield from _read_path(Path(source))
    else:
        for item in source:
            try:
                yield from _read(item)
            except UsageError as error:
                yield Unreadable(str(item), Path(str(item)), str(error))


def _read_path(path: Path) -> Iterator[Article | Unreadable]:
    if not _exists(path):
        raise UsageError(f"{_shown(path)} does not exist.")
    if path.is_dir():
        found = _read_folder(path)
    elif path.suffix.lower() == ".jsonl":
        found = _read_list(path, set())
    else:
        found = iter([_read_file(path)])
    empty = True
    for result in found:
        empty = False
        yield result
    if empty:
        raise UsageError(f"{_shown(path)} holds no articles: it needs *.txt files or an {_LIST} with a line for each.")


def _read_folder(folder: Path) -> Iterator[Article | Unreadable]:
    listed: set[Path] = set()
    if _exists(folder / _LIST):
        yield from _read_list(folder / _LIST, listed)
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".txt" and not path.name.startswith(".") and path not in listed:
            yield _read_file(path, folder)


def _read_list(path: Path, listed: set[Path]) -> Iterator[Article | Unreadable]:
    """Read the articles of a list, and add the files that it names to `listed`."""
    try:
        with path.open("rb") as handle:
            for number, line in enumerate(handle, 1):
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    yield _read_line(path, number, line, listed)
    except OSError as error:
        raise UsageError(f"{_shown(path)} cannot be read: {error.strerror}.") from None


def _read_line(path: Path, number: int, line: bytes, listed: set[Path]) -> Article | Unreadable:
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return _unreadable_line(path, number, f"is not JSON ({_cause(error)})")
    if not isinstance(values, dict):
        return _unreadable_line(path, number, "is not a JSON object")
    name = values.get("file")
    member = path.parent / name if isinstance(name, str) else path
    listed.add(member)
    try:
        entry = _Entry.model_validate(values)
        text = _text(member, path.parent) if entry.text is None else _checked(entry.text)
        return entry.article(member.stem, text)
    except ValidationError as error:
        return _unreadable_line(path, number, f"is refused: {_complaint(error)}")
    except ArticleError as error:
        return Unreadable(str(values.get("id") or member.stem), member, f"{path.name}, line {number}: {error}")


def _read_file(path: Path, folder: Path | None = None) -> Article | Unreadable:
    try:
        return _article(path.stem, _text(path, folder))
    except ArticleError as error:
        return Unreadable(path.stem, path, str(error))


def _article(article_id: str, text: str, published: str | None = None, **known: str | None) -> Article:
    """Make an article of a text; without metadata the day of publication is asked of the text itself."""
    if not article_id.strip() or article_id.strip(".") == "" or len(article_id) > 200 or _UNSAFE.search(article_id):
        raise ArticleError(
            f"The id {article_id[:200]!r} cannot be used: it must be short, without slashes or control codes."
        )
    stated = None if published else find_published(text)
    return Article(
        id=article_id,
        text=text,
        published=stated[0] if stated else published,
        published_evidence=stated[1] if stated else None,
        boilerplate=find_boilerplate(text),
        **known,
    )


def _text(path: Path, folder: Path | None) -> str:
    """Return the text of a file, which must lie inside `folder` if one is given."""
    try:
        if folder and not path.resolve().is_relative_to(folder.resolve()):
            raise ArticleError(f"{_shown(path)} lies outside the folder {_shown(folder)} and is not read.")
        if not path.exists():
            raise ArticleError(f"{_shown(path)} does not exist.")
        if not path.is_file():
            raise ArticleError(
                f"{_shown(path)} is {'a folder' if path.is_dir() else 'no regular file'}, not a text file."
            )
        if (size := path.stat().st_size) > LARGEST:
            raise ArticleError(
                f"{_shown(path)} has {size / 1e6:.0f} MB; an article may have {LARGEST / 1e6:.0f} MB at most."
            )
        return _checked(path.read_bytes().decode())
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ArticleError(f"{_shown(path)} is not UTF-8: byte 0x{byte:02x} at position {error.start}.") from None
    except (
        OSError,
        RuntimeError,
        ValueError,
    ) as error:  # too long a name, a loop of links, a NUL in the name
        raise ArticleError(f"{_shown(path)} cannot be read: {_cause(error)}.") from None


def _checked(text: str) -> str:
    if not text.strip(" \t\r\n\ufeff"):
        raise ArticleError("The text is empty.")
    if len(text) > LARGEST:
        raise ArticleError(f"The text is longer than {LARGEST / 1e6:.0f} MB.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(f"The text holds half a surrogate pair at position {error.start}.") from None
    return text


def _day(value: str) -> str:
    """Check a day, month or year of publication; of a point in time the day is kept, as written."""
    day = re.split(r"[T ]", value, maxsplit=1)[0]
    match = _DAY.fullmatch(day)
    try:
        if not match:
            raise ValueError
        datetime.date.fromisoformat((day.replace("XXXX", "2000") + "-01-01")[:10])
    except ValueError:
        raise ValueError(f"{value[:60]!r} is no date such as 2024-03-05, 2024-03 or XXXX-03-05") from None
    return day


def _unreadable_line(path: Path, number: int, complaint: str) -> Unreadable:
    return Unreadable(f"{path.name}:{number}", path, f"{path.name}, line {number}, {complaint}.")


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    return f"{first['loc'][0]}: {said}" if first["loc"] else said


def _cause(error: Exception) -> str:
    return (getattr(error, "strerror", None) or getattr(error, "msg", None) or str(error)).rstrip(".")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _shown(path: Path) -> str:
    """Name a path so that it fits on a line, whatever its bytes."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "?", str(path))[:200]
