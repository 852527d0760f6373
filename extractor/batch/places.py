"""Where a run is kept: a file of SQLite, or a database of PostgreSQL by its URL."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from extractor.batch import sqlite
from extractor.batch.database import Database
from extractor.batch.postgresql import PostgreSQL
from extractor.errors import UsageError

DEFAULT_RUN = "extractor"
ANSWERS = "extractor_answers"

_SCHEME = re.compile(r"([a-z][a-z0-9]+)(?:\+[a-z0-9]+)?://")
_RUN = re.compile(r"[a-z][a-z0-9_]{0,62}")


def parse(place: str | Path | URL) -> Path | URL:
    """Return the path or the URL that a place names; a URL that is printed hides its password.

    One PostgreSQL database holds many runs; ``run`` in the URL names one of them, else it is ``extractor``.
    Raises `UsageError` for other URLs and for names that no run can have.

    >>> parse("runs/today.db").as_posix()
    'runs/today.db'
    >>> print(parse("postgres://me:secret@host/news?run=y2024"))
    postgresql://me:***@host/news?run=y2024
    """
    if isinstance(place, Path | URL):
        return place
    if not (scheme := _SCHEME.match(place)):
        return Path(place)
    if scheme[1] not in ("postgresql", "postgres"):
        raise UsageError(f"No store can be at {scheme[0]}…; give a path, or postgresql://USER:PASSWORD@HOST/DATABASE.")
    return _postgresql(place)


def _postgresql(text: str) -> URL:
    """Read the URL; the messages leave out what may be part of a password."""
    wanted = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?run=NAME"
    try:
        url = make_url(text).set(drivername="postgresql")
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.database or "@" in f"{url.host}{url.database}":
        raise UsageError(f"The URL of the store cannot be read; write {wanted}, with %40 for @ in a password.")
    if {"password", "sslpassword"} & set(url.query):
        raise UsageError(f"A password among the options of a URL would be shown; write {wanted}.")
    name = run_name(url)
    if not _RUN.fullmatch(name) or name.startswith("pg_") or name == ANSWERS:
        raise UsageError(f"{name!r} names no run; give it small letters, digits and _ (at most 63), as in ?run=y2024.")
    return url


def run_name(url: URL) -> str:
    """Return the name of the run in its database."""
    name = url.query.get("run", DEFAULT_RUN)
    return name if isinstance(name, str) else name[-1]


def connect(place: Path | URL, *, writes: bool) -> Database:
    """Open the database that holds the run at `place`."""
    if isinstance(place, Path):
        return sqlite.SQLite(place, sqlite.RUN, writes=writes)
    return PostgreSQL(place, run_name(place))


def connect_answers(place: Path | URL) -> Database:
    """Open the database that keeps the answers of all runs beside the one at `place`."""
    if isinstance(place, Path):
        return sqlite.SQLite(place.with_name("answers.sqlite"), sqlite.ANSWERS, writes=True)
    return PostgreSQL(place, ANSWERS)


def connect_batches(place: Path | URL) -> Database:
    """Open the database of the provider batches that the run at `place` has sent."""
    if isinstance(place, Path):
        return sqlite.SQLite(place.with_name(f"{place.stem}.batches.sqlite"), sqlite.BATCHES, writes=True)
    return PostgreSQL(place, f"{run_name(place)}_batches")
