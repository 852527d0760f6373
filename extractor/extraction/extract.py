"""From one article to its checked records: the whole way on one screen."""

from __future__ import annotations

import asyncio

from extractor.article import Article, Span
from extractor.errors import ModelError
from extractor.extraction.ask import ask
from extractor.extraction.check import Checked
from extractor.extraction.passages import passages
from extractor.extraction.question import preamble
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
    try:
        candidates, usage = await ask(article, schema, model, where)
    except ModelError as failure:
        return Extraction(article, usage=failure.usage or Usage(), error=str(failure))
    settled = [await _settle(candidate, article, schema, model) for candidate in candidates]
    return Extraction(
        article,
        tuple(record for one in settled for record in one.records),
        tuple(rejection for one in settled for rejection in one.rejected),
        sum((one.usage for one in settled), usage),
        next((one.error for one in settled if one.error), None),
    )


async def _settle(candidate: Candidate, article: Article, schema: type[Schema], model: Model) -> Extraction:
    """Check and repair one candidate; without its key fields it is no record."""
    try:
        checked, rejected, usage = await repair(candidate, article, schema, model)
    except ModelError as failure:
        lost = Rejected(None, dict(candidate.values), f"it could not be repaired: {failure}")
        return Extraction(article, (), (lost,), failure.usage or Usage(), str(failure))
    lacking = _lacking(checked, schema)
    if lacking:
        return Extraction(article, (), (*rejected, Rejected(None, dict(candidate.values), lacking)), usage)
    return Extraction(article, (_standing(checked, schema),), tuple(rejected), usage)


def _lacking(checked: Checked, schema: type[Schema]) -> str | None:
    """Say why a candidate is no record: what is wrong with a key field, or with the whole."""
    keys = [spec.name for spec in fields_of(schema).values() if spec.key]
    wrong = [complaint.reason for complaint in checked.complaints if complaint.field in (*keys, "record")]
    return next(iter([*wrong, *(f"the passage gives no {key}" for key in keys if not checked.record[key])]), None)


def _standing(checked: Checked, schema: type[Schema]) -> Record:
    """Leave out the values that a rule still complains about; a list loses only the elements that are wrong."""
    many = {spec.name for spec in fields_of(schema).values() if spec.many}
    failed = {c.field for c in checked.complaints if c.field not in many or isinstance(c.value, list)}
    return {name: () if name in failed else found for name, found in checked.record.items()}
