"""Romanisation: spellings of one name in Latin letters become alike, by written rules for each script.

Two names are only ever held to be the same when every word of them comes out alike. The rules follow the standard
tables, of which journalists mix several, and common press spellings:

- Korean: McCune-Reischauer (1939), Revised Romanization (National Institute of Korean Language, 2000), the DPRK's own.
- Cyrillic: BGN/PCGN 1947 (Russian) and 2019 (Ukrainian), ISO 9:1995, ICAO Doc 9303, Belarusian instruction of 2007.
- Arabic and Persian: ALA-LC (2012), BGN/PCGN 1956 and 1958, and French spellings of the Maghreb.
- Somali: the orthography of 1972. Chinese: Hanyu Pinyin (ISO 7098), and what of Wade-Giles cannot be another name.
- Japanese: Hepburn with its long vowels written or not. German and Nordic: umlauts written as two letters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

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
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})


class Script(NamedTuple):
    """How names are spelt somewhere: rewriting rules in order, spellings of one name, words that come and go.

    `whole` says that a name of two words is no shorter form of another: Kim Song is not Kim Song Il.
    """

    rules: tuple[tuple[str, str], ...] = ()
    names: str = ""
    loose: frozenset[str] = frozenset()
    whole: bool = False


_KOREAN = Script(
    (
        (r"^(?:lee|rhee|yi|li|ri|i)$", "ri"), (r"^(?:choi|choe|chwe)$", "joe"),
        (r"^(?:park|pak|bak|bahk)$", "pak"), (r"^(?:roh|noh|no|ro)$", "no"), (r"^(?:woo|wu|u)$", "u"),
        (r"^(?:yoo|yu|ryu|ryoo|lyu)$", "ryu"), (r"^(?:lim|rim|im|yim)$", "rim"), (r"^(?:oh)$", "o"),
        (r"^(?:suh|seo|so)$", "so"), (r"^(?:ahn|an)$", "an"), (r"sh|sy(?=[aeou])", "s"), (r"t?ch", "j"),
        (r"ck", "k"), (r"(?<!n)g", "k"), (r"b", "p"), (r"d", "t"), (r"l", "r"), (r"eo|ou(?=n)|uh|aw", "o"),
        (r"eu|oo", "u"), (r"ui|ee|ie|yi", "i"), (r"ai", "ae"), (r"ow", "o"), (r"u(?=ng|n|r|k|m$)", "o"),
        (r"(.)\1", r"\1"),
    ),
    whole=True,
)  # fmt: skip

_CYRILLIC = Script(
    (
        (r"shch", "sch"), (r"kh", "h"), (r"ks", "x"), (r"gu(?=[ei])", "g"), (r"tz", "ts"), (r"g", "h"), (r"ff$", "v"),
        (r"w", "v"), (r"^dj|^dzh", "j"), (r"enka$", "enko"), (r"[yij]+a", "a"), (r"[yij]+u", "u"),
        (r"(?<=[^aeou])[yij]+[eo]|^[yij]+[eo]", "e"), (r"[yij]+", "i"), (r"ou", "u"), (r"(.)\1", r"\1"),
    ),
    "serhei serhi siarhei, vladimir volodimir uladzimir, alexandr alexander alexandar oleksandr olexandr aliaxandr"
    ", alexandr alaxandr, andrei andri, dmitri dmitro dmitr, nikolai mikola, mihail mihailo, alexei olexi alexi"
    ", evheni evhen, petr petro piotr, pavel pavlo, vasili vasil, hrihori hryhori, anatoli anatol, viktor victor",
)  # fmt: skip

_ARABIC = Script(
    (
        (r"^(?:gadd?h?afi|gath?afi|qadd?h?afi|kadd?h?afi|khadafi)$", "kadafi"),
        (r"^moh?am+e?d$|^muhamm[ae]d$", "muhamad"), (r"^abd(?:[aeu]l|[aeu]([rsndtz])(?=\1))", "abd"),
        (r"^i(?=br)", "e"), (r"ee", "i"), (r"oo", "u"), (r"dh", "d"), (r"dj", "j"), (r"kh", "h"), (r"gh|q", "k"),
        (r"sch", "sh"), (r"v", "w"), (r"ck", "k"), (r"(.)\1", r"\1"), (r"aei|aey|ei|ai|ay|ey|ie", "i"),
        (r"ou|oe|o", "u"), (r"y", "i"), (r"^([^aeiou]{1,2}a[^aeiou]{1,2})e(?=[^aeiou]$)", r"\1i"), (r"(?<=.)e", "a"),
        (r"w(?=[^aeiou]|$)", "u"), (r"(.)\1", r"\1"), (r"h$", ""), (r"^([^aeiou])(?=[^aeiouh])", r"\1a"),
    ),
    "iusuf iusaf iusif, zid ziad zaid",
    frozenset("al el ul ad as ar ash an at az".split()),
)  # fmt: skip

_SOMALI = Script(
    ((r"x", "h"), (r"c(?!h)", ""), (r"([aeiou])\1", r"\1"), *_ARABIC.rules), _ARABIC.names, _ARABIC.loose
)  # its own orthography, of 1972
_CHINESE = Script(
    ((r"^lee$", "li"), (r"hs", "x"), (r"tz|ts", "z"), (r"ien$", "ian"), (r"ung$", "ong"), (r"^lyu$|^lv$", "lu")),
    whole=True,
)
_JAPANESE = Script(((r"ou|oo|oh(?=[^aeiouy]|$)", "o"), (r"uu", "u"), (r"tu(?=[^aeiou]|$)", "tsu")))
_UMLAUTS = Script(((r"ae", "a"), (r"oe", "o"), (r"ue", "u")))
_ENGLISH = Script(
    (),
    "joe joseph, tony anthony, bill william, mike michael, jim james, bob robert, tom thomas, dave david, dan daniel"
    ", liz elizabeth, ben benjamin, chris christopher, tim timothy, ken kenneth, andy andrew, steve steven stephen"
    ", nick nicholas, matt matthew, sam samuel, jeff jeffrey, rick richard, pete peter",
)
_OTHER = Script()

_SCRIPTS: Final = {
    country: script
    for countries, script in (
        ("PRK KOR", _KOREAN),
        ("RUS UKR BLR BGR SRB MKD MNE KAZ KGZ TJK TKM UZB MNG MDA ARM GEO AZE", _CYRILLIC),
        ("SAU EGY IRQ SYR JOR LBN PSE YEM OMN ARE QAT BHR KWT LBY TUN DZA MAR MRT SDN COM IRN AFG PAK", _ARABIC),
        ("SOM DJI", _SOMALI),
        ("CHN TWN HKG SGP", _CHINESE),
        ("JPN", _JAPANESE),
        ("DEU AUT CHE SWE NOR DNK FIN ISL EST HUN TUR LUX LIE", _UMLAUTS),
        ("USA GBR CAN AUS NZL IRL", _ENGLISH),
    )
    for country in countries.split()
}  # fmt: skip


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
    script = _SCRIPTS.get(country or "", _OTHER)
    words = [word for word in key(_APOSTROPHE.sub("", name)).translate(_PLAIN).split() if word not in _SUFFIXES]
    kept = [word for word in words if word not in script.loose] or words
    return tuple(_word(word, script) for word in kept)


def may_be_short(words: frozenset[str], country: str | None) -> bool:
    """Say whether a name may be a shorter form of another: one word always, more where that is done.

    >>> may_be_short(frozenset({"kim", "song"}), "PRK"), may_be_short(frozenset({"lula", "silva"}), "BRA")
    (False, True)
    """
    return len(words) == 1 or (bool(words) and not _SCRIPTS.get(country or "", _OTHER).whole)


@lru_cache(maxsize=65536)
def _word(word: str, script: Script) -> str:
    for pattern, replacement in script.rules:
        word = re.sub(pattern, replacement, word)
    return _alike(script).get(word, word)


@lru_cache(maxsize=16)
def _alike(script: Script) -> dict[str, str]:
    """Map each of several spellings of a name to the first of them."""
    return {name: group.split()[0] for group in script.names.split(",") for name in group.split()}


def keys(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what two whole names share if they are the same, family name first or last, however they are joined.

    The words between stay in order: Kim Il Song is not Kim Song Il.

    >>> keys(("xi", "jinping"))
    ('xijinping', 'jinpingxi')
    """
    joined = "".join(words)
    if not joined:
        return ()
    return tuple(dict.fromkeys((joined, words[-1] + "".join(words[:-1]), "".join(words[1:]) + words[0])))
