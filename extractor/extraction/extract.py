"""From one article to its checked records: the whole way on one screen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from extractor.article import Article, Span
from extractor.errors import ModelError
from extractor.extraction.ask import ask
from extractor.extraction.check import Checked, values
from extractor.extraction.confidence import confidence
from extractor.extraction.passages import passages
from extractor.extraction.question import preamble
from extractor.extraction.records import Candidate, Extraction, Record, Rejected
from extractor.extraction.referring import settle_references
from extractor.extraction.repair import repair
from extractor.extraction.resolve import resolve
from extractor.models import Model, Usage, open_model
from extractor.schema import Schema, fields_of, load


def extract(
    article: Article | str,
    *,
    schema: str | type[Schema] = "visits",
    model: str = "local",
    min_confidence: float | None = None,
) -> Extraction:
    """Extract the records of one article, given as such or as plain text; see `aextract`.

    Opens the model for this one call; to read many articles, use `run`, or `open_model` and `aextract`.
    """
    if isinstance(article, str):
        article = Article(id="article", text=article)

    async def once(article: Article) -> Extraction:
        async with open_model(model) as opened:
            await opened.prime(list(preamble(load(schema))))
            return await aextract(article, schema=schema, model=opened, min_confidence=min_confidence)

    return asyncio.run(once(article))


async def aextract(
    article: Article, *, schema: str | type[Schema] = "visits", model: Model, min_confidence: float | None = None
) -> Extraction:
    """Extract the records of one article: ask, check, repair, resolve.

    Records of less confidence than `min_confidence`, or else the schema's `least_confidence`, are rejected. An
    article on which the model fails comes back with its `error` set and what was found until then; nothing but wrong
    usage raises.
    """
    schema = load(schema)
    whole, article = article, article.without_boilerplate()
    with model.on(article.id):
        where = passages(article, schema)
        read = await asyncio.gather(*(_read(article, schema, model, stretches) for stretches in where))
    told = [(record, stretches[0]) for stretches, one in zip(where, read, strict=True) for record in one.records]
    records, unanchored = settle_references(told, article, schema)
    least = schema.least_confidence if min_confidence is None else min_confidence
    sure, unsure = _sort_by_confidence(resolve(records, article, schema), schema, least)
    return Extraction(
        whole,
        sure,
        (*(rejection for one in read for rejection in one.rejected), *unanchored, *unsure),
        sum((one.usage for one in read), Usage()),
        next((one.error for one in read if one.error), None),
    )


def _sort_by_confidence(
    records: Iterable[Record], schema: type[Schema], least: float
) -> tuple[tuple[Record, ...], tuple[Rejected, ...]]:
    """Part the records that are likely right from those that are not, which are rejected."""
    keys = [spec.name for spec in fields_of(schema).values() if spec.key]
    shares = [(record, confidence(record, keys, schema.weights)) for record in records]
    sure = tuple(record for record, share in shares if share is None or share >= least)
    unsure = tuple(
        Rejected(None, values(record, schema), f"its confidence is {share:.2f}, less than {least:.2f}")
        for record, share in shares
        if share is not None and share < least
    )
    return sure, unsure


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
