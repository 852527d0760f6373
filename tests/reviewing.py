"""A review to test: a run of made-up articles, and its page served by the real server in a thread."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from extractor.article import Article, Span
from extractor.batch.provenance import provenance
from extractor.batch.store import Store
from extractor.extraction import Extraction, Record
from extractor.fields import Found
from extractor.models import ModelSpec
from extractor.reviewing.opening import reviewing
from extractor.reviewing.review import listening, server_of
from extractor.reviewing.session import Session
from extractor.schema import fields_of, load

TOKEN = "the-token-of-the-tests"
VISITS = load("visits")

PARIS = "Scholz in Paris\nOlaf Scholz arrived in Paris on Tuesday for talks with Emmanuel Macron.\nHe left."
CHILE = "Ruiz to go to Chile\nAna Ruiz, Peru's foreign minister, will visit Chile in May, her office said."
NOTHING = "Weather\nIt rained in Lima on Monday."


class Served(NamedTuple):
    """A page that is being served."""

    address: str
    session: Session

    @property
    def url(self) -> str:
        """The address with the token."""
        return f"{self.address}/?token={TOKEN}"

    @property
    def labels(self) -> Path:
        """The file of the labels."""
        return self.session.labels.path


def record(text: str, **values: str) -> Record:
    """Return a record whose values stand in the text, as ``value`` or as ``words=value``."""
    found: Record = dict.fromkeys(fields_of(VISITS), ())
    for name, told in values.items():
        words, _, value = told.partition("=")
        start = text.index(words)
        found[name] = (Found(value or words, (Span(start, start + len(words)),), "stated"),)
    return found


def made(path: Path, *extractions: Extraction) -> Path:
    """Write a run, by default of three articles with two records."""
    known = extractions or (
        Extraction(
            Article(id="a1", text=PARIS, published="2024-03-06"),
            (
                record(
                    PARIS, visitor="Olaf Scholz", destination="Paris=FRA", when="on Tuesday", status="arrived=ongoing"
                ),
            ),
        ),
        Extraction(
            Article(id="a2", text=CHILE, published="2024-03-06"),
            (record(CHILE, visitor="Ana Ruiz", destination="Chile=CHL", status="will visit=announced"),),
        ),
        Extraction(Article(id="a3", text=NOTHING)),
    )
    with Store.resume(path, provenance(VISITS, ModelSpec.parse("openai/any"), {})) as store:
        store.add(*known)
    return path


@contextmanager
def served(run: Path, **options: Any) -> Iterator[Served]:
    """Serve the review of a run until the end of the block."""
    asked = {"labels": None, "name": None, "blind": False, "files": None, "schema": None} | options
    with reviewing(run, **asked) as session, listening(0) as listener:
        port = listener.getsockname()[1]
        server = server_of(session, TOKEN, port)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield Served(f"http://127.0.0.1:{port}", session)
        finally:
            server.should_exit = True
            thread.join()


def address_in(printed: str) -> str:
    """Return the address in what a program printed."""
    found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", printed)
    assert found, printed
    return found[0]
