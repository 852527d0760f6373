"""A FAKE model for whole runs: it answers by a rule on the passage that it was sent, whatever the order.

`SALES` is a schema that has nothing to do with news, and `sales` the rule that fills it in.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import extractor
from tests.fake_server import Reply, answer

SALES = '''
from extractor.fields import Quoted
from extractor.schema import Schema, field


class Sale(Schema):
    """Something that is offered for money."""

    item: Quoted = field("what is sold", key=True)
    price: Quoted | None = field("what it costs")
    extras: list[Quoted] = field("what comes with it")
'''


class FakeModel:
    """What a test sees of the server: its spec, and the passages that it was asked about."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self.asked: list[str] = []


@contextmanager
def fake_model(rule: Callable[[str], Reply]) -> Iterator[FakeModel]:
    """Serve `rule`, from a passage to a reply, on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        server_version = "extractor-test-FAKE"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            passage = request["messages"][-1]["content"].rpartition("Passage: ")[2]
            model.asked.append(passage)
            rule(passage)(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's word
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model = FakeModel(f"http://127.0.0.1:{server.server_address[1]}/v1#fake")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


_HEARING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from extractor.cli import app; app()"
)


def extractor_process(*words: str, **options: Any) -> subprocess.Popen[str]:
    """Start the command in a process of its own, for what cannot be done to the one that tests.

    A shell lets its background jobs ignore Ctrl-C, and all that they start: it is heard here in any case.
    """
    root = Path(extractor.__file__).parents[1]
    return subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-c", _HEARING, *words],
        text=True,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        **({"stderr": subprocess.PIPE} | options),
    )


def sales(passage: str) -> Reply:
    """Read “Selling a boat for 40 euros”; of a price “secret” make one that the article does not have."""
    if "An earlier answer was wrong" in passage:
        return answer('{"price": null}')
    found = re.findall(r"Selling (?:a |the )?(.+?) for (\w+ \w+)", passage)
    records = [
        {"item": item, "price": "999 dollars" if "secret" in price else price, "extras": []} for item, price in found
    ]
    return answer(json.dumps({"records": records}))


def shop(folder: Path, **articles: str) -> Path:
    """Write the schema and the articles, and return the folder of the latter."""
    (folder / "sales.py").write_text(SALES)
    (folder / "ads").mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / "ads" / f"{name}.txt").write_text(text)
    return folder / "ads"
