"""Run: many articles into one store, several at a time, and on from where an earlier run stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extractor.article import Article
from extractor.batch.progress import progress
from extractor.batch.provenance import provenance
from extractor.batch.store import Store
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction, Rejected, aextract
from extractor.extraction.gate import CLOSED, may_hold
from extractor.extraction.question import preamble
from extractor.models import Model, ModelSpec, Usage, open_model
from extractor.models.client import SEED
from extractor.readers import Unreadable, read
from extractor.schema import Schema, load

if TYPE_CHECKING:
    from extractor.cassettes import Cassettes

Source = str | Path | Article | Iterable[str | Path | Article]

_PATIENCE = 3  # articles in a row that get the same refusal and no answer: the next one will not either


class Summary(NamedTuple):
    """What a run left behind.

    `new` counts the articles of this call, and `seconds` is its wall time; all else is about the whole store.
    `failed` gives the reasons by the ids of what failed or could not be read.
    """

    store: Path
    new: int
    articles: int
    records: int
    rejected: int
    usage: Usage
    failed: Mapping[str, str]
    seconds: float


def run(
    source: Source,
    *,
    schema: str | type[Schema] = "visits",
    out: str | Path | None = None,
    model: str = "local",
    concurrency: int = 4,
    gate: bool = False,
    min_confidence: float | None = None,
    replay: str | Path | None = None,
    record: str | Path | None = None,
) -> Summary:
    """Extract the records of all articles of `source` into the store `out`, or go on with it.

    `out` is ``runs/SCHEMA.db`` unless given. What the store has already is not asked about again; articles
    that failed are tried again. `concurrency` bounds the articles, and the requests, at a time. With `gate`, articles
    that cannot hold a record, as far as rules tell (see `may_hold`), cost no call. Records of less than
    `min_confidence` are rejected. `replay` names a folder of cassettes that answer in place of the model, `record`
    one to write what it answers.

    Whatever is raised, the store keeps what was done until then.

    Raises:
        UsageError: if the source, schema, model or key is missing or wrong, or the store was made by another
            schema, prompt or model.
        ExtractorError: if the model gives several articles in a row no answer, or the disk is full.
        KeyboardInterrupt: on Ctrl-C.

    >>> import extractor
    >>> summary = extractor.run("seeds/", out="runs/today.db")        # doctest: +SKIP
    """
    if concurrency < 1:
        raise UsageError("The concurrency must be at least 1.")
    started = time.monotonic()
    spec = ModelSpec.parse(model)
    cassettes = _cassettes(replay, record)
    out = Path(out or default_store(schema))
    schema = load(schema)
    found = _refuse_early(read(source))
    settings = {"temperature": 0, "seed": SEED, "concurrency": concurrency, "gate": gate, "replayed": bool(replay)}
    with Store.resume(out, provenance(schema, spec, settings)) as store, progress(spec.text) as report:
        outcomes = _Outcomes(store, report)
        todo = _unfinished(found, outcomes, gate=gate)
        try:
            if first := next(todo, None):
                opening = open_model(spec, concurrency=concurrency, cassettes=cassettes)
                asyncio.run(_work(chain([first], todo), schema, opening, concurrency, outcomes, gate, min_confidence))
        except KeyboardInterrupt:
            done = store.totals().articles
            raise KeyboardInterrupt(f"Stopped with {done} articles in {out}; run the same again to go on.") from None
        seconds = round(time.monotonic() - started, 3)
        return Summary(out, outcomes.count, *store.totals(), store.failures(), seconds)


def default_store(schema: str | type[Schema]) -> Path:
    """Return where a run with this schema goes unless told otherwise.

    >>> default_store("visits").as_posix(), default_store("my_schema.py:Recipe").as_posix()
    ('runs/visits.db', 'runs/Recipe.db')
    """
    if isinstance(schema, type):
        return Path("runs", f"{schema.__name__}.db")
    path, _, wanted = schema.partition(":")
    return Path("runs", f"{wanted or Path(path).stem}.db")


def _cassettes(replay: str | Path | None, record: str | Path | None) -> Cassettes | None:
    if replay and record:
        raise UsageError("Name a folder to replay or one to record, not both.")
    if not replay and not record:
        return None
    from extractor.cassettes import Cassettes  # needs a package that is not part of the core

    return Cassettes(Path(replay or record or ""), recording=record is not None)


def _refuse_early(found: Iterator[Article | Unreadable]) -> Iterator[Article | Unreadable]:
    """Let a wrong source raise now, before anything is written."""
    return chain([next(found)], found)


def _unfinished(found: Iterable[Article | Unreadable], outcomes: _Outcomes, *, gate: bool) -> Iterator[Article]:
    """Yield the articles that the store does not hold yet; what cannot be read is a failure at once."""
    outcomes.store.forget_unreadable()
    seen: set[str] = set()
    for member in found:
        if isinstance(member, Article):
            seen.add(member.id)
            if not outcomes.store.has(member, gate=gate):
                yield member
        else:
            copies = (f"{member.id} ({number})" for number in count(2))
            free = next(name for name in chain([member.id], copies) if name not in seen)
            seen.add(free)
            outcomes.keep(Extraction(Article(id=free, text=""), error=member.reason))


async def _work(
    todo: Iterator[Article],
    schema: type[Schema],
    opening: AbstractAsyncContextManager[Model],
    concurrency: int,
    outcomes: _Outcomes,
    gate: bool,
    min_confidence: float | None,
) -> None:
    """Take the articles one after the other, by several hands."""

    async def hand(model: Model) -> None:
        for article in todo:
            if gate and not may_hold(article, schema):
                outcomes.keep(Extraction(article, rejected=(Rejected(None, None, CLOSED),)))
            else:
                outcomes.keep(await aextract(article, schema=schema, model=model, min_confidence=min_confidence))

    try:
        async with opening as model, asyncio.TaskGroup() as hands:
            await model.prime(list(preamble(schema)))
            for _ in range(concurrency):
                hands.create_task(hand(model))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    outcomes.settle()


class _Outcomes:
    """Writes each outcome as it comes; refusals only once it is clear that not every article is refused."""

    def __init__(self, store: Store, report: Callable[[Extraction], None]) -> None:
        self.store = store
        self.count = 0
        self._report = report
        self._refused: list[Extraction] = []

    def keep(self, extraction: Extraction) -> None:
        """Write an outcome. Raises `ExtractorError` when the model has nothing but one refusal for all."""
        if extraction.error and extraction.usage.calls and not extraction.usage.completion_tokens:
            if self._refused and self._refused[-1].error != extraction.error:
                self.settle()
            self._refused.append(extraction)
            if len(self._refused) == _PATIENCE:
                raise ExtractorError(f"Stopped, since {_PATIENCE} articles in a row failed alike: {extraction.error}")
            return
        if extraction.usage.calls:
            self.settle()
        self._write(extraction)

    def settle(self) -> None:
        """Write what was held back: these articles failed, each by itself."""
        while self._refused:
            self._write(self._refused.pop(0))

    def _write(self, extraction: Extraction) -> None:
        self.store.add(extraction)
        self.count += bool(extraction.article.text)
        self._report(extraction)
