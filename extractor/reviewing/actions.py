"""Actions: what a labeller can do on the page, as it comes from there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from extractor.errors import UsageError
from extractor.reviewing.drafts import Plain


class Accept(Plain):
    """Take a record, or all of them, as right."""

    action: Literal["accept"]
    record: int | None = None


class Correct(Plain):
    """Give a field another value; None or an empty list empties it. `exact` keeps it as it was typed."""

    action: Literal["correct"]
    record: int
    field: str
    value: bool | str | list[str] | None
    exact: bool = False


class Add(Plain):
    """Begin a new record."""

    action: Literal["add"]


class Delete(Plain):
    """Drop a record."""

    action: Literal["delete"]
    record: int


class Mark(Plain):
    """Mark words as evidence of a field. They give the value too where it has none, and to a list always."""

    action: Literal["mark", "unmark"]
    record: int
    field: str
    start: int
    end: int


class Decide(Plain):
    """Take one labeller's version of a field."""

    action: Literal["decide"]
    record: int
    field: str
    by: str


class Note(Plain):
    """Leave a note on the article."""

    action: Literal["note"]
    text: Annotated[str, Field(max_length=20_000)]


class Finish(Plain):
    """Say that the article is done, or is not."""

    action: Literal["finish"]
    done: bool = True


Action = Annotated[Accept | Correct | Add | Delete | Mark | Decide | Note | Finish, Field(discriminator="action")]
_ACTION: TypeAdapter[Action] = TypeAdapter(Action)


def parse(told: object) -> Action:
    """Read an action from JSON.

    Raises:
        UsageError: if it is none.

    >>> parse({"action": "delete", "record": 0})
    Delete(action='delete', record=0)
    """
    try:
        return _ACTION.validate_python(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "action"
        raise UsageError(f"This is no action: {where}: {first['msg'].rstrip('.')}.") from None
