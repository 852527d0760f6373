"""Repair: one short question about what failed, with the passage and the complaint."""

from __future__ import annotations

from extractor.article import Article
from extractor.extraction.check import Checked, check
from extractor.extraction.question import correction
from extractor.extraction.records import Candidate, Rejected
from extractor.models import Model, Usage
from extractor.schema import Schema, fields_of

_ROUNDS = 2  # what two precise complaints did not mend, a third does not either


async def repair(
    candidate: Candidate, article: Article, schema: type[Schema], model: Model
) -> tuple[Checked, list[Rejected], Usage]:
    """Ask again about each value of a candidate that did not stand, without offering it again.

    A value that is read off the words, or for which the passage offers nothing else, is not asked about. What
    still fails is rejected, with its reason; a candidate whose key fields fail is rejected whole, by its caller.

    Raises:
        ModelError: if the model gave no usable answer.
    """
    usage = Usage()
    checked = check(candidate, article, schema)
    rejected = _rejections(checked)
    asked_for = {spec.name for spec in fields_of(schema).values() if spec.asked}
    for _ in range(_ROUNDS):
        reasons = {c.field: c.reason for c in reversed(checked.complaints) if c.field in asked_for}
        asked = correction(article, schema, candidate, reasons, rejected)
        if asked is None:
            break
        reply = await model.ask(asked.messages, asked.answer, max_tokens=asked.max_tokens)
        usage += reply.usage
        candidate = candidate._replace(values={**candidate.values, **reply.value})
        checked = check(candidate, article, schema)
        rejected += [refused for refused in _rejections(checked) if refused not in rejected]
    return checked, rejected, usage


def _rejections(checked: Checked) -> list[Rejected]:
    """Write down what does not stand, and what the words overruled."""
    return [Rejected(*complaint) for complaint in (*checked.complaints, *checked.overruled)]
