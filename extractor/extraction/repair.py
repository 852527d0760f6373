"""Repair: one short question about what failed, with the passage and the complaint."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from extractor import prompts
from extractor.article import Article
from extractor.extraction.ask import TOKENS, offers, preamble, shown
from extractor.extraction.check import Checked, check
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
    rejected: list[Rejected] = []
    usage = Usage()
    checked = check(candidate, article, schema)
    for _ in range(_ROUNDS):
        failed = {c.field: c for c in checked.complaints if c.field in fields_of(schema)}
        rejected += [Rejected(c.field, _words(candidate, c), c.reason) for c in checked.complaints]
        answer = _form(article, schema, candidate, rejected, failed)
        if not answer.model_fields:
            break
        text = prompts.load("repair").render(
            "user", complaint="; ".join(c.reason for c in failed.values()), **shown(article, candidate.where)
        )
        reply = await model.ask([*preamble(schema), {"role": "user", "content": text}], answer, max_tokens=TOKENS)
        usage += reply.usage
        candidate = candidate._replace(values={**candidate.values, **reply.value.model_dump()})
        checked = check(candidate, article, schema)
        if not checked.complaints:
            break
    return checked, rejected, usage


def _words(candidate: Candidate, complaint: Complaint) -> Any:
    """Return the value as the model gave it, else as the check found it."""
    return candidate.values.get(complaint.field, complaint.value)


def _form(
    article: Article, schema: type[Schema], candidate: Candidate, rejected: list[Rejected], failed: dict[str, Complaint]
) -> type[BaseModel]:
    """Build a form of the failed fields alone, with what the passage offers besides the rejected values."""
    fields: dict[str, Any] = {}
    for name in failed:
        refused = tuple(r.value for r in rejected if r.field == name)
        offer = offers(fields_of(schema)[name], article, candidate.where, refused)
        if offer is not None:
            fields[name] = (offer | None, ...)
    return create_model("Correction", __config__=ConfigDict(extra="forbid"), **fields)
