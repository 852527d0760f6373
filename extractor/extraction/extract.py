"""From one article to its checked records: the whole way on one screen."""

from __future__ import annotations

import asyncio

from extractor.article import Article, Span
from extractor.errors import ModelError
from extractor.extraction.ask import ask, passages, preamble
from extractor.extraction.records import Candidate, Extraction, Record, Rejected
from extractor.extraction.repair import repair
from extractor.extraction.resolve import resolve
from extractor.models import Model, Usage, open_model
from extractor.schema import Schema, fields_of, load


def extract(article: Article | str, *, schema: str | type[Schema] = "visits", model: str = "local") -> Extraction:
    """Extract the records of one article, given as such or as plain text; see `aextract`.

    Opens the model for this one call; to read many articles, use `run`, or `open_model` and `aextract`.
    """
    if isinstance(article, str):
        article = Article(id="article", text=article)

    async def once(article: Article) -> Extraction:
        async with open_model(model) as opened:
            await opened.prime(list(preamble(load(schema))))
            return await aextract(article, schema=schema, model=opened)

    return asyncio.run(once(article))


async def aextract(article: Article, *, schema: str | type[Schema] = "visits", model: Model) -> Extraction:
    """Extract the records of one article: ask, check, repair, resolve.

    An article on which the model fails comes back with its `error` set and what was found until then; nothing
    but wrong usage raises.
    """
    schema = load(schema)
    with model.on(article.id):
        read = await asyncio.gather(*(_read(article, schema, model, where) for where in passages(article, schema)))
    records = [record for passage in read for record in passage.records]
    return Extraction(
        article,
        tuple(resolve(records, article, schema)),
        tuple(rejection for passage in read for rejection in passage.rejected),
        sum((passage.usage for passage in read), Usage()),
        next((passage.error for passage in read if passage.error), None),
    )


async def _read(article: Article, schema: type[Schema], model: Model, where: tuple[Span, ...]) -> Extraction:
    """Take one passage through ask, check and repair."""
    records: list[Record] = []
    rejected: list[Rejected] = []
    usage = Usage()
    error = None
    try:
        candidates, usage = await ask(article, schema, model, where)
        for candidate in candidates:
            record, refused, spent = await _settle(candidate, article, schema, model)
            usage += spent
            rejected += refused
            records += [record] if record else []
    except ModelError as failure:
        error, usage = str(failure), usage + (failure.usage or Usage())
    return Extraction(article, tuple(records), tuple(rejected), usage, error)


async def _settle(
    candidate: Candidate, article: Article, schema: type[Schema], model: Model
) -> tuple[Record | None, list[Rejected], Usage]:
    """Check and repair one candidate; without its key fields it is no record."""
    checked, rejected, usage = await repair(candidate, article, schema, model)
    keys = [spec.name for spec in fields_of(schema).values() if spec.key]
    lacking = [c.reason for c in checked.complaints if c.field in (*keys, "record")]
    lacking += [f"the passage gives no {name}" for name in keys if not checked.record[name] and not lacking]
    if lacking:
        return None, [*rejected, Rejected(None, dict(candidate.values), lacking[0])], usage
    failed = {complaint.field for complaint in checked.complaints}
    return {name: () if name in failed else found for name, found in checked.record.items()}, rejected, usage
