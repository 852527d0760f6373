"""Review: the page on which people read the articles of a run, correct its records and label by hand."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL

from extractor.errors import UsageError
from extractor.reviewing.opening import reviewing
from extractor.reviewing.session import Session
from extractor.schema import Schema

if TYPE_CHECKING:
    import uvicorn


def review(
    run: str | Path | URL,
    *,
    labels: str | Path | None = None,
    name: str | None = None,
    blind: bool = False,
    adjudicate: tuple[str | Path, str | Path] | None = None,
    schema: str | type[Schema] | None = None,
    port: int = 0,
    open_browser: bool = True,
) -> None:
    """Serve the articles of the run in the store `run` on the loopback, and print the address; Ctrl-C ends it.

    Every action is saved at once into `labels`, which `extractor eval` reads; without it, into ``labels-NAME.jsonl``
    beside the run. `name` is who labels. A `blind` labeller sees neither the records of the run nor another's labels.
    To `adjudicate` the files of two labellers, the page walks their differences; what is decided goes into ``labels``,
    or ``labels-agreed.jsonl`` beside the run. `schema` is needed if it is none that comes with the program.

    Raises:
        UsageError: if there is no such run, or labels do not fit its schema or articles.

    >>> import extractor
    >>> extractor.review("runs/visits.db", name="ann", blind=True)         # doctest: +SKIP
    """
    with reviewing(run, labels, name, blind, adjudicate, schema) as session, listening(port) as listener:
        token, taken = secrets.token_urlsafe(32), listener.getsockname()[1]
        url = f"http://127.0.0.1:{taken}/?token={token}"
        print(url, flush=True)
        if open_browser:
            webbrowser.open(url)
        try:
            server_of(session, token, taken).run(sockets=[listener])
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"The labels are in {session.labels.path}.") from None


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Take a port of the loopback; 0 takes a free one."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()  # a browser that is faster than the server waits
        except (OSError, OverflowError):
            raise UsageError(f"Port {port} is not free; give --port another, or none to take a free one.") from None
        yield listener


def server_of(session: Session, token: str, port: int) -> uvicorn.Server:
    """Return the server of a session, which `run` starts."""
    import uvicorn

    from extractor.reviewing.server import app

    settings = uvicorn.Config(
        app(session, token, port),
        log_level="warning",
        access_log=False,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
    )
    return uvicorn.Server(settings)
