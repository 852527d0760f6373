"""The embedded server: llama.cpp in this process, on a loopback port with a key of its own."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from extractor.errors import UsageError


@dataclass(frozen=True)
class Endpoint:
    """Where a served model listens: `url` ends in ``/v1``, `key` goes into the Authorization header."""

    url: str
    key: str = field(repr=False)
    slots: int

    def prime(self, messages: list[dict[str, str]]) -> None:
        """Read `messages` once and hand the state to every slot.

        A slot reuses the beginning that it has seen itself, but not what its neighbours have: without this,
        each of them would read the same instructions again, which costs more than the answers.
        """
        with suppress(HTTPError):  # too long, say: the request itself will be told so, and why
            self._send("/v1/chat/completions", {"messages": messages, "max_tokens": 1, "id_slot": 0})
            self._send("/slots/0?action=save", {"filename": "prefix"})
            for slot in range(1, self.slots):
                self._send(f"/slots/{slot}?action=restore", {"filename": "prefix"})

    def wait(self) -> None:
        """Wait until the model works: a server that is stopped before it does would never end."""
        self._send("/slots", None)

    def _send(self, path: str, body: dict[str, Any] | None) -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        url, data = self.url.removesuffix("/v1") + path, None if body is None else json.dumps(body).encode()
        request = Request(url, data, headers)  # noqa: S310 -- our own loopback address
        build_opener(ProxyHandler({})).open(request).close()  # no proxy of the environment


@contextmanager
def serve(path: Path, *, port: int = 0, slots: int = 4, context: int = 8192) -> Iterator[Endpoint]:
    """Serve the weights at `path` on 127.0.0.1 until the context ends, at the latest with the process.

    `port` 0 takes a free one. Each of the `slots` answers one request at a time and holds `context` tokens,
    prompt and answer together. Raises `UsageError` if the weights or the package that runs them are missing.
    """
    _check(path)
    # Threads that wait must sleep: spinning ones starve each other as soon as anything else runs.
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    try:
        import xllamacpp
    except ImportError:
        raise UsageError("The embedded model needs a package more: pip install 'extractor[local]'.") from None
    with tempfile.TemporaryDirectory(prefix="extractor-") as folder:
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.model_alias = {path.stem}  # what answers call it; else they would tell the path
        params.hostnames, params.port = ["127.0.0.1"], port
        key = secrets.token_urlsafe(24)
        params.api_keys = [key]
        params.n_parallel, params.n_ctx = slots, slots * context
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _cores()
        params.slot_save_path = f"{folder}/"  # for prime(), as are the two next lines: no slot may be emptied
        params.cache_idle_slots = False
        params.cache_ram_mib = 0
        params.ui = False
        params.verbosity = -1
        try:
            server = xllamacpp.Server(params)
        except RuntimeError as error:
            raise UsageError(f"Cannot serve {path} ({error}); are the file and the port all right?") from None
        endpoint = Endpoint(server.listening_address + "/v1", key, slots)
        endpoint.wait()
        yield endpoint
        del server  # stops it


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError:
        raise UsageError(f"No weights at {path}; run `extractor model pull`.") from None
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.") from None
    if magic != b"GGUF":
        raise UsageError(f"{path} is no GGUF file; llama.cpp reads no other weights.")
