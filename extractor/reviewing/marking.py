"""Marking: values that a labeller typed, and words that they marked, brought together through the field types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.evaluation.labels import has_value
from extractor.fields.base import Found, View
from extractor.reviewing.drafts import Draft, with_value
from extractor.schema import FieldSpec, Schema, tense_of
from extractor.sentences import sentences


def corrected(
    draft: Draft, spec: FieldSpec, value: Any, article: Article, schema: type[Schema], *, exact: bool = False
) -> Draft:
    """Give a field a value that was typed: in standard form and with its words, if its field type finds them."""
    if isinstance(value, str):
        value = value.strip() or None
    if isinstance(value, list):
        value = [one.strip() for one in value if one.strip()]
    held = draft.evidence.get(spec.name, ())
    if not has_value(value):
        return with_value(draft, spec.name, value, ())
    if not isinstance(value, list):
        found = locate(spec, value, draft, article, schema)
        spans = (found.spans if found else ()) or held
        return with_value(draft, spec.name, found.value if found and not exact else value, spans)
    before = draft.values.get(spec.name) or []
    dropped = [one for one in before if one not in value]
    spans = tuple(span for span in held if not _carries_any(spec, dropped, span, draft, article, schema))
    values: list[str] = []
    for one in value:
        found = None if one in before else locate(spec, one, draft, article, schema)
        spans += found.spans if found else ()
        values.append(found.value if found and not exact else one)
    return with_value(draft, spec.name, list(dict.fromkeys(values)), spans)


def _carries_any(
    spec: FieldSpec, values: Sequence[Any], span: Span, draft: Draft, article: Article, schema: type[Schema]
) -> bool:
    view = _view(spec, draft, article, schema, (span,))
    return any(spec.type.locate(value, view) for value in values)


def marked(draft: Draft, spec: FieldSpec, span: Span, article: Article, schema: type[Schema]) -> Draft:
    """Mark words as evidence, in place of marks that they overlap; a field without a value takes it from them."""
    span = _trimmed(span, article)
    value = draft.values.get(spec.name)
    spans = [one for one in draft.evidence.get(spec.name, ()) if not one.overlaps(span)]
    if spec.many or not has_value(value):
        found = read_off(spec, span, draft, article, schema)
        if found is None and not has_value(value):
            words = span.of(article.text)
            raise UsageError(f"“{words[:80]}” gives no value for {spec.name}; write the value, then mark its words.")
        if found and not spec.many:
            value = found.value
        elif found and not any(spec.type.same(found.value, one) for one in value or []):
            value = [*(value or []), found.value]
    return with_value(draft, spec.name, value, [*spans, span])


def unmarked(draft: Draft, spec: FieldSpec, span: Span) -> Draft:
    """Take evidence away from a field; its value stays."""
    left = [one for one in draft.evidence.get(spec.name, ()) if one != span]
    return with_value(draft, spec.name, draft.values.get(spec.name), left)


def _trimmed(span: Span, article: Article) -> Span:
    words = span.of(article.text)
    if not (0 <= span.start < span.end <= len(article.text)) or not words.strip():
        raise UsageError(f"Evidence must be words inside 0 to {len(article.text)}, not {[*span]}.")
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))


def locate(spec: FieldSpec, value: Any, draft: Draft, article: Article, schema: type[Schema]) -> Found | None:
    """Find a value's words through its field type: in the sentences of the record first, then anywhere.

    What rests on a whole passage rests on no words of it, so such evidence is left to the labeller.
    """
    marks = [span for spans in draft.evidence.values() for span in spans]
    near = [s for s in sentences(article.text) if any(map(s.overlaps, marks))] if marks else []
    where = (*near, Span(0, len(article.text)))
    found = spec.type.locate(value, _view(spec, draft, article, schema, where))
    return found and found._replace(spans=tuple(span for span in found.spans if span not in where))


def read_off(spec: FieldSpec, span: Span, draft: Draft, article: Article, schema: type[Schema]) -> Found | None:
    """Read a value off the words that a labeller marked for it: they are one, or only one stands in them."""
    view = _view(spec, draft, article, schema, (span,))
    offers = [offer for offer in get_args(spec.type.ask(view)) if isinstance(offer, str)]
    tried = (span.of(article.text), *offers) if len(offers) == 1 else (span.of(article.text),)
    located = (spec.type.locate(words, view) for words in tried)
    found = next(filter(None, located), None) or next(iter(spec.type.read(view)), None)
    return found if found and has_value(found.value) else None


def _view(spec: FieldSpec, draft: Draft, article: Article, schema: type[Schema], where: tuple[Span, ...]) -> View:
    """Let a field type look at the record as the labeller has it; who does what is for the labeller to say."""

    def known(name: str | None) -> Found | None:
        value = draft.values.get(name or "")
        first = value[0] if isinstance(value, list) and value else value
        return Found(first, draft.evidence.get(name or "", ()), "stated") if has_value(first) else None

    unlike = known(spec.unlike)
    tense = tense_of(schema, draft.values)
    return View(
        article, where, known(spec.of), tense, spec.lead, unlike=unlike.value if unlike else None, by=known(spec.by)
    )
