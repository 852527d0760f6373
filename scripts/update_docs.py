"""Bring the output that README.md and docs/ show up to date, from the recorded answers of the real model.

    python scripts/update_docs.py             rewrite what differs
    python scripts/update_docs.py --check     only name it, and fail

A ``console`` block is a list of ``$ extractor …`` commands; what each prints on standard output goes below it,
unless a comment ``# …`` follows the command. A ``python`` block is run, and what it prints goes into the ``text``
block that follows, if one does. All blocks of a page run in one folder and one namespace.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
PICTURE = ROOT / "docs" / "img" / "seeds.svg"
PICTURED = ("extractor run seeds/ --out runs/seeds.db # quiet", "extractor show runs/seeds.db")

_BLOCK = re.compile(
    r"^```(?P<kind>console|python)\n(?P<body>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)
_COLUMNS = 100


def refreshed(page: Path) -> str:
    """Return the text of a page with the output that its blocks have now."""
    text = page.read_text("utf-8")
    with workplace() as place:
        namespace: dict[str, Any] = {"__name__": "__main__"}

        def fresh(block: re.Match[str]) -> str:
            line = f"{place}: {page.name}, line {text.count(chr(10), 0, block.start()) + 1}"
            if block["kind"] == "console":
                commands = re.findall(r"^\$ (.*)\n", block["body"], re.M)
                return "```console\n" + "".join(f"$ {c}\n{output(c)}" for c in commands) + "```\n"
            with redirect_stdout(io.StringIO()) as printed, redirect_stderr(io.StringIO()):
                exec(compile(block["body"], line, "exec"), namespace)  # noqa: S102 -- our own documentation
            if block["shown"] is None:
                return block[0]
            return f"```python\n{block['body']}```\n\n```text\n{printed.getvalue()}```\n"

        return _BLOCK.sub(fresh, text)


def output(command: str) -> str:
    """Run one ``extractor …`` command in this process, and return what it prints unless a comment hushes it."""
    from typer.main import get_command

    from extractor.cli import app

    program, *arguments = shlex.split(command, comments=True)
    assert program == "extractor", f"only extractor is run here, not {command!r}"  # noqa: S101
    with redirect_stdout(io.StringIO()) as printed, redirect_stderr(io.StringIO()) as told:
        try:
            get_command(app).main(arguments, prog_name="extractor")
        except SystemExit as end:
            if end.code not in (0, None):
                raise RuntimeError(f"`{command}` ended with exit code {end.code}: {told.getvalue()}") from None
    return "" if "#" in command else "".join(f"{line.rstrip()}\n" for line in printed.getvalue().splitlines())


def picture() -> str:
    """Return what the pictured command prints on a terminal, as SVG."""
    from rich.console import Console
    from rich.text import Text

    with workplace(), mock.patch.dict(os.environ, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}):
        os.environ.pop("NO_COLOR", None)
        printed = [output(command) for command in PICTURED][-1]
    console = Console(record=True, width=_COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(printed.rstrip()))
    svg = console.export_svg(title=PICTURED[-1], unique_id="seeds")
    svg = re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)  # fonts would come from elsewhere
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())


@contextmanager
def workplace() -> Iterator[str]:
    """Work in an empty folder with articles, examples and cassettes, where recorded answers stand in for `local`."""
    from extractor.models import opening, server

    with tempfile.TemporaryDirectory() as folder, _recorded() as url:
        for name in ("seeds", "docs", "cassettes", "benchmarks"):
            Path(folder, name).symlink_to(ROOT / name)

        @contextmanager
        def serve(path: Path, *, slots: int = 4) -> Iterator[server.Endpoint]:
            yield server.Endpoint(url, "none", slots)

        before = Path.cwd()
        os.chdir(folder)
        try:
            with (
                mock.patch.object(opening, "serve", serve),
                mock.patch.dict(os.environ, {"COLUMNS": str(_COLUMNS), "NO_COLOR": "1", "TERM": "dumb"}),
            ):
                yield folder
        finally:
            os.chdir(before)


@contextmanager
def _recorded() -> Iterator[str]:
    """Serve on the loopback what the cassettes hold: the answer to the very same request, or none."""
    answers: dict[str, Any] = {}
    for path in sorted((ROOT / "cassettes").rglob("*.yaml")):
        for exchange in yaml.safe_load(path.read_text("utf-8")):
            answers.setdefault(_canonical(exchange["request"]), exchange["response"])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answer = answers.get(_canonical(body), {"error": {"message": "not recorded"}})
            content = json.dumps(answer).encode()
            self.send_response(404 if "error" in answer else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's word
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{served.server_address[1]}/v1"
        finally:
            served.shutdown()


def _canonical(body: object) -> str:
    return json.dumps(body, sort_keys=True)


def main() -> int:
    """Write or check all pages and the picture."""
    check = sys.argv[1:] == ["--check"]
    stale = 0
    for path in (*PAGES, PICTURE):
        now = picture() if path == PICTURE else refreshed(path)
        if not path.exists() or path.read_text("utf-8") != now:
            stale += 1
            print(f"{path.relative_to(ROOT)} {'is stale; run `make docs`' if check else 'written'}")
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(now, "utf-8")
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
