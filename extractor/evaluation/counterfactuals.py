"""Counterfactuals: copies of an article that tell of another world, and the record that each must yield."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from extractor.article import Article, Span
from extractor.evaluation.labels import Label, has_value
from extractor.fields.base import Change
from extractor.fields.words import find_words, same_words
from extractor.schema import FieldSpec, Schema, fields_of
from extractor.sentences import sentences

_POINT = re.compile(r"(?<![\dX])(\d{4})(?:-(\d\d)-(\d\d))?(?![\dX])")

_INDEFINITE = re.compile(r"\b([Aa])n?[ \u00a0]\Z")


class Edit(NamedTuple):
    """Words that are put in the place of a span of the original."""

    span: Span
    words: str


class _Moves:
    """Where spans of the original lie after the edits, which are in order and do not overlap."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._ends = [edit.span.end for edit in edits]
        longer = (len(words) - (span.end - span.start) for span, words in edits)
        self._longer = [0, *accumulate(longer)]  # by how much the text has grown before each edit

    def __call__(self, span: Span) -> Span:
        before, within = bisect_right(self._ends, span.start), bisect_right(self._ends, span.end)
        start, end = span.start + self._longer[before], span.end + self._longer[within]
        if before < len(self._edits) and self._edits[before].span.start < span.start:
            start = self._edits[before].span.start + self._longer[before]
        if within < len(self._edits) and self._edits[within].span.start < span.end:
            end = self._edits[within].span.start + self._longer[within] + len(self._edits[within].words)
        return Span(start, max(start, end))


class Shift(NamedTuple):
    """A move in time by whole weeks, so that weekdays hold, which is so many years, give or take some days.

    >>> Shift(52, 1).date("2023-10-18/2023-10-19"), Shift(52, 1).date("2023-09"), Shift(52, 1).date("XXXX-01-26")
    ('2024-10-16/2024-10-17', '2024-09', 'XXXX-01-26')
    """

    weeks: int
    years: int

    def date(self, edtf: str) -> str:
        """Shift the days of an EDTF expression by weeks, and what names no day by years."""
        return _POINT.sub(self._point, edtf)

    def _point(self, match: re.Match[str]) -> str:
        if match[3]:
            return f"{date(int(match[1]), int(match[2]), int(match[3])) + timedelta(weeks=self.weeks)}"
        return f"{int(match[1]) + self.years:04}"


@dataclass(frozen=True)
class Copy:
    """An altered copy of an article; `edits` are in order and do not overlap.

    `codes` maps the countries that were exchanged, `shift` is how dates were moved, `values` are those that the copy
    states for the records of the original, by their number, and `gone` are the numbers of the records that it no
    longer tells. `doubtful` are records of which it cannot be said what became.
    """

    original: Article
    article: Article
    edits: tuple[Edit, ...]
    codes: Mapping[str, str] = field(default_factory=dict)
    shift: Shift | None = None
    values: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()

    @cached_property
    def _moves(self) -> _Moves:
        return _Moves(self.edits)

    def move(self, span: Span) -> Span:
        """Return where a span of the original is in the copy; what was replaced in part counts wholly."""
        return self._moves(span)

    def words(self, words: str, near: Sequence[Span] = ()) -> str:
        """Return what stands in the copy where the original has `words`: in the spans `near`, else anywhere."""
        whole = Span(0, len(self.original.text))
        where = (*near, whole)
        exact = next((span for span in near if same_words(span.of(self.original.text), words)), None)
        span = exact or find_words(words, self.original.text, where)
        if span is None or not any(edit.span.overlaps(span) for edit in self.edits):
            return words
        return " ".join(self.move(span).of(self.article.text).split())

    def expected(self, number: int, record: Label, schema: type[Schema]) -> dict[str, Any]:
        """Return the values that the copy tells of a record of the original."""
        specs = fields_of(schema)
        followed = {
            name: self._follow(specs[name], value, record.evidence.get(name, ()))
            for name, value in record.values.items()
            if has_value(value)
        }
        return followed | dict(self.values.get(number, {}))

    def _follow(self, spec: FieldSpec, value: Any, near: Sequence[Span]) -> Any:
        change = Change(
            lambda words: self.words(words, near), self.codes, self.shift.date if self.shift else lambda edtf: edtf
        )
        if isinstance(value, list):
            return [spec.type.follow(one, change) for one in value]
        return spec.type.follow(value, change)


