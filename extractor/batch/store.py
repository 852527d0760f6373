"""The store of a run: one transaction for what is added together, and exactly one outcome for each article.

Whatever ends the process, the store holds what was added and nothing by halves, and the run can go on from there. It
is a file of SQLite or a namespace in a database of PostgreSQL; people may read either with any tool for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL, Connection

from extractor.article import Article
from extractor.batch import queries, rows
from extractor.batch.database import Database
from extractor.batch.digests import Digests, digest
from extractor.batch.migrations import VERSION, check, up_to_date
from extractor.batch.places import connect, parse
from extractor.batch.provenance import Provenance
from extractor.batch.rows import Totals
from extractor.errors import UsageError
from extractor.extraction import Extraction
from extractor.extraction.confidence import is_sure
from extractor.readers import Raw


class Store:
    """The extractions of one run. Open one with `Store.open`, or with `Store.resume` to add to it.

    >>> with Store.open("runs/visits.db") as store:                               # doctest: +SKIP
    ...     total = sum(len(extraction.records) for extraction in store.extractions())
    """

    def __init__(self, database: Database, last: rows.Last | None = None) -> None:
        self._database = database
        self._last = last  # the numbers that are taken, which only the one writer knows
        self._done: tuple[Digests, Digests] | None = None
        self._totals: Totals | None = None

    @property
    def place(self) -> Path | URL:
        """Where the store is; a URL hides its password when it is printed, and still opens the store."""
        return self._database.place

    @classmethod
    def exists(cls, place: str | Path | URL) -> bool:
        """Say whether there is anything at a path, or a run at a URL."""
        place = parse(place)
        if isinstance(place, Path):
            return place.exists()
        with closing(connect(place, writes=False)) as database:
            return database.transact(database.version) != 0

    @classmethod
    def open(cls, place: str | Path | URL) -> Store:
        """Open the store at a path, or at a URL such as ``postgresql://host/news?run=y2024``.

        A store of an earlier version is brought to this one. Raises `UsageError` if there is none.
        """
        place = parse(place)
        missing = UsageError(f"There is no store at {place}; `extractor run` makes one.")
        if isinstance(place, Path) and not place.exists():
            raise missing
        store = cls(connect(place, writes=False))
        try:
            version = store._database.transact(store._database.version)
            if version == 0:
                raise store._database.no_store() if isinstance(place, Path) else missing
            check(store._database, version)
        except BaseException:
            store.close()
            raise
        if version == VERSION:
            return store
        store.close()
        with cls(connect(place, writes=True)) as old:
            old._database.claim()
            old._database.transact(up_to_date, old._database)
        return cls(connect(place, writes=False))

    @classmethod
    def resume(cls, place: str | Path | URL, made: Provenance) -> Store:
        """Open the store at `place` to go on with it, or make it. No other process can write to it until it is closed.

        Raises `UsageError` if another process writes to it, or another schema, prompt or model has made it, unless
        nothing in it is done.
        """
        store = cls(connect(parse(place), writes=True))
        try:
            store._database.claim()
            store._last = store._database.transact(store._prepare, made)
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self, db: Connection, made: Provenance) -> rows.Last:
        """See to it that the tables are there and the run may go on."""
        up_to_date(db, self._database)
        before = queries.provenance(db)
        if before and (change := before.difference(made)):
            if queries.is_anything_done(db):
                kept = "file" if isinstance(self.place, Path) else "run"
                raise UsageError(f"{self.place} was {change}; give another --out to keep both, or delete the {kept}.")
            queries.clear(db)
        queries.set_provenance(db, made)
        return queries.last(db)

    @property
    def provenance(self) -> Provenance:
        """What made the run; the last of several calls counts, which may differ in versions and settings."""
        if (made := self._database.transact(queries.provenance)) is None:  # it is written together with the tables
            raise self._database.no_store()
        return made

    def has(self, article: Article | Raw, *, gate: bool = False) -> bool:
        """Say whether this very article, by id, text and day of publication, is done and did not fail.

        What only a gate has judged is done for a run with a gate.
        """
        if self._done is None:
            self._done = self._database.transact(queries.done)
        done, gated = self._done
        this = digest(article.id, article.published, article.text)
        return this in done or (gate and this in gated)

    def add(self, *extractions: Extraction) -> None:
        """Write the outcomes of some articles, all or none of them, each in place of an earlier one.

        Raises `ExtractorError` if they cannot be written; what was written before is unharmed.
        """
        if self._last is None:
            raise UsageError(f"{self.place} is open for reading; `Store.resume` opens it to add to it.")
        new = rows.Rows(extractions, self._last)
        old, held = self._database.transact(queries.put, new)
        self._last = new.last
        if self._totals:
            self._totals = _moved(self._totals, held, new.totals)
        if self._done:
            for digests, gated in zip(self._done, (False, True), strict=True):
                digests.replace(old, new.done(gated=gated))

    def forget_unreadable(self) -> None:
        """Drop the failures of what gave no article; each run meets them anew, or they are mended."""
        self._database.transact(queries.forget_unreadable)
        self._totals = None

    def extractions(self, *, min_confidence: float = 0) -> Iterator[Extraction]:
        """Yield what came out of each article, by id; those that failed have an `error`.

        Records of less confidence than `min_confidence` are left out; those without one stay. They are read some at a
        time, and a run may go on writing meanwhile.
        """
        made = self.provenance
        after = None
        while page := self._database.transact(queries.page, after, list(made.fields)):
            for whole in page:
                sure = (r for r in whole.records if is_sure(r, made.keys, made.weights, min_confidence))
                yield replace(whole, records=tuple(sure))
            after = page[-1].article.id

    def failures(self) -> dict[str, str]:
        """Return the reasons by the ids of what failed or could not be read."""
        return self._database.transact(queries.failures)

    def totals(self) -> Totals:
        """Count what the store holds, and sum up what it cost. What a run adds is counted as it comes."""
        totals = self._totals or self._database.transact(queries.totals)
        if self._last is not None:
            self._totals = totals
        return totals._replace(usage=replace(totals.usage, seconds=round(totals.usage.seconds, 3)))

    def close(self) -> None:
        """Close it, and let others write."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _moved(totals: Totals, less: Totals, more: Totals) -> Totals:
    """Return the totals after something was written in place of something else."""
    counts = (was - gone + new for was, gone, new in zip(totals[:3], less[:3], more[:3], strict=True))
    articles, records, rejected = counts
    return Totals(articles, records, rejected, totals.usage - less.usage + more.usage)
