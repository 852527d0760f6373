"""Hold what `extractor eval --json` prints against the least that a release must reach.

    extractor eval runs/seeds.db --labels seeds/labels.jsonl --json | python scripts/check_accuracy.py

It ends with exit code 1 if one share is too low or has nothing to stand on, or if an article failed.
"""

from __future__ import annotations

import json
import sys

LEAST = {
    "records.f1": 0.75,
    "records.precision": 0.85,
    "fields.dates.accuracy": 0.85,
    "fields.status.accuracy": 0.80,
    "evidence": 1.0,
}


def main() -> int:
    """Print each share beside its least value; fail if one is lower or missing."""
    scores = json.load(sys.stdin)
    low = 0
    for path, least in LEAST.items():
        value = scores
        for key in path.split("."):
            value = value[key]
        met = value is not None and value >= least
        low += not met
        shown = "–" if value is None else f"{value:.3f}"
        print(f"{'ok ' if met else 'LOW'}  {path:24} {shown}  (at least {least:.2f})")
    if scores["failed"]:
        print(f"LOW  {scores['failed']} articles failed")
    return int(low > 0 or scores["failed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
