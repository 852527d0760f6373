"""Mutations: true records in which one thing was changed, for the checks to notice."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from extractor.article import Article, Span
from extractor.evaluation.alterations import negated, reworded, shifted
from extractor.evaluation.labels import Label, has_value
from extractor.fields.base import Group, View
from extractor.fields.words import find_words
from extractor.schema import FieldSpec, Schema, fields_of
from extractor.sentences import sentences

Labels = Mapping[str, tuple[Label, ...]]
PART, PASSAGE = "part of it", "of the passage"
"""Changes that need not contradict the words: a part of the evidence, and another value of the passage."""


@dataclass(frozen=True)
class Case:
    """One value of one labelled record, untouched or changed, with the evidence of the record.

    `group` and `kind` are the field type's group and name, `change` what was done ("" for nothing). The value is
    also in `values`, in the place of the true one; a list holds it alone. `article` is not the labelled one after
    a negation.
    """

    group: Group
    kind: str
    change: str
    field: str
    value: Any
    true: Any
    article: Article
    values: Mapping[str, Any]
    evidence: Mapping[str, tuple[Span, ...]]

    @property
    def mutated(self) -> bool:
        """Whether anything was changed."""
        return bool(self.change)


def passages(article: Article, evidence: Mapping[str, tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """Return the sentences that hold a record's evidence, each once in front and the nearest to it behind."""
    spans = {span for many in evidence.values() for span in many}
    held = [s for s in sentences(article.text) if any(s.overlaps(span) for span in spans)]
    held = held or [Span(0, len(article.text))]
    return [tuple(sorted(held, key=lambda s: abs(s.start - first.start))) for first in held]


def cases(articles: Mapping[str, Article], labels: Labels, schema: type[Schema], *, seed: int = 0) -> Iterator[Case]:
    """Yield every labelled value that has evidence, untouched, and each with one thing changed.

    The same seed gives the same cases. Yes-or-no values are left out: nothing in the text is theirs alone.
    """
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    pool = _pool(articles, labels, schema)
    for article_id, records in labels.items():
        article = articles[article_id]
        for label in records:
            for true in _true_cases(article, label, schema):
                yield true
                yield from _changed(true, fields_of(schema)[true.field], label, pool, chance)


def _true_cases(article: Article, label: Label, schema: type[Schema]) -> Iterator[Case]:
    for name, spec in fields_of(schema).items():
        labelled = label.values.get(name)
        spans = label.evidence.get(name) or (label.evidence.get(spec.of or "", ()) if spec.type.dated else ())
        if not has_value(labelled) or not spans or isinstance(labelled, bool):
            continue
        for value in labelled if isinstance(labelled, list) else [labelled]:
            alone = tuple(span for span in spans if spec.many and spec.type.same(span.of(article.text), value))
            values = {**label.values, name: [value] if spec.many else value}
            evidence = {**label.evidence, name: alone or spans}
            kind = type(spec.type).__name__.removesuffix("Type").lower()
            yield Case(spec.type.group, kind, "", name, value, value, article, values, evidence)


def _changed(
    true: Case, spec: FieldSpec, label: Label, pool: Mapping[str, Sequence[str]], chance: random.Random
) -> Iterator[Case]:
    """Change one thing at a time: the value, a part of its words, its date, or the article's verb."""
    if choices := [value for value, _ in spec.type.values() if value != true.value]:
        yield _with(true, "another", chance.choice(choices), spec)
    elif spec.type.dated:
        yield from (_with(true, kind, value, spec) for kind, value in shifted(true.value))
    else:
        yield from (_with(true, kind, value, spec) for kind, value in _others(true, spec, label, pool, chance))
        near = passages(true.article, true.evidence)[0]
        yield from (
            _with(true, kind, value, spec)
            for kind, value in [*reworded(true.value), *_one_word(true.value, pool[spec.name], chance)]
            if not spec.type.same(value, true.value) and not find_words(value, true.article.text, near)
        )
    if spec.type.tense(true.value):
        for kind, altered in negated(true.article, true.evidence[spec.name][0]):
            moved = {name: tuple(map(altered.move, spans)) for name, spans in true.evidence.items()}
            evidence = {**moved, spec.name: (altered.seen,)}
            yield replace(true, change=kind, article=altered.article, evidence=evidence)


def _with(true: Case, change: str, value: Any, spec: FieldSpec) -> Case:
    values = {**true.values, true.field: [value] if spec.many else value}
    return replace(true, change=change, value=value, values=values)


def _one_word(words: str, pool: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Put the last word of another value in the place of the last one: "Foreign Secretary"."""
    *rest, last = words.split()
    others = [other.split()[-1] for other in pool if other.split()[-1].lower() != last.lower()]
    if rest and others:
        yield "one word", " ".join([*rest, chance.choice(others)])


def _others(
    true: Case, spec: FieldSpec, label: Label, pool: Mapping[str, Sequence[str]], chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Pick one other value that the passage names, one of the rest of the article, and one of neither.

    What is written inside the evidence itself ("month" of "the very next month") is a kind of its own.
    """
    whole = (Span(0, len(true.article.text)),)
    labelled = label.values[spec.name] if spec.many else [label.values[spec.name]]
    by_source: dict[str, list[str]] = {PART: [], PASSAGE: [], "of the article": [], "of neither": []}
    for value in dict.fromkeys([*get_args(spec.type.ask(View(true.article, whole))), *pool[spec.name]]):
        if isinstance(value, str) and not any(spec.type.same(value, own) for own in labelled):
            by_source[_source(value, true, spec, whole)].append(value)
    yield from ((source, chance.choice(values)) for source, values in by_source.items() if values)


def _source(value: str, true: Case, spec: FieldSpec, whole: tuple[Span, ...]) -> str:
    if not spec.type.locate(value, View(true.article, whole)):
        return "of neither"
    if find_words(value, true.article.text, true.evidence[spec.name]):
        return PART
    near = passages(true.article, true.evidence)[0]
    return PASSAGE if spec.type.locate(value, View(true.article, near)) else "of the article"


def _pool(articles: Mapping[str, Article], labels: Labels, schema: type[Schema]) -> Mapping[str, Sequence[str]]:
    """Collect the values of each field over all labels, each as the words of an article have it."""
    pool: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for article_id, records in labels.items():
        for label in records:
            for case in _true_cases(articles[article_id], label, schema):
                pool[case.field][_in_words(case, fields_of(schema)[case.field])] = None
    return {name: list(values) for name, values in pool.items()}


def _in_words(case: Case, spec: FieldSpec) -> str:
    """Write a value as its evidence does, where that says the same in other words ("Russian" for RUS)."""
    own = case.evidence.get(case.field, ())
    words = own[0].of(case.article.text) if own else ""
    if not words or find_words(str(case.value), case.article.text, own) or not spec.type.same(words, case.value):
        return str(case.value)
    return words
