"""Overlap: how far the words that carry a value are those that the labeller marked for it, in code points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from extractor.article import Article, Span
from extractor.evaluation.counts import Shares
from extractor.evaluation.labels import Label, has_value
from extractor.evaluation.predictions import Prediction


@dataclass(frozen=True)
class Overlap(Shares):
    """Code points of evidence in `both`, in the run alone (`extra`) and in the labels alone (`lacking`).

    `same`, `some` and `none` count the values: with all code points in common, with some, with none.
    """

    both: int = 0
    extra: int = 0
    lacking: int = 0
    same: int = 0
    some: int = 0
    none: int = 0

    @property
    def row(self) -> tuple[int, int, int]:
        """What the shares are made of."""
        return self.both, self.extra, self.lacking

    def __add__(self, other: Overlap) -> Overlap:
        """Add the counts."""
        return Overlap(
            self.both + other.both,
            self.extra + other.extra,
            self.lacking + other.lacking,
            self.same + other.same,
            self.some + other.some,
            self.none + other.none,
        )

    def to_json(self) -> dict[str, Any]:
        """Return all counts and shares."""
        return asdict(self) | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


def overlap(spans: Iterable[Span], labelled: Iterable[Span]) -> Overlap:
    """Hold the spans of a value against those of the label; what several spans cover counts once.

    >>> overlap([Span(0, 6), Span(4, 8)], [Span(6, 10)])
    Overlap(both=2, extra=6, lacking=2, same=0, some=1, none=0)
    """
    ours, theirs = list(spans), list(labelled)
    run, label, either = covered(ours), covered(theirs), covered([*ours, *theirs])
    both = run + label - either
    same, none = both == either, not both
    return Overlap(both, run - both, label - both, int(same), int(not same and not none), int(none))


def covered(spans: Iterable[Span]) -> int:
    """Count the code points that at least one of the spans covers."""
    total = end = 0
    for span in sorted(spans):
        start = max(span.start, end)
        if span.end > start:
            total += span.end - start
            end = span.end
    return total


def value_overlap(record: Prediction, label: Label, name: str) -> Overlap | None:
    """Hold the evidence of a field against the label's; None where the record has no value or the label marks none."""
    marked = label.evidence.get(name)
    if not marked or not has_value(record.values.get(name)):
        return None
    return overlap([span for spans in record.evidence.get(name, ()) for span in spans], marked)


def carries(spans: Iterable[Span], article: Article | None) -> bool:
    """Say whether a value has evidence, and all of it are words of the article, as far as its text is known."""
    known = list(spans)
    if article is None:
        return bool(known) and all(0 <= span.start < span.end for span in known)
    inside = (0 <= span.start < span.end <= len(article.text) and span.of(article.text).strip() for span in known)
    return bool(known) and all(inside)
