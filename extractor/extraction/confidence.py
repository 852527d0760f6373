"""Confidence: how likely a record is right, from how its values are supported."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import combinations

from extractor.extraction.records import Record


def confidence(record: Record, keys: Collection[str], weights: Mapping[str, float]) -> float | None:
    """Return the share of records like this one that were right where it was calibrated; None without `weights`.

    It has two digits, which is more than the labels that it comes from can tell apart.

    The logistic function of the weighted `signs` (Platt scaling). benchmarks/confidence.py fits the weights to hand
    labels, and docs/accuracy.md shows how far the shares came true.

    >>> from extractor.article import Span
    >>> from extractor.fields import Found
    >>> record = {"who": (Found("Ruiz", (Span(0, 4),), "stated"),), "where": (Found("PER", (Span(15, 19),), "stated"),)}
    >>> confidence(record, ("who", "where"), {"base": 2, "apart": -0.5})
    0.68
    """
    if not weights:
        return None
    sum_of_signs = weights.get("base", 0) + sum(weights.get(name, 0) * of for name, of in signs(record, keys).items())
    return round(1 / (1 + math.exp(-max(-50, min(50, sum_of_signs)))), 2)


def is_sure(record: Record, keys: Collection[str], weights: Mapping[str, float], least: float) -> bool:
    """Say whether a record's confidence is at least `least`, or unknown."""
    share = confidence(record, keys, weights)
    return share is None or share >= least


def signs(record: Record, keys: Collection[str]) -> dict[str, float]:
    """Return what speaks for a record or against it.

    `apart`: code points between the words of the key values, on a logarithmic scale; `support`: other fields that have
    a value; `judged`: values that the model chose and no word decides; `derived`: key values that do not stand as such.
    """
    spans = [[span for found in record[name] for span in found.spans] for name in keys]
    gaps = (
        min((max(one.start - other.end, other.start - one.end, 0) for one in mine for other in theirs), default=0)
        for mine, theirs in combinations(spans, 2)
    )
    others = [found for name, found in record.items() if name not in keys]
    return {
        "apart": math.log1p(max(gaps, default=0)),
        "support": float(sum(map(bool, others))),
        "judged": float(sum(one.verdict == "judged" for found in others for one in found)),
        "derived": float(sum(found.verdict == "derived" for name in keys for found in record[name])),
    }
