"""The data of a run as its pages show it: what made the run, the fields of its schema, and the articles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from extractor.article import Article
from extractor.batch.dictionary import schema_of
from extractor.batch.provenance import Provenance
from extractor.batch.store import Store
from extractor.batch.terminal import harmless_json
from extractor.errors import UsageError
from extractor.extraction import Extraction, Rejected
from extractor.extraction.confidence import confidence
from extractor.fields import Found
from extractor.fields.gazetteer import name_of
from extractor.models.prices import price_of
from extractor.models.spec import ModelSpec
from extractor.models.usage import Usage
from extractor.schema import Schema, fields_of

_LONGEST_TITLE = 140  # code points
_OPENING = 10_000  # code points in which a title may stand


def run_data(store: Store, schema: str | type[Schema] | None = None) -> dict[str, Any]:
    """Return a whole run as plain values that JSON can hold: ``run``, ``fields`` and ``articles``.

    `schema` describes the fields, if it is none that comes with the program. See `run_facts`, `field_data` and
    `article_data` for what the three hold; a page of many articles takes these one by one.

    Raises:
        UsageError: if the given `schema` has not the fields of the run.
    """
    made = store.provenance
    fields = field_data(made, schema)
    return {"run": run_facts(store, schema), "fields": fields, "articles": list(articles(store))}


def run_facts(store: Store, schema: str | type[Schema] | None = None) -> dict[str, Any]:
    """Return what made the run and what it holds.

    ``cost`` is None where nobody knows the price, ``note`` where the schema is at hand as it was.
    """
    made, totals = store.provenance, store.totals()
    known, note = schema_of(made, schema)
    return {
        "store": store.place.name if isinstance(store.place, Path) else str(store.place),
        "schema": made.schema,
        "unit": known.unit if known else Schema.unit,
        "note": note.replace("dictionary", "page") if note else None,
        "schema_hash": made.schema_hash,
        "model": made.model,
        "model_hash": made.model_hash,
        "prompts": dict(made.prompts),
        "versions": dict(made.versions),
        "settings": dict(made.settings),
        "created": made.created,
        "articles": totals.articles,
        "records": totals.records,
        "rejected": totals.rejected,
        "failed": len(store.failures()),
        "usage": asdict(totals.usage),
        "cost": _cost(made, totals.usage),
    }


def _cost(made: Provenance, usage: Usage) -> float | None:
    """Return what the run cost in US dollars; a batch costs half."""
    with suppress(UsageError):  # the package that knows prices is an extra
        if price := price_of(ModelSpec.parse(made.model)):
            return price.of(usage) / (2 if made.settings.get("way") == "batch" else 1)
    return None


def field_data(made: Provenance, schema: str | type[Schema] | None = None) -> list[dict[str, Any]]:
    """Return the fields in the order of the schema; without the schema at hand, names and lists alone.

    ``choices`` holds each allowed value with its meaning, and is empty where any value is allowed.
    """
    known, _ = schema_of(made, schema)
    specs = fields_of(known) if known else {}
    found = []
    for name, many in made.fields.items():
        spec = specs.get(name)
        found.append(
            {
                "name": name,
                "label": name.replace("_", " "),
                "description": spec.description if spec else "",
                "form": spec.type.form if spec else "",
                "choices": [list(choice) for choice in spec.type.values()] if spec else [],
                "dated": spec.type.dated if spec else False,
                "key": name in made.keys,
                "many": many,
            }
        )
    return found


def articles(store: Store) -> Iterator[dict[str, Any]]:
    """Yield the articles of a run, by id, as `article_data` gives them."""
    made = store.provenance
    for extraction in store.extractions():
        yield article_data(extraction, made)


def article_data(extraction: Extraction, made: Provenance) -> dict[str, Any]:
    """Return an article with its records and what was rejected; offsets are code points into ``text``.

    A record has ``confidence``, which may be None, and ``values``: for each field that has any, a list of ``value``
    (standard form), ``shown`` (as text), ``meaning`` (a country's name), ``verdict``, ``rule`` and ``spans``.
    """
    article = extraction.article
    return {
        "id": article.id,
        "title": title_of(article),
        "published": article.published,
        "publisher": article.publisher,
        "url": article.url,
        "source": article.source,
        "text": article.text,
        "boilerplate": [list(span) for span in article.boilerplate],
        "error": extraction.error,
        "records": [
            {
                "confidence": confidence(record, made.keys, made.weights),
                "values": {name: [value_data(one) for one in found] for name, found in record.items() if found},
            }
            for record in extraction.records
        ],
        "rejected": [_rejected(rejection) for rejection in extraction.rejected],
    }


def title_of(article: Article) -> str:
    """Return the first line that is no boilerplate, cut where it gets long; the id where there is none."""
    text = article.model_copy(update={"text": article.text[:_OPENING]}).without_boilerplate().text
    line = next((line for line in text.splitlines() if line.strip()), article.id).strip()
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def value_data(one: Found) -> dict[str, Any]:
    """Return a value as `article_data` has it in a record."""
    told: dict[str, Any] = {"value": one.value, "shown": plain(one.value), "verdict": one.verdict}
    if isinstance(one.value, str) and (meaning := name_of(one.value)) and meaning != one.value:
        told["meaning"] = meaning
    if one.rule:
        told["rule"] = one.rule
    return told | {"spans": [list(span) for span in sorted(one.spans)]}


def _rejected(rejection: Rejected) -> dict[str, Any]:
    field, value, reason = rejection
    return {"field": field, "value": "" if value is None else plain(value), "reason": reason}


def plain(value: object) -> str:
    """Return a value as a reader takes it: text as it is, yes and no, the rest as JSON.

    >>> plain("RUS"), plain(True), plain({"visitor": "Ruiz", "when": None})
    ('RUS', 'yes', 'visitor: Ruiz')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {plain(one)}" for name, one in value.items() if one not in (None, [], False))
    if isinstance(value, list | tuple):
        return "; ".join(plain(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def embedded(value: object) -> str:
    r"""Return JSON for a ``<script type="application/json">``: no character of it means anything to HTML.

    >>> print(embedded("</script>\u2028&"))
    "\u003c/script\u003e\u2028\u0026"
    """
    line = harmless_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return line.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
