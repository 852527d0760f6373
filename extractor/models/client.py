"""One client for every model: ask in messages, get a validated pydantic value and what it cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from extractor.errors import ExtractorError, ModelError
from extractor.models.budget import Budget
from extractor.models.faults import explain
from extractor.models.pace import Pace
from extractor.models.retries import Retries
from extractor.models.spec import ModelSpec
from extractor.models.usage import Size, Usage

if TYPE_CHECKING:
    from instructor import AsyncInstructor
    from instructor.core.hooks import Hooks
    from pydantic import BaseModel

T = TypeVar("T", bound="BaseModel")
Messages = list[dict[str, str]]

_UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")  # as all HTTP clients name them
SEED = 20240305  # any fixed number; with temperature 0 it makes a server as repeatable as it can be


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A validated value and what all attempts at it cost."""

    value: T
    usage: Usage


class Cache(Protocol):
    """Keeps valid answers by the request that they answer, which is all that decides about them but the model."""

    def get(self, request: Mapping[str, Any]) -> str | None:
        """Return the answer to this very request; None if there is none."""

    def put(self, request: Mapping[str, Any], answer: str, usage: Usage) -> None:
        """Keep an answer, and what it cost."""


class Model:
    """A model that can be asked by many tasks at a time, at one `pace` and out of one `budget`. Made by `open_model`.

    `reasks` is how often an answer that does not validate is sent back with pydantic's complaint.
    """

    def __init__(
        self,
        spec: ModelSpec,
        client: AsyncInstructor,
        *,
        pace: Pace,
        budget: Budget,
        retries: Retries,
        reasks: int,
        prime: Callable[[Messages], None] | None,
        record: Callable[[str], AbstractContextManager[None]] | None,
        cache: Cache | None,
    ) -> None:
        self.spec = spec
        self._client = client
        self._pace = pace
        self._budget = budget
        self._retries = retries
        self._reasks = reasks
        self._prime = prime
        self._record = record
        self._cache = cache

    async def ask(
        self, messages: Messages, answer: type[T], *, max_tokens: int, context: dict[str, Any] | None = None
    ) -> Answer[T]:
        """Ask for an `answer`; `context` reaches its validators as pydantic's validation context.

        One that the cache holds costs nothing. Raises `ModelError` if no valid answer came within the bounds of
        `Retries`; its `usage` is what was spent.
        """
        schema = schema_of(answer)
        key = {"messages": messages, "schema": schema, "max_tokens": max_tokens, "temperature": 0, "seed": SEED}
        if self._cache and (known := self._cache.get(key)) is not None:
            with suppress(ValueError):  # a refusal of validators that were others then
                return Answer(answer.model_validate_json(known, context=context), Usage())
        said: list[str] = []
        tally = _Tally(Size.of(messages, schema, max_tokens))
        request: dict[str, Any] = {
            "messages": messages,
            "response_model": _form(answer.__name__),
            "max_tokens": max_tokens,
            "max_retries": self._reasks,
            "temperature": 0,
            "hooks": tally.hooks(),
        }
        if self.spec.provider == "openai":  # the other providers know no seed
            request["seed"] = SEED
        asked = _asked.set(_Asked(answer, context, said))
        try:
            value: T = await self._retries.start(lambda: tally.queued)(self._try, request, tally)
        except ModelError as error:
            error.usage = tally.usage()
            raise
        finally:
            _asked.reset(asked)
        for extra in ("_raw_response", "_total_usage"):  # instructor's; with them, equal values would differ
            value.__dict__.pop(extra, None)
        if self._cache and said:
            self._cache.put(key, said[-1], tally.usage())
        return Answer(value, tally.usage())

    async def prime(self, messages: Messages) -> None:
        """Let the embedded server read once, for all its slots, what all coming requests begin with."""
        if self._prime is not None:
            await asyncio.to_thread(self._prime, messages)

    def on(self, article_id: str) -> AbstractContextManager[None]:
        """Name the article that the current task's calls are for: cassettes hold one article each."""
        return self._record(article_id) if self._record else nullcontext()

    async def _try(self, request: dict[str, Any], tally: _Tally) -> Any:
        """Make an attempt when it is its turn, and tell pace and budget what came of it."""
        asked = time.monotonic()
        most = sum([tally.size.most] * (1 + self._reasks), Usage())
        async with self._pace.turn(tally.size.likely.tokens) as turn, self._budget.reserve(most) as bill:
            started = time.monotonic()
            tally.queued += started - asked
            before = tally.usage()
            try:
                return await self._client.create(**request)
            except Exception as error:
                failure = explain(error, self.spec.where)
                if _cannot_be_charged(error, failure):
                    bill.taken = Usage()
                if isinstance(failure, ModelError) and _came_too_fast(failure):
                    turn.refused(self._retries.rest(failure))
                raise failure from None  # the cause may quote a key
            finally:
                tally.seconds += time.monotonic() - started
                taken = tally.usage() - before
                if taken.tokens:
                    turn.took(taken.tokens)
                    bill.taken = taken


