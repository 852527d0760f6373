"""Turns: an article in which the words that decide for a choice decide for another one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from extractor.article import Article, Span
from extractor.evaluation.counterfactuals import Copy, Edit, copied, telling, with_article
from extractor.evaluation.labels import Label, has_value
from extractor.evaluation.wordings import wordings
from extractor.extraction.check import check
from extractor.extraction.records import Candidate
from extractor.fields import Found
from extractor.schema import FieldSpec, Schema, fields_of

_UNLIKE = 0.42  # how unlike the old words the new may be, so that the sentence still reads as one
_SAME_VERB = 0.25  # by which phrases with the same verb are more alike
_SENTENCES = 20  # that may tell a record; one told more often is left as it is
_TRIED = 8  # wordings of a value that are tried in the sentence


class _Cue(NamedTuple):
    """The words of a sentence that decide a choice of a record."""

    record: int
    field: str
    value: str
    span: Span
    where: tuple[Span, ...]


def turned(article: Article, records: Sequence[Label], schema: type[Schema], seed: int) -> list[Copy]:
    """Make a copy in which the words that decide the choices of records say another value.

    A record is turned if that can be done in each sentence that decides for it, and if the checks, asked about the new
    sentences alone, then read the new value. Of words that decide for several records, all of these are turned.
    """
    chance = random.Random(f"{article.id} {seed}")  # noqa: S311 -- nothing secret
    edits: dict[Span, str] = {}
    fixed = _fixed(records, schema)
    values: dict[int, dict[str, Any]] = {}
    for spec in (spec for spec in fields_of(schema).values() if spec.type.values() and not spec.many):
        cues = list(_cues(article, records, schema, spec))
        for number, record in enumerate(records):
            own = [cue for cue in cues if cue.record == number]
            shared = {cue.span for cue in cues if cue.record != number} & {cue.span for cue in own}
            if not own or shared or any(span.overlaps(cue.span) for span in (*edits, *fixed) for cue in own):
                continue
            for value in _others(spec, own[0].value, chance):
                new = [_reworded(article, record, schema, spec, cue, value) for cue in own]
                if all(new):
                    edits |= {cue.span: words for cue, words in zip(own, new, strict=True) if words}
                    values.setdefault(number, {})[spec.name] = value
                    break
    if not values:
        return []
    doubtful = frozenset(range(len(records))) - set(values)
    made = [with_article(article.text, Edit(span, words)) for span, words in edits.items()]
    return [copied(article, "turned", made, values=values, doubtful=doubtful)]


def _fixed(records: Sequence[Label], schema: type[Schema]) -> list[Span]:
    """Return the words that carry values other than choices, which must stay as they are."""
    worded = [name for name, spec in fields_of(schema).items() if not spec.type.values()]
    told = [(record.evidence.get(n, ()), record.values.get(n)) for record in records for n in worded]
    return [span for spans, value in told if not isinstance(value, bool) for span in spans]


def _cues(article: Article, records: Sequence[Label], schema: type[Schema], spec: FieldSpec) -> Iterator[_Cue]:
    """Yield the words that decide for the value that a record has, in each sentence that tells of it."""
    for number, record in enumerate(records):
        if not has_value(record.values.get(spec.name)):
            continue
        told = telling(article, record, schema)
        for sentence in told if len(told) <= _SENTENCES else ():
            found = _decided(article, record, schema, spec, (sentence,))
            if found and spec.type.same(found.value, record.values[spec.name]):
                yield _Cue(number, spec.name, found.value, found.spans[0], (sentence,))


def _decided(
    article: Article, record: Label, schema: type[Schema], spec: FieldSpec, where: tuple[Span, ...]
) -> Found | None:
    """Return what the words of a sentence decide for a field, if they do."""
    values = {name: value for name, value in record.values.items() if fields_of(schema)[name].key}
    found = check(Candidate(values, where), article, schema, further=False).record[spec.name]
    return found[0] if found and found[0].verdict == "derived" else None


def _others(spec: FieldSpec, value: str, chance: random.Random) -> list[str]:
    """Return the other values in a drawn order, those first that look another way in time."""
    others = [other for other, _ in spec.type.values() if other != value]
    chance.shuffle(others)
    return sorted(others, key=lambda other: spec.type.tense(other) == spec.type.tense(value))


def _reworded(
    article: Article, record: Label, schema: type[Schema], spec: FieldSpec, cue: _Cue, value: str
) -> str | None:
    """Return words for another value that fit the place of a cue: as like to it as can be, and read as meant."""
    old = cue.span.of(article.text)
    written = {words for pattern in spec.type.cues(value) for words in wordings(pattern) if _may_be_like(words, old)}
    for words in sorted(written, key=lambda words: (*_unlikeness(words, old), words))[:_TRIED]:
        if _unlikeness(words, old)[0] > _UNLIKE:
            return None
        new = words[0].upper() + words[1:] if old[0].isupper() else words
        copy = copied(article, "try", [Edit(cue.span, new)])
        where = tuple(copy.move(span) for span in cue.where)
        found = _decided(copy.article, record, schema, spec, where)
        if found and spec.type.same(found.value, value):
            return new
    return None


def _may_be_like(one: str, other: str) -> bool:
    """Spare the comparison of phrases that share too few words for it, which are nearly all."""
    a, b = one.lower().split(), other.lower().split()
    return 1 - 2 * sum(word in b for word in a) / (len(a) + len(b)) - _SAME_VERB <= _UNLIKE


def _unlikeness(one: str, other: str) -> tuple[float, float]:
    """Compare word by word, where the verb, which stands last, counts most; then letter by letter."""
    a, b = one.lower().split(), other.lower().split()
    same_verb = _SAME_VERB if _stem(a[-1]) == _stem(b[-1]) else 0
    by_word = SequenceMatcher(None, a, b, autojunk=False).ratio()
    by_letter = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return 1 - by_word - same_verb, 1 - by_letter


def _stem(word: str) -> str:
    return re.sub(r"(?:ed|ing|e?s|e)$", "", word)
