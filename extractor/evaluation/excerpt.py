"""Excerpts: the words of an article around the evidence of a value, with those that carry it marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extractor.article import Span

_AROUND = 60  # code points before and after the evidence
_LONGEST = 240  # of a stretch of evidence; its middle is left out
_MOST = 4  # stretches


class Piece(NamedTuple):
    """Some words of an excerpt; `marked` ones are evidence."""

    words: str
    marked: bool = False


Excerpt = tuple[Piece, ...]


def excerpt(text: str, spans: Iterable[Span]) -> Excerpt:
    """Return what stands around the spans that lie in the text; nothing if none does.

    >>> told(excerpt("Mr Lavrov flew to Seoul.", [Span(3, 9), Span(18, 23)]))
    'Mr [Lavrov] flew to [Seoul].'
    """
    marked = list(_merged(span for span in spans if 0 <= span.start < span.end <= len(text)))
    pieces: list[Piece] = []
    end = 0
    for span in marked[:_MOST]:
        before = Span(max(end, span.start - _AROUND), span.start)
        if before.start > end:
            before = Span(_word_start(text, before), span.start)
            pieces.append(Piece(" … " if pieces else "… "))
        pieces += [Piece(before.of(text)), *_shortened(span.of(text))]
        end = span.end
        following = next((other.start for other in marked if other.start >= end), len(text))
        after = _word_end(text, Span(end, min(following, end + _AROUND)), following)
        pieces.append(Piece(after.of(text)))
        end = after.end
    if pieces and end < len(text):
        pieces.append(Piece(" …"))
    return tuple(piece for piece in pieces if piece.words)


def told(pieces: Excerpt) -> str:
    """Write an excerpt as text, with the evidence in brackets."""
    return "".join(f"[{piece.words}]" if piece.marked else piece.words for piece in pieces)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in sorted(spans):
        if last and span.start <= last.end:
            last = Span(last.start, max(last.end, span.end))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _word_start(text: str, stretch: Span) -> int:
    """Move the start of a stretch behind the word that it cuts, if there is white space in it."""
    space = re.compile(r"\s").search(text, stretch.start, stretch.end)
    return space.end() if space else stretch.start


def _word_end(text: str, stretch: Span, following: int) -> Span:
    if stretch.end >= following:
        return stretch
    cut = re.compile(r".*\s", re.DOTALL).match(text, stretch.start, stretch.end)
    return Span(stretch.start, cut.end() - 1 if cut else stretch.end)


def _shortened(words: str) -> list[Piece]:
    if len(words) <= _LONGEST:
        return [Piece(words, True)]
    half = _LONGEST // 2
    return [Piece(words[:half], True), Piece(" … "), Piece(words[-half:], True)]
