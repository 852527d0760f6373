"""What a run is to do, doing it, and saying what it would cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from extractor.article import Article
from extractor.batch.answers import Answers
from extractor.batch.estimate import Estimate, estimate
from extractor.batch.intake import Intake
from extractor.batch.outcomes import Outcomes
from extractor.batch.progress import Progress
from extractor.batch.provenance import Provenance
from extractor.batch.remembering import Remembering
from extractor.batch.repeats import Repeats
from extractor.batch.since import since
from extractor.batch.store import Store
from extractor.batch.work import work
from extractor.errors import UsageError
from extractor.extraction import Extraction, Rejected, aextract
from extractor.extraction.gate import CLOSED, may_hold
from extractor.extraction.question import preamble
from extractor.models import Model, ModelSpec, Retries, Usage
from extractor.models.budget import Budget
from extractor.models.opening import open_openai
from extractor.models.pace import Pace
from extractor.models.prices import Price
from extractor.readers import Columns, Raw, Unreadable, finished, members, read
from extractor.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy import URL

Source = str | Path | Article | Iterable[str | Path | Article]


class Summary(NamedTuple):
    """What a run left behind.

    `new` counts the articles of this call, and `seconds` is its wall time; all else is about the whole store.
    `failed` gives the reasons by the ids of what failed or could not be read. `cost` is in US dollars, without the
    discounts that a provider may give; None where nobody knows the model's price. `stopped` says why the run ended
    before the last article, if it did.
    """

    store: Path | URL
    new: int
    articles: int
    records: int
    rejected: int
    usage: Usage
    failed: Mapping[str, str]
    seconds: float
    cost: float | None
    stopped: str | None


Way = Literal["local", "ray", "batch"]
Opening = Callable[..., AbstractAsyncContextManager[Model]]


class Line(NamedTuple):
    """What articles pass on their way: from the intake, through a model, to the outcomes."""

    intake: Intake
    outcomes: Outcomes
    progress: Progress
    pace: Callable[[int], Pace]
    budget: Callable[[], Budget]
    opening: Opening


@dataclass(frozen=True)
class Job:
    """Articles to read, by which schema and model and in which way, and where the outcomes go."""

    source: Source
    columns: Columns | None
    schema: type[Schema]
    spec: ModelSpec
    place: Path | URL
    gate: bool
    min_confidence: float | None
    max_articles: int | None
    price: Price | None
    way: Way
    repeats: bool
    cache: bool
    since: str | Path | URL | None

    def estimate(self) -> Estimate:
        """Say what would be asked, and ask nothing."""
        found = self._found()
        done = self.place if Store.exists(self.place) else None
        with since(done, gate=self.gate) as has, since(self.since, gate=self.gate) as old:
            return estimate(
                (finished(one) if isinstance(one, Raw) else one for one in found),
                self.schema,
                has=lambda article: has(article) or old(article),
                gate=self.gate,
                max_articles=self.max_articles,
                price=self.price,
            )

    def run(
        self, opening: Opening, pace: Callable[[int], Pace], budget: Callable[[], Budget], made: Provenance
    ) -> Summary:
        """Do it, or go on with it; the model is opened only where there is an article left to ask about."""
        started = time.monotonic()
        found = self._found()
        progress = Progress(self.spec.text, total=self._total(), price=self.price)
        with since(self.since, gate=self.gate) as old, Store.resume(self.place, made) as store, progress:
            outcomes = Outcomes(store, progress)
            waits = _waits(self.source)
            intake = Intake(found, outcomes, progress, self.gate, self.max_articles, old=old, waits=waits)
            try:
                if intake.peek():
                    with self._cache(made) as cache:
                        line = Line(intake, outcomes, progress, pace, budget, partial(opening, cache=cache))
                        asyncio.run(self._work(line, made.settings["concurrency"]))
            except KeyboardInterrupt:
                done = store.totals().articles
                told = f"Stopped with {done} articles in {store.place}; run the same again to go on."
                raise KeyboardInterrupt(told) from None
            totals = store.totals()
            cost = self.price.of(totals.usage) if self.price else None
            seconds = round(time.monotonic() - started, 3)
            return Summary(store.place, outcomes.count, *totals, store.failures(), seconds, cost, intake.stopped)

    async def _work(self, line: Line, concurrency: int) -> None:
        """Take the articles through the model, in this process, on a cluster, or in batches of the provider."""
        if self.way == "ray":
            await self._on_ray(line, concurrency)
            return
        if self.way == "batch":
            await self._in_batches(line)
            return
        pace = line.pace(concurrency)
        pace.resting = line.progress.rest
        async with line.opening(pace=pace, budget=line.budget()) as model:
            await model.prime(list(preamble(self.schema)))
            line.progress.begin()
            await work(line.intake, self._extract(model), line.outcomes, hands=concurrency, say=line.progress.say)

    async def _on_ray(self, line: Line, concurrency: int) -> None:
        from extractor.batch.ray_engine import open_workers

        opening = open_workers(
            self.schema,
            self.spec,
            concurrency=concurrency,
            gate=self.gate,
            min_confidence=self.min_confidence,
            pace=line.pace,
            budget=line.budget,
            say=line.progress.say,
        )
        async with opening as workers:
            line.progress.begin()
            await work(line.intake, workers.extract, line.outcomes, hands=workers.hands, say=line.progress.say)

    async def _in_batches(self, line: Line) -> None:
        from extractor.batch.provider_batch import Post, Provider, Questions
        from extractor.batch.replies import Replies

        async def first() -> AsyncIterator[Article]:
            while article := await line.intake.take():
                yield article

        def again() -> Iterator[Article]:
            return (one for one in read(self.source, self.columns) if isinstance(one, Article))

        def keep(extraction: Extraction) -> None:
            line.outcomes.keep(extraction)
            line.outcomes.settle()  # a refusal here is one of the provider's, long ago, and no sign of trouble
            line.outcomes.write()

        with Replies.beside(self.place) as replies:
            questions = Questions(replies)
            client = open_openai(self.spec)
            post = Post(questions, Provider(client, self.spec.where), replies, line.progress.say)
            async with client, line.opening(transport=questions, retries=Retries(attempts=1)) as model:
                line.progress.begin()
                await post.read(first(), again, self._extract(model), keep)

    def _extract(self, model: Model) -> Callable[[Article], Awaitable[Extraction]]:
        repeats = Repeats() if self.repeats else None

        async def extract(article: Article) -> Extraction:
            if self.gate and not may_hold(article, self.schema):
                return Extraction(article, rejected=(Rejected(None, None, CLOSED),))
            asked = Remembering(model, article, repeats) if repeats else model
            return await aextract(article, schema=self.schema, model=asked, min_confidence=self.min_confidence)

        return extract

    def _cache(self, made: Provenance) -> AbstractContextManager[Answers | None]:
        return Answers.beside(self.place, made) if self.cache else nullcontext()

    def _found(self) -> Iterator[Raw | Article | Unreadable]:
        """Read the source; one that is wrong is refused now, before anything is written."""
        if self.max_articles is not None and self.max_articles < 1:
            raise UsageError("The number of articles must be at least 1.")
        found = members(self.source, self.columns)
        return chain([next(found)], found)

    def _total(self) -> int | None:
        """Count the articles where that takes no reading."""
        known = [self.max_articles] if self.max_articles else []
        if isinstance(self.source, Article):
            known.append(1)
        elif isinstance(self.source, list | tuple) and all(isinstance(one, Article) for one in self.source):
            known.append(len(self.source))
        return min(known, default=None)


def _waits(source: Source) -> bool:
    """Say whether reading may have to wait for somebody: at standard input or another pipe."""
    if isinstance(source, list | tuple):
        return any(map(_waits, source))
    return isinstance(source, str | Path) and (str(source) == "-" or Path(source).is_fifo())
