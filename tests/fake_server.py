"""A FAKE OpenAI-compatible server, for faults that a real one cannot be made to have.

It gives the replies of its script in order, says in its `Server` header that it is a fake, keeps what it was
sent, and refuses what the script does not foresee. It knows nothing about language.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Fake:
    """What a test sees of the server: its address and what was sent to it."""

    url: str
    paths: list[str] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@contextmanager
def fake_server(*script: Reply) -> Iterator[Fake]:
    """Serve the replies of `script` on a loopback port."""
    replies = iter(script)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        server_version = "extractor-test-FAKE"
        sys_version = ""

        def do_POST(self) -> None:
            with lock:
                fake.paths.append(self.path)
                fake.headers.append(self.headers)
                fake.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
                reply = next(replies, refusal(418, "not in the script"))
            reply(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's word
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake = Fake(f"http://127.0.0.1:{server.server_address[1]}/v1")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def body(status: int, content: bytes, kind: str = "application/json", **headers: str) -> Reply:
    """Answer with these very bytes; header names are written with underscores."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content_type": kind, "content_length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def answer(
    content: str | None, *, finish: str = "stop", refused: str | None = None, usage: tuple[int, int] = (10, 5)
) -> Reply:
    """Answer with a chat completion; `usage` is how many prompt and completion tokens it says that it took."""
    completion: dict[str, Any] = {
        "id": "fake",
        "object": "chat.completion",
        "created": 0,
        "model": "fake",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": refused},
            }
        ],
        "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)},
    }
    return body(200, json.dumps(completion).encode())


def refusal(status: int, message: str, **headers: str) -> Reply:
    """Refuse in OpenAI's form."""
    return body(status, json.dumps({"error": {"message": message, "code": status}}).encode(), **headers)


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Promise a body and hang up in the middle of it."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "fa')
    handler.close_connection = True


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing for a second."""
    time.sleep(1)
