"""Which column of a table, or key of a line, holds the text of an article, and which what is known about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from extractor.errors import UsageError
from extractor.readers.days import day
from extractor.readers.raw import Place, Raw, Unreadable

# Names that such columns commonly have, the surest first; case, spaces, hyphens and underscores do not count.
_COMMON = {
    "text": "text body content article articletext articlebody fulltext maintext plaintext bodytext story",
    "id": "id uuid articleid docid documentid identifier",
    "published": "published date publishedat publisheddate publishdate datepublished datepublish publicationdate"
    " pubdate pubdatetime datetime timestamp",
    "title": "title headline",
    "url": "url link uri sourceurl articleurl permalink",
    "publisher": "publisher source outlet newspaper publication sitename sourcename site",
    "language": "language lang",
}
_SHOWN = 20  # columns that an error lists
_LONGEST = 10_000  # code points of what is known about an article

Known = Annotated[str, Field(max_length=_LONGEST)]


class NoTextError(UsageError):
    """A table has no column for the text of an article: perhaps it holds no articles."""


@dataclass(frozen=True)
class Columns:
    """The columns of tables, or keys of JSON lines, by what they hold; those that are None are guessed by their names.

    A title becomes the first paragraph of the text. An empty name says that there is no such column.

    >>> Columns(text="Abstract").found(["ID", "Abstract", "Publish Date"], "news.csv")
    {'text': 'Abstract', 'id': 'ID', 'published': 'Publish Date'}
    """

    text: str | None = None
    id: str | None = None
    published: str | None = None
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None

    def found(self, names: Sequence[str], where: str) -> dict[str, str]:
        """Return the names of the columns by what they hold; `where` names the table.

        Raises:
            NoTextError: if there is no column for the text.
            UsageError: if another column that is named is not there.
        """
        found = self.guessed(names)
        if "text" not in found and not self.text:
            looks = "has no column that looks like the text of an article; name one with --text-column"
            raise NoTextError(f"{where} {looks} (there are {listed(names)}).")
        for field, name in self.named.items():
            if field not in found:
                kind = NoTextError if field == "text" else UsageError
                raise kind(f"{where} has no column {name!r} (--{field}-column); there are {listed(names)}.")
        return found

    def guessed(self, names: Sequence[str]) -> dict[str, str]:
        """Return what `found` does, without what is not there."""
        plain = {_plain(name): name for name in reversed(names)}
        found: dict[str, str] = {}
        for field, common in _COMMON.items():
            wanted = getattr(self, field)
            candidates = common.split() if wanted is None else [_plain(wanted)]
            name = wanted if wanted in names else next((plain[one] for one in candidates if plain.get(one)), None)
            if name and wanted != "" and name not in found.values():
                found[field] = name
        return found

    @property
    def named(self) -> dict[str, str]:
        """The columns that the user named."""
        return {field: name for field, name in asdict(self).items() if name}


def listed(names: Sequence[str]) -> str:
    """List names in a sentence."""
    shown = [name if name.isprintable() and len(name) <= 40 else repr(name[:40]) for name in names[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "") or "none"


class _Entry(BaseModel):
    """The cells of one row, or the values of one line."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    text: str
    id: str | None = None
    title: Known | None = None
    published: str | None = None
    publisher: Known | None = None
    url: Known | None = None
    language: Known | None = None

    @field_validator("published")
    @classmethod
    def _is_a_day(cls, value: str | None) -> str | None:
        return day(value) if value else None


def row(values: Mapping[str, Any], place: Place, default_id: str | None = None) -> Raw | Unreadable:
    """Make what a reader yields of the values of one row, named as in `Columns`; a wrong value refuses the row."""
    try:
        entry = _Entry.model_validate(values)
    except ValidationError as error:
        return place.unreadable(f"is refused: {_complaint(error)}")
    return Raw(
        (default_id or place.id) if entry.id is None else entry.id,
        titled(entry.text, entry.title),
        place,
        entry.published,
        entry.publisher,
        entry.url,
        entry.language,
    )


def titled(text: str, title: str | None) -> str:
    r"""Put the title before a text that does not begin with it.

    >>> titled("She left.", " Bell\nleaves "), titled("Bell leaves. She left.", "Bell leaves")
    ('Bell leaves\n\nShe left.', 'Bell leaves. She left.')
    """
    headline = " ".join((title or "").split())
    begins = " ".join(text[: 2 * len(headline) + 100].split()).casefold().startswith(headline.casefold())
    return text if begins or not text.strip() else f"{headline}\n\n{text}"


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    return f"{first['loc'][0]}: {said}" if first["loc"] else said
