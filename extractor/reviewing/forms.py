"""Forms: what a page needs to ask for the fields of a schema, from what the field types themselves offer. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from extractor.article import Article, Span
from extractor.fields.base import View
from extractor.schema import FieldSpec, Schema, fields_of
from extractor.sentences import sentences

_OFFERS = 60  # suggestions for a field; a longer list helps nobody
_SENTENCES = 400  # that are looked through for suggestions


def form(schema: type[Schema]) -> list[dict[str, Any]]:
    """Describe the fields in the order of the schema.

    `control` is ``choice`` where the field type lists its values, ``yes_no`` where pydantic takes true and false alone,
    and ``text`` elsewhere; `hint` says how a value is written.

    >>> from extractor.schema import load
    >>> [field["control"] for field in form(load("visits")) if field["name"] in ("visitor", "status", "implied")]
    ['text', 'choice', 'yes_no']
    """
    return [
        {
            "name": spec.name,
            "label": spec.name.replace("_", " "),
            "description": spec.description,
            "hint": spec.type.form,
            "control": _control(spec),
            "choices": [{"value": str(value), "meaning": meaning} for value, meaning in spec.type.values()],
            "many": spec.many,
            "required": not spec.optional,
        }
        for spec in fields_of(schema).values()
    ]


def _control(spec: FieldSpec) -> str:
    if spec.type.values():
        return "choice"
    return "yes_no" if spec.type.ask(View(_EMPTY, _NOWHERE)) is bool else "text"


def offers(schema: type[Schema], article: Article) -> dict[str, list[dict[str, str]]]:
    """Suggest values for the fields of an article: what their types offer a model, sentence by sentence.

    Each has its standard form as `value` and the `words` that give it.
    """
    specs = fields_of(schema).values()
    return {spec.name: _offered(spec, article) for spec in specs if _control(spec) == "text"}


def _offered(spec: FieldSpec, article: Article) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    for value, words in _read(spec, article):
        found.setdefault(value, words)
        if len(found) == _OFFERS:
            break
    return [{"value": value, "words": words} for value, words in found.items()]


def _read(spec: FieldSpec, article: Article) -> Iterator[tuple[str, str]]:
    for sentence in sentences(article.text)[:_SENTENCES]:
        view = View(article, (sentence,))
        for words in get_args(spec.type.ask(view)):
            if isinstance(words, str) and (located := spec.type.locate(words, view)):
                yield str(located.value), words


_EMPTY = Article(id="", text=" ")
_NOWHERE = (Span(0, 1),)
