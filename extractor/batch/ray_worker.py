"""The processes on a Ray cluster: each has the model open and reads several articles at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.article import Article
from extractor.batch.ray_limits import Limits, SharedBudget, SharedPace
from extractor.errors import UsageError
from extractor.extraction import Extraction, Record, Rejected, aextract
from extractor.extraction.gate import CLOSED, may_hold
from extractor.models import ModelSpec, Usage, open_model
from extractor.models.budget import Budget
from extractor.models.faults import brief
from extractor.models.pace import Pace
from extractor.schema import Schema, load

if TYPE_CHECKING:
    from ray.actor import ActorHandle

Outcome = tuple[tuple[Record, ...], tuple[Rejected, ...], Usage, str | None]
"""An `Extraction` without its article, which need not travel twice."""


@dataclass(frozen=True)
class Task:
    """What a worker is to do with an article; it travels to every process of the cluster."""

    unpack: Callable[[], type[Schema]]
    spec: ModelSpec
    concurrency: int
    gate: bool
    min_confidence: float | None


class Worker:
    """Extracts articles in a process of its own, out of one model; `name` tells it from all others of the run."""

    def __init__(self, name: str, task: Task, limits: ActorHandle[Limits] | None) -> None:
        self._name = name
        self._task = task
        self._limits = limits
        self._stack = AsyncExitStack()  # open as long as the process lives

    async def open(self, keys: Mapping[str, str]) -> str:
        """Load the schema, open the model, and return the version of the package on this node.

        The keys come by this call, since Ray shows to whoever asks what an actor was made of.
        """
        os.environ.update(keys)
        task = self._task
        self._schema = task.unpack()
        pace, budget = Pace(task.concurrency), Budget()
        if self._limits:
            pace = SharedPace(task.concurrency, self._name, self._limits)
            budget = SharedBudget(self._name, self._limits)
        self._model = await self._stack.enter_async_context(open_model(task.spec, pace=pace, budget=budget))
        return __version__

    async def read(self, article: Article) -> Outcome:
        """Extract the records of one article."""
        if self._task.gate and not may_hold(article, self._schema):
            return (), (Rejected(None, None, CLOSED),), Usage(), None
        least = self._task.min_confidence
        found = await aextract(article, schema=self._schema, model=self._model, min_confidence=least)
        return found.records, found.rejected, found.usage, found.error


def whole(article: Article, outcome: Outcome) -> Extraction:
    """Put an outcome back to its article."""
    records, rejected, usage, error = outcome
    return Extraction(article, records, rejected, usage, error)


def packed(schema: type[Schema]) -> Callable[[], type[Schema]]:
    """Return what makes the schema in another process, on a machine that may not have its file.

    One that `load` took from a file travels as the text of that file, any other as what cloudpickle makes of it.

    Raises:
        UsageError: if it cannot travel.
    """
    module = sys.modules.get(schema.__module__)
    if module and module.__file__ and module.__name__.startswith("extractor_schema_"):
        path = Path(module.__file__)
        for name in (name for name, value in vars(module).items() if value is schema):
            return partial(_of_source, path.name, path.read_text("utf-8"), name)
    return partial(_of_pickle, _pickled(schema, module))


def _of_source(filename: str, source: str, name: str) -> type[Schema]:
    with TemporaryDirectory() as folder:
        path = Path(folder, filename)
        path.write_text(source, "utf-8")
        return load(f"{path}:{name}")


def _of_pickle(pickled: bytes) -> type[Schema]:
    from ray import cloudpickle

    schema: type[Schema] = cloudpickle.loads(pickled)
    return schema


def _pickled(schema: type[Schema], module: ModuleType | None) -> bytes:
    """Pickle a class with all that it needs of its own module, which other machines need not have."""
    from ray import cloudpickle

    if module:
        cloudpickle.register_pickle_by_value(module)  # type: ignore[no-untyped-call]
    try:
        return bytes(cloudpickle.dumps(schema))  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever the schema's module holds has its own
        why = brief(str(error))
        raise UsageError(f"{schema.__name__} cannot travel to the cluster ({why}); name it by its file.") from error
    finally:
        if module:
            cloudpickle.unregister_pickle_by_value(module)  # type: ignore[no-untyped-call]