def _came_too_fast(failure: ModelError) -> bool:
    return failure.status == 429 or (failure.status == 503 and failure.retry_after is not None)


def _cannot_be_charged(error: BaseException | None, failure: Exception) -> bool:
    """Say whether a request was refused or never sent; one that was cut off may have been answered."""
    if isinstance(failure, ExtractorError) and (not isinstance(failure, ModelError) or failure.status):
        return True
    while error and type(error).__name__ not in _UNSENT:
        error = error.__cause__
    return error is not None


@lru_cache(maxsize=256)  # as many as may be under way: who else needs a schema asks for it just before or after
def schema_of(answer: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of an answer; to make it takes pydantic longer than all else that is done with it."""
    return answer.model_json_schema()


class _Asked(NamedTuple):
    """What the current task asks for, the context of its validators, and what the model has said so far."""

    answer: type[BaseModel]
    context: dict[str, Any] | None
    said: list[str]


_asked: ContextVar[_Asked] = ContextVar("asked")


@cache
def _form(name: str) -> type[BaseModel]:
    """Make a stand-in, for answers of this name, that has the JSON schema of what is asked, and validates as that.

    Given the context itself, instructor would render the messages as templates: an article that says
    ``{{ 7 * 7 }}`` would reach the model changed. And the values would be of a class that instructor makes.
    """
    from instructor import OpenAISchema

    class Form(OpenAISchema):
        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return deepcopy(schema_of(_asked.get().answer))

        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Any:
            asked = _asked.get()
            asked.said.append(json_data if isinstance(json_data, str) else bytes(json_data).decode())
            return asked.answer.model_validate_json(json_data, context=asked.context)

    Form.__name__ = name
    return Form


class _Tally:
    """Counts requests, tokens and seconds of all attempts, those that failed too."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.calls = self.prompt_tokens = self.completion_tokens = 0
        self.seconds = self.queued = 0.0  # under way, and waiting for a turn

    def hooks(self) -> Hooks:
        from instructor.core.hooks import Hooks

        hooks = Hooks()
        hooks.on("completion:response", self._answered)
        hooks.on("completion:error", self._failed)
        return hooks

    def _failed(self, _: Exception, **__: object) -> None:
        self.calls += 1

    def _answered(self, response: object) -> None:
        self.calls += 1
        usage = getattr(response, "usage", None)
        self.prompt_tokens += _count(usage, "prompt_tokens", "input_tokens")
        self.completion_tokens += _count(usage, "completion_tokens", "output_tokens")

    def usage(self) -> Usage:
        return Usage(self.prompt_tokens, self.completion_tokens, self.calls, round(self.seconds, 3))


def _count(usage: object, openai_name: str, anthropic_name: str) -> int:
    return getattr(usage, openai_name, None) or getattr(usage, anthropic_name, None) or 0
