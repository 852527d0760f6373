"""What made a run: schema, prompts, model and versions, so that a store never mixes two makers."""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from extractor import __version__, prompts
from extractor.models.pull import sha256_of
from extractor.models.spec import ModelSpec
from extractor.models.weights import QWEN
from extractor.rendering import codebook
from extractor.schema import Schema, fields_of

PROMPTS = ("ask", "repair")
_PACKAGES = ("instructor", "openai", "pydantic", "xllamacpp")


@dataclass(frozen=True)
class Provenance:
    """What made a run. Hashes name their algorithm, as in ``sha256:1f3a…``.

    `fields` holds the schema's fields in order, and whether each is a list; `keys` those that tell records
    apart; `model_hash` is that of the model's weights, None where a server keeps them. `weights` are the schema's, for
    the confidence of a record.
    """

    schema: str
    schema_hash: str
    fields: Mapping[str, bool]
    keys: Sequence[str]
    prompts: Mapping[str, str]
    model: str
    model_hash: str | None
    versions: Mapping[str, str]
    settings: Mapping[str, Any]
    weights: Mapping[str, float]
    created: str

    def difference(self, other: Provenance) -> str | None:
        """Say in which way `other` would not give the same records; None if it would.

        Where a server runs is no difference, nor are package versions and settings.
        """
        for what, mine, its in (
            ("schema", (self.schema, self.schema_hash), (other.schema, other.schema_hash)),
            ("model", (_called(self.model), self.model_hash), (_called(other.model), other.model_hash)),
            ("prompts", ("", _digest(self.prompts)), ("", _digest(other.prompts))),
        ):
            if mine != its:
                return f"made with {_named(what, *mine)}, but this run has {_named(what, *its)}"
        return None


def provenance(schema: type[Schema], spec: ModelSpec, settings: Mapping[str, Any]) -> Provenance:
    """Collect what will have made a run with these."""
    return Provenance(
        schema=schema.__name__,
        schema_hash=_digest([codebook(schema), schema.model_json_schema(), _source(schema)]),
        fields={name: field.many for name, field in fields_of(schema).items()},
        keys=[name for name, field in fields_of(schema).items() if field.key],
        prompts={name: prompts.load(name).digest for name in PROMPTS},
        model=spec.text,
        model_hash=_weights_hash(spec),
        versions=_versions(),
        settings=settings,
        weights=schema.weights,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _source(schema: type[Schema]) -> str:
    """Return the code of a schema's file: its cues and validators decide what is kept as much as its fields."""
    module = sys.modules.get(schema.__module__)
    return inspect.getsource(module) if module and getattr(module, "__file__", None) else ""


def _weights_hash(spec: ModelSpec) -> str | None:
    if spec.path is None:
        return f"sha256:{QWEN.sha256}" if spec.kind == "local" else None  # `pull` has seen to it
    return f"sha256:{sha256_of(spec.path)}" if spec.path.is_file() else None  # a replay needs no weights


def _versions() -> dict[str, str]:
    found = {"extractor": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # an extra that this run does without
            continue
    return found


def _called(model: str) -> str:
    """Return the name by which a server knows the model."""
    return ModelSpec.parse(model).name


def _named(what: str, name: str, digest: str | None) -> str:
    mark = f" ({digest.removeprefix('sha256:')[:8]})" if digest else ""
    return f"{what} {name}".rstrip() + mark


def _digest(value: object) -> str:
    # A schema's marks are no JSON, but their repr says all that they hold.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=repr)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