def copied(article: Article, name: str, edits: Iterable[Edit], **told: Any) -> Copy:
    """Apply edits to an article; the copy is called ``ID.NAME``. Of two that overlap, the earlier counts.

    >>> made = copied(Article(id="a", text="Ann left Rome."), "x", [Edit(Span(9, 13), "Oslo city")])
    >>> made.article.id, made.article.text, made.move(Span(9, 13)), made.move(Span(13, 14))
    ('a.x', 'Ann left Oslo city.', Span(start=9, end=18), Span(start=18, end=19))
    """
    kept: list[Edit] = []
    for edit in sorted(set(edits)):
        if not kept or edit.span.start >= kept[-1].span.end:
            kept.append(edit)
    pieces, end = [], 0
    for span, words in kept:
        pieces += [article.text[end : span.start], words]
        end = span.end
    where, moves = article.published_evidence, _Moves(kept)
    shift: Shift | None = told.get("shift")
    published = shift.date(article.published) if shift and article.published else article.published
    changed = {
        "id": f"{article.id}.{name}",
        "text": "".join([*pieces, article.text[end:]]),
        "published": published,
        "published_evidence": moves(where) if where else None,
        "boilerplate": tuple(moves(span) for span in article.boilerplate),
    }
    return Copy(article, article.model_copy(update=changed), tuple(kept), **told)


def with_article(text: str, edit: Edit) -> Edit:
    """Let "a" before the new words become "an", or the other way round, as these sound.

    >>> with_article("She paid an official visit.", Edit(Span(12, 20), "state"))
    Edit(span=Span(start=9, end=20), words='a state')
    """
    before = _INDEFINITE.search(text, max(0, edit.span.start - 4), edit.span.start)
    if before is None or not edit.words:
        return edit
    return Edit(Span(before.start(), edit.span.end), before[1] + "n" * (edit.words[0] in "AEIOaeio") + " " + edit.words)


def telling(article: Article, record: Label, schema: type[Schema]) -> list[Span]:
    """Return the sentences that tell of a record: those with its evidence, and those that name all its key values."""
    spans = [span for many in record.evidence.values() for span in many]
    keys = [(spec, record.values.get(spec.name)) for spec in fields_of(schema).values() if spec.key]

    def tells(sentence: Span) -> bool:
        named = all(spec.type.told(value, article, sentence) for spec, value in keys)
        return named or any(sentence.overlaps(span) for span in spans)

    return [sentence for sentence in sentences(article.text) if tells(sentence)]


def removed(article: Article, records: Sequence[Label], schema: type[Schema], seed: int) -> list[Copy]:
    """Make for each record a copy without the sentences that tell of it; nothing here depends on the seed.

    Of another record that loses a sentence too, nobody can say whether it must stay.
    """
    told = [telling(article, record, schema) for record in records]
    copies = []
    for number, lines in enumerate(told):
        edits = [Edit(_with_blank(article.text, line), "") for line in lines]
        others = {i for i, other in enumerate(told) if i != number and set(other) & set(lines)}
        if edits and len(edits) < len(sentences(article.text)):
            name = f"removed-{number + 1}"
            copies.append(copied(article, name, edits, gone=frozenset({number}), doubtful=frozenset(others)))
    return copies


def _with_blank(text: str, line: Span) -> Span:
    """Take the blanks behind a sentence along, unless it ends its paragraph."""
    blank = re.compile(r"[ \u00a0]*").match(text, line.end)
    return Span(line.start, blank.end()) if blank else line
