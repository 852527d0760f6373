"""Scripts: how names of each country are spelt in Latin letters, as rules that make the spellings of one name alike.

The rules follow the standard tables, of which journalists mix several, and common press spellings:

- Korean: McCune-Reischauer (1939), Revised Romanization (National Institute of Korean Language, 2000), the DPRK's own.
- Cyrillic: BGN/PCGN 1947 (Russian) and 2019 (Ukrainian), ISO 9:1995, ICAO Doc 9303, Belarusian instruction of 2007,
  Duden. Kazakh to Azerbaijani, Georgian, Armenian: national and BGN/PCGN systems. Serbo-Croatian without its accents.
- Mongolian: MNS 5217:2012; the father's name with or without its genitive.
- Arabic and Persian: ALA-LC (2012), BGN/PCGN 1956 and 1958, and French spellings of the Maghreb and West Africa.
- Greek: ELOT 743 (ISO 843), and English forms. Hebrew: Academy of the Hebrew Language (2006), and English forms.
- Indian languages: Hunterian. Thai: Royal Institute (1999). Indonesian: van Ophuijsen and the spelling of 1972.
- Amharic, Tigrinya: BGN/PCGN 1967.
- Somali: the orthography of 1972. Chinese: Hanyu Pinyin (ISO 7098), and what of Wade-Giles cannot be another name.
- Japanese: Hepburn with its long vowels written or not. German and Nordic: umlauts written as two letters.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Script(NamedTuple):
    """How names are spelt somewhere: rewriting rules in order, spellings of one name, words that come and go.

    `whole` says that a name of two words is no shorter form of another: Kim Song is not Kim Song Il. `fathers` says
    that behind the given name stands the father's: Salman bin Abdulaziz is not Mohammed bin Salman bin Abdulaziz.
    `settled` says that a name is spelt in one way but for the rules: Li Qiang is not Li Keqiang. `turns` says that the
    family name comes first, or may.
    """

    rules: tuple[tuple[str, str], ...] = ()
    names: str = ""
    loose: frozenset[str] = frozenset()
    whole: bool = False
    fathers: bool = False
    settled: bool = False
    turns: bool = False


_KOREAN = Script(
    (
        (r"^(?:lee|rhee|yi|li|ri|i)$", "ri"), (r"^(?:choi|choe|chwe)$", "joe"),
        (r"^(?:park|pak|bak|bahk)$", "pak"), (r"^(?:roh|noh|no|ro)$", "no"), (r"^(?:woo|wu|u)$", "u"),
        (r"^(?:yoo|yu|ryu|ryoo|lyu)$", "ryu"), (r"^(?:lim|rim|im|yim)$", "rim"), (r"^(?:oh)$", "o"),
        (r"^(?:suh|seo|so)$", "so"), (r"^(?:ahn|an)$", "an"), (r"sh|sy(?=[aeou])", "s"), (r"t?ch", "j"),
        (r"wh", "hw"), (r"w(?=oo|u)", ""), (r"c", "k"), (r"(?<!n)g", "k"), (r"b", "p"), (r"d", "t"), (r"l", "r"),
        (r"eo|ou(?=n)|uh|aw", "o"), (r"eu|oo", "u"), (r"ui|ee|ie|yi", "i"), (r"ai", "ae"), (r"ow", "o"),
        (r"u(?=ng|n|r|k|m$)", "o"), (r"(.)\1", r"\1"),
    ),
    whole=True,
    turns=True,
)  # fmt: skip

_CYRILLIC = Script(
    (
        (r"shtsh|schtsch|shch|sch", "sh"), (r"tsch|tch", "ch"), (r"(?<=[sczk]h)yo|(?<=[scz]h)o", "e"), (r"kh", "h"),
        (r"ks", "x"), (r"q", "k"), (r"gu(?=[ei])", "g"), (r"tz", "ts"), (r"g", "h"), (r"ff$", "v"), (r"w", "v"),
        (r"^dj|^dzh", "j"), (r"enka$", "enko"), (r"[yij]+a", "a"), (r"[yij]+u", "u"), (r"(?<=[aeou])[yij]+e", "e"),
        (r"(?<=[^aeou])[yij]+[eo]|^[yij]+[eo]", "e"), (r"[yij]+", "i"), (r"ou", "u"), (r"(.)\1", r"\1"),
    ),
    "serhei serhi siarhei, vladimir volodimir uladzimir, alexandr alexander alexandar oleksandr olexandr aliaxandr"
    ", alexandr alaxandr alexandre, andrei andri, dmitri dmitro dmitr, nikolai mikola, mihail mihailo miheil"
    ", alexei olexi alexi, evheni evhen, petr petro piotr, pavel pavlo, vasili vasil, hrihori hryhori, anatoli anatol"
    ", viktor victor, david davit, denis deniz",
    turns=True,
)  # fmt: skip
_STEPPE = Script(((r"dzh|dj|zh|j|^c(?=[aeiou])", "ž"), *_CYRILLIC.rules), _CYRILLIC.names, turns=True)
_MONGOL = Script(((r"(?<=[aeo]i)n$|g?(?:ii|y)n$", ""), (r"o", "u"), *_STEPPE.rules), _CYRILLIC.names, turns=True)
_SERBIAN = Script(
    (
        (r"dj", "d"), (r"t?ch", "c"), (r"sh", "s"), (r"zh", "z"), (r"y", "i"), (r"w", "v"), (r"x", "ks"),
        (r"(.)\1", r"\1"),
    ),
    "aleksandar aleksander alexander alexandar",
)  # fmt: skip
_GREEK = Script(
    (
        (r"kh|ch", "h"), (r"ck|c|q", "k"), (r"ph", "f"), (r"tz", "ts"), (r"(?<=[ae])u(?=[aeioubdgvlmnr])", "v"),
        (r"(?<=[ae])u", "f"), (r"ou|oo", "u"), (r"^(?:gi|yi?|hi)(?=[aou])", "i"), (r"[eo]i|ee|y|ie(?=.)", "i"),
        (r"mp", "b"), (r"nt", "d"), (r"gk|ng", "g"), (r"x", "ks"), (r"des$", "dis"), (r"(.)\1", r"\1"),
    ),
    "iorgos georgios george giorgios, nikos nikolaos nikholas, kostas konstadinos, ianis ioanis, dimitris dimitrios"
    ", vasilis vasilios, panagiotis panaiotis, katerina ekaterini aikaterini",
)  # fmt: skip

_ARABIC = Script(
    (
        (r"^(?:gadd?h?afi|gath?afi|qadd?h?afi|kadd?h?afi|khadafi)$", "kadafi"),
        (r"^moh?am+e?d$|^m[ou]hamm?[ae]d$|^mo?h?d$", "muhamad"), (r"^al(?=[^aeiouy].{3})", ""), (r"^i(?=br)", "e"),
        (r"ee", "i"), (r"oo", "u"), (r"dh", "d"), (r"^abd(?:[aeu]l|[aeu]([rsndtz])(?=\1))", "abd"), (r"dj", "j"),
        (r"kh", "h"), (r"gh|q", "k"), (r"g", "j"), (r"tch", "ch"), (r"sch", "sh"), (r"v", "w"), (r"ck", "k"),
        (r"(.)\1", r"\1"), (r"aei|aey|ei|ai|ay|ey|ie", "i"),
        (r"ou|oe|o", "u"), (r"y", "i"), (r"^([^aeiou]{1,2}a[^aeiou]{1,2})e(?=[^aeiou]$)", r"\1i"), (r"(?<=.)e", "a"),
        (r"w(?=[^aeiou]|$)", "u"), (r"(.)\1", r"\1"), (r"h$", ""), (r"^([^aeiou])(?=[^aeiouh])", r"\1a"),
    ),
    "iusuf iusaf iusif, zid ziad zaid",
    frozenset("al el ul ad as ar ash an at az".split()),
    fathers=True,
)  # fmt: skip

_SOMALI = Script(
    ((r"x", "h"), (r"c(?!h)", ""), (r"([aeiou])\1", r"\1"), *_ARABIC.rules), _ARABIC.names, _ARABIC.loose, fathers=True
)  # its own orthography, of 1972
_CHINESE = Script(
    ((r"^lee$", "li"), (r"hs", "x"), (r"tz|ts", "z"), (r"ien$", "ian"), (r"ung$", "ong"), (r"^lyu$|^lv$", "lu")),
    whole=True,
    settled=True,
    turns=True,
)
_TAIWAN = Script(_CHINESE.rules, settled=True, turns=True)  # where many have an English name besides
_VIETNAMESE = Script(settled=True, turns=True)
_KHMER = Script(turns=True)
_JAPANESE = Script(((r"ou|oo|oh(?=[^aeiouy]|$)", "o"), (r"uu", "u"), (r"tu(?=[^aeiou]|$)", "tsu")), turns=True)
_INDIAN = Script(
    (
        (r"ph|f", "p"), (r"sh|z", "s"), (r"(?<=[bcdgjkpt])h", ""), (r"ee|ea", "i"), (r"oo|ou|ow|au", "u"), (r"x", "ks"),
        (r"w", "v"), (r"y", "i"), (r"e", "a"), (r"(.)\1", r"\1"), (r"(?<=..)a$", ""),
    ),
)  # fmt: skip
_THAI = Script(((r"(?<=[bdgkpt])h", ""), (r"v", "w"), (r"ee", "i"), (r"oo", "u"), (r"(.)\1", r"\1")))
_BURMESE = Script(loose=frozenset({"u", "daw"}))  # Mr and Mrs
_MALAY = Script(((r"oe", "u"), (r"dj", "j"), (r"tj", "c"), (r"^m[ou]hamm?[ae]d$|^moh?d$", "muhamad")))
_HEBREW = Script(
    (
        (r"tz|ts|z", "z"), (r"ch|kh", "h"), (r"ck|q|c", "k"), (r"ph", "f"), (r"w", "v"), (r"ou|oo", "u"),
        (r"ee|ie|ei", "i"), (r"[yj]", "i"), (r"(.)\1", r"\1"), (r"(?<=.)h$", ""),
    ),
    "beniamin biniamin, isak izhak iizhak isaak, iosef ioseph iosif, iakov iaakov iakob, iisrael israel",
)  # fmt: skip
_ETHIOPIC = Script(
    ((r"q|ck", "k"), (r"tz|tts", "ts"), (r"ph", "f"), (r"ie", "e"), (r"y", "i"), (r"(.)\1", r"\1")), fathers=True
)
_FRENCH = Script(
    ((r"^ou(?=a)", "w"), (r"ou", "u"), (r"dj", "j"), (r"tch", "ch"), (r"y", "i"), (r"(.)\1", r"\1")), fathers=True
)
_UMLAUTS = Script(((r"ae", "a"), (r"oe", "o"), (r"ue", "u")))
_HUNGARIAN = Script(_UMLAUTS.rules, turns=True)
_ENGLISH = Script(
    (),
    "joe joseph, tony anthony antony, bill william, mike michael"
    ", jim james, bob robert, tom thomas, dave david, dan daniel"
    ", liz elizabeth, ben benjamin, chris christopher, tim timothy, ken kenneth, andy andrew, steve steven stephen"
    ", nick nicholas, matt matthew, sam samuel, jeff jeffrey, rick richard, pete peter",
)
_OTHER = Script()

_SCRIPTS: Final = {
    country: script
    for countries, script in (
        ("PRK KOR", _KOREAN),
        ("RUS UKR BLR BGR MDA", _CYRILLIC),
        ("KAZ KGZ TJK TKM UZB ARM GEO AZE", _STEPPE),
        ("MNG", _MONGOL),
        ("SRB MNE MKD BIH HRV SVN XKX", _SERBIAN),
        ("GRC CYP", _GREEK),
        ("SAU EGY IRQ SYR JOR LBN PSE YEM OMN ARE QAT BHR KWT LBY TUN DZA MAR MRT SDN COM", _ARABIC),
        ("IRN AFG PAK BGD MDV", _ARABIC),
        ("SOM DJI", _SOMALI),
        ("ETH ERI", _ETHIOPIC),
        ("SEN MLI GIN CIV BFA NER TCD CMR TGO BEN GAB COD COG CAF", _FRENCH),
        ("CHN", _CHINESE),
        ("VNM", _VIETNAMESE),
        ("TWN HKG MAC SGP", _TAIWAN),
        ("KHM", _KHMER),
        ("JPN", _JAPANESE),
        ("IND LKA NPL BTN", _INDIAN),
        ("THA LAO", _THAI),
        ("MMR", _BURMESE),
        ("IDN MYS BRN", _MALAY),
        ("ISR", _HEBREW),
        ("DEU AUT CHE SWE NOR DNK FIN ISL EST TUR LUX LIE", _UMLAUTS),
        ("HUN", _HUNGARIAN),
        ("USA GBR CAN AUS NZL IRL", _ENGLISH),
    )
    for country in countries.split()
}  # fmt: skip


def script_of(country: str | None) -> Script:
    """Return how the names of a country are spelt."""
    return _SCRIPTS.get(country or "", _OTHER)
