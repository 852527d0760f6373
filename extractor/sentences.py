"""Cut an article into sentences, each a span of the text exactly as read.

Lines come first: a headline, a byline or a list item ends with its line, whatever its punctuation. Only in
hard-wrapped text, where an old wire broke its lines at a fixed width, do lines run on. `sentencex` then
splits each paragraph; it knows abbreviations, initials and quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import sentencex  # it ships no types

from extractor.article import AT_HAND, Span

LONGEST = 600
"""No sentence is longer, in code points; what runs on is cut at a clause, else at a word."""

_WINDOW = 2000  # sentencex takes quadratic time on some input, so it never sees more than this at once
_WIDEST = 85  # wires and mail wrap well below this; a line of an unwrapped article is a whole paragraph

_NARROWEST = 40
_FULL = 0.7  # a line this full, as a share of the width, was broken by wrapping

_LINE = re.compile(r"[^\s\ufeff][^\r\n]*")  # a byte order mark is no part of the first line
_CLAUSE_END = re.compile(r"[;:,—–][\s”’\"]")
_LIST_ITEM = re.compile(r"[•*→–—-]\s|\d{1,3}[.)]\s")
# A list number, and titles before a name: sentencex may take each for a sentence.
_OPEN_ENDED = re.compile(
    r"(?:^\s*\d{1,3}|(?:^|[\s(“\"])(?:H\.E|Amb|Cllr|Capt|Col|Cmdr|Gen|Gov|Hon|Lt|Maj|Rep|Sen|Sgt))\.\s*$"
)


def lines(text: str, within: Span | None = None) -> Iterator[Span]:
    r"""Find the lines that are not blank, without the white space around them.

    >>> [line.of("Lavrov\r\n\n  in Seoul \n") for line in lines("Lavrov\r\n\n  in Seoul \n")]
    ['Lavrov', 'in Seoul']
    """
    start, end = within or (0, len(text))
    for match in _LINE.finditer(text, start, end):
        yield Span(match.start(), match.start() + len(match.group().rstrip()))


@lru_cache(maxsize=AT_HAND)
def sentences(text: str, skip: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    r"""Find the sentences of `text` in order; none has white space around it or overlaps a span of `skip`.

    >>> text = "Lavrov off to Seoul\nMr. Lavrov left on Oct. 18. He is expected back soon."
    >>> [sentence.of(text) for sentence in sentences(text)]
    ['Lavrov off to Seoul', 'Mr. Lavrov left on Oct. 18.', 'He is expected back soon.']
    """
    width = _wrap_width(text)
    return tuple(
        sentence
        for kept in _between(skip, len(text))
        for paragraph in _paragraphs(text, lines(text, kept), width)
        for sentence in _split(text, paragraph)
    )


def _between(skip: Sequence[Span], length: int) -> Iterator[Span]:
    """Yield the stretches that no span of `skip` touches."""
    start = 0
    for span in sorted(skip):
        if start < span.start:
            yield Span(start, span.start)
        start = max(start, span.end)
    if start < length:
        yield Span(start, length)


def _paragraphs(text: str, found: Iterable[Span], width: int) -> Iterator[Span]:
    """Join the lines that hard wrapping broke; without it (`width` 0) each line stands alone."""
    paragraph: Span | None = None
    last = Span(0, 0)
    for line in found:
        if paragraph and width and _runs_on(text, last, line, width):
            paragraph = Span(paragraph.start, line.end)
        else:
            if paragraph:
                yield paragraph
            paragraph = line
        last = line
    if paragraph:
        yield paragraph


def _wrap_width(text: str) -> int:
    """Return the width at which `text` was hard-wrapped, or 0.

    Wrapped text has short lines only; some break in mid-sentence, and most breaks follow a nearly full line.
    """
    lengths: list[int] = []  # of the lines before a break
    torn = width = 0
    last: Span | None = None
    for line in lines(text):
        length = line.end - _line_start(text, line)
        if length > _WIDEST:
            return 0
        if last and text.count("\n", last.end, line.start) == 1:
            lengths.append(last.end - _line_start(text, last))
            torn += text[last.end - 1] not in '.!?:”"' and text[line.start].islower()
        width = max(width, length)
        last = line
    full = sum(length >= _FULL * width for length in lengths)
    return width if width >= _NARROWEST and torn >= 2 and 2 * full >= len(lengths) else 0


def _runs_on(text: str, last: Span, line: Span, width: int) -> bool:
    """Say whether `line` goes on with the paragraph of `last`, which hard wrapping broke."""
    indent, last_indent = (span.start - _line_start(text, span) for span in (line, last))
    return (
        text.count("\n", last.end, line.start) == 1
        and indent <= last_indent
        and (last.end - last.start + last_indent >= _FULL * width or text[line.start].islower())
        and not _LIST_ITEM.match(text, line.start)
    )


def _line_start(text: str, line: Span) -> int:
    return text.rfind("\n", 0, line.start) + 1


def _split(text: str, paragraph: Span) -> Iterator[Span]:
    """Split one paragraph by windows; the last sentence of each is looked at again with what follows."""
    start = paragraph.start
    while start < paragraph.end:
        end = min(start + _WINDOW, paragraph.end)
        parts = _rejoined(sentencex.segment("en", text[start:end]))
        if end < paragraph.end:
            parts = parts[:-1] or [parts[0][: _cut(parts[0])]]
        for part in parts:
            yield from _bounded(text, Span(start, start + len(part)))
            start += len(part)


def _rejoined(parts: Iterable[str]) -> list[str]:
    """Join what was split after a title, as in "H.E. | Mr Tan", and closing quotes split off alone."""
    joined: list[str] = []
    for part in parts:
        if joined and (_OPEN_ENDED.search(joined[-1][-12:]) or not any(map(str.isalnum, part))):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _bounded(text: str, sentence: Span) -> Iterator[Span]:
    """Trim white space, and cut what is longer than `LONGEST`."""
    start, end = sentence
    while end - start > LONGEST:
        cut = _cut(text[start : start + LONGEST])
        yield from _trimmed(text, Span(start, start + cut))
        start += cut
    yield from _trimmed(text, Span(start, end))


def _cut(words: str) -> int:
    """Find the last clause end in the second half of `words`, else the last space, else the very end."""
    clauses = [match.end() for match in _CLAUSE_END.finditer(words, len(words) // 2)]
    return clauses[-1] if clauses else words.rfind(" ", 1) + 1 or len(words)


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    words = span.of(text)
    if stripped := words.strip():
        start = span.start + len(words) - len(words.lstrip())
        yield Span(start, start + len(stripped))
