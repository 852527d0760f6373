"""Record what a model answers, one file per article, and replay it without model, key or network.

vcrpy keeps the tape: what it holds, what matches, what was played. Its own interception replaces methods of
the HTTP library for the whole process, so two articles at a time would end up on one cassette. Here a
transport asks the running task which article it works for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from extractor.errors import NotRecordedError, UsageError

try:
    import yaml
    from vcr import VCR
    from vcr.cassette import Cassette
    from vcr.patch import PATCHER_NAMES
    from vcr.persisters.filesystem import CassetteNotFoundError
    from vcr.record_mode import RecordMode
    from vcr.request import Request
except ImportError:
    raise UsageError("Cassettes need a package more: pip install 'extractor[replay]'.") from None

JSON = {"content-type": "application/json"}  # the only header that is kept, of requests and of answers
_current: ContextVar[tuple[str, Cassette] | None] = ContextVar("cassette", default=None)


class Cassettes:
    """A folder of cassettes, to replay from or, with `recording`, to write anew. Give it to `open_model`.

    Requests match on method, path and JSON body: what is sent is proven, where it is sent is not.
    """

    def __init__(self, folder: Path, *, recording: bool = False) -> None:
        if not recording and not folder.is_dir():
            raise UsageError(f"No cassettes at {folder}; record them with `make record`.")
        self.folder = folder
        self.recording = recording
        self._left: dict[str, int] = {}

    def path(self, article_id: str) -> Path:
        """Return the file of an article; characters that no file name may hold are written as %XX."""
        return self.folder / f"{quote(article_id, safe=' ')}.yaml"

    @contextmanager
    def article(self, article_id: str) -> Iterator[None]:
        """Use the cassette of one article for all requests of this task and the tasks that it starts."""
        options: dict[str, Any] = {"skip_patchers": PATCHER_NAMES, "persister": _Persister}
        if self.recording:
            options |= {"record_mode": RecordMode.ALL, "drop_unused_requests": True}
        else:
            options |= {"record_mode": RecordMode.NONE}
        tape = VCR(match_on=("method", "path", "body")).use_cassette(self.path(article_id), **options)
        with tape as cassette:
            token = _current.set((article_id, cassette))
            try:
                yield
            finally:
                _current.reset(token)
                left = 0 if self.recording else len(cassette) - cassette.play_count
                self._left[self.path(article_id).name] = left

    def unused(self) -> list[str]:
        """Name the files that no article has played, wholly or in part."""
        files = {path.name for path in self.folder.glob("*.yaml")}
        return sorted((files - set(self._left)) | {name for name, count in self._left.items() if count})

    def transport(self) -> httpx2.AsyncBaseTransport:
        """Return the transport that serves or records the requests of an HTTP client."""
        return _Recorder() if self.recording else _Player()


class _Player(httpx2.AsyncBaseTransport):
    """Answers from the current article's cassette, never from the network."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        article_id, cassette = _article()
        asked = _tape_request(request, await request.aread())
        if not cassette.can_play_response_for(asked):
            raise NotRecordedError(_difference(article_id, cassette, asked))
        recorded = cassette.play_response(asked)
        return httpx2.Response(recorded["status"]["code"], headers=JSON, content=recorded["body"]["string"])


class _Recorder(httpx2.AsyncHTTPTransport):
    """Asks the network, and writes good answers onto the current article's cassette."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        _, cassette = _article()
        response = await super().handle_async_request(request)
        content = await response.aread()
        if response.is_success and _is_json(content):  # what is retried away is no part of the conversation
            recorded = {"status": {"code": response.status_code}, "body": {"string": content}}
            cassette.append(_tape_request(request, await request.aread()), recorded)
        return response


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _article() -> tuple[str, Cassette]:
    current = _current.get()
    if current is None:
        raise NotRecordedError("A request was made outside `model.on(article)`, so no cassette can hold it.")
    return current


def _tape_request(request: httpx2.Request, body: bytes) -> Request:
    """Keep of a request what is matched, and no header but the one that says how to compare bodies."""
    return Request(request.method, request.url.path, body, JSON)


def _difference(article_id: str, cassette: Cassette, asked: Request) -> str:
    """Say what is new in a request, against the recorded one that shares the longest beginning with it."""
    if not len(cassette):
        return f"Nothing is recorded for article {article_id!r}; record it with `make record`."
    now = _canonical(asked)
    common, recorded = max((_common(now, old), old) for old in map(_canonical, cassette.requests))
    near = slice(max(0, common - 30), common + 30)
    change = f"{now[near]!r}, recorded is {recorded[near]!r}" if now != recorded else "made once too often"
    return (
        f"A request for article {article_id!r} is not on its cassette ({change}); if prompt, schema or "
        "settings were changed on purpose, record again with `make record`."
    )


def _common(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _canonical(request: Request) -> str:
    return f"{request.method} {request.path} {json.dumps(json.loads(request.body), sort_keys=True)}"


class _Persister:
    """Cassettes as YAML that a person can read: JSON bodies as trees, texts of several lines as they are."""

    @staticmethod
    def load_cassette(path: Path, serializer: object) -> tuple[list[Request], list[dict[str, Any]]]:
        if not path.exists():
            raise CassetteNotFoundError
        try:
            exchanges = yaml.safe_load(path.read_text("utf-8"))
            requests = [Request(x["method"], x["path"], json.dumps(x["request"]), JSON) for x in exchanges]
            responses = [
                {"status": {"code": x["status"]}, "body": {"string": json.dumps(x["response"]).encode()}}
                for x in exchanges
            ]
        except (yaml.YAMLError, UnicodeDecodeError, LookupError, TypeError) as error:
            raise UsageError(f"{path} is no cassette ({error!r}); record it with `make record`.") from None
        return requests, responses

    @staticmethod
    def save_cassette(path: Path, cassette: dict[str, Any], serializer: object) -> None:
        exchanges = [
            {
                "method": request.method,
                "path": request.path,
                "request": json.loads(request.body),
                "status": response["status"]["code"],
                "response": json.loads(response["body"]["string"]),
            }
            for request, response in zip(cassette["requests"], cassette["responses"], strict=True)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump(exchanges, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        path.write_text(text, "utf-8")


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # yaml has no types
    """Writes texts of several lines as literal blocks."""


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
