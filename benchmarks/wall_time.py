"""Wall time and accuracy on the seeds, beside LangExtract and plain instructor, in one run on one machine.

Each system gets a fresh server of the same weights and settings and reads four articles at a time; they run
one after the other, since they would starve each other side by side. Our time includes starting the server.

    make bench-peers        (sets up the peers' virtual environment first)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

from extractor.batch.run import run
from extractor.evaluation import evaluate
from extractor.models import pull, serve

PEERS = Path(__file__).parent / "peers"
WORKERS = 4


def peer(name: str, articles: Path, out: Path, python: Path) -> float:
    """Run one peer against a server of its own; return its wall seconds."""
    weights = pull()
    with serve(weights, slots=WORKERS) as server:
        command = [
            str(python), str(PEERS / f"run_{name}.py"), str(articles), "--url", server.url, "--key", server.key,
            "--model", weights.stem, "--workers", str(WORKERS), "--out", str(out),
        ]  # fmt: skip
        started = time.monotonic()
        subprocess.run(command, check=True, timeout=3600)  # noqa: S603 -- our own script
        return time.monotonic() - started


def ours(articles: Path, out: Path) -> float:
    """Run extractor with the embedded model; return its wall seconds, server start and all."""
    started = time.monotonic()
    run(articles, schema="visits", out=out, model="local", concurrency=WORKERS)
    return time.monotonic() - started


def main() -> None:
    """Run all three and print a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, nargs="?", default=Path("seeds"))
    parser.add_argument("--python", type=Path, default=PEERS / ".venv/bin/python", help="the peers' interpreter")
    given = parser.parse_args()
    labels = given.articles / "labels.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("extractor", "langextract", "instructor"):
            out = Path(folder) / (f"{name}.db" if name == "extractor" else f"{name}.jsonl")
            own = name == "extractor"
            seconds = ours(given.articles, out) if own else peer(name, given.articles, out, given.python)
            row = {"system": name, "wall_seconds": round(seconds, 1)}
            print(json.dumps(row | {"records": evaluate(out, labels=labels).to_json()["records"]}), flush=True)


if __name__ == "__main__":
    main()
