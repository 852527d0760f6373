"""What a run would ask and cost, without asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from extractor.article import Article
from extractor.extraction.gate import may_hold
from extractor.extraction.passages import passages
from extractor.extraction.question import question
from extractor.models.prices import Price
from extractor.models.usage import Size, Usage
from extractor.readers import Unreadable
from extractor.schema import Schema


class Estimate(NamedTuple):
    """What a run would ask in its first round; what the checks then ask again comes on top.

    `articles` would be read; the `silent` among them tell of nothing that could be asked about. `done` have an outcome
    already, and `unreadable` would fail at once. Tokens of prompts are guessed from their length; those of answers are
    the most that are allowed, and so is the part of `cost`, in US dollars, that they make. It is None where nobody
    knows the model's price.
    """

    articles: int
    silent: int
    done: int
    unreadable: int
    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


def estimate(
    found: Iterable[Article | Unreadable],
    schema: type[Schema],
    *,
    has: Callable[[Article], bool],
    gate: bool,
    max_articles: int | None,
    price: Price | None,
) -> Estimate:
    """Read the articles up to the questions; `has` says which have an outcome already."""
    articles = silent = done = unreadable = 0
    usage = Usage()
    for member in found:
        if articles == max_articles:
            break
        if not isinstance(member, Article):
            unreadable += 1
        elif has(member):
            done += 1
        else:
            asked = _first_round(member, schema, gate=gate)
            articles += 1
            silent += not asked.calls
            usage += asked
    cost = price.of(usage) if price else None
    tokens = (usage.prompt_tokens, usage.completion_tokens)
    return Estimate(articles, silent, done, unreadable, usage.calls, *tokens, cost)


def _first_round(article: Article, schema: type[Schema], *, gate: bool) -> Usage:
    """Add up what the questions about an article's passages will take."""
    if gate and not may_hold(article, schema):
        return Usage()
    article = article.without_boilerplate()
    questions = (question(article, schema, where) for where in passages(article, schema))
    sizes = (Size.of(q.messages, q.answer.model_json_schema(), q.max_tokens) for q in questions if q)
    return sum((size.likely for size in sizes), Usage())
