"""Labels: the records that people wrote down, read from JSON lines and held against the codebook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.schema import Schema, fields_of


class Label(NamedTuple):
    """A record written by a person: its values by field, and the spans that carry them."""

    values: Mapping[str, Any]
    evidence: Mapping[str, tuple[Span, ...]]


def read_labels(
    path: str | Path, schema: type[Schema], articles: Mapping[str, Article | None] | None
) -> dict[str, tuple[Label, ...]]:
    """Read the labels of `articles` by id; None takes those of any article.

    A line is ``{"id": …, "<unit>": [{FIELD: value, "evidence": {FIELD: [[start, end]]}}]}``. The texts may
    be unknown (None); then nobody can say whether evidence lies inside them.

    Raises:
        UsageError: for the first line that is no such object, or that the schema or its article does not
        allow.
    """
    found: dict[str, tuple[Label, ...]] = {}
    seen: set[str] = set()
    for place, line in _lines(Path(path)):
        article_id = line.get("id")
        if not isinstance(article_id, str) or (articles is not None and article_id not in articles):
            raise UsageError(f"{place}: there is no article {article_id!r}; an “id” must name one that was read.")
        if article_id in seen:
            raise UsageError(f"{place}: article {article_id!r} was labelled on an earlier line.")
        seen.add(article_id)
        records = line.get(schema.unit)
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise UsageError(f"{place}: “{schema.unit}” must be a list of records, and may be empty.")
        article = articles[article_id] if articles is not None else None
        labels = tuple(
            _label(record, schema, article, f"{place}, {schema.unit}[{i}]") for i, record in enumerate(records)
        )
        if line.get("done") is not False:  # else somebody is still at work on the article, in `extractor review`
            found[article_id] = labels
    return found


def has_value(value: object) -> bool:
    """Say whether a field was filled in: nothing, an empty list and a plain no are not worth a score.

    >>> has_value("on Monday"), has_value([]), has_value(False)
    (True, False, False)
    """
    return value not in (None, [], "") and value is not False


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a file with the words that name their place in it."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"The labels {path} cannot be read: {reason}.") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{path}, line {number}"
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                raise UsageError(f"{place}: not JSON ({error.msg} at column {error.colno}).") from None
            if not isinstance(value, dict):
                raise UsageError(f"{place}: a line must be an object with “id” and a list of records.")
            yield place, value


def _label(record: Mapping[str, Any], schema: type[Schema], article: Article | None, place: str) -> Label:
    values = {name: value for name, value in record.items() if name != "evidence"}
    try:
        schema.model_validate(values)
    except ValidationError as error:
        raise UsageError(f"{place}: {_reason(error, schema)}") from None
    evidence = record.get("evidence") or {}
    if not isinstance(evidence, dict):
        raise UsageError(f"{place}: “evidence” must give a list of [start, end] for each field.")
    return Label(values, {name: _spans(name, spans, values, article, place) for name, spans in evidence.items()})


def _reason(error: ValidationError, schema: type[Schema]) -> str:
    """Put the first thing that the schema refuses into a sentence that names the field."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "record"
    match first["type"]:
        case "extra_forbidden":
            return f"there is no field “{where}”; the fields are {', '.join(fields_of(schema))}."
        case "missing":
            return f"the field “{where}” is missing."
        case _:
            reason = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
            return f"{where} {first['input']!r} is not allowed: {reason}."


def _spans(name: str, spans: Any, values: Mapping[str, Any], article: Article | None, place: str) -> tuple[Span, ...]:
    if name not in values:
        raise UsageError(f"{place}: there is evidence for “{name}”, which the record does not have.")
    if not isinstance(spans, list) or not all(_is_span(span, article) for span in spans):
        inside = f"0 to {len(article.text)}" if article else "the text"
        raise UsageError(f"{place}: the evidence of {name} must be [start, end] pairs inside {inside}, not {spans!r}.")
    return tuple(Span(*span) for span in spans)


def _is_span(span: Any, article: Article | None) -> bool:
    if not (isinstance(span, list) and len(span) == 2 and all(type(offset) is int for offset in span)):
        return False
    return 0 <= span[0] < span[1] and (article is None or span[1] <= len(article.text))


def labelled_values(values: Mapping[str, Any], schema: type[Schema]) -> list[str]:
    """Return the fields that a label fills in, without the one on which the score is lenient."""
    return [n for n in fields_of(schema) if n != schema.lenient and has_value(values.get(n))]
