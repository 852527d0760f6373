"""Codebook probes: the same codebook in other words or another order, which must not change what is read by it.

After A. Halterman and K. A. Keith, "Codebook LLMs: Evaluating LLMs as Measurement Tools for Political Science
Concepts", Political Analysis, 2025: does a model code by the definitions that it is given, or by what their labels
mean to it?
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, create_model

from extractor.extraction.question import preamble
from extractor.schema import Example, FieldSpec, Schema, fields_of

_IDENTIFIER = re.compile(r"\b[a-z]+_\w+\b")  # a label in the midst of a rule; one that is a word may be meant as such
Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Variant:
    """A schema whose codebook reads otherwise; `labels` gives by field what each choice is called in it."""

    schema: type[Schema]
    labels: Labels = field(default_factory=dict)

    def values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the original as the variant writes them."""
        return _written(values, self.labels)


def shuffled(schema: type[Schema], seed: int) -> Variant:
    """Let the codebook list the values of each choice in another order."""
    chance = random.Random(f"order {seed}")  # noqa: S311 -- nothing secret
    orders = {}
    for name, values in _choices(schema).items():
        order = list(values)
        while len(order) > 1 and order == values:
            chance.shuffle(order)
        orders[name] = {value: value for value in order}
    return Variant(_variant(schema, orders))


def relabelled(schema: type[Schema], seed: int) -> Variant:
    """Let the codebook call each value of a choice k1, k2, …, so that only its definition says what it means."""
    chance = random.Random(f"labels {seed}")  # noqa: S311 -- nothing secret
    labels = {}
    for name, values in _choices(schema).items():
        codes = [f"k{n}" for n in range(1, len(values) + 1)]
        chance.shuffle(codes)
        labels[name] = dict(zip(values, codes, strict=True))
    return Variant(_variant(schema, labels), labels)


def reversed_fields(schema: type[Schema], seed: int) -> Variant:
    """Let the codebook, its examples and the answers name the fields in the reverse order."""
    made = _variant(schema, {})
    made.__pydantic_fields__ = dict(reversed(list(schema.model_fields.items())))
    backwards = [tuple(dict(reversed(list(record.items()))) for record in one.records) for one in schema.examples]
    made.examples = tuple(replace(e, records=r) for e, r in zip(schema.examples, backwards, strict=True))
    return Variant(made)


def reversed_examples(schema: type[Schema], seed: int) -> Variant:
    """Let the codebook show its worked examples in the reverse order."""
    made = _variant(schema, {})
    made.examples = schema.examples[::-1]
    return Variant(made)


VARIANTS: Mapping[str, Callable[[type[Schema], int], Variant]] = {
    "order": shuffled,
    "labels": relabelled,
    "fields": reversed_fields,
    "examples": reversed_examples,
}
"""What is done to the codebook, by the name of the probe; each takes a seed, of which only the first two make use."""


def _choices(schema: type[Schema]) -> dict[str, list[str]]:
    """Return the allowed values by field, for the fields that have such."""
    allowed = {name: [value for value, _ in spec.type.values()] for name, spec in fields_of(schema).items()}
    return {name: values for name, values in allowed.items() if values}


def _variant(schema: type[Schema], labels: Labels) -> type[Schema]:
    """Derive a schema whose choices are called so and stand in this order, in the worked examples too."""
    changed: dict[str, Any] = {}
    for name, of in labels.items():
        spec = fields_of(schema)[name]
        one: Any = Annotated[str, spec.type.called(of)]
        annotation = list[one] if spec.many else one | None if spec.optional else one
        changed[name] = (annotation, schema.model_fields[name])
    made = create_model(
        schema.__name__, __base__=schema, __module__=schema.__module__, __doc__=schema.__doc__, **changed
    )
    back = {name: {new: old for old, new in of.items()} for name, of in labels.items()}

    def same_record(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        return schema.same_record(_written(one, back), _written(other, back))

    made.same_record = staticmethod(same_record)  # type: ignore[method-assign]  # of a class made here
    made.examples = tuple(
        Example(one.passage, tuple(_written(record, labels) for record in one.records)) for one in schema.examples
    )
    every = {old: new for of in labels.values() for old, new in of.items()}
    made.prevailing = tuple(every.get(value, value) for value in schema.prevailing)
    made.rules = tuple(_IDENTIFIER.sub(lambda word: every.get(word[0], word[0]), rule) for rule in schema.rules)
    return made


def _written(values: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    """Call the choices among some values by their labels."""

    def label(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [label(name, one) for one in value]
        return labels.get(name, {}).get(value, value) if isinstance(value, str) else value

    return {name: label(name, value) for name, value in values.items()}


class Definition(NamedTuple):
    """A question for the value of a choice that the codebook defines so, and the right answer."""

    field: str
    value: str
    messages: list[dict[str, str]]
    answer: type[BaseModel]


def definitions(schema: type[Schema]) -> list[Definition]:
    """Ask back every definition of the codebook's choices that a model is shown, with the codebook before it."""
    asked = [spec for spec in fields_of(schema).values() if spec.asked and spec.type.values()]
    return [
        Definition(spec.name, value, _asked(schema, spec, meaning), _form(spec))
        for spec in asked
        for value, meaning in spec.type.values()
    ]


def _asked(schema: type[Schema], spec: FieldSpec, meaning: str) -> list[dict[str, str]]:
    text = f"Which value of {spec.name} does the codebook above define as “{meaning}”?"
    return [*preamble(schema), {"role": "user", "content": text}]


def _form(spec: FieldSpec) -> type[BaseModel]:
    values: Any = Literal[tuple(value for value, _ in spec.type.values())]
    return create_model("Definition", value=(values, ...))
