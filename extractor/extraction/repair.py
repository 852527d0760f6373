"""Repair: one short question about what failed, with the passage and the complaint."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from extractor import prompts
from extractor.article import Article
from extractor.extraction.ask import TOKENS, preamble, shown
from extractor.extraction.check import Checked, check
from extractor.extraction.form import offers
from extractor.extraction.records import Candidate, Complaint, Rejected
from extractor.models import Model, Usage
from extractor.schema import Schema, fields_of

_ROUNDS = 2  # what two precise complaints did not mend, a third does not either


async def repair(
    candidate: Candidate, article: Article, schema: type[Schema], model: Model
) -> tuple[Checked, list[Rejected], Usage]:
    """Ask again about each value of a candidate that did not stand, without offering it again.

    A value for which the passage offers nothing else is not asked about. What still fails is rejected, with its
    reason; a candidate whose key fields fail is rejected whole, by its caller.

    Raises:
        ModelError: if the model gave no usable answer.
    """
    usage = Usage()
    checked = check(candidate, article, schema)
    rejected = _rejections(checked)
    for _ in range(_ROUNDS):
        answer = _form(article, schema, candidate, rejected, checked.complaints)
        if not answer.model_fields:
            break
        complaint = "; ".join(c.reason for c in checked.complaints if c.field in answer.model_fields)
        text = prompts.load("repair").render("user", complaint=complaint, **shown(article, schema, candidate.where))
        reply = await model.ask([*preamble(schema), {"role": "user", "content": text}], answer, max_tokens=TOKENS)
        usage += reply.usage
        candidate = candidate._replace(values={**candidate.values, **reply.value.model_dump()})
        checked = check(candidate, article, schema)
        rejected += [refused for refused in _rejections(checked) if refused not in rejected]
    return checked, rejected, usage


def _rejections(checked: Checked) -> list[Rejected]:
    """Write down what does not stand, and what the words overruled."""
    return [Rejected(*complaint) for complaint in (*checked.complaints, *checked.overruled)]


def _form(
    article: Article, schema: type[Schema], candidate: Candidate, rejected: list[Rejected], complaints: list[Complaint]
) -> type[BaseModel]:
    """Build a form of the failed fields alone, with what the passage offers besides the rejected values."""
    fields: dict[str, Any] = {}
    specs = fields_of(schema)
    for name in dict.fromkeys(c.field for c in complaints if c.field in specs):  # a set has no fixed order
        refused = tuple(r.value for r in rejected if r.field == name)
        offer = offers(specs[name], article, candidate.where, refused)
        if offer is not None:
            fields[name] = (offer if specs[name].many else offer | None, ...)
    return create_model("Correction", __config__=ConfigDict(extra="forbid"), **fields)
