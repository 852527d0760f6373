"""A FAKE OpenAI-compatible server for measuring load and faults; it says so in its `Server` header.

It answers every chat completion with the first of whatever the request's JSON schema allows, after a set latency,
and can spoil a share of its answers. It knows nothing about language.

    with serving(latency=0.1, faults=0.3) as fake:
        run(..., model=fake.spec)
        print(fake.calls())
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

FAULTS = ("429", "500", "slow", "cut", "garbage")


def first(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """Return the smallest value that a JSON schema allows, with the first of each enumeration."""
    if "$ref" in schema:
        return first(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return first(schema["anyOf"][0], root)
    if schema.get("type") == "object":
        return {name: first(of, root) for name, of in schema["properties"].items()}
    if schema.get("type") == "array":
        return [first(schema["items"], root)] if schema.get("maxItems", 1) else []
    if schema.get("type") == "string" and "enum" not in schema:
        return schema.get("const", "nothing")
    return schema["const"] if "const" in schema else schema.get("enum", [None])[0]


class Connection(asyncio.Protocol):
    """One client's connection: reads requests one after the other, answers each."""

    served = 0

    def __init__(self, latency: float, faults: float) -> None:
        self._latency, self._faults = latency, faults
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self._buffer) < end + 4 + length:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"get"):
            self._send(200, {"calls": Connection.served})
            return
        Connection.served += 1
        fault = random.choice(FAULTS) if random.random() < self._faults else None  # noqa: S311 -- no secret
        answering = asyncio.get_running_loop().call_later
        answering(self._latency + 3 * (fault == "slow"), self._reply, body, fault)

    def _reply(self, body: bytes, fault: str | None) -> None:
        if fault in ("429", "500"):
            self._send(int(fault), {"error": {"message": "a fake fault"}}, b"retry-after: 0.05\r\n")
        elif fault == "cut":
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{")
            self._transport.close()
        else:
            self._send(200, completion(body, garbage=fault == "garbage"))

    def _send(self, status: int, said: object, header: bytes = b"") -> None:
        content = json.dumps(said).encode()
        head = f"HTTP/1.1 {status} X\r\nserver: extractor-FAKE\r\ncontent-type: application/json\r\n"
        self._transport.write(head.encode() + header + f"content-length: {len(content)}\r\n\r\n".encode() + content)


def completion(body: bytes, *, garbage: bool) -> dict[str, Any]:
    """Make the answer to a request."""
    asked = json.loads(body)
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
    content = '{"nonsense": [' if garbage else json.dumps(first(schema, schema))
    return {
        "id": "fake", "object": "chat.completion", "created": 0, "model": "fake",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": len(body) // 4, "completion_tokens": 20, "total_tokens": len(body) // 4 + 20},
    }  # fmt: skip


class Fake(NamedTuple):
    """Where the server is."""

    url: str

    @property
    def spec(self) -> str:
        """The model spec."""
        return f"{self.url}#fake"

    def calls(self) -> int:
        """Ask how many completions were asked for."""
        with urllib.request.urlopen(self.url) as answer:  # noqa: S310 -- the loopback
            return int(json.load(answer)["calls"])


@contextmanager
def serving(*, latency: float = 0.0, faults: float = 0.0) -> Iterator[Fake]:
    """Serve from a process of its own on a loopback port."""
    command = [sys.executable, __file__, "--latency", str(latency), "--faults", str(faults)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 -- this file
        assert server.stdout  # noqa: S101 -- it is a pipe
        try:
            yield Fake(server.stdout.readline().strip())
        finally:
            server.terminate()


async def _serve(latency: float, faults: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(latency, faults), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--faults", type=float, default=0.0, help="share of the answers that are spoilt")
    given = parser.parse_args()
    random.seed(20240305)
    asyncio.run(_serve(given.latency, given.faults))
