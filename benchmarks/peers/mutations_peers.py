"""Put changed records before the peers' own checks, without a model, and count what they refuse.

Reads JSON lines {"article_id", "text", "kind", "field", "quote", "value", "true_value", "mutated"} from a
file or standard input. A changed case is *caught*, an untouched one *refused*, when the peer drops it:
LangExtract gives the extraction no `char_interval`, instructor's CitationMixin leaves no quote or refuses the
record.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from instructor import CitationMixin
from langextract.core.format_handler import FormatHandler
from langextract.resolver import Resolver
from pydantic import BaseModel, ValidationError, create_model

Case = dict[str, Any]
CLASS = "visit"
STRICT = {"accept_match_lesser": False, "enable_fuzzy_alignment": False}


def langextract_keeps(case: Case, **alignment: bool) -> bool:
    """Resolve the answer a model would have given and align it with the whole text, as with a chunk."""
    answer = {CLASS: case["quote"], f"{CLASS}_attributes": {case["field"]: case["value"]}}
    resolver = Resolver(format_handler=FormatHandler(use_fences=False))
    extractions = resolver.resolve(json.dumps({"extractions": [answer]}))
    placed = resolver.align(extractions, case["text"], token_offset=0, char_offset=0, **alignment)
    return any(extraction.char_interval is not None for extraction in placed)


def langextract_default(case: Case) -> bool:
    """LangExtract as it comes."""
    return langextract_keeps(case)


def langextract_strict(case: Case) -> bool:
    """LangExtract with every loose match switched off."""
    return langextract_keeps(case, **STRICT)


@cache
def record(field: str) -> type[BaseModel]:
    """Make a record type of one field with its quotes."""
    fields: dict[str, Any] = {field: (Any, ...)}
    return create_model("Record", __base__=CitationMixin, **fields)


def instructor_citation(case: Case) -> bool:
    """Validate as `create(..., context={"context": text})` does; a kept record still has a quote."""
    answer = json.dumps({case["field"]: case["value"], "substring_quotes": [case["quote"]]})
    try:
        parsed = record(case["field"]).model_validate_json(answer, context={"context": case["text"]})
    except ValidationError:
        return False
    return any(quote.strip() for quote in parsed.substring_quotes)  # type: ignore[attr-defined]


SYSTEMS: dict[str, Callable[[Case], bool]] = {
    "langextract": langextract_default,
    "langextract-strict": langextract_strict,
    "instructor-citation": instructor_citation,
}


def judge(case: Case) -> dict[str, bool | None]:
    """For each peer: does it keep the case? None where the peer crashed."""
    return {name: _outcome(keeps, case) for name, keeps in SYSTEMS.items()}


def _outcome(keeps: Callable[[Case], bool], case: Case) -> bool | None:
    try:
        return keeps(case)
    except Exception as error:  # counted as dropped, and shown
        print(f"{case['article_id']}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def table(cases: Iterable[Case], outcomes: Iterable[dict[str, bool | None]]) -> list[dict[str, Any]]:
    """Count per system and kind, with a line "all" per system; a share of nothing is null."""
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(
        lambda: {"n": 0, "changed": 0, "caught": 0, "untouched": 0, "refused": 0, "errors": 0}
    )
    for case, outcome in zip(cases, outcomes, strict=True):
        for system, kept in outcome.items():
            for kind in (case["kind"], "all"):
                _count(counts[system, kind], changed=case["mutated"], kept=kept)
    order = list(SYSTEMS)
    keys = sorted(counts, key=lambda key: (order.index(key[0]), key[1] == "all", key[1]))
    return [_row(system, kind, counts[system, kind]) for system, kind in keys]


def _count(row: dict[str, int], *, changed: bool, kept: bool | None) -> None:
    row["n"] += 1
    row["errors"] += kept is None
    row["changed" if changed else "untouched"] += 1
    row["caught" if changed else "refused"] += not kept


def _row(system: str, kind: str, row: dict[str, int]) -> dict[str, Any]:
    caught = round(row["caught"] / row["changed"], 4) if row["changed"] else None
    refused = round(row["refused"] / row["untouched"], 4) if row["untouched"] else None
    return {"system": system, "kind": kind, **row, "caught_share": caught, "refused_share": refused}


def read_cases(path: Path | None) -> Iterator[Case]:
    """Read the cases from a file or standard input."""
    text = path.read_text("utf-8") if path else sys.stdin.read()
    return (json.loads(line) for line in text.split("\n") if line.strip())


def main() -> None:
    """Read, judge, print the table as JSON."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("cases", type=Path, nargs="?", help="JSON lines; standard input if not given")
    arguments.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    arguments.add_argument("--each", type=Path, help="also write what each peer kept, one line per case")
    args = arguments.parse_args()
    cases = list(read_cases(args.cases))
    with ProcessPoolExecutor(args.jobs) as pool:
        outcomes = list(pool.map(judge, cases, chunksize=8))
    if args.each:
        args.each.write_text("".join(json.dumps(outcome) + "\n" for outcome in outcomes), "utf-8")
    print(json.dumps(table(cases, outcomes), indent=1))


if __name__ == "__main__":
    main()
