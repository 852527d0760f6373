"""One client for every model: ask in messages, get a validated pydantic value and what it cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from extractor.errors import ExtractorError, ModelError
from extractor.models.budget import Budget
from extractor.models.faults import explain
from extractor.models.pace import Pace
from extractor.models.retries import Retries
from extractor.models.spec import ModelSpec
from extractor.models.usage import Size, Usage

if TYPE_CHECKING:
    from instructor.core.hooks import Hooks
    from pydantic import BaseModel

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Messages = list[dict[str, str]]

_UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")  # as all HTTP clients name them
SEED = 20240305  # any fixed number; with temperature 0 it makes a server as repeatable as it can be


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A validated value and what all attempts at it cost."""

    value: T
    usage: Usage


class Form(Protocol[T_co]):
    """What an answer must look like. A pydantic model is one; its instances are the values."""

    def model_json_schema(self) -> dict[str, Any]:
        """Return the JSON schema that the model is sent, with a title."""

    def model_validate_json(self, json_data: str | bytes | bytearray, *, context: Any = None) -> T_co:
        """Return the value of an answer. Raises `pydantic.ValidationError` if it does not fit."""


class Cache(Protocol):
    """Keeps valid answers by the request that they answer, which is all that decides about them but the model."""

    def get(self, request: Mapping[str, Any]) -> str | None:
        """Return the answer to this very request; None if there is none."""

    def put(self, request: Mapping[str, Any], answer: str, usage: Usage) -> None:
        """Keep an answer, and what it cost."""


class Model:
    """A model that can be asked by many tasks at a time, at one `pace` and out of one `budget`. Made by `open_model`.

    `create` is instructor's function of that name. `reasks` is how often an answer that does not validate is sent back
    with pydantic's complaint.
    """

    def __init__(
        self,
        spec: ModelSpec,
        create: Callable[..., Awaitable[Any]],
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
        self._create = create
        self._pace = pace
        self._budget = budget
        self._retries = retries
        self._reasks = reasks
        self._prime = prime
        self._record = record
        self._cache = cache

    async def ask(
        self, messages: Messages, answer: Form[T], *, max_tokens: int, context: dict[str, Any] | None = None
    ) -> Answer[T]:
        """Ask for an `answer`; `context` reaches its validators as pydantic's validation context.

        One that the cache holds costs nothing. Raises `ModelError` if no valid answer came within the bounds of
        `Retries`; its `usage` is what was spent.
        """
        schema = answer.model_json_schema()
        key = {"messages": messages, "schema": schema, "max_tokens": max_tokens, "temperature": 0, "seed": SEED}
        if self._cache and (known := self._cache.get(key)) is not None:
            with suppress(ValueError):  # a refusal of validators that were others then
                return Answer(answer.model_validate_json(known, context=context), Usage())
        tally = _Tally(Size.of(messages, schema, max_tokens))
        request: dict[str, Any] = {
            "messages": messages,
            "response_model": _stand_in(schema["title"]),
            "max_tokens": max_tokens,
            "max_retries": self._reasks,
            "temperature": 0,
            "hooks": tally.hooks(),
        }
        if self.spec.provider == "openai":  # the other providers know no seed
            request["seed"] = SEED
        asked = _Asked(answer, schema, context)
        token = _asked.set(asked)
        try:
            await self._retries.start(lambda: tally.queued)(self._try, request, tally)
        except ModelError as error:
            error.usage = tally.usage()
            raise
        finally:
            _asked.reset(token)
        if self._cache:
            self._cache.put(key, asked.said, tally.usage())
        return Answer(asked.value, tally.usage())

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
                return await self._create(**request)
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


@dataclass
class _Asked:
    """What the current task asks for, the context of its validators, and what the model has said: text and value."""

    answer: Form[Any]
    schema: dict[str, Any]
    context: dict[str, Any] | None
    said: str = ""
    value: Any = None


_asked: ContextVar[_Asked] = ContextVar("asked")


@cache
def _stand_in(name: str) -> type[BaseModel]:
    """Make what instructor sees: a model of this name with the JSON schema of what the current task asks for.

    Given the context itself, instructor would render the messages as templates: an article that says
    ``{{ 7 * 7 }}`` would reach the model changed. And the values would be of a class that instructor makes.
    """
    from instructor import OpenAISchema

    class StandIn(OpenAISchema):
        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return deepcopy(_asked.get().schema)  # the clients of some providers change it

        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> StandIn:
            asked = _asked.get()
            asked.value = asked.answer.model_validate_json(json_data, context=asked.context)
            asked.said = json_data if isinstance(json_data, str) else bytes(json_data).decode()
            return cls()

    StandIn.__name__ = name
    return StandIn


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
