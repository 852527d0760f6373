"""Run: many articles into one store, several at a time, and on from where an earlier run stopped."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from extractor.article import Article
from extractor.batch.estimate import Estimate
from extractor.batch.job import Job, Source, Summary, Way
from extractor.batch.places import parse
from extractor.batch.provenance import provenance
from extractor.errors import UsageError
from extractor.models import ModelSpec, open_model
from extractor.models.budget import Budget
from extractor.models.client import SEED
from extractor.models.pace import Pace
from extractor.models.prices import Price, price_if_known, price_of
from extractor.readers import Columns
from extractor.schema import Schema, load

if TYPE_CHECKING:
    from extractor.cassettes import Cassettes

__all__ = ["Estimate", "Summary", "default_store", "run"]


@overload
def run(source: Source, *, dry_run: Literal[True], **options: Any) -> Estimate: ...


@overload
def run(source: Source, *, dry_run: Literal[False] = False, **options: Any) -> Summary: ...


@overload
def run(source: Source, *, dry_run: bool, **options: Any) -> Summary | Estimate: ...


def run(  # type: ignore[misc]  # it takes the same options, but by name
    source: Source,
    *,
    schema: str | type[Schema] = "visits",
    out: str | Path | None = None,
    model: str = "local",
    concurrency: int = 4,
    requests_per_minute: int | None = None,
    tokens_per_minute: int | None = None,
    max_articles: int | None = None,
    max_tokens: int | None = None,
    max_cost: float | None = None,
    dry_run: bool = False,
    batch: bool = False,
    engine: Literal["local", "ray"] = "local",
    gate: bool = False,
    repeats: bool = True,
    cache: bool = True,
    min_confidence: float | None = None,
    since: str | Path | None = None,
    columns: Columns | None = None,
    replay: str | Path | None = None,
    record: str | Path | None = None,
) -> Summary | Estimate:
    """Extract the records of all articles of `source` into the store `out`, or go on with it.

    `out` is ``runs/SCHEMA.db`` unless given, or a URL of PostgreSQL. What it has is not asked about again, but for what
    failed, nor about what an earlier run has, or what was published before a day, where `since` names one of them.
    `columns` tells which column of a table holds what. `concurrency` bounds the articles, and the requests, at a time;
    `max_tokens` and `max_cost` (US dollars) what is asked for: no request is made that might go beyond, and
    articles left without an outcome are for the next call. `dry_run` asks and writes nothing, and returns what would be
    asked. With `batch` the provider answers within a day, at half price; with the `engine` "ray" a cluster works,
    `concurrency` at a time on each CPU. `gate` spares articles that cannot hold a record (see `may_hold`), `repeats`
    the copies of a story, and `cache` what was answered in an earlier run beside this one. Records of less than
    `min_confidence` are rejected. `replay` names a folder of cassettes that answer in place of the model, `record` one
    to write. Whatever is raised, the store keeps what was done until then.

    Raises:
        UsageError: if an option is wrong, or the store was made by another schema, prompt or model.
        ExtractorError: if the model gives several articles in a row no answer, or the disk is full.
        KeyboardInterrupt: on Ctrl-C.

    >>> import extractor
    >>> summary = extractor.run("seeds/", out="runs/today.db")        # doctest: +SKIP
    """
    spec, tape, way = ModelSpec.parse(model), cassettes_of(replay, record), "batch" if batch else engine
    _see_that_it_goes_together(way, spec, source, bounds=(max_tokens, max_cost), taped=tape is not None)
    price = _price(spec, must=max_cost is not None, halved=batch)
    pace = partial(Pace, requests_per_minute=requests_per_minute, tokens_per_minute=tokens_per_minute)
    budget = partial(Budget, max_tokens=max_tokens, max_cost=max_cost, price=price)
    pace(concurrency), budget()  # a wrong bound is told before anything is written
    repeats, cache = repeats and not tape and way != "ray", cache and not tape and way == "local"
    kept = load(schema), spec, parse(out or default_store(schema)), gate, min_confidence, max_articles
    job = Job(source, columns, *kept, price, way, repeats, cache, since)
    if dry_run:
        return job.estimate()
    settings = {"concurrency": concurrency, "gate": gate, "replayed": bool(replay), "way": way, "repeats": repeats}
    made = provenance(job.schema, spec, {"temperature": 0, "seed": SEED, **settings})
    return job.run(partial(open_model, spec, cassettes=tape), pace, budget, made)


def _price(spec: ModelSpec, *, must: bool, halved: bool) -> Price | None:
    price = price_of(spec) if must else price_if_known(spec)
    return Price(price.prompt / 2, price.completion / 2) if price and halved else price


def _see_that_it_goes_together(
    way: Way, spec: ModelSpec, source: Source, *, bounds: tuple[float | None, ...], taped: bool
) -> None:
    """Refuse options that exclude each other."""
    if way != "local" and taped:
        raise UsageError("Cassettes are replayed and recorded in one process; leave out --batch and --engine.")
    if way != "batch":
        return
    if spec.kind == "local" or spec.provider != "openai":
        raise UsageError(f"{spec.text} takes no batches; name a model of OpenAI, or a server that speaks its batches.")
    if any(bounds):
        raise UsageError("A batch is paid for as a whole: bound it by --max-articles; --dry-run tells what it costs.")
    if not isinstance(source, str | Path | Article | list | tuple) or str(source) == "-":
        raise UsageError("A batch reads its articles again when the answers are there; give files, not a stream.")


def default_store(schema: str | type[Schema]) -> Path:
    """Return where a run with this schema goes unless told otherwise.

    >>> default_store("visits").as_posix(), default_store("my_schema.py:Recipe").as_posix()
    ('runs/visits.db', 'runs/Recipe.db')
    """
    if isinstance(schema, type):
        return Path("runs", f"{schema.__name__}.db")
    path, _, wanted = schema.partition(":")
    return Path("runs", f"{wanted or Path(path).stem}.db")


def cassettes_of(replay: str | Path | None, record: str | Path | None) -> Cassettes | None:
    if replay and record:
        raise UsageError("Name a folder to replay or one to record, not both.")
    if not replay and not record:
        return None
    from extractor.cassettes import Cassettes  # needs a package that is not part of the core

    return Cassettes(Path(replay or record or ""), recording=record is not None)
