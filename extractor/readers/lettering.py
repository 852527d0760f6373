"""Read a text as the eye does: without invisible characters, and with lookalikes as the letters that they mimic."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.article import Span

_LOOKALIKES = (
    ("авгеһіјкмнорѕтухсԁԛԝ", "abrehijkmhopstyxcdqw"),  # Cyrillic
    ("АВЕЅІЈКМНОРСТУХԌԚԜ", "ABESIJKMHOPCTYXGQW"),
    ("αεικνορτυχγ", "aeiknoptuxy"),  # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("ıɩɑɡ", "iiag"),
    ("‘’‚‛“”„‟«»–—‐‑", '\'\'\'\'""""""----'),
)
_LATIN = {seen: meant for pair in _LOOKALIKES for seen, meant in zip(*pair, strict=True)}
_INVISIBLE = frozenset({"Cf", "Mn"})  # joiners, marks of direction, tags; accents that stand by themselves
_OVERRIDE = re.compile("[\u202d\u202e][^\u202c\n]*\u202c?")


@dataclass(frozen=True)
class Plain:
    r"""A text as the eye sees it.

    `hidden` lists, in order, where in this text the characters stood that are left out of it.

    >>> Plain.of("Ign\u200bore th\u0435 r\u00e8gles").text
    'Ignore the regles'
    """

    text: str
    hidden: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str) -> Plain:
        """See through the lettering of a text."""
        if text.isascii():
            return cls(text)
        table = {ord(char): _shape(char) for char in set(text) if not char.isascii()}
        unseen = "".join(chr(code) for code, shape in table.items() if not shape)
        places = re.finditer(f"[{re.escape(unseen)}]", text) if unseen else ()
        hidden = tuple(place.start() - before for before, place in enumerate(places))
        return cls(text.translate(table), hidden)

    def back(self, span: Span) -> Span:
        """Return the span of the text as read that a span of this one is."""
        last = span.end - 1
        return Span(span.start + bisect_right(self.hidden, span.start), last + bisect_right(self.hidden, last) + 1)


def _shape(char: str) -> str:
    """Return the one character that the eye takes another for; an empty string for what it does not see."""
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    base = unicodedata.normalize("NFKD", char)[0]
    return _LATIN.get(base, base)


def overrides(text: str) -> Iterator[Span]:
    """Find what is shown in another order than it is written, which no honest page does to English words."""
    for match in _OVERRIDE.finditer(text):
        yield Span(*match.span())
