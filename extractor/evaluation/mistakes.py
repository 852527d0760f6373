"""Mistakes: what a run has wrong, one by one and by kind, with the words of the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from extractor.article import Article, Span
from extractor.evaluation.align import shared
from extractor.evaluation.articles import ScoredArticle
from extractor.evaluation.excerpt import Excerpt, excerpt, told
from extractor.evaluation.labels import Label, has_value
from extractor.evaluation.overlap import carries, covered
from extractor.evaluation.predictions import Prediction
from extractor.schema import FieldSpec, Schema, fields_of

Kind = Literal["missed", "spurious", "repeated", "wrong value", "wrong span", "unsupported", "failed"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Side:
    """What the run, or the label, says: a value (of a whole record, its keys), its spans, and the words around."""

    value: Any
    spans: tuple[Span, ...] = ()
    words: Excerpt = ()

    def to_json(self) -> dict[str, Any]:
        """Return value, spans, and the words with the evidence in brackets."""
        return {"value": self.value, "evidence": [list(span) for span in self.spans], "words": told(self.words)}


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: with a value if `field` is set, else with a record, or the article that `failed`.

    `record` names the record by its keys. A value is `missed` or `spurious` where only the label, or only the run,
    has one; its span is wrong where the value is right and shares no code point with what the labeller marked; it is
    `unsupported` without evidence, or with evidence that is no words of the article.
    """

    kind: Kind
    article: str
    record: str
    field: str | None = None
    run: Side | None = None
    label: Side | None = None
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return all of it, sides as objects."""
        return {
            "kind": self.kind,
            "article": self.article,
            "record": self.record,
            "field": self.field,
            "run": self.run.to_json() if self.run else None,
            "label": self.label.to_json() if self.label else None,
            "reason": self.reason,
        }


def mistakes(articles: Sequence[ScoredArticle], schema: type[Schema]) -> tuple[Mistake, ...]:
    """List what is wrong, by kind and then by article."""
    found = [mistake for one in articles for mistake in _Lister(one, schema).all()]
    return tuple(sorted(found, key=lambda mistake: KINDS.index(mistake.kind)))


def by_kind(found: Iterable[Mistake]) -> dict[Kind, dict[str, int]]:
    """Count the records, values and articles of each kind of mistake."""
    counts = {kind: {"records": 0, "values": 0, "articles": 0} for kind in KINDS}
    for one in found:
        what = "articles" if one.kind == "failed" else "values" if one.field else "records"
        counts[one.kind][what] += 1
    return counts


class _Lister:
    """Lists the mistakes of one article."""

    def __init__(self, one: ScoredArticle, schema: type[Schema]) -> None:
        self.one, self.text = one, _text(one.outcome.article)
        self.specs = {name: spec for name, spec in fields_of(schema).items() if name != schema.lenient}
        self.keys = [name for name, spec in self.specs.items() if spec.key]

    def all(self) -> Iterator[Mistake]:
        """Yield the article's own failure, the records, the values of matched ones, and what lacks support."""
        outcome, of = self.one.outcome, self.one.alignment
        if outcome.error is not None:
            yield Mistake("failed", self.one.id, "", reason=outcome.error)
        for j in of.missed:
            yield self._missed(self.one.labels[j])
        for i in of.spurious:
            yield self._superfluous("spurious", outcome.records[i])
        for i in of.repeated:
            yield self._superfluous("repeated", outcome.records[i])
        for record, label in self.one.pairs:
            for spec in self.specs.values():
                yield from self._values(spec, record, label)
        for value in self.one.values():
            if value.field in self.specs and has_value(value.value) and not carries(value.spans, outcome.article):
                side = self._side(value.value, value.spans)
                yield Mistake("unsupported", self.one.id, self._name(value.record.values), value.field, side)

    def _missed(self, label: Label) -> Mistake:
        spans = [span for name in self.keys for span in label.evidence.get(name, ())]
        side = self._side(self._name(label.values), spans)
        return Mistake("missed", self.one.id, self._name(label.values), label=side)

    def _superfluous(self, kind: Kind, record: Prediction) -> Mistake:
        spans = [span for name in self.keys for many in record.evidence.get(name, ()) for span in many]
        side = self._side(self._name(record.values), spans)
        return Mistake(kind, self.one.id, self._name(record.values), run=side)

    def _values(self, spec: FieldSpec, record: Prediction, label: Label) -> Iterator[Mistake]:
        """Compare one field of a matched record; the elements of a list one by one."""
        values, wanted = _elements(spec, record.values), _elements(spec, label.values)
        pairs = shared(spec, values, wanted)
        marked = label.evidence.get(spec.name, ())
        spans = [tuple(many) for many in record.evidence.get(spec.name, ())]
        spans += [()] * (len(values) - len(spans))
        for i, j in pairs:
            if marked and spans[i] and not _touch(spans[i], marked):
                yield self._value("wrong span", spec, record, (values[i], spans[i]), (wanted[j], marked))
        rest = [(values[i], spans[i]) for i in range(len(values)) if i not in dict(pairs)]
        lacking = [(one, self._own(spec, one, marked)) for j, one in enumerate(wanted) if j not in dict(pairs).values()]
        if rest and lacking and not spec.many:
            yield self._value("wrong value", spec, record, rest[0], lacking[0])
            return
        for one in rest:
            yield self._value("spurious", spec, record, one, None)
        for one in lacking:
            yield self._value("missed", spec, record, None, one)

    def _own(self, spec: FieldSpec, value: Any, marked: tuple[Span, ...]) -> tuple[Span, ...]:
        """Return the spans that hold one element of a list, where their words tell; labels mark the list as a whole."""
        return tuple(span for span in marked if spec.type.same(span.of(self.text), value)) or marked

    def _value(
        self,
        kind: Kind,
        spec: FieldSpec,
        record: Prediction,
        run: tuple[Any, tuple[Span, ...]] | None,
        label: tuple[Any, tuple[Span, ...]] | None,
    ) -> Mistake:
        said, wanted = (self._side(*side) if side else None for side in (run, label))
        return Mistake(kind, self.one.id, self._name(record.values), spec.name, said, wanted)

    def _side(self, value: Any, spans: Iterable[Span]) -> Side:
        marked = tuple(spans)
        return Side(value, marked, excerpt(self.text, marked))

    def _name(self, values: Mapping[str, Any]) -> str:
        return ", ".join(str(values[name]) for name in self.keys if has_value(values.get(name)))


def _elements(spec: FieldSpec, values: Mapping[str, Any]) -> list[Any]:
    value: Any = values.get(spec.name)
    if not has_value(value):
        return []
    return list(value) if spec.many else [value]


def _touch(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    return covered(spans) + covered(others) > covered([*spans, *others])


def _text(article: Article | None) -> str:
    return article.text if article else ""
