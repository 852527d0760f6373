"""Probes: is the model reading the article and the codebook, or remembering the world and what words mean?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from extractor.article import Article
from extractor.batch.answers import Answers
from extractor.batch.progress import Progress
from extractor.batch.provenance import provenance
from extractor.batch.run import cassettes_of
from extractor.batch.store import Store
from extractor.errors import ModelError, UsageError
from extractor.evaluation.align import Values
from extractor.evaluation.codebook_probes import VARIANTS, definitions
from extractor.evaluation.counterfactuals import Copy, removed
from extractor.evaluation.following import Case, Outcome, followed, unchanged, vanished
from extractor.evaluation.labels import Label, read_labels
from extractor.evaluation.probe_table import Probes
from extractor.evaluation.shifts import shifted
from extractor.evaluation.swaps import relocated, renamed
from extractor.evaluation.turns import turned
from extractor.extraction.check import values
from extractor.extraction.extract import aextract
from extractor.extraction.question import preamble
from extractor.extraction.records import Record
from extractor.models import Model, open_model
from extractor.models.spec import ModelSpec
from extractor.schema import Schema, fields_of, load

COUNTERFACTUALS: Mapping[str, Callable[[Article, Sequence[Label], type[Schema], int], list[Copy]]] = {
    "names": renamed,
    "countries": relocated,
    "dates": shifted,
    "removed": removed,
    "turned": turned,
}
DEFINITIONS = "definitions"
PROBES = (*COUNTERFACTUALS, *VARIANTS, DEFINITIONS)

_ANSWER_TOKENS = 40  # of a definition asked back


_Done = Case | tuple[str, str]
"""A case, or the name of what failed with the reason."""


class _Task(NamedTuple):
    """An article to read by a schema, and how to judge the records that come out."""

    article: Article
    schema: type[Schema]
    judge: Callable[[Sequence[Values]], Iterator[Case]]


def probe(
    run: str | Path | URL,
    *,
    schema: str | type[Schema] = "visits",
    labels: str | Path | None = None,
    model: str | None = None,
    probe: Sequence[str] | None = None,
    max_articles: int | None = None,
    concurrency: int = 4,
    seed: int = 0,
    replay: str | Path | None = None,
    record: str | Path | None = None,
) -> Probes:
    """Alter the articles and the codebook of a run, extract again, and see whether the records follow.

    The run's own records, or else the `labels`, with the same alterations are what each copy must yield. `model` is the
    run's unless given, `probe` names those of `PROBES` to make (all, if none). Of the articles that have records,
    `max_articles` are taken. The `seed` draws names, countries and the like. `replay` names a folder of cassettes that
    answer in place of the model, `record` one to write. Without them the answers are kept beside the store, so that
    probes that were stopped go on where they were.

    Raises:
        UsageError: if an option is wrong, or the run or the labels do not fit the schema.
        KeyboardInterrupt: on Ctrl-C.

    >>> import extractor
    >>> print(extractor.probe("runs/visits.db", probe=["names"]).table())       # doctest: +SKIP
    """
    schema = load(schema)
    chosen = _chosen(probe or ())
    with Store.open(run) as store:
        spec = ModelSpec.parse(model or store.provenance.model)
        told = list(islice(_told(store, schema, labels), _bound(max_articles)))
    tasks = list(_tasks(told, schema, chosen, seed))
    cassettes = cassettes_of(replay, record)
    cache: AbstractContextManager[Answers | None]
    cache = nullcontext() if cassettes else Answers.beside(run, provenance(schema, spec, {}))

    async def work(answers: Answers | None, progress: Progress) -> Probes:
        async with open_model(spec, concurrency=concurrency, cassettes=cassettes, cache=answers) as opened:
            progress.begin()
            done = await _worked(tasks, opened, concurrency, progress)
            if DEFINITIONS in chosen:
                done += await _recovered(schema, opened)
        cases = [case for case in done if isinstance(case, Case)]
        return Probes(chosen, tuple(cases), dict(failure for failure in done if not isinstance(failure, Case)))

    with cache as answers, Progress(spec.text, total=len(tasks)) as progress:
        return asyncio.run(work(answers, progress))


def _chosen(probe: Sequence[str]) -> tuple[str, ...]:
    unknown = next((name for name in probe if name not in PROBES), None)
    if unknown is not None:
        raise UsageError(f"There is no probe “{unknown}”; the probes are {', '.join(PROBES)}.")
    return tuple(name for name in PROBES if not probe or name in probe)


def _bound(max_articles: int | None) -> int | None:
    if max_articles is not None and max_articles < 1:
        raise UsageError("The number of articles must be at least 1.")
    return max_articles


def _told(store: Store, schema: type[Schema], labels: str | Path | None) -> Iterator[tuple[Article, tuple[Label, ...]]]:
    """Yield the articles that have records, with these: the run's own, or those that people wrote down."""
    made = store.provenance
    if set(made.fields) != set(fields_of(schema)):
        raise UsageError(
            f"{store.place} was made with the schema {made.schema}, not with {schema.__name__}; name that."
        )
    written = None if labels is None else read_labels(labels, schema, None)
    for one in store.extractions():
        own = tuple(_label(record, schema) for record in one.records)
        records = own if written is None else written.get(one.article.id, ())
        if records and one.article.text and not one.error:
            yield one.article, records


