"""What readers find: the text of one article and the place where it stands; and how that becomes an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.readers.boilerplate import find_boilerplate
from extractor.readers.published import find_published

LARGEST = 50_000_000
"""An article with more bytes than this, or a row or record that holds one, is refused: it is no article."""

_UNSAFE = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # ids name files and are printed
_PACKED = re.compile(r"\.(?:gz|zst)$", re.IGNORECASE)


@dataclass(frozen=True)
class Unreadable:
    """A member of the source that gave no article, and why, in one sentence."""

    id: str
    path: Path | None
    reason: str


class Place(NamedTuple):
    """Where a member of a source stands: a file, or a line, row or byte of it.

    >>> place = Place(Path("in/news.csv.gz"), "line", 17)
    >>> place.id, place.source, place.says("is too long")
    ('news-17', 'in/news.csv.gz:17', 'news.csv.gz, line 17, is too long.')
    """

    path: Path
    unit: str = ""
    number: int = 0

    @property
    def id(self) -> str:
        """The id of an article that has none of its own: the same in each run."""
        stem = Path(_PACKED.sub("", self.path.name)).stem
        return f"{stem}-{self.number}" if self.unit else stem

    @property
    def source(self) -> str:
        """What an article keeps of the place."""
        return f"{shown(self.path)}:{self.number}" if self.unit else shown(self.path)

    @property
    def words(self) -> str:
        """The place as a sentence names it."""
        return f"{shown(self.path.name)}, {self.unit} {self.number}" if self.unit else shown(self.path)

    def says(self, complaint: str) -> str:
        """Make one sentence of a complaint."""
        return f"{self.words}{',' * bool(self.unit)} {complaint}."

    def unreadable(self, complaint: str) -> Unreadable:
        """Refuse what stands here, which has no id yet."""
        name = f"{self.path.name}:{self.number}" if self.unit else self.id
        return Unreadable(name, self.path, self.says(complaint))


class Raw(NamedTuple):
    """The text of an article and what is known about it, before anything is looked for in the text.

    `day_of_page` says that `published` is what a page states outside its text, so that the text may state it too.
    """

    id: str
    text: str
    place: Place
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    day_of_page: bool = False

    @property
    def fault(self) -> str | None:
        """What makes an article of this impossible, if anything does."""
        if not self.text.strip(" \t\r\n\ufeff"):
            return "The text is empty."
        if len(self.text) > LARGEST:
            return f"The text {too_large(LARGEST)}."
        try:
            self.text.encode()
        except UnicodeEncodeError as error:
            return f"The text holds half a surrogate pair at position {error.start}."
        if not self.id.strip() or self.id.strip(".") == "" or len(self.id) > 200 or _UNSAFE.search(self.id):
            return f"The id {self.id[:200]!r} cannot be used: it must be short, without slashes or control codes."
        return None

    def refused(self, reason: str) -> Unreadable:
        """Refuse the article, with the place if that is more than a file."""
        where = f"{self.place.words}: " if self.place.unit else ""
        return Unreadable(shown(self.id), self.place.path, where + reason)


def finished(raw: Raw) -> Article:
    """Make the article: find its boilerplate, and its day of publication where that is not known.

    >>> article = finished(Raw("a1", "ROME, 5 March 2024 (GNS) - Bell left.", Place(Path("a1.txt"))))
    >>> article.published, article.published_evidence.of(article.text), article.source
    ('2024-03-05', '5 March 2024', 'a1.txt')
    """
    published, evidence = _day(raw)
    return Article(
        id=raw.id,
        text=raw.text,
        published=published,
        published_evidence=evidence,
        publisher=raw.publisher,
        url=raw.url,
        language=raw.language,
        boilerplate=find_boilerplate(raw.text),
        source=raw.place.source,
    )


def _day(raw: Raw) -> tuple[str | None, Span | None]:
    """Return the day of publication, and the words of the text that state it, if it is known from them or with them."""
    if raw.published and not raw.day_of_page:
        return raw.published, None
    day, evidence = find_published(raw.text) or (None, None)
    if not raw.published:
        return day, evidence
    same = day is not None and (day == raw.published or day.replace("XXXX", raw.published[:4]) == raw.published)
    return raw.published, evidence if same else None


class NotInstalledError(UsageError):
    """A package is missing that a format needs: no other file of the format can be read either."""


@contextmanager
def needs(package: str, extra: str, what: str) -> Iterator[None]:
    """Turn the lack of a package that is no part of the core into a sentence that names its extra."""
    try:
        yield
    except ImportError:
        install = f'install it with: pip install "extractor[{extra}]"'
        raise NotInstalledError(f"Reading {what} needs {package}; {install}.") from None


def too_large(most: int) -> str:
    """Return what is wrong with a file, line or record that can hold no article.

    >>> too_large(LARGEST)
    'has more than 50 MB, the most that an article may have'
    """
    return f"has more than {most / 1e6:.0f} MB, the most that an article may have"


def cause(error: BaseException) -> str:
    """Return what a library says of an error, so that it fits into a sentence."""
    said = str(getattr(error, "strerror", None) or getattr(error, "msg", None) or error)
    return shown(said.strip().partition("\n")[0]).rstrip(".") or type(error).__name__


def shown(name: str | Path) -> str:
    """Name a path so that it fits on a line, whatever its bytes."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "?", str(name))[:200]
