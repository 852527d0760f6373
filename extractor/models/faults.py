"""Turns what clients raise into a `ModelError` with one clear sentence; programming errors pass."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime

from extractor.errors import ExtractorError, ModelError


def explain(error: Exception, where: str) -> Exception:
    """Return the error to raise for `error`, which a call to the model at `where` raised."""
    from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

    if isinstance(error, IncompleteOutputException):
        return ModelError(
            "The model did not finish its answer within max_tokens, perhaps because it repeats itself; "
            "allow more tokens or shorten the text."
        )
    root, answer = error, None
    if isinstance(error, InstructorRetryException) and isinstance(error.__cause__, Exception):
        root, answer = error.__cause__, error.last_completion
    if isinstance(root.__cause__, ExtractorError):  # a transport of ours refused the request
        return root.__cause__
    return _of_answer(root, answer, where) or _of_transport(root, where) or root


def _of_answer(error: Exception, answer: object, where: str) -> ModelError | None:
    """Name what is wrong with an answer that did arrive."""
    from pydantic import ValidationError

    if isinstance(answer, str):  # what the openai client makes of a body that is not declared as JSON
        start = brief(answer)
        return ModelError(f"{where} answered {start!r} instead of JSON; does the URL end in /v1?")
    if isinstance(error, json.JSONDecodeError):
        return ModelError(f"{where} sent JSON that breaks off or is none; try again.", retryable=True)
    choices = getattr(answer, "choices", None) or []
    if answer is not None and not choices:
        return ModelError(f"{where} sent JSON that is no chat completion; is it an OpenAI-compatible server?")
    if choices and not getattr(choices[0].message, "content", None):
        refusal = getattr(choices[0].message, "refusal", None)
        said = f"refused to answer: {brief(refusal)}" if refusal else "answered with empty content"
        return ModelError(f"The model {said}; try another model or prompt.")
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the answer"
        return ModelError(f"The model's answer does not fit the schema: {field}: {brief(first['msg'])}.")
    return None


def _of_transport(error: Exception, where: str) -> ModelError | None:
    """Name what kept an answer from arriving."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return ModelError(f"{where} did not answer in time; raise the time-out or lower concurrency.", retryable=True)
    if isinstance(error, openai.APIConnectionError):
        cause = brief(str(error.__cause__ or error))
        return ModelError(f"No answer from {where} ({cause}); is the server running?", retryable=True)
    status = getattr(error, "status_code", None)
    return _of_status(error, status, where) if isinstance(status, int) else None


def _of_status(error: Exception, status: int, where: str) -> ModelError:
    """Name a refusal. Other providers' clients have the same attributes as openai's, hence no class here."""
    said = brief(_server_message(error))
    if re.search(r"context.{0,12}(size|length|window)|maximum context", said, re.IGNORECASE):
        return ModelError(
            f"The text does not fit the model's context ({said}); "
            "use a model with a larger context or shorten the text.",
            status=status,
        )
    if status in (401, 403):
        return ModelError(f"{where} refused the key ({status}); check the environment.", status=status)
    if status == 404:
        return ModelError(f"{where} knows no such model or path ({said}); check the name.", status=status)
    headers = getattr(getattr(error, "response", None), "headers", {})
    return ModelError(
        f"{where} answered {status} ({said}); "
        + ("try again later." if status in (408, 429) or status >= 500 else "the request must change."),
        retryable="insufficient_quota" not in said and (status in (408, 429) or status >= 500),
        status=status,
        retry_after=retry_after(headers.get("retry-after", "")),
    )


def _server_message(error: Exception) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        return " ".join(str(body[key]) for key in ("message", "code", "type") if body.get(key))
    return str(body or error)


def retry_after(header: str) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date; None where it is neither.

    >>> retry_after("7"), retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), retry_after("soon")
    (7.0, 0.0, None)
    """
    if re.fullmatch(r"\d+(\.\d+)?", header):
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


def brief(text: str, limit: int = 200) -> str:
    """Make a foreign message fit into a sentence: one line, no key, at most `limit` characters."""
    text = scrub(" ".join(text.split()).rstrip("."))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Hide what looks like a key, every secret of the environment, and `secrets`.

    >>> scrub("Incorrect API key provided: sk-abcdef123456")
    'Incorrect API key provided: [key]'
    """
    named = (value for name, value in os.environ.items() if re.search(r"(KEY|TOKEN|SECRET|PASSWORD)$", name))
    for secret in {*named, *secrets}:
        if len(secret) >= 8:
            text = text.replace(secret, "[key]")
    return re.sub(r"\bsk-[\w*-]{6,}|(?<=Bearer )\S+", "[key]", text)
