"""A schema rendered for readers: the model and the human labeller read the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any

from extractor.schema import FieldSpec, Schema, fields_of, load


def codebook(schema: str | type[Schema]) -> str:
    """Render the page that a human labeller works by, in Markdown.

    >>> print(codebook("visits").splitlines()[0])
    # Codebook: visits
    """
    schema = load(schema)
    specs = fields_of(schema).values()
    return "\n".join(
        [
            f"# Codebook: {schema.unit}\n",
            *guide(schema, specs),
            "\n## Examples\n",
            *(_example(example.passage, example.records) for example in schema.examples),
        ]
    )


def guide(schema: type[Schema], specs: Iterable[FieldSpec]) -> list[str]:
    """Say what a record is, the rules, and what each of the given fields holds, as lines."""
    return [
        getdoc(schema) or "",
        *(f"- {rule}" for rule in schema.rules),
        "\nFields:",
        *(line for spec in specs for line in _field(spec)),
    ]


def _field(spec: FieldSpec) -> list[str]:
    """Describe one field, and the values of a choice below it."""
    null = " or null" if spec.optional and not spec.many else ""
    lines = [f"- {spec.name}: {spec.description} ({'list, ' if spec.many else ''}{spec.type.form}{null})"]
    return lines + [f"  - {value}: {meaning}" for value, meaning in spec.type.values()]


def _example(passage: str, records: Iterable[Mapping[str, Any]]) -> str:
    rows = [f"  - {', '.join(f'{k}: {v}' for k, v in record.items() if v is not None)}" for record in records]
    return "\n".join([f"> {passage}\n", *(rows or ["  - no record"]), ""])
