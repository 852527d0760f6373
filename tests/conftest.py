"""What holds for every test: no network but the loopback, no weights, keys or proxies of the person who runs it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgres import Server

_attempts: list[str] = []


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    """Let sockets reach this machine alone; an attempt also fails the test that would swallow the error."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a socket of this machine
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name not in (None, "", "localhost", "::1") and not str(name).startswith("127."):
        _attempts.append(f"{event}: {name}")
        raise RuntimeError(f"A test reached for the network: {name}")


sys.addaudithook(_refuse_the_network)


@pytest.fixture(autouse=True)
def alone(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each test an environment of its own; only `live` ones see the weights that were pulled."""
    if request.node.get_closest_marker("live") is None:
        monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    _attempts.clear()
    yield
    assert not _attempts, f"the test reached for the network: {_attempts}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, started once."""
    from tests import postgres  # most tests need no driver

    if postgres.programs() is None:
        pytest.skip("needs a PostgreSQL server: apt-get install postgresql")
    with postgres.made(Path(tempfile.gettempdir())) as server, server.running():
        yield server


_numbers = count(1)


@pytest.fixture
def database(postgres: Server) -> str:
    """Name a new database on the server; `Server.url` makes an address of it."""
    name = f"test_{next(_numbers)}"
    postgres.execute(f"CREATE DATABASE {name}")
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a place for a store where there is none yet, on each of the databases."""
    if request.param == "sqlite":
        return str(tmp_path / "new" / "run.db")
    server: Server = request.getfixturevalue("postgres")
    return server.url("postgres", f"?run=test_{next(_numbers)}")
