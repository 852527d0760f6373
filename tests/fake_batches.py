"""A FAKE of a provider's batch service: files and batches as OpenAI's `/v1/files` and `/v1/batches` speak them.

It answers each question by a rule on its passage, can lose, repeat or refuse answers, and says in its `Server`
header that it is a fake. It knows nothing about language.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Rule = Callable[[str], str]
Line = dict[str, Any]


@dataclass
class FakeBatches:
    """What a test sees of the service, and what it may set."""

    url: str
    rule: Rule
    spoil: Callable[[int, list[Line]], list[Line]] = lambda number, lines: lines
    """Changes the answers of the batch with this number, counted from 1."""
    status: str = "completed"
    looks: int = 2
    """Looks at a batch before it is over."""
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    looked: Counter[str] = field(default_factory=Counter)

    def upload(self, content: bytes) -> dict[str, Any]:
        name = f"file-{len(self.files)}"
        self.files[name] = re.split(
            rb"\r\n--", content.partition(b'filename="questions.jsonl"')[2].partition(b"\r\n\r\n")[2]
        )[0]
        return {
            "id": name, "object": "file", "bytes": len(content), "created_at": 0, "filename": "q", "purpose": "batch",
            "status": "processed",
        }  # fmt: skip

    def create(self, wanted: dict[str, Any]) -> dict[str, Any]:
        name = f"batch-{len(self.batches) + 1}"
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": wanted["endpoint"], "completion_window": "24h", "created_at": 0,
            "input_file_id": wanted["input_file_id"], "metadata": wanted["metadata"], "status": "validating",
        }  # fmt: skip
        return self.batches[name]

    def look(self, name: str) -> dict[str, Any]:
        self.looked[name] += 1
        batch = self.batches[name]
        if batch["status"] not in ("completed", "failed", "expired") and self.looked[name] >= self.looks:
            batch["status"] = self.status
            if self.status == "failed":
                batch["errors"] = {"object": "list", "data": [{"message": "the file is too large", "code": "x"}]}
            else:
                batch["output_file_id"] = f"out-{name}"
                self.files[f"out-{name}"] = self._answers(name)
        return batch

    def _answers(self, name: str) -> bytes:
        questions = [json.loads(line) for line in self.files[self.batches[name]["input_file_id"]].splitlines()]
        lines = [self._answer(question) for question in questions]
        spoiled = self.spoil(len([n for n in self.batches if n <= name]), lines)
        return "".join(json.dumps(line) + "\n" for line in spoiled).encode()

    def _answer(self, question: dict[str, Any]) -> Line:
        self.asked[question["custom_id"]] += 1
        passage = question["body"]["messages"][-1]["content"].rpartition("Passage: ")[2]
        return {
            "id": "r",
            "custom_id": question["custom_id"],
            "response": completion(self.rule(passage)),
            "error": None,
        }


def completion(content: str) -> dict[str, Any]:
    """Make the response that a batch's file holds for one question."""
    message = {"role": "assistant", "content": content}
    body = {
        "id": "c", "object": "chat.completion", "created": 0, "model": "fake",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }  # fmt: skip
    return {"status_code": 200, "request_id": "r", "body": body}


@contextmanager
def fake_batches(rule: Rule) -> Iterator[FakeBatches]:
    """Serve the service on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        server_version = "extractor-test-FAKE"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            said = fake.upload(content) if self.path.endswith("/files") else fake.create(json.loads(content))
            self._send(json.dumps(said).encode())

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.endswith("/content"):
                self._send(fake.files[path.split("/")[-2]])
            elif path.endswith("/batches"):
                self._send(
                    json.dumps({"object": "list", "data": list(fake.batches.values()), "has_more": False}).encode()
                )
            else:
                self._send(json.dumps(fake.look(path.rpartition("/")[2])).encode())

        def _send(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's word
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake = FakeBatches(f"http://127.0.0.1:{server.server_address[1]}/v1", rule)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
