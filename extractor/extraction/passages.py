"""Passages: the stretches of an article that may tell of a record, each with what a reader needs besides."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from extractor.article import Article, Span
from extractor.fields.words import cue_pattern
from extractor.schema import Schema
from extractor.sentences import sentences

_BEFORE = 2  # sentences that a reader may need to know who "she" is, or more if the paragraph is longer
_PARAGRAPH = 4
_HEAD = 250  # code points at the top, which say whom and what the article is about
_SILENT = 3  # sentences after which nobody remembers who "she" is
_ONWARD = 30  # sentences behind a passage in which its record may be gone on about
_WINDOW = 4000  # code points that are read at once where a schema has no cues
_OVERLAP = 500  # code points that the next window reads again


def passages(article: Article, schema: type[Schema]) -> list[tuple[Span, ...]]:
    """Cut the article into the passages that may tell of a record, each followed by the sentences before it.

    A schema's cues pick the sentences; without cues, everything but boilerplate is read in overlapping windows, each
    followed by the head of the article. Thus an article of any length fits a model's context.
    """
    cut = sentences(article.text, article.boilerplate)
    if not schema.cues:
        windows = _windows(article.text, cut, article.boilerplate)
        return [(window, *(s for s in _head(cut) if not window.covers(s))) for window in windows]
    cue = cue_pattern(schema.cues)
    seen: set[str] = set()
    picked = []
    for i, sentence in enumerate(cut):
        words = sentence.of(article.text)
        if words not in seen and cue.search(words):
            picked.append((sentence, *_surroundings(article.text, cut, i)))
        seen.add(words)
    return picked


def onward(article: Article, passage: Span, told: Callable[[Span], list[bool | None]]) -> Iterator[Span]:
    """Yield the sentences behind a passage that go on about its record.

    `told` says for each key value of the record whether a sentence tells of it (True) or of another (False). What a
    sentence leaves open (None) is what those before it spoke of, for a few sentences.
    """
    cut = sentences(article.text, article.boilerplate)
    behind = bisect_left(cut, passage.end, key=lambda sentence: sentence.start)
    heard: dict[int, int] = {}  # how many sentences ago each key value was last told of
    for sentence in cut[behind : behind + _ONWARD]:
        for i, said in enumerate(told(sentence)):
            heard[i] = {True: 0, False: _SILENT, None: heard.get(i, 0)}[said] + (said is not True)
        if max(heard.values(), default=_SILENT + 1) <= _SILENT:
            yield sentence


def _surroundings(text: str, cut: tuple[Span, ...], i: int) -> Iterator[Span]:
    """Yield what stands before a sentence, the nearest first: the paragraph so far, and the head of the article."""
    first = i
    while first > 0 and i - first < _PARAGRAPH:
        if i - first >= _BEFORE and "\n" in text[cut[first - 1].end : cut[first].start]:
            break
        first -= 1
    yield from reversed(cut[first:i])
    yield from _head(cut[:first])


def _head(cut: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the sentences at the top."""
    return (sentence for sentence in cut if sentence.start - cut[0].start < _HEAD)


def _windows(text: str, cut: tuple[Span, ...], boilerplate: tuple[Span, ...]) -> Iterator[Span]:
    """Join neighbouring sentences into overlapping stretches of bounded length that end with a paragraph if they can.

    None reaches over boilerplate. A sentence that is longer by itself is a stretch of its own.
    """

    def fits(first: int, last: int) -> bool:
        joined = Span(cut[first].start, cut[last].end)
        return joined.end - joined.start <= _WINDOW and not any(joined.overlaps(b) for b in boilerplate)

    first = 0
    while first < len(cut):
        last = paragraph = first
        while last + 1 < len(cut) and fits(first, last + 1):
            last += 1
            if last + 1 < len(cut) and "\n" in text[cut[last].end : cut[last + 1].start]:
                paragraph = last
        if last + 1 < len(cut) and cut[paragraph].end - cut[first].start > _WINDOW / 2:
            last = paragraph
        yield Span(cut[first].start, cut[last].end)
        again = (i for i in range(first + 1, last + 1) if cut[last].end - cut[i].start <= _OVERLAP)
        first = next((i for i in again if last + 1 < len(cut) and fits(i, last + 1)), last + 1)
