"""Exact matching after a written normalisation: the only thing that supports a value.

What is levelled: Unicode compatibility forms and accents' composition, case, white space, quotation marks and
dashes, soft hyphens and zero-width characters. Nothing else: a word more or less, or another word, is no match.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from extractor.article import AT_HAND, Span

_LEVEL = str.maketrans(dict.fromkeys("‘’‚‛`´ʼʻ", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_LEADING = re.compile(r"^(?:the|a|an|on|in|at|for|from|to|of|by|during|since|until|with)\s+", re.IGNORECASE)


@lru_cache(maxsize=512)
def cue_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    r"""Compile the cues of a schema: any of them, in any case, at a word's beginning; a blank is any white space.

    >>> bool(cue_pattern(("is in",)).search("He is\nin Peru."))
    True
    """
    return re.compile(r"\b(?:" + "|".join(cues).replace(" ", r"\s") + r")", re.IGNORECASE)


@lru_cache(maxsize=AT_HAND)
def _levelled(text: str) -> tuple[str, array[int]]:
    """Return the normalised text and, for each of its characters, the offset that it came from."""
    out: list[str] = []
    origin = array("L")
    for start, stop in _clusters(text):
        plain = _level_of(text[start:stop])
        if plain == " " and out and out[-1] == " ":
            continue
        out.extend(plain)
        origin.extend([start] * len(plain))
    return "".join(out), origin


@lru_cache(maxsize=4096)
def _level_of(cluster: str) -> str:
    """Normalise a character with its marks; a text has few different ones."""
    plain = "" if cluster in _INVISIBLE else unicodedata.normalize("NFKC", cluster).translate(_LEVEL).casefold()
    return " " if plain.isspace() else plain


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Return each base character together with the combining marks that follow it."""
    starts = [i for i, character in enumerate(text) if i == 0 or not unicodedata.combining(character)]
    return pairwise([*starts, len(text)])


def level(words: str) -> str:
    r"""Return the normal form in which words are compared.

    >>> level("Moscow’s\u00a0Foreign  Ministry")
    "moscow's foreign ministry"
    """
    return _levelled(words)[0].strip()


def same_words(one: str, other: str) -> bool:
    """Compare as the codebook does: levelled, and without a leading article or preposition.

    >>> same_words("on Oct. 18–19", "Oct. 18-19"), same_words("the KCNA", "TASS")
    (True, False)
    """
    return _bare(one) == _bare(other)


def _bare(words: str) -> str:
    plain = level(words)
    while (shorter := _LEADING.sub("", plain)) != plain:
        plain = shorter
    return plain.strip(" .,;:\"'()[]")


def find_words(words: str, text: str, where: Iterable[Span]) -> Span | None:
    """Find whole `words` in the first of the stretches `where` that holds them.

    >>> find_words("lavrov's", "Mr Lavrov’s trip", [Span(0, 16)])
    Span(start=3, end=11)
    """
    return next(find_all(words, text, where), None)


def find_all(words: str, text: str, where: Iterable[Span]) -> Iterator[Span]:
    """Find whole `words` everywhere in the stretches `where`, in their order."""
    wanted = level(words)
    if not wanted:
        return
    flat, origin = _levelled(text)
    edge_before = r"(?<!\w)" if wanted[0].isalnum() else ""
    edge_after = r"(?!\w)" if wanted[-1].isalnum() else ""
    pattern = re.compile(edge_before + re.escape(wanted) + edge_after)
    for stretch in where:
        begin, end = bisect_left(origin, stretch.start), bisect_left(origin, stretch.end)
        for match in pattern.finditer(flat, begin, end + 1):  # one more, to see the edge of the last word
            if match.end() > end:
                continue
            stop = origin[match.end()] if match.end() < len(origin) else len(text)
            yield _trim(text, origin[match.start()], min(stop, stretch.end))


def _trim(text: str, start: int, end: int) -> Span:
    """Drop white space and invisible characters at the end of a match."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return Span(start, end)
