"""The words that carry a record, shown in their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.text import Text

from extractor.article import Article, Span
from extractor.batch.terminal import harmless
from extractor.extraction import Record
from extractor.sentences import sentences


class Passage(NamedTuple):
    """A sentence with the words that carry values in brackets, and which field is carried where and how."""

    sentence: Text
    carried: list[str]


def passages(article: Article, record: Record) -> Iterator[Passage]:
    """Yield the sentences that carry a record, in the order of the text."""
    left = {span for found in record.values() for one in found for span in one.spans}
    for sentence in sentences(article.text):
        inside = {span for span in left if sentence.start <= span.start < sentence.end}
        if inside:
            left -= inside
            some = {span for span in inside if span != sentence}  # brackets around all of it would tell nothing
            yield Passage(_marked(article.text, sentence, some), _carried(record, inside))


def _carried(record: Record, inside: Iterable[Span]) -> list[str]:
    """Say which fields these spans carry, and how: ``visitor 25:38``, ``dates 62:75 (derived: weekday)``."""
    return [
        f"{name} {span.start}:{span.end}" + _how(one.verdict, one.rule)
        for name, found in record.items()
        for one in found
        for span in sorted(one.spans)
        if span in inside
    ]


def _how(verdict: str, rule: str | None) -> str:
    if verdict == "stated":
        return ""
    return harmless(f" ({verdict}: {rule})" if rule else f" ({verdict})")


def _marked(text: str, sentence: Span, inside: Iterable[Span]) -> Text:
    """Put brackets around the words; in bold besides, where the terminal can."""
    marked = Text()
    end = sentence.start
    for span in _merged(inside):
        marked.append(harmless(text[end : span.start]))
        marked.append(f"[{harmless(span.of(text))}]", "bold green")
        end = span.end
    return marked.append(harmless(text[end : sentence.end]))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap, so that no word is shown twice.

    >>> _merged([Span(5, 9), Span(0, 3), Span(7, 12)])
    [Span(start=0, end=3), Span(start=5, end=12)]
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.overlaps(merged[-1]):
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
