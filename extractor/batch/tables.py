"""The tables of a run, the same on SQLite and PostgreSQL. Other versions of them are in `migrations`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
USAGE = ("prompt_tokens", "completion_tokens", "calls", "seconds")

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's own row number is an INTEGER and nothing else
_ID = Text().with_variant(Text(collation="C"), "postgresql")  # the same order of articles on both


def _number(name: str) -> Column[int]:
    """Make a key that the one writer of a run counts up by itself, which saves asking for it."""
    return Column(name, _NUMBER, primary_key=True, autoincrement=False)


def _owner(name: str, *, key: bool = False) -> Column[int]:
    """Make the column that says to which row of the table `name` this one belongs."""
    column = "id" if name in ("record", "value") else "number"
    return Column(
        name,
        _NUMBER,
        ForeignKey(f"{name}.{column}", ondelete="CASCADE"),
        primary_key=key,
        autoincrement=False,
        nullable=False,
    )


# One row for each change of versions or settings; `fields` and the like are JSON.
run = Table(
    "run",
    metadata,
    _number("number"),
    *(Column(name, Text) for name in ("schema", "schema_hash", "fields", "keys", "prompts", "model", "model_hash")),
    *(Column(name, Text) for name in ("versions", "settings", "weights", "created")),
)

# `text` comes last, so that nothing else has to be read past it. `escaped` says that it is a JSON string.
article = Table(
    "article",
    metadata,
    _number("number"),
    Column("id", _ID, nullable=False, unique=True),
    *(Column(name, Text) for name in ("published", "published_evidence", "publisher", "url", "language", "source")),
    Column("boilerplate", Text, nullable=False),
    Column("escaped", Boolean, nullable=False),
    Column("text", Text, nullable=False),
)

# One row for each article, and small: what is done, and what it cost, is told without reading a text.
outcome = Table(
    "outcome",
    metadata,
    _owner("article", key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("gated", Boolean, nullable=False),
    Column("error", Text),
    *(Column(name, BigInteger, nullable=False) for name in USAGE[:3]),
    Column("seconds", Float, nullable=False),
)

record = Table(
    "record",
    metadata,
    _number("id"),
    _owner("article"),
    Column("position", Integer, nullable=False),
    UniqueConstraint("article", "position"),
)

value = Table(
    "value",
    metadata,
    _number("id"),
    _owner("record"),
    Column("field", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("rule", Text),
    UniqueConstraint("record", "field", "position"),
)

evidence = Table(
    "evidence",
    metadata,
    _owner("value", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_with_rowid=False,
)

rejected = Table(
    "rejected",
    metadata,
    _owner("article", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("field", Text),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_with_rowid=False,
)

ALL = metadata.sorted_tables  # the owner of a row before it
