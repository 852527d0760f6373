"""Extractions as JSON, one object for each article: what `show --json` prints and other programs read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from extractor.article import Span
from extractor.extraction import Extraction, Rejected
from extractor.extraction.confidence import confidence
from extractor.fields import Found


def to_json(
    extraction: Extraction,
    fields: Mapping[str, bool],
    keys: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return an extraction as plain values; `fields` names the schema's fields and says which are lists.

    Every field is there: null where a record has no value, an array where the schema declares a list. So is the
    record's confidence; it is null without the `weights` that make it.

    >>> from extractor.article import Article
    >>> article = Article(id="a1", text="Lavrov is in Seoul.")
    >>> visitor = Found("Lavrov", (Span(0, 6),), "stated")
    >>> row = to_json(Extraction(article, ({"visitor": (visitor,)},)), {"visitor": False, "meets": True})
    >>> row["records"][0]["visitor"]
    {'value': 'Lavrov', 'text': 'Lavrov', 'evidence': [[0, 6]], 'verdict': 'stated', 'rule': None}
    >>> row["records"][0]["meets"]
    []
    """
    text = extraction.article.text
    return {
        "article": extraction.article.id,
        "published": extraction.article.published,
        "records": [
            {name: _values(record.get(name, ()), many, text) for name, many in fields.items()}
            | {"confidence": confidence(record, keys, weights or {})}
            for record in extraction.records
        ],
        "rejected": [_rejected(rejection) for rejection in extraction.rejected],
        "usage": asdict(extraction.usage),
        "error": extraction.error,
    }


def _values(found: tuple[Found, ...], many: bool, text: str) -> object:
    values = [
        {
            "value": value,
            "text": words(spans, text),
            "evidence": [list(span) for span in sorted(spans)],
            "verdict": verdict,
            "rule": rule,
        }
        for value, spans, verdict, rule in found
    ]
    return values if many else next(iter(values), None)


def _rejected(rejection: Rejected) -> dict[str, Any]:
    """Name the field of a rejected value; give a rejected record as the model gave it."""
    field, value, reason = rejection
    if field is None:
        return {"record": value, "value": None, "reason": reason}
    return {"field": field, "value": value, "reason": reason}


def words(spans: Iterable[Span], text: str) -> str:
    """Return the words that carry a value, in the order in which the text has them.

    >>> words([Span(13, 18), Span(0, 6)], "Lavrov is in Seoul.")
    'Lavrov … Seoul'
    """
    return " … ".join(span.of(text) for span in sorted(spans))
