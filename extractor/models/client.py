"""One client for every model: ask in messages, get a validated pydantic value and what it cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from extractor.errors import ModelError
from extractor.models.faults import explain
from extractor.models.retries import Retries
from extractor.models.spec import ModelSpec
from extractor.models.usage import Usage

if TYPE_CHECKING:
    from instructor import AsyncInstructor
    from instructor.core.hooks import Hooks
    from pydantic import BaseModel

T = TypeVar("T", bound="BaseModel")
Messages = list[dict[str, str]]

SEED = 20240305  # any fixed number; with temperature 0 it makes a server as repeatable as it can be


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A validated value and what all attempts at it cost."""

    value: T
    usage: Usage


class Model:
    """A model that can be asked, by up to `concurrency` tasks at a time. Made by `open_model`.

    `reasks` is how often an answer that does not validate is sent back with pydantic's complaint.
    """

    def __init__(
        self,
        spec: ModelSpec,
        client: AsyncInstructor,
        *,
        concurrency: int,
        retries: Retries,
        reasks: int,
        prime: Callable[[Messages], None] | None,
        record: Callable[[str], AbstractContextManager[None]] | None,
    ) -> None:
        self.spec = spec
        self._client = client
        self._turns = asyncio.Semaphore(concurrency)
        self._retries = retries
        self._reasks = reasks
        self._prime = prime
        self._record = record

    async def ask(
        self, messages: Messages, answer: type[T], *, max_tokens: int, context: dict[str, Any] | None = None
    ) -> Answer[T]:
        """Ask for an `answer`; `context` reaches its validators as pydantic's validation context.

        Raises `ModelError` if no valid answer came within the bounds of `Retries`; its `usage` is what was
        spent.
        """
        tally = _Tally()
        request: dict[str, Any] = {
            "messages": messages,
            "response_model": _form(answer, context),
            "max_tokens": max_tokens,
            "max_retries": self._reasks,
            "temperature": 0,
            "hooks": tally.hooks(),
        }
        if self.spec.provider == "openai":  # the other providers know no seed
            request["seed"] = SEED
        try:
            value: T = await self._retries.start()(self._try, request, tally)
        except ModelError as error:
            error.usage = tally.usage()
            raise
        for extra in ("_raw_response", "_total_usage"):  # instructor's; with them, equal values would differ
            value.__dict__.pop(extra, None)
        return Answer(value, tally.usage())

    async def prime(self, messages: Messages) -> None:
        """Let the embedded server read once, for all its slots, what all coming requests begin with."""
        if self._prime is not None:
            await asyncio.to_thread(self._prime, messages)

    def on(self, article_id: str) -> AbstractContextManager[None]:
        """Name the article that the current task's calls are for: cassettes hold one article each."""
        return self._record(article_id) if self._record else nullcontext()

    async def _try(self, request: dict[str, Any], tally: _Tally) -> Any:
        async with self._turns:
            started = time.monotonic()
            try:
                return await self._client.create(**request)
            except Exception as error:
                raise explain(error, self.spec.where) from None  # the cause may quote a key
            finally:
                tally.seconds += time.monotonic() - started


def _form(answer: type[T], context: dict[str, Any] | None) -> type[BaseModel]:
    """Make a stand-in for `answer` that has its name and JSON schema, and validates with `context`.

    Given the context itself, instructor would render the messages as templates: an article that says
    ``{{ 7 * 7 }}`` would reach the model changed. And the values would be of a class that instructor makes.
    """
    from pydantic import BaseModel

    class Form(BaseModel):
        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return answer.model_json_schema()

        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Any:
            return answer.model_validate_json(json_data, context=context)

    Form.__name__ = answer.__name__
    return Form


class _Tally:
    """Counts requests, tokens and seconds of all attempts, those that failed too."""

    def __init__(self) -> None:
        self.calls = self.prompt_tokens = self.completion_tokens = 0
        self.seconds = 0.0  # without those that a request waited for its turn

    def hooks(self) -> Hooks:
        from instructor.core.hooks import Hooks

        hooks = Hooks()
        hooks.on("completion:kwargs", self._sent)
        hooks.on("completion:response", self._answered)
        return hooks

    def _sent(self, **_: object) -> None:
        self.calls += 1

    def _answered(self, response: object) -> None:
        usage = getattr(response, "usage", None)
        self.prompt_tokens += _count(usage, "prompt_tokens", "input_tokens")
        self.completion_tokens += _count(usage, "completion_tokens", "output_tokens")

    def usage(self) -> Usage:
        return Usage(self.prompt_tokens, self.completion_tokens, self.calls, round(self.seconds, 3))


def _count(usage: object, openai_name: str, anthropic_name: str) -> int:
    return getattr(usage, openai_name, None) or getattr(usage, anthropic_name, None) or 0
