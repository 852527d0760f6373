"""The mutation test of our checks beside those of two peers, on the same changed records.

    python benchmarks/mutations.py seeds --labels seeds/labels.jsonl --peers benchmarks/peers/.venv/bin/python

Without `--peers` only our side is shown; changes that need not contradict the passage are left out. Each
case goes to the peers twice. *Forged quote*: the change was also made in the quoted passage, where its words
can be replaced there. *True quote*: the passage is quoted as it is, and only the value is wrong. Peers see
no value, so the second says more about what they do than how well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from extractor.article import Span
from extractor.evaluation.mutations import PART, PASSAGE, Case, passages
from extractor.evaluation.reports import ratio, table
from extractor.evaluation.score import share
from extractor.evaluation.trial import kept, made_cases
from extractor.schema import Schema, fields_of, load

PEERS = Path(__file__).parent / "peers" / "mutations_peers.py"
QUOTES = ("forged quote", "true quote")


def exported(case: Case, original: str, schema: type[Schema]) -> Iterator[dict[str, Any]]:
    """Write a case as the peers read it, once with each quote; `original` is the text unchanged."""
    spans = case.evidence[case.field]
    sentence = passages(case.article, {case.field: spans[:1]})[0][0]
    quotes = {"true quote": sentence.of(case.article.text)}
    if forged := _forged(case, sentence, original, schema):
        quotes["forged quote"] = forged
    for kind in QUOTES if case.mutated else ("true quote",):
        if kind in quotes:
            yield {
                "article_id": case.article.id, "text": case.article.text, "kind": f"{kind}: {case.kind}",
                "field": case.field, "quote": quotes[kind], "value": case.value, "true_value": case.true,
                "mutated": case.mutated,
            }  # fmt: skip


def _forged(case: Case, sentence: Span, original: str, schema: type[Schema]) -> str | None:
    """Make the change in the quote, if its words say the value; for a negation, quote what stood there."""
    text, first = case.article.text, case.evidence[case.field][0]
    if text != original:
        start = next((i for i, (a, b) in enumerate(zip(text, original, strict=False)) if a != b), len(original))
        grown = len(text) - len(original)
        return original[sentence.start : max(sentence.end - grown, start)]
    if not sentence.covers(first) or not fields_of(schema)[case.field].type.same(first.of(text), case.true):
        return None
    return text[sentence.start : first.start] + str(case.value) + text[first.end : sentence.end]


def peers(cases: Iterable[dict[str, Any]], python: Path, jobs: int) -> list[dict[str, Any]]:
    """Put the cases before the peers, with the interpreter that has them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cases.jsonl")
        path.write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
        command = [str(python), str(PEERS), str(path), "--jobs", str(jobs)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- ours
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def ours(cases: Iterable[tuple[Case, list[dict[str, Any]]]], schema: type[Schema]) -> list[dict[str, Any]]:
    """Count for our checks what the peers' table counts for theirs; no quote makes a difference to them."""
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for case, lines in cases:
        for name, whole in (("extractor", False), ("extractor-passage", True)):
            is_kept = kept(case, schema, whole=whole)
            for line in lines:
                count = counts[name, line["kind"]]
                count["changed" if case.mutated else "untouched"] += 1
                count["caught" if case.mutated else "refused"] += not is_kept
    return [{"system": system, "kind": kind, **count} for (system, kind), count in counts.items()]


def beside(rows: Iterable[dict[str, Any]]) -> str:
    """Set the systems beside each other: a line for each kind, the share caught and the share refused."""
    cells = {(row["kind"], row["system"]): row for row in rows if row["kind"] != "all"}
    kinds, systems = sorted({kind for kind, _ in cells}), list(dict.fromkeys(system for _, system in cells))
    lines = []
    for kind in kinds:
        found = [cells.get((kind, system), {}) for system in systems]
        line: list[object] = [kind, found[0].get("changed", 0), found[0].get("untouched", 0)]
        for row in found:
            line += [
                ratio(share(row.get("caught", 0), row.get("changed", 0))),
                ratio(share(row.get("refused", 0), row.get("untouched", 0))),
            ]
        lines.append(line)
    columns = " ".join(f"{system} (refused)" for system in systems)
    return table(f"quote_and_kind changed untouched {columns}", lines)


def main() -> None:
    """Read, judge, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--labels", type=Path, required=True)
    arguments.add_argument("--schema", default="visits")
    arguments.add_argument("--peers", type=Path, help="the interpreter of benchmarks/peers")
    arguments.add_argument("--cases", type=Path, help="also write the cases, one line each")
    arguments.add_argument("--jobs", type=int, default=1)
    args = arguments.parse_args()
    schema = load(args.schema)
    made = [case for case in made_cases(args.folder, args.labels, schema) if case.change not in (PART, PASSAGE)]
    originals = {case.article.id: case.article.text for case in made if not case.mutated}
    pairs = [(case, list(exported(case, originals[case.article.id], schema))) for case in made]
    lines = [line for _, of_case in pairs for line in of_case]
    if args.cases:
        args.cases.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    theirs = peers(lines, args.peers, args.jobs) if args.peers else []
    print(beside([*ours(pairs, schema), *theirs]))


if __name__ == "__main__":
    main()
