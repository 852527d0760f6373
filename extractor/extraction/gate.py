"""Gate: which articles cannot hold a record, as far as rules tell without a model."""

from __future__ import annotations

from extractor.article import Article, Span
from extractor.extraction.passages import passages
from extractor.extraction.question import combinations, question
from extractor.extraction.referring import only_refers
from extractor.schema import Schema, fields_of

CLOSED = "the gate: no sentence of the article names what a record is about"


def may_hold(article: Article, schema: type[Schema]) -> bool:
    """Say whether an article may hold a record of the schema.

    Some sentence with one of the schema's cues must itself name a value of the first key field (the visitor, say) with
    which a record could stand; "he" and "there" alone open no story. A schema whose keys are asked for as free text
    lets everything pass that has a cue.

    >>> from extractor.schema import load
    >>> visits = load("visits")
    >>> may_hold(Article(id="a", text="President Ana Ruiz will visit Peru on Monday."), visits)
    True
    >>> may_hold(Article(id="b", text="The festival drew visitors from Peru."), visits)
    False
    """
    article = article.without_boilerplate()
    return any(_opens(article, schema, where) for where in passages(article, schema))


def _opens(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> bool:
    first = next(spec.name for spec in fields_of(schema).values() if spec.key)
    standing = combinations(article, schema, where)
    if not standing:
        return question(article, schema, where) is not None
    return any(first in one.told and not only_refers(one.told, article, schema, where[0]) for one in standing)
