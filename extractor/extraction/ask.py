"""Ask: a model proposes records of a passage, choosing among what the passage offers."""

from __future__ import annotations

from extractor.article import Article, Span
from extractor.extraction.question import question
from extractor.extraction.records import Candidate
from extractor.models import Model, Usage
from extractor.schema import Schema


async def ask(
    article: Article, schema: type[Schema], model: Model, where: tuple[Span, ...]
) -> tuple[list[Candidate], Usage]:
    """Ask for the records of the passage ``where[0]``; `where` goes on with what stands before it.

    Raises:
        ModelError: if the model gave no usable answer.
    """
    asked = question(article, schema, where)
    if asked is None:
        return [], Usage()
    reply = await model.ask(asked.messages, asked.answer, max_tokens=asked.max_tokens)
    return [Candidate(record, where) for record in reply.value["records"]], reply.usage
