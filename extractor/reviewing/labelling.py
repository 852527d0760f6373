"""Labelling: what a labeller does to the records of one article, one action after the other. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.reviewing.actions import Accept, Action, Add, Correct, Decide, Delete, Finish, Mark, Note
from extractor.reviewing.drafts import Document, Draft, problems, stands, with_value
from extractor.reviewing.marking import corrected, marked, unmarked
from extractor.schema import FieldSpec, Schema, fields_of


def act(document: Document, action: Action, article: Article, schema: type[Schema]) -> Document:
    """Return the document after an action.

    Raises:
        UsageError: if it cannot be done; the sentence is for the labeller, and the document stays as it was.
    """
    records = document.records
    match action:
        case Note():
            return document.model_copy(update={"note": action.text})
        case Finish():
            return _finished(document, schema) if action.done else document.model_copy(update={"done": False})
        case Add():
            return _changed(document, (*records, Draft(settled=True)), schema)
        case Accept():
            wanted = range(len(records)) if action.record is None else (action.record,)
            accepted = {number: _accepted(document, number, schema) for number in wanted}
            return _changed(document, [accepted.get(n, draft) for n, draft in enumerate(records)], schema)
        case Delete():
            _draft(document, action.record)
            return _changed(document, [draft for n, draft in enumerate(records) if n != action.record], schema)
    draft = _edited(_draft(document, action.record), action, article, schema)
    return _changed(document, [draft if n == action.record else one for n, one in enumerate(records)], schema)


def _edited(draft: Draft, action: Correct | Mark | Decide, article: Article, schema: type[Schema]) -> Draft:
    """Do what concerns one field of one record."""
    spec = _spec(action.field, schema)
    match action:
        case Correct():
            return corrected(draft, spec, action.value, article, schema, exact=action.exact)
        case Mark(action="mark"):
            return marked(draft, spec, Span(action.start, action.end), article, schema)
        case Mark():
            return unmarked(draft, spec, Span(action.start, action.end))
        case Decide():
            return _decided(draft, action)


def _draft(document: Document, number: int) -> Draft:
    if not 0 <= number < len(document.records):
        raise UsageError(f"There is no record {number + 1} in {document.id}; reload the page.")
    return document.records[number]


def _spec(name: str, schema: type[Schema]) -> FieldSpec:
    specs = fields_of(schema)
    if name not in specs:
        raise UsageError(f"There is no field “{name}”; the fields are {', '.join(specs)}.")
    return specs[name]


def _changed(document: Document, records: Sequence[Draft], schema: type[Schema]) -> Document:
    done = document.done and all(stands(draft, schema) for draft in records)
    return document.model_copy(update={"records": tuple(records), "done": done})


def _finished(document: Document, schema: type[Schema]) -> Document:
    for number, draft in enumerate(document.records, 1):
        for name, reason in problems(draft, schema).items():
            raise UsageError(f"Record {number} is not finished: {name}: {reason}.")
        if not draft.settled:
            raise UsageError(f"Record {number} is neither accepted nor deleted yet.")
    return document.model_copy(update={"done": True})


def _accepted(document: Document, number: int, schema: type[Schema]) -> Draft:
    draft = _draft(document, number)
    for name, reason in problems(draft, schema).items():
        raise UsageError(f"Record {number + 1} cannot be accepted: {name}: {reason}.")
    return draft.model_copy(update={"settled": True})


def _decided(draft: Draft, action: Decide) -> Draft:
    versions = draft.undecided.get(action.field, ())
    chosen = next((one for one in versions if one.by == action.by), None)
    if chosen is None:
        raise UsageError(f"There is nothing to decide about {action.field} between {action.by} and another.")
    return with_value(draft, action.field, chosen.value, chosen.evidence)
