"""Opens what a spec names: starts the embedded server, or connects to a URL or a provider."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from extractor.errors import UsageError
from extractor.models.budget import Budget
from extractor.models.client import Cache, Model
from extractor.models.faults import brief
from extractor.models.pace import Pace
from extractor.models.retries import Retries
from extractor.models.server import Endpoint, serve
from extractor.models.spec import ModelSpec
from extractor.models.weights import QWEN

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from extractor.cassettes import Cassettes


@asynccontextmanager
async def open_model(
    spec: str | ModelSpec,
    *,
    concurrency: int = 4,
    pace: Pace | None = None,
    budget: Budget | None = None,
    retries: Retries | None = None,
    reasks: int = 0,
    cassettes: Cassettes | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
    cache: Cache | None = None,
) -> AsyncIterator[Model]:
    """Open the model that `spec` names, for up to `concurrency` requests at a time.

    A `pace` takes the place of `concurrency` and bounds more. Without a `budget` there is no end to what may be spent.
    With `cassettes` that replay, no server is started and no key is needed. A `transport` takes the requests in
    place of the network; a `cache` keeps the answers, and gives them again. Raises `UsageError` if the spec, the
    weights or the key is missing or wrong.
    """
    spec = ModelSpec.parse(spec) if isinstance(spec, str) else spec
    pace = pace or Pace(concurrency)
    retries = retries or Retries()
    replaying = cassettes is not None and not cassettes.recording
    if cassettes and spec.provider != "openai":
        raise UsageError(f"Cassettes hold OpenAI's protocol only, which {spec.text} does not speak.")
    async with AsyncExitStack() as stack:
        server: Endpoint | None = None
        if spec.kind == "local" and not replaying:
            serving = serve(spec.path or QWEN.path, slots=pace.concurrency)
            server = await asyncio.to_thread(stack.enter_context, serving)  # loading takes seconds
        if spec.provider == "openai":
            http = _http_client(server, cassettes.transport() if cassettes else transport, pace, retries)
            create = _ask_openai(spec, await stack.enter_async_context(http), _access(spec, server, replaying))
        else:
            create = _ask_provider(spec)
        yield Model(
            spec,
            create,
            pace=pace,
            budget=budget or Budget(),
            retries=retries,
            reasks=reasks,
            prime=server.prime if server else None,
            record=cassettes.article if cassettes else None,
            cache=cache,
        )


def open_openai(spec: ModelSpec) -> AsyncOpenAI:
    """Open OpenAI's own client, for what is more than a chat. Raises `UsageError` if the key is missing."""
    import openai

    return openai.AsyncOpenAI(**_access(spec, None, replaying=False), max_retries=5)


def _access(spec: ModelSpec, server: Endpoint | None, replaying: bool) -> dict[str, Any]:
    """Return address and key of what speaks OpenAI's protocol; OpenAI's own address is left to its client."""
    if replaying:
        return {"base_url": spec.url or "http://replay/v1", "api_key": "none"}
    if server:
        return {"base_url": server.url, "api_key": server.key}
    key = os.environ.get("OPENAI_API_KEY")
    if spec.url:
        return {"base_url": spec.url, "api_key": key or "none"}
    if not key:
        raise UsageError(f"{spec.text} needs a key; set the environment variable OPENAI_API_KEY.")
    return {"api_key": key}


def _http_client(
    server: Endpoint | None, transport: httpx2.AsyncBaseTransport | None, pace: Pace, retries: Retries
) -> httpx2.AsyncClient:
    import httpx2
    import openai

    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=pace.concurrency)
    timeout = httpx2.Timeout(retries.timeout, connect=10.0)
    if server:  # an explicit transport also keeps a proxy of the environment off the loopback
        transport = transport or httpx2.AsyncHTTPTransport(limits=limits)
    if transport:
        return httpx2.AsyncClient(transport=transport, timeout=timeout)
    return openai.DefaultAsyncHttpxClient(limits=limits, timeout=timeout)


def _ask_openai(spec: ModelSpec, http: httpx2.AsyncClient, access: dict[str, Any]) -> Callable[..., Awaitable[Any]]:
    """Have instructor ask through a function that sends what it is given.

    OpenAI's own first goes through the whole body, the schema of the answer too, which takes longer than all the rest.
    """
    import instructor
    import openai
    from openai.types.chat import ChatCompletion

    _silence()
    client = openai.AsyncOpenAI(**access, http_client=http, timeout=http.timeout, max_retries=0)

    async def create(*, messages: Any, **settings: Any) -> ChatCompletion:
        body = {"messages": messages, "model": spec.name} | dict(sorted(settings.items()))
        return await client.post("/chat/completions", body=body, cast_to=ChatCompletion)

    return instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)


def _ask_provider(spec: ModelSpec) -> Callable[..., Awaitable[Any]]:
    import instructor

    _silence()
    try:
        return instructor.from_provider(spec.text, async_client=True).create
    except Exception as error:  # each provider's package has its own
        raise UsageError(f"Cannot open {spec.text}: {brief(str(error))}.") from None


def _silence() -> None:
    logging.getLogger("instructor").setLevel(logging.CRITICAL)  # it logs raw errors, which may quote a key
