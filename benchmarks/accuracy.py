"""Accuracy, tokens and time beside LangExtract and plain instructor: same weights, same articles, one run.

Each system gets a fresh server of the same weights and settings and reads four articles at a time; they run
one after the other, since they would starve each other side by side. Our time includes starting the server.

    make bench-accuracy                          (sets up the peers' virtual environment first)
    make bench-accuracy ARTICLES="seeds path/to/labelled/articles"
    make bench-accuracy RESUME=--resume          (goes on with the answers that are in runs/accuracy)
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractor.batch.run import run
from extractor.batch.store import Store
from extractor.evaluation import Scores, evaluate
from extractor.evaluation.reports import ratio, table
from extractor.models import pull, serve
from extractor.schema import load

PEERS = Path(__file__).parent / "peers"
SYSTEMS = ("extractor", "langextract", "instructor")
FIELDS = ("dates", "status", "visitor_country", "visitor_role", "meets", "purpose")
WORKERS = 4


def peer(name: str, articles: Path, out: Path, python: Path) -> None:
    """Run one peer against a server of its own."""
    weights = pull()
    with serve(weights, slots=WORKERS) as server:
        command = [
            str(python), str(PEERS / f"run_{name}.py"), str(articles), "--url", server.url, "--key", server.key,
            "--model", weights.stem, "--workers", str(WORKERS), "--out", str(out),
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=2 * 3600)  # noqa: S603 -- our own script


def answer(system: str, articles: Path, out: Path, python: Path) -> float:
    """Let one system read the articles, and return its wall seconds."""
    out.parent.mkdir(parents=True, exist_ok=True)
    for old in out.parent.glob(f"{out.name}*"):
        old.unlink()
    started = time.monotonic()
    if system == "extractor":
        run(articles, out=out, concurrency=WORKERS, min_confidence=0)
    else:
        peer(system, articles, out, python)
    return time.monotonic() - started


def costs(out: Path) -> list[dict[str, Any]]:
    """Return what each article cost: calls, tokens, model seconds."""
    if out.suffix == ".db":
        with Store.open(out) as store:
            return [vars(one.usage) for one in store.extractions()]
    return [json.loads(line)["usage"] for line in out.read_text("utf-8").splitlines()]


def row(system: str, wall: float, scores: Scores, each: Iterable[dict[str, Any]]) -> list[object]:
    """Put one system's figures in the order of the table's columns."""
    of, costs = scores.records, list(each)
    low, high = scores.interval or (None, None)
    return [
        system, ratio(of.precision), ratio(of.recall), ratio(of.f1), f"{ratio(low)}–{ratio(high)}",
        *(ratio(scores.fields[name].accuracy) for name in FIELDS),
        round(statistics.mean(cost["prompt_tokens"] for cost in costs)),
        round(statistics.mean(cost["completion_tokens"] for cost in costs)),
        f"{statistics.median(cost['seconds'] for cost in costs):.1f}", f"{wall:.0f}", scores.failed,
    ]  # fmt: skip


def compare(articles: Path, systems: Iterable[str], python: Path, place: Path, *, resume: bool) -> str:
    """Let the systems read a folder of labelled articles in turn, and set their figures in a table."""
    rows = []
    for system in systems:
        out = place / articles.name / f"{system}.{'db' if system == 'extractor' else 'jsonl'}"
        clock = out.with_suffix(".seconds")
        if not (resume and clock.exists()):
            clock.unlink(missing_ok=True)
            clock.write_text(f"{answer(system, articles, out, python):.1f}", "ascii")
        # All records are kept for benchmarks/confidence.py; what counts are those that a run keeps by default.
        scores = evaluate(out, labels=articles / "labels.jsonl", min_confidence=load("visits").least_confidence)
        rows.append(row(system, float(clock.read_text("ascii")), scores, costs(out)))
    header = "system P R F1 95_% " + " ".join(FIELDS) + " prompt completion model_s wall_s failed"
    return table(header, rows)


def main() -> None:
    """Print a table for each folder of articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="+", help="folders with articles.jsonl and labels.jsonl")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--python", type=Path, default=PEERS / ".venv/bin/python", help="the peers' interpreter")
    parser.add_argument("--out", type=Path, default=Path("runs/accuracy"), help="where the answers are kept")
    parser.add_argument("--resume", action="store_true", help="keep what is there")
    given = parser.parse_args()
    print("Per article: mean prompt and completion tokens, median model seconds; fields are right values of matched")
    print("records; the interval is a bootstrap over articles.", flush=True)
    for folder in given.articles:
        print(f"\n{folder.name}", flush=True)
        print(compare(folder, given.systems, given.python, given.out, resume=given.resume), flush=True)


if __name__ == "__main__":
    main()
