"""Romanisation: the spellings of one name in Latin letters become alike, by the rules of its script."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from extractor.events.scripts import Script, script_of
from extractor.fields.names import key

_PLAIN: Final = str.maketrans(
    {
        "ı": "i",
        "đ": "d",
        "ł": "l",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "ə": "a",
        "ʻ": "",
        "ʼ": "",
    }
)
_APOSTROPHE: Final = re.compile(r"(?<=\w)[’'‘`ʻʼ](?=\w)")  # Ch'oe, Sana'a
_INITIALS: Final = re.compile(r"\b(?:A?[B-DF-HJ-NP-TV-Z]{2}|A[B-DF-HJKMP-TV-Z])\b")  # NP Saud, AK Momen; not AL
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SON: Final = frozenset("bin ben ibn bint ould".split())  # bin Salman
_LED: Final = frozenset({"muhamad", "abd"})  # Mohammad Javad Zarif is Javad Zarif


@lru_cache(maxsize=65536)
def folded(name: str, country: str | None) -> tuple[str, ...]:
    """Return the words of a name as they come out whatever the romanisation; `country` tells the script.

    >>> folded("Choe Son-hui", "PRK") == folded("Choi Sun-hee", "PRK")
    True
    >>> folded("Sergey Lavrov", "RUS") == folded("Sergei Lavrov", "RUS")
    True
    >>> folded("Kim Yo Jong", "PRK") == folded("Kim Jong Un", "PRK")
    False
    """
    script = script_of(country)
    return tuple(_word(word, script) for word in plain(name, country))


@lru_cache(maxsize=65536)
def initials(name: str, country: str | None) -> tuple[str, ...]:
    """Return for each word of `folded` the letters that may stand for it, as written and as it comes out.

    >>> folded("Oleksiy Honcharenko", "UKR"), initials("Oleksiy Honcharenko", "UKR")
    (('alexei', 'honcharenko'), ('oa', 'hh'))
    """
    return tuple(word[0] + spelt[0] for word, spelt in zip(plain(name, country), folded(name, country), strict=True))


@lru_cache(maxsize=65536)
def plain(name: str, country: str | None) -> tuple[str, ...]:
    """Return the words of a name, in plain letters, without those that come and go.

    >>> plain("Abdel Fattah al-Sisi", "EGY")
    ('abdel', 'fattah', 'sisi')
    """
    script = script_of(country)
    spaced = name if script.whole or name.isupper() else _INITIALS.sub(lambda found: " ".join(found[0]), name)
    words = [word for word in key(_APOSTROPHE.sub("", spaced)).translate(_PLAIN).split() if word not in _SUFFIXES]
    return tuple([word for word in words if word not in script.loose] or words)


def is_short_for(short: tuple[str, ...], long: tuple[str, ...], country: str | None) -> bool:
    """Say whether the way in which names are made somewhere lets one stand for a fuller one with the same words.

    Not two words of whole names of two or three, nor the father's name for that of the son.

    >>> is_short_for(("kim", "song"), ("kim", "song", "il"), "PRK"), is_short_for(("lula",), ("lula", "silva"), "BRA")
    (False, True)
    >>> is_short_for(("hamad", "khalifa"), ("tamim", "bin", "hamad", "khalifa"), "QAT")
    False
    """
    script = script_of(country)
    if len(short) == 1:
        return True
    if script.whole and len(short) == 2:
        return False
    left_out = long[0] != short[0] and len(short[0]) > 1 and short[0] not in _SON and long[0] not in _LED
    return bool(short) and not (script.fathers and left_out)


@lru_cache(maxsize=65536)
def _word(word: str, script: Script) -> str:
    for pattern, replacement in script.rules:
        word = re.sub(pattern, replacement, word)
    return _alike(script).get(word, word)


@lru_cache(maxsize=16)
def _alike(script: Script) -> dict[str, str]:
    """Map each of several spellings of a name to the first of them."""
    return {name: group.split()[0] for group in script.names.split(",") for name in group.split()}


def keys(words: tuple[str, ...], *, turns: bool = True) -> tuple[str, ...]:
    """Return what two whole names share if they are the same, however they are joined.

    Where the name `turns`, the family name is first or last, and the words between stay in order: Kim Il Song is not
    Kim Song Il.

    >>> keys(("xi", "jinping"))
    ('xijinping', 'jinpingxi')
    """
    joined = "".join(words)
    if not joined or not turns:
        return (joined,) if joined else ()
    return tuple(dict.fromkeys((joined, words[-1] + "".join(words[:-1]), "".join(words[1:]) + words[0])))
