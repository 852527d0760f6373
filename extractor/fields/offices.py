"""The office that stands beside a name: "Foreign Minister Sergei Lavrov", "Sergei Lavrov, the foreign minister,"."""

from __future__ import annotations

import re

from extractor.article import Span
from extractor.fields.gazetteer import mentions
from extractor.fields.names import is_honorific, is_title

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-‐‑][^\W\d_]+)*\.?")
_LINK = frozenset("of for and the to".split())
_APPOSITION = re.compile(r",\s(?:who (?:is|was) )?(?:(?:the|a|an) )?")
_OWNER = re.compile(r"(?:[’']s?)?\s")
_LONGEST = 100  # code points of a title, country and all


def title_before(text: str, name: Span) -> Span | None:
    """Return the run of title words that ends right before a name.

    >>> text = "Russian Foreign Minister Sergei Lavrov"
    >>> title_before(text, Span(25, 38)).of(text)
    'Foreign Minister'
    """
    begin = max(0, name.start - _LONGEST)
    words = list(_WORD.finditer(text, begin, name.start))
    while words and is_honorific(words[-1][0]) and _joined(text, words[-1].end(), name.start):
        name = Span(words.pop().start(), name.end)
    run: list[re.Match[str]] = []
    right = name.start
    for word in reversed(words):
        if word[0].endswith(".") and not is_honorific(word[0]):
            break
        if not _joined(text, word.end(), right) or not (is_title(word[0]) or (run and word[0].lower() in _LINK)):
            break
        run.insert(0, word)
        right = word.start()
    return _trimmed(run)


def title_after(text: str, name: Span) -> Span | None:
    """Return the title of an apposition, without the country that it may begin with.

    >>> text = "Sergei Lavrov, the Russian foreign minister, left."
    >>> title_after(text, Span(0, 13)).of(text)
    'foreign minister'
    """
    opening = _APPOSITION.match(text, name.end)
    if opening is None:
        return None
    start = opening.end()
    country = next((m for m in mentions(text) if m.span.start == start), None)
    if country and (owner := _OWNER.match(text, country.span.end)):
        start = owner.end()
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text, start, start + _LONGEST):
        left = run[-1].end() if run else start
        if not _joined(text, left, word.start()) or not (is_title(word[0]) or (run and word[0].lower() in _LINK)):
            break
        run.append(word)
    return _trimmed(run)


def _joined(text: str, end: int, start: int) -> bool:
    """Say whether nothing but a space, or a comma and a space, stands between two words of a title."""
    return re.fullmatch(r",?[ \u00a0\n]", text[end:start]) is not None or end == start


def _trimmed(run: list[re.Match[str]]) -> Span | None:
    """Drop "of", "and", "for" from the ends of a title."""
    while run and run[0][0].lower() in _LINK:
        run = run[1:]
    while run and run[-1][0].lower() in _LINK:
        run = run[:-1]
    return Span(run[0].start(), run[-1].end()) if run else None
