"""Remembering: what one copy of a story has been asked, no other copy is asked again.

Only the answers of the model are carried from copy to copy. Each copy is then checked, repaired and resolved by itself,
so that evidence stands in its own words, and its dates follow its own day of publication.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar

from pydantic_core import to_json

from extractor.article import Article
from extractor.batch.repeats import Repeats, Story
from extractor.errors import ExtractorError, ModelError
from extractor.fields.words import level
from extractor.models import Model, Usage
from extractor.models.client import Answer, Form, Messages

T = TypeVar("T")

_NEAR = 15  # words before a passage that must be the same; above them, a copy has another headline or dateline


class Remembering(Model):
    """A model for one article that answers what a copy of it has been told, and asks another model the rest."""

    def __init__(self, model: Model, article: Article, repeats: Repeats) -> None:
        self.spec = model.spec
        self._model = model
        self._article = article
        self._repeats = repeats

    @cached_property
    def _story(self) -> Story:
        """Look for the story when the first question comes: most articles of a pile raise none."""
        return self._repeats.story(self._article)

    async def ask(
        self, messages: Messages, answer: Form[T], *, max_tokens: int, context: dict[str, Any] | None = None
    ) -> Answer[T]:
        """Ask as `Model.ask` does; an answer that is remembered costs nothing, and a failure is not remembered.

        What was put off for one copy is put off for all; the copy that asked is the one that asks again.
        """
        asked = self._story.asked(_key(messages, answer, max_tokens))
        async with asked.lock:
            if asked.answer is None:
                if asked.put_off and asked.put_off[0] != self._article.id:
                    raise asked.put_off[1].with_traceback(None)
                asked.put_off = None
                try:
                    reply = await self._model.ask(messages, answer, max_tokens=max_tokens, context=context)
                except ModelError:
                    raise
                except ExtractorError as error:
                    asked.put_off = self._article.id, error
                    raise
                asked.answer = to_json(reply.value)
                return reply
        self._repeats.saved += 1
        return Answer(answer.model_validate_json(asked.answer, context=context), Usage())

    async def prime(self, messages: Messages) -> None:
        """Prime the model that is asked."""
        await self._model.prime(messages)

    def on(self, article_id: str) -> AbstractContextManager[None]:
        """Name the article to the model that is asked."""
        return self._model.on(article_id)


def _key(messages: Messages, answer: Form[Any], max_tokens: int) -> bytes:
    """Return what must be the same for an answer to hold in another copy: all but what stands far above the passage.

    That is the task, the form with all that it offers, the passage and any complaint, and the nearest words before.
    """
    *task, question = messages
    before, passage = _parts(question["content"])
    near = level(before).split()[-_NEAR:]
    parts = [task, near, level(passage), answer.model_json_schema(), max_tokens]
    return blake2b(json.dumps(parts).encode(), digest_size=16).digest()


def _parts(question: str) -> tuple[str, str]:
    """Part a question into what stands before the passage, which is on one line, and the rest.

    One that is worded otherwise counts as all passage: then copies share fewer answers, never wrong ones.
    """
    before, found, passage = question.partition("\nPassage: ")
    return (before, passage) if found and before.startswith("Before: ") else ("", question)
