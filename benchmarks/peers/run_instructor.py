"""Run plain instructor over a folder of articles: JSON-schema mode, one request per article, no re-asking."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any, Literal

import instructor
from openai import AsyncOpenAI
from peer_task import (
    DESCRIPTION,
    EXAMPLE_PUBLISHED,
    EXAMPLE_TEXT,
    EXAMPLE_VISITS,
    Article,
    Prediction,
    count_calls,
    counted,
    parser,
    published_line,
    read_articles,
    write_predictions,
)
from pydantic import BaseModel


class Visit(BaseModel):
    """One traveller, one destination country, one trip."""

    quote: str
    visitor: str
    destination: str
    when: str | None
    dates: str | None
    status: Literal["announced", "ongoing", "completed", "possible", "cancelled", "not_held"]


class Visits(BaseModel):
    """All visits of one article."""

    visits: list[Visit]


def question(text: str, published: str | None) -> dict[str, str]:
    """Put an article as a message of the user."""
    return {"role": "user", "content": f"{published_line(published)}\n\n{text}"}


def messages(article: Article) -> list[dict[str, str]]:
    """Give the task, the worked example as a first exchange, the article."""
    answer = Visits.model_validate({"visits": EXAMPLE_VISITS}).model_dump_json()
    return [
        {"role": "system", "content": DESCRIPTION},
        question(EXAMPLE_TEXT, EXAMPLE_PUBLISHED),
        {"role": "assistant", "content": answer},
        question(article.text, article.published),
    ]


async def predict(
    client: instructor.AsyncInstructor, article: Article, gate: asyncio.Semaphore, settings: dict[str, Any]
) -> Prediction:
    """One article, when its turn has come."""
    async with gate:
        with counted() as usage:
            try:
                answer = await client.create(
                    messages=messages(article), response_model=Visits, max_retries=0, temperature=0, **settings
                )
                found, error = json.loads(answer.model_dump_json())["visits"], None
            except Exception as failure:  # a peer may fail in any way
                found, error = [], f"{type(failure).__name__}: {failure}"[:500]
        return Prediction(article.id, found, error, usage)


async def predict_all(
    articles: Sequence[Article], url: str, key: str, workers: int, settings: dict[str, Any]
) -> list[Prediction]:
    """All articles, at most `workers` at a time, in their order."""
    client = instructor.from_openai(AsyncOpenAI(base_url=url, api_key=key), mode=instructor.Mode.JSON_SCHEMA)
    gate = asyncio.Semaphore(workers)
    return list(await asyncio.gather(*(predict(client, article, gate, settings) for article in articles)))


def main() -> None:
    """Read the arguments, run, write."""
    args = parser("instructor").parse_args()
    articles = read_articles(args.folder, args.only)
    settings = {"model": args.model, "max_tokens": args.max_tokens}
    count_calls()
    start = time.perf_counter()
    predictions = asyncio.run(predict_all(articles, args.url, args.key, args.workers, settings))
    write_predictions(args.out, predictions, "instructor", time.perf_counter() - start)


if __name__ == "__main__":
    main()
