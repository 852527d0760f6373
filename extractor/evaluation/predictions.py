"""Predictions: the records of a run, from its store or from JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL

from extractor.article import Article, Span
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.extraction.check import values
from extractor.extraction.records import Record
from extractor.fields import dates
from extractor.schema import FieldSpec, Schema, fields_of

_POINT = re.compile(r"\b(?:\d{4}|XXXX)(?:-\d\d){0,2}\b")


class Prediction(NamedTuple):
    """A record of a run: its values by field, and the spans of each value (of each element of a list)."""

    values: Mapping[str, Any]
    evidence: Mapping[str, tuple[tuple[Span, ...], ...]]


class Outcome(NamedTuple):
    """What a run has for one article; `error` says why it failed. JSON lines hold no article."""

    records: tuple[Prediction, ...]
    error: str | None = None
    article: Article | None = None


def read_predictions(run: str | Path | URL, schema: type[Schema], *, min_confidence: float = 0) -> dict[str, Outcome]:
    """Read what a run gave by article id: its store, the lines of ``show --json``, or those of another tool.

    Records of less confidence than `min_confidence` are left out; those without one stay.

    Another tool writes ``{"id": …, "<unit>": [{FIELD: value}]}`` without evidence. It may write dates and
    choices loosely, and fields that the schema does not have are left alone.

    Raises:
        UsageError: if there is no such run, it was made with another schema, or a line is neither.
    """
    if isinstance(run, str | Path) and str(run).endswith(".jsonl"):
        return dict(_outcome(place, line, schema, min_confidence) for place, line in _lines(Path(run)))
    with Store.open(run) as store:
        made = store.provenance
        if set(made.fields) != set(fields_of(schema)):
            raise UsageError(f"{run} was made with the schema {made.schema}, not with {schema.__name__}; name that.")
        return {
            one.article.id: Outcome(tuple(_stored(r, schema) for r in one.records), one.error, one.article)
            for one in store.extractions(min_confidence=min_confidence)
        }


def _stored(record: Record, schema: type[Schema]) -> Prediction:
    return Prediction(values(record, schema), {name: tuple(f.spans for f in found) for name, found in record.items()})


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"The run {path} cannot be read: {reason}.") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                raise UsageError(f"{path}, line {number}: not JSON ({error.msg} at column {error.colno}).") from None
            yield f"{path}, line {number}", value if isinstance(value, dict) else {}


def _outcome(place: str, line: Mapping[str, Any], schema: type[Schema], min_confidence: float) -> tuple[str, Outcome]:
    article_id = line.get("article", line.get("id"))
    told, flat = line.get("records"), line.get(schema.unit)
    if not isinstance(article_id, str) or not (isinstance(told, list) or isinstance(flat, list)):
        raise UsageError(f"{place}: needs “article” with “records”, or “id” with “{schema.unit}”.")
    sure = [r for r in told or [] if r.get("confidence") is None or r["confidence"] >= min_confidence]
    records = [_told(r, schema) for r in sure] if isinstance(told, list) else [_flat(r, schema) for r in flat or []]
    return article_id, Outcome(tuple(records), line.get("error"))


def _told(record: Mapping[str, Any], schema: type[Schema]) -> Prediction:
    """Take a record as ``show --json`` writes it: values are objects with evidence, or lists of them."""
    plain: dict[str, Any] = {}
    evidence: dict[str, tuple[tuple[Span, ...], ...]] = {}
    for name, spec in fields_of(schema).items():
        told = record.get(name)
        many = told if isinstance(told, list) else [told] if told else []
        evidence[name] = tuple(tuple(Span(*span) for span in one["evidence"]) for one in many)
        if many:
            plain[name] = [one["value"] for one in many] if spec.many else many[0]["value"]
    return Prediction(plain, evidence)


def _flat(record: Mapping[str, Any], schema: type[Schema]) -> Prediction:
    specs = fields_of(schema)
    return Prediction({name: _plain(specs[name], value) for name, value in record.items() if name in specs}, {})


def _plain(spec: FieldSpec, value: Any) -> Any:
    """Give a value that was written loosely the form in which it is compared, where that is plain to see."""
    if spec.many and value is not None and not isinstance(value, list):
        return [value]
    if isinstance(value, str) and spec.type.dated:
        return _edtf(value)
    if isinstance(value, str) and spec.type.values():
        return re.sub(r"[\s-]+", "_", value.strip().lower())
    return value


def _edtf(words: str) -> str:
    """Read a date from ISO points ("2024-03-05 to 2024-03-07"), else from words.

    >>> from extractor.evaluation.predictions import _edtf
    >>> _edtf("2024-03-05 – 2024-03-07"), _edtf("October 18-19, 2023"), _edtf("soon")
    ('2024-03-05/2024-03-07', '2023-10-18/2023-10-19', 'soon')
    """
    points = _POINT.findall(words)
    if points and len(points) <= 2 and not re.search(r"[a-z]{3}", _POINT.sub("", words)):
        return "/".join(points)
    resolved = dates.resolve([words], None, None)
    return resolved.edtf if resolved else words
