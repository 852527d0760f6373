"""Opens what a spec names: starts the embedded server, or connects to a URL or a provider."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from extractor.errors import UsageError
from extractor.models.client import Model
from extractor.models.faults import brief
from extractor.models.retries import Retries
from extractor.models.server import Endpoint, serve
from extractor.models.spec import ModelSpec
from extractor.models.weights import QWEN

if TYPE_CHECKING:
    from instructor import AsyncInstructor

    from extractor.cassettes import Cassettes


@asynccontextmanager
async def open_model(
    spec: str | ModelSpec,
    *,
    concurrency: int = 4,
    retries: Retries | None = None,
    reasks: int = 0,
    cassettes: Cassettes | None = None,
) -> AsyncIterator[Model]:
    """Open the model that `spec` names, for up to `concurrency` requests at a time.

    With `cassettes` that replay, no server is started and no key is needed. Raises `UsageError` if the spec,
    the weights or the key is missing or wrong.
    """
    spec = ModelSpec.parse(spec) if isinstance(spec, str) else spec
    retries = retries or Retries()
    replaying = cassettes is not None and not cassettes.recording
    if cassettes and spec.provider != "openai":
        raise UsageError(f"Cassettes hold OpenAI's protocol only, which {spec.text} does not speak.")
    async with AsyncExitStack() as stack:
        server: Endpoint | None = None
        if spec.kind == "local" and not replaying:
            serving = serve(spec.path or QWEN.path, slots=concurrency)
            server = await asyncio.to_thread(stack.enter_context, serving)  # loading takes seconds
        options: dict[str, Any] = {}
        if spec.provider == "openai":
            options = _openai_options(spec, server, cassettes, retries.timeout)
        if "http_client" in options:
            await stack.enter_async_context(options["http_client"])
        yield Model(
            spec,
            _client(spec, options),
            concurrency=concurrency,
            retries=retries,
            reasks=reasks,
            prime=server.prime if server else None,
            record=cassettes.article if cassettes else None,
        )


def _openai_options(
    spec: ModelSpec, server: Endpoint | None, cassettes: Cassettes | None, timeout: float
) -> dict[str, Any]:
    """Settle address, key and transport of everything that speaks OpenAI's protocol."""
    import httpx2

    options: dict[str, Any] = {"max_retries": 0, "timeout": httpx2.Timeout(timeout, connect=10.0)}
    replaying = cassettes is not None and not cassettes.recording
    if replaying:
        options |= {"base_url": spec.url or "http://replay/v1", "api_key": "none"}
    elif server:
        options |= {"base_url": server.url, "api_key": server.key}
    elif spec.url:
        options |= {"base_url": spec.url, "api_key": os.environ.get("OPENAI_API_KEY") or "none"}
    elif not os.environ.get("OPENAI_API_KEY"):
        raise UsageError(f"{spec.text} needs a key; set the environment variable OPENAI_API_KEY.")
    if cassettes or server:  # an explicit transport also keeps a proxy of the environment off the loopback
        transport = cassettes.transport() if cassettes else httpx2.AsyncHTTPTransport()
        options["http_client"] = httpx2.AsyncClient(transport=transport, timeout=options["timeout"])
    return options


def _client(spec: ModelSpec, options: dict[str, Any]) -> AsyncInstructor:
    import instructor

    logging.getLogger("instructor").setLevel(logging.CRITICAL)  # it logs raw errors, which may quote a key
    try:
        if spec.provider == "openai":
            mode = instructor.Mode.JSON_SCHEMA
            return instructor.from_provider(f"openai/{spec.name}", async_client=True, mode=mode, **options)
        return instructor.from_provider(spec.text, async_client=True)
    except Exception as error:  # each provider's package has its own
        raise UsageError(f"Cannot open {spec.text}: {brief(str(error))}.") from None
