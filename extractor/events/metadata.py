"""Metadata: what the columns of an exported table hold, as a Data Package that Frictionless tools read and check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from extractor.batch.dictionary import Column
from extractor.errors import UsageError
from extractor.events.declarations import DAY

NAME: Final = "datapackage.json"
_PROFILES: Final = "https://datapackage.org/profiles/2.0"
_MEDIA: Final = {"csv": "text/csv", "jsonl": "application/jsonl"}
_TYPES: Final = {"text": "string", "boolean": "boolean", "integer": "integer", "number": "number"}


def resource(
    path: Path, to: str, about: str, columns: Iterable[Column], *, required: Sequence[str], key: str | None
) -> dict[str, Any]:
    """Describe the table in the file at `path` as a resource of a Data Package.

    `required` columns are never empty; `key` tells rows apart.
    """
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": re.sub(r"[^a-z0-9._-]", "-", path.name.lower()),
        "type": "table",
        "description": about,
        "path": path.name,
        "format": to,
        "mediatype": _MEDIA[to],
        "encoding": "utf-8",
        "schema": {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [_field(column, needed=column.name in required) for column in columns],
            "missingValues": [""],
            **({"primaryKey": [key]} if key else {}),
        },
    }


def _field(column: Column, *, needed: bool) -> dict[str, Any]:
    kind = "array" if column.lists else "date" if column.form == DAY else _TYPES[column.kind]
    known = f" ({column.form})" if column.form and kind == "string" and not column.allowed else ""
    told: dict[str, Any] = {"name": column.name, "type": kind, "description": f"{column.description}{known}"}
    limits: dict[str, Any] = {"required": True} if needed else {}
    if column.allowed:
        told["description"] += ": " + "; ".join(f"{value}, {meaning}" for value, meaning in column.allowed.items())
        limits |= {} if column.lists else {"enum": list(column.allowed)}
    return told | ({"constraints": limits} if limits else {})


def package(path: Path, described: Mapping[str, Any], *, force: bool) -> str:
    """Return the Data Package at `path` as JSON with a resource added, or a new one.

    A resource of the same name or file is replaced with `force` alone; the others stay as they are.

    Raises:
        UsageError: if what is there cannot be added to.
    """
    known = _known(path)
    others = [one for one in known["resources"] if not {one.get("name"), one.get("path")} & {*_names(described)}]
    replaced = [one for one in known["resources"] if one not in others]
    if not force and any(one != described for one in replaced):
        raise UsageError(f"{path} tells otherwise of {described['path']}; add --force, or choose another --out.")
    return json.dumps(known | {"resources": [*others, described]}, ensure_ascii=False, indent=2) + "\n"


def _names(described: Mapping[str, Any]) -> tuple[str, str]:
    return described["name"], described["path"]


def _known(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {"$schema": f"{_PROFILES}/datapackage.json", "name": "events", "resources": []}
    try:
        known = json.loads(path.read_text("utf-8"))
        resources = known["resources"]
    except (ValueError, TypeError, KeyError, OSError):
        known, resources = None, None
    if (
        not isinstance(known, dict)
        or not isinstance(resources, list)
        or not all(isinstance(r, dict) for r in resources)
    ):
        raise UsageError(f"{path} is no Data Package, so nothing can be added to it; choose another folder for --out.")
    return known
