"""The grammar of time expressions: a table of rules over kinds of words, and what it finds in a text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from extractor.article import AT_HAND, Span
from extractor.fields.date_words import Token, Words, compile_grammar

_LEAD = "[on in from at for since before until prep]"
_UNIT = "[days weeks months years]"
_COUNT = "[a number num]"
_DAYNAME = "[weekday wkday]"
_YEAR = "(?: comma? year | comma? of? rel years )"
_DATE = f"""(?: (?: {_DAYNAME} comma? )? (?: the? [num nth] of? month | the? ordinal of month
              | month the? [num nth ordinal] ) (?! dash? long) {_YEAR}? )"""
_DAY = f"(?: {_DATE} | iso | dotted | {_DAYNAME} | deictic )"
# "and" joins only what stands under one preposition: "said on Monday and on Tuesday left" are two dates.
_JOIN = "(?: comma? (?: [to until dash] on? | and ) the? )"
_PART = "(?: the? (?: [early shift] [dash in]? | part [of dash] | ordinal [weeks half] of ) )"

# In order of precedence. Every lower-case word names a kind of word (see date_words.VOCABULARY).
GRAMMAR: Final[dict[str, str]] = {
    "range": f"""
        (?: {_DAYNAME} comma? )? the? [num nth] (?: comma [num nth] ){{0,3}} {_JOIN} {_DATE}
      | {_DATE} (?: comma [num nth] ){{0,3}} {_JOIN} (?: {_DAYNAME} comma? )? [num nth] (?! [month word])
        {_YEAR}?
      | {_DATE} dash [num nth] (?! month)
      | {_DAY} hours? {_JOIN} {_DAY} hours? (?: of? rel weeks )?
      | {_DAYNAME} (?: comma {_DAYNAME} ){{1,4}} {_JOIN} {_DAYNAME}
      | the nth {_JOIN} nth (?! [word proper])
      | (?: (?<={_LEAD}) | {_PART} ) month {_YEAR}? {_JOIN} {_PART}? month {_YEAR}?
      | (?<={_LEAD}) year {_JOIN} year """,
    "week": f"the weeks [of from] {_DAY}",
    "offset": f"(?: the | {_COUNT} ) [days weeks] before {_DAY}",
    "ago": f"""[a number num figure] {_UNIT} ago | (?<=in) {_COUNT} [days weeks months]
      | {_COUNT} {_UNIT} from vague""",
    "duration": f"""(?<=for) {_COUNT} [days weeks] | a? number dash [days weeks] (?: dash? long )?
      | a? num dash [days weeks] (?: dash? long )? | a? [days weeks] dash? long | a? lasting""",
    "date": f"rel? {_DATE} | iso | dotted",
    "weekday": f"""{_DAYNAME} hours? comma? of? rel weeks | rel weeks [comma on]? {_DAYNAME}
      | rel{{1,2}} {_DAYNAME} | wkday num (?! word) | {_DAYNAME} the? nth (?! word)
      | weekday num (?! [word proper]) | weekday | (?<={_LEAD}) wkday""",
    "nth": "(?<=[on from since before until]) the nth (?! [word proper days weeks months years])",
    "month": f"""{_PART} (?: month {_YEAR}? | rel month ) | rel month | month comma? year
      | month of? rel years | month of year | the months of month year? | (?<={_LEAD}) month""",
    "season": f"""rel season | {_PART}? the? season of? (?: year | rel years )
      | (?<={_LEAD}) the? season | {_PART} the? season""",
    "fraction": f"{_PART}? the? ordinal [half quarters] of? (?: the years | year | rel years )",
    "lean": f"""the? very rel [weeks months years] | the? other {_UNIT} | the rel days
      | (?: the | {_COUNT} ) [days weeks months] (?: before | shift )""",
    "unit": f"""{_PART}? rel [weeks months years weekend quarters] | {_PART} the [weeks months years]
      | {_LEAD} the weekend | rel hours""",
    "year": f"(?<={_LEAD}) (?: the years )? year | {_PART} year | {_PART}? the? decade",
    "deictic": "deictic",
    "vague": f"""vague | (?<={_LEAD}) the? recent? vaguenoun | the? [rel recent] [few number num]? {_UNIT}
      | (?<={_LEAD}) the? holiday | a few {_UNIT} ago""",
}
# "at 06 15 hours today", "early on Monday", "on the morning of 5 May"; but not the "in" of "flew in
# yesterday", nor the "on" of "on a three-day visit".
_OPENING = f"""[early shift]?
    (?: (?! in [deictic rel weekday wkday] | on a ) {_LEAD} prep? )?
    (?: clock (?: open clock close )? comma? on? )? [early shift]? (?: the? hours [of on] )? """
_ALTERNATIVES = " | ".join(f"(?P<{name.upper()}> {rule} )" for name, rule in GRAMMAR.items())
_RULES: Final = compile_grammar(f"(?: {_OPENING} ) (?: {_ALTERNATIVES} ) hours?")
# Every expression has one of these near its beginning; the rest of a text is skipped.
_CORE: Final = compile_grammar(
    """[month weekday wkday season deictic days weeks months years weekend quarters hours holiday vague
    vaguenoun lasting nth year decade iso dotted]"""
)
_REACH = 24
# What may stand between the length of a stay and its day: "for a three-day [working visit] from Sunday".
_MAX_WORDS_BETWEEN = 3
_FILLERS: Final = compile_grammar(f"[word proper]{{0,{_MAX_WORDS_BETWEEN}}}")
_DATING = ("range", "week", "date", "weekday", "nth", "month", "deictic", "unit")


class Expression(NamedTuple):
    """One time expression: the rule that it follows, its words, and where these stand."""

    rule: str
    tokens: tuple[Token, ...]
    span: Span
    first: int  # word numbers, half-open
    last: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the words, in order."""
        return tuple(token.kind for token in self.tokens)


def expressions(words: Words) -> Iterator[Expression]:
    """Yield every time expression, in order and without overlap."""
    end = 0
    while core := _CORE.search(words.kinds, end):
        match = _RULES.search(words.kinds, max(end, core.start() - _REACH))
        if match is None:
            return
        first, end = match.span()
        span = Span(words.starts[first], words.ends[end - 1])
        yield Expression(str(match.lastgroup).lower(), words.tokens(first, end), span, first, end)


@lru_cache(maxsize=8 * AT_HAND)
def find(text: str) -> tuple[Span, ...]:
    """Return the spans of all time expressions that could date something, preposition included.

    >>> text = "He arrived on Monday for talks and left the day before yesterday."
    >>> [span.of(text) for span in find(text)]
    ['on Monday', 'the day before yesterday']
    """
    words = Words(text)
    spans: list[Span] = []
    before: Expression | None = None
    for expression in expressions(words):
        if before is not None and _belongs(before, expression, words):
            spans[-1] = Span(spans[-1].start, expression.span.end)
        else:
            spans.append(expression.span)
        before = expression
    return tuple(spans)


def _belongs(before: Expression, after: Expression, words: Words) -> bool:
    """Say whether a length and a day are one phrase: "for a three-day trip from Sunday"."""
    between = words.kinds[before.last : after.first]
    if before.rule == "duration" and after.rule in _DATING:
        return not between or (after.kinds[0] in ("from", "on", "prep") and bool(_FILLERS.fullmatch(between)))
    return not between and before.rule in _DATING and after.rule == "duration" and "dash" not in after.kinds