def _label(record: Record, schema: type[Schema]) -> Label:
    """Take a record of the run as if a person had written it."""
    spans = {name: tuple(dict.fromkeys(s for f in found for s in f.spans)) for name, found in record.items()}
    return Label(values(record, schema), spans)


def _tasks(
    told: Sequence[tuple[Article, tuple[Label, ...]]], schema: type[Schema], chosen: Sequence[str], seed: int
) -> Iterator[_Task]:
    """Yield what to read: the copies of each article, and each article once more by each other codebook."""
    for name in chosen:
        if alter := COUNTERFACTUALS.get(name):
            judged = vanished if name == "removed" else followed
            for article, records in told:
                for copy in alter(article, records, schema, seed):
                    yield _Task(copy.article, schema, partial(judged, name, copy, records, schema=schema))
        elif vary := VARIANTS.get(name):
            variant = vary(schema, seed)
            for article, records in told:
                again = article.model_copy(update={"id": f"{article.id}.{name}"})
                old = [variant.values(record.values) for record in records]
                yield _Task(again, variant.schema, partial(unchanged, name, article, old, schema=variant.schema))


async def _worked(tasks: Sequence[_Task], model: Model, concurrency: int, progress: Progress) -> list[_Done]:
    """Read the articles, those by the same codebook at a time, and judge what came out."""
    hands = asyncio.Semaphore(concurrency)

    async def work(task: _Task) -> list[_Done]:
        async with hands:
            extraction = await aextract(task.article, schema=task.schema, model=model)
        progress.add(extraction)
        if extraction.error:
            return [(task.article.id, extraction.error)]
        return list(task.judge([values(record, task.schema) for record in extraction.records]))

    done: list[_Done] = []
    for schema, alike in groupby(tasks, key=lambda task: task.schema):
        await model.prime(list(preamble(schema)))
        async with asyncio.TaskGroup() as group:
            working = [group.create_task(work(task)) for task in alike]
        done += [one for task in working for one in task.result()]
    return done


async def _recovered(schema: type[Schema], model: Model) -> list[_Done]:
    """Ask every definition back, and see whether it is given its own label."""
    await model.prime(list(preamble(schema)))
    done: list[_Done] = []
    with model.on(DEFINITIONS):
        for asked in definitions(schema):
            name = f"{DEFINITIONS}.{asked.field}.{asked.value}"
            try:
                reply = await model.ask(asked.messages, asked.answer, max_tokens=_ANSWER_TOKENS)
            except ModelError as error:
                done.append((name, str(error)))
                continue
            said = reply.value.model_dump()["value"]
            wanted, found = {asked.field: asked.value}, {asked.field: said}
            outcome: Outcome = "followed" if said == asked.value else "lost"
            done.append(Case(DEFINITIONS, "", name, wanted, wanted, found, outcome))
    return done
