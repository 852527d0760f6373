"""The vocabulary of time: which words of a text speak of dates, what kind each is, and what it is worth.

A text becomes a string with one character per word, its kind, so that the grammar of dates can be written as
regular expressions over kinds. `compile_grammar` lets these be spelled with the names of the kinds.
"""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from typing import Final, NamedTuple


def _count(names: str, first: int = 1) -> dict[str, int]:
    """Give `names` numbers from `first` on; names joined by a slash share one."""
    return {name: n for n, group in enumerate(names.split(), first) for name in group.split("/")}


_ORDINALS = _count(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
    "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
)
_NUMBERS = _count(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_PLURAL = 2  # the worth of "weeks"; that of "week" is 1

VOCABULARY: Final[dict[str, dict[str, int]]] = {
    "month": _count(
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep "
        "october/oct november/nov december/dec"
    ),
    "weekday": _count("monday tuesday wednesday thursday friday saturday sunday", 0),
    "wkday": _count("mon tue/tues wed/weds thu/thur/thurs fri sat sun", 0),
    "season": _count("spring summer autumn/fall winter", 21),
    "ordinal": _ORDINALS,
    "number": _NUMBERS,
    "a": {"a": 1, "an": 1, "another": 1},
    "few": dict.fromkeys(("few", "couple", "several", "many", "more"), 0),
    "deictic": {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1},
    "rel": {"last": -1, "this": 0, "current": 0, "next": 1, "coming": 1},
    "other": {"previous": -1, "preceding": -1, "that": 0, "same": 0, "following": 1, "ensuing": 1},
    "very": {"very": 0},
    "days": {"day": 1, "days": _PLURAL},
    "weeks": {"week": 1, "weeks": _PLURAL},
    "months": {"month": 1, "months": _PLURAL},
    "years": {"year": 1, "years": _PLURAL},
    "weekend": {"weekend": 1, "weekends": _PLURAL},
    "quarters": {"quarter": 1, "quarters": _PLURAL},
    "half": {"half": 1},
    "long": {"long": 1},
    "lasting": {"daylong": 1, "weeklong": 7},
    "ago": {"ago": -1, "hence": 1},
    "shift": {"earlier": -1, "later": 1},
    "early": _count("early late mid"),
    "part": _count("middle start beginning end close"),
    "hours": _count("morning afternoon evening night noon midday midnight dawn"),
    "holiday": dict.fromkeys(("christmas", "easter", "ramadan", "thanksgiving"), 0),
    "vague": dict.fromkeys(
        ("now", "currently", "presently", "recently", "lately", "soon", "shortly", "nowadays", "someday"), 0
    ),
    "vaguenoun": dict.fromkeys(("moment", "present", "future"), 0),
    "recent": dict.fromkeys(("recent", "past", "upcoming", "near", "foreseeable"), 0),
    "on": {"on": 0},
    "in": {"in": 0, "within": 0},
    "from": {"from": 0},
    "at": {"at": 0},
    "for": {"for": 0},
    "since": {"since": 0},
    "before": {"by": -1, "before": -1, "after": 1},
    "until": dict.fromkeys(("until", "till", "through"), 0),
    "prep": dict.fromkeys(("between", "during", "over", "around", "about", "throughout", "starting"), 0),
    "to": {"to": 0},
    "and": {"and": 0, "or": 0, "&": 0},
    "of": {"of": 0},
    "the": {"the": 0},
    "comma": {",": 0},
    "open": {"(": 0},
    "close": {")": 0},
    "dash": dict.fromkeys("-‐‑‒–—−", 0),
    # Words after which a number is no longer counting what follows ("on the 11th he left").
    "function": _count(
        "he she it they we i you who which when where while with as is was are were will would had has have "
        "but amid ahead if his her their"
    ),
}
_NUMERIC = ("num", "nth", "figure", "year", "decade", "iso", "dotted", "clock")
_PLAIN = ("word", "proper", "stop")

_SYMBOL: Final = {kind: chr(0x100 + n) for n, kind in enumerate((*VOCABULARY, *_NUMERIC, *_PLAIN))}
_KIND: Final = {symbol: kind for kind, symbol in _SYMBOL.items()}
_ENTRY: Final = {word: (kind, worth) for kind, words in reversed(VOCABULARY.items()) for word, worth in words.items()}
# In lower case these are other words ("march"), or may be.
_CAPITALISED: Final = {*VOCABULARY["wkday"], "may", "march", "august", "mar", "dec", "jan"}
_OWNS_FULL_STOP: Final = {*VOCABULARY["wkday"], *(m for m in VOCABULARY["month"] if len(m) < 5)} - {
    "may", "june", "july"
}  # fmt: skip

_CLOCK = r"""
    \b(?: \d{1,2} [:.] \d{2} (?:\s?[ap]\.?m\b\.?)? | \d{1,2} \s? [ap]\.?m\b\.? | \d{1,2} \s o'clock
      | \d{2} [ ]? \d{2} (?=\s?(?:GMT|UTC|hours|hrs|h)\b) )
    (?: \s?(?:GMT|UTC|C?E[SD]?T|BST|IST|hours|hrs|h)\b )?
"""
_WORD: Final = re.compile(
    rf"""
    (?P<word>    (?:[Tt]wenty|[Tt]hirty)-[a-z]+ | [^\W\d_]+ )
  | (?=\d) (?:
        (?P<iso>     \b \d{{4}}-\d{{2}}-\d{{2}} (?!\d) )
      | (?P<dotted>  \b \d{{1,2}} (?P<mark>[./]) \d{{1,2}} (?P=mark) \d{{4}} \b )
      | (?P<clock>   {_CLOCK} )
      | (?P<figure>  \d+ (?: [.,]\d+ ){{1,9}} )
      | (?P<decade>  \b (?:19|20)\d0s \b )
      | (?P<nth>     \b \d{{1,2}} (?:st|nd|rd|th) \b )
      | (?P<number>  \d+ ) )
  | (?P<punctuation> [-,()&‐‑‒–—−] (?! [-,()&‐‑‒–—−] ) )
  | (?P<stop>    \n\s*\n | \. | [^\s\w]+ | _+ )
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One word of a time expression: its kind, its worth as a number, and the word in lower case."""

    kind: str
    worth: int
    word: str


class Words:
    """A text as words with kinds.

    >>> [t.kind for t in Words("on 13 and 14 September").tokens(0, 5)]
    ['on', 'num', 'and', 'num', 'month']
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = array("L")
        self.ends = array("L")
        symbols: list[str] = []
        end = 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start < end:  # the full stop of the abbreviation before
                continue
            end = match.end()
            symbol, abbreviated = _read(match[0], match.lastgroup)
            if abbreviated and text.startswith(".", end):
                end += 1
            symbols.append(symbol)
            self.starts.append(start)
            self.ends.append(end)
        self.kinds = "".join(symbols)

    def tokens(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the words numbered `start` up to `end`, read in full."""
        return tuple(self._token(n) for n in range(start, end))

    def _token(self, n: int) -> Token:
        kind = _KIND[self.kinds[n]]
        word = self.text[self.starts[n] : self.ends[n]].lower().rstrip(".")
        if word in _ENTRY:
            return Token(kind, _ENTRY[word][1], word)
        digits = re.match(r"\d+", word)
        return Token(kind, int(digits[0]) if digits and len(digits[0]) < 9 else 0, word)


def compile_grammar(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over kinds in which every lower-case word names one; white space is for the reader.

    >>> grammar = compile_grammar("[on in]? num month")
    >>> bool(grammar.fullmatch(Words("on 5 May").kinds))
    True
    """
    symbols = re.sub(r"(?<![<A-Z])[a-z]+(?!>)", lambda name: _SYMBOL[name[0]], pattern)
    return re.compile("".join(symbols.split()))


@lru_cache(maxsize=4096)
def _read(text: str, group: str | None) -> tuple[str, bool]:
    """Return the symbol of a word's kind, and whether a full stop after it belongs to it."""
    kind = _kind(text, group or "stop")
    return _SYMBOL[kind], kind in ("month", "wkday") and text.lower() in _OWNS_FULL_STOP


def _kind(text: str, group: str) -> str:
    if group == "number":
        return _kind_of_number(text)
    if group in ("word", "punctuation"):
        kind, _ = _ENTRY.get(text.lower(), ("word", 0))
        if kind == "word" or (text.islower() and text in _CAPITALISED):
            return "word" if text[0].islower() else "proper"
        return kind
    return group


def _kind_of_number(digits: str) -> str:
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return "year"
    return "num" if len(digits) <= 2 and 1 <= int(digits) <= 31 else "figure"
