"""Runs on a Ray cluster: workers in many processes extract, while one process reads the source and writes the store.

Each article is one call to an actor, bounded in number like the hands of a run on one machine. Ray Data is not used:
it gives out results by blocks, so what a block has been answered is lost, and paid for again, when a process dies in
the middle of it; it retries a block that kills its process for ever; and it has no source that reads on only as
fast as the answers come. `docs/cluster.md` says more.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, cast

from extractor import __version__
from extractor.article import Article
from extractor.batch.ray_cluster import joined
from extractor.batch.ray_limits import Limits, plainly
from extractor.batch.ray_worker import Outcome, Task, Worker, packed, whole
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction
from extractor.models import ModelSpec
from extractor.models.budget import Budget
from extractor.models.faults import brief
from extractor.models.pace import Pace
from extractor.schema import Schema

if TYPE_CHECKING:
    from ray.actor import ActorHandle

_DEATHS = 3  # of processes under one article, the last time alone: then it is the article's doing
_SOON = 30.0  # seconds after which waiting for the cluster needs a word


@asynccontextmanager
async def open_workers(
    schema: type[Schema],
    spec: ModelSpec,
    *,
    concurrency: int,
    gate: bool = False,
    min_confidence: float | None = None,
    pace: Callable[[int], Pace] | None = None,
    budget: Callable[[], Budget] | None = None,
    say: Callable[[str], None],
) -> AsyncIterator[Workers]:
    """Open the model in a worker for each CPU of a Ray cluster, which extracts up to `concurrency` articles at a time.

    The cluster is the one that this process has joined, or that ``RAY_ADDRESS`` names, or that runs on this machine;
    else one is started, and ended with the context. `pace` and `budget` make what the requests of all workers keep to
    together; the former is given how many there may be at a time. `say` is told of workers that are lost.

    Raises:
        UsageError: if Ray is not installed or not to be reached, or if no worker can open the model.
    """
    if spec.kind == "local":
        raise UsageError(f"{spec.text} runs inside one machine; on Ray, name a server by its URL, as in {_EXAMPLE}.")
    with joined() as cpus:
        task = Task(packed(schema), spec, concurrency, gate, min_confidence)
        limits = _limits(pace, budget, cpus * concurrency) if pace or budget else None
        workers = Workers(task, limits, cpus, say)
        try:
            await workers.opened()
            yield workers
        finally:
            workers.close()


_EXAMPLE = "http://host:8000/v1#name"


class Workers:
    """The workers of a cluster, as one: `hands` is how many articles they take at a time. Made by `open_workers`.

    A worker takes a few articles more than it may ask about at a time, so that it never waits for this process. One
    that dies is replaced, wherever the cluster has room; what it held is read again by others. An article that was at
    hand when two workers died is read once more by a process that reads nothing else, so that no other article is
    blamed for it.
    """

    def __init__(self, task: Task, limits: ActorHandle[Limits] | None, cpus: int, say: Callable[[str], None]) -> None:
        import ray

        self._actor_class = ray.remote(Worker)
        self._task = task
        self._limits = limits
        self._say = say
        self._share = task.concurrency + -(-task.concurrency // 4)
        self.hands = cpus * self._share
        self._names = count(1)
        self._running: dict[str, _Running] = {}
        self._places: asyncio.Queue[_Running | ExtractorError] = asyncio.Queue()
        self._alone = asyncio.Lock()
        self._starting = {asyncio.create_task(self._start()) for _ in range(cpus)}

    async def opened(self) -> None:
        """Wait for the first worker. Raises `UsageError` if none can open the model."""
        try:
            async with asyncio.timeout(_SOON):
                place = await self._places.get()
        except TimeoutError:
            self._say("Waiting for the Ray cluster to have a free CPU.")
            place = await self._places.get()
        self._places.put_nowait(place)
        if isinstance(place, Exception):
            raise place

    async def extract(self, article: Article) -> Extraction:
        """Extract the records of one article; one that kills its workers comes back with its `error` set.

        Raises what `aextract` raises, and `ExtractorError` if the cluster can start no worker any more.
        """
        for _ in range(_DEATHS - 1):
            if outcome := await self._read(article):
                return whole(article, outcome)
        if outcome := await self._read_alone(article):
            return whole(article, outcome)
        told = f"The process that read it died {_DEATHS} times, at last with nothing else at hand"
        return Extraction(article, error=f"{told}; Ray's logs may say why.")

    def close(self) -> None:
        """End all processes of the workers."""
        for task in self._starting:
            task.cancel()
        for running in list(self._running.values()):
            self._end(running)

    async def _read(self, article: Article) -> Outcome | None:
        """Have some worker read an article; None if it died."""
        running = await self._place()
        outcome = await running.read(article)
        if outcome:
            self._places.put_nowait(running)
        elif running.name in self._running:
            self._say("A worker on the cluster has died; what it held is read again.")
            self._end(running)
            self._starting.add(asyncio.create_task(self._start()))
        return outcome

    async def _place(self) -> _Running:
        while True:
            place = await self._places.get()
            if isinstance(place, Exception):
                self._places.put_nowait(place)
                raise place
            if place.name in self._running:
                return place

    async def _read_alone(self, article: Article) -> Outcome | None:
        """Read an article with a process that reads nothing else; one at a time, since each needs memory."""
        async with self._alone:
            running = await self._opened(cpus=0)  # the workers may have them all
            try:
                return await running.read(article)
            finally:
                self._end(running)

    async def _start(self) -> None:
        """Start a worker, and offer its places once the model is open."""
        try:
            running = await self._opened(cpus=1)
        except ExtractorError as error:
            self._places.put_nowait(error)
            return
        for _ in range(self._share):
            self._places.put_nowait(running)

    async def _opened(self, *, cpus: int) -> _Running:
        """Start a process and open the model in it; again if it dies, as on a node whose end nobody has noticed yet."""
        last = ""
        for _ in range(_DEATHS):
            running = self._create(cpus=cpus)
            try:
                await running.open()
                return running
            except ExtractorError:
                raise
            except Exception as error:  # Ray's, of a process that died, or whatever a node lacks
                last = str(error).strip().rpartition("\n")[2]
                self._end(running)
        raise ExtractorError(f"No worker can be started on the Ray cluster ({brief(last)}).")

    def _create(self, *, cpus: int) -> _Running:
        name = f"worker {next(self._names)}"
        # Restarted by Ray, it would take calls while it waits for a node to run on, which may never come.
        actor_class = self._actor_class.options(num_cpus=cpus, max_restarts=0, max_concurrency=self._share + 1)
        actor = cast("ActorHandle[Worker]", actor_class.remote(name, self._task, self._limits))
        running = _Running(name, actor, self._task.spec)
        self._running[name] = running
        return running

    def _end(self, running: _Running) -> None:
        import ray

        if self._running.pop(running.name, None):
            ray.kill(running.actor)
            if self._limits:
                self._limits.drop.remote(running.name)


@dataclass(frozen=True, eq=False)
class _Running:
    """A worker's process, as this one sees it."""

    name: str
    actor: ActorHandle[Worker]
    spec: ModelSpec

    async def open(self) -> None:
        names = {"OPENAI_API_KEY", f"{self.spec.provider.upper()}_API_KEY"} & os.environ.keys()
        version = await plainly(self.actor.open.remote({name: os.environ[name] for name in names}))
        if version != __version__:
            raise UsageError(f"A node has extractor {version}, and this machine {__version__}; install the same.")

    async def read(self, article: Article) -> Outcome | None:
        """Read an article; None if the process died, or what it answered was lost with its node."""
        from ray.exceptions import RayError

        try:
            return cast(Outcome, await plainly(self.actor.read.remote(article)))
        except RayError:
            return None


def _limits(
    pace: Callable[[int], Pace] | None, budget: Callable[[], Budget] | None, concurrency: int
) -> ActorHandle[Limits]:
    """Start the actor that bounds all workers, on this very node, so that no other takes it along when it goes."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    waiting = 10 * concurrency + 1000  # calls that may be under way: each waits inside until its turn comes
    actor = ray.remote(Limits).options(num_cpus=0, max_concurrency=waiting, scheduling_strategy=here)
    return cast("ActorHandle[Limits]", actor.remote(pace or Pace, budget or Budget, concurrency))
