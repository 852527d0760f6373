"""A FAKE OpenAI-compatible server that answers from a script: a function of the request, written by a test.

It is no model and knows nothing about language; it says so in its `Server` header. It keeps what it was asked.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fake_server import Reply, answer


@dataclass(frozen=True)
class Request:
    """What was sent, as a script sees it."""

    body: dict[str, Any]

    @property
    def user(self) -> str:
        """The last message, which holds the passage."""
        return str(self.body["messages"][-1]["content"])

    @property
    def passage(self) -> str:
        """The passage that is asked about, without what stands before it or the complaint behind it."""
        return self.user.rpartition("Passage: ")[2].partition("\nAn earlier answer was wrong")[0]

    @property
    def complaint(self) -> str:
        """What was wrong with the earlier answer; empty at the first asking."""
        return self.user.partition("An earlier answer was wrong: ")[2]

    @property
    def schema(self) -> str:
        """The JSON schema that the answer must keep to, as text."""
        return json.dumps(self.body["response_format"], ensure_ascii=False)


@dataclass
class Scripted:
    """What a test sees of the server: the spec that opens it, and what it was asked, in order."""

    spec: str
    requests: list[Request] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """What was sent back to the model as wrong."""
        return [request.complaint for request in self.requests if request.complaint]


Script = Callable[[Request], Any]
"""From a request to the answer: a value that becomes JSON, text as it is, or a reply of `fake_server`."""


@contextmanager
def scripted_server(script: Script) -> Iterator[Scripted]:
    """Serve `script` on a loopback port."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        server_version = "extractor-test-FAKE-scripted"
        sys_version = ""

        def do_POST(self) -> None:
            request = Request(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            with lock:
                scripted.requests.append(request)
            _reply(script(request))(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's word
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted = Scripted(f"http://127.0.0.1:{server.server_address[1]}/v1#fake")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()


def _reply(said: Any) -> Reply:
    if callable(said):
        reply: Reply = said
        return reply
    return answer(said if isinstance(said, str) else json.dumps(said))


def records(*values: dict[str, Any]) -> dict[str, Any]:
    """Answer a question for records with these."""
    return {"records": list(values)}
