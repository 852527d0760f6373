"""Find what is markup on a page, not prose: comments, hidden elements, code, templates, turns of a chat, JSON."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from extractor.article import Span

_LEAST_PROSE = 60  # code points beside a block; with fewer, somebody has wrapped a whole article in it
_LONGEST_DATA = 600  # of an element that holds data, in code points; a longer one may be an article in XML
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n|\Z")


class _Block(NamedTuple):
    """What opens a block, and what closes it. One that `breaks` ends with its paragraph where nothing closes it."""

    opens: re.Pattern[str]
    closes: re.Pattern[str]
    breaks: bool = False


def _block(opens: str, closes: str, *, breaks: bool = False) -> _Block:
    return _Block(re.compile(opens, re.IGNORECASE), re.compile(closes, re.IGNORECASE), breaks)


_TURN_END = r"(?:im_end|eo[mt]_id|end(?!_header)\w*)"
_TEMPLATES = "autoescape|block|call|case|comment|filter|for|if|macro|raw|set|trans|unless|verbatim|with"
_BLOCKS = (
    _block(r"<!--", r"-->"),
    _block(r"`{3,}", r"`{3,}", breaks=True),
    _block(r"~{3,}", r"~{3,}", breaks=True),
    _block(r'"{3}', r'"{3}', breaks=True),
    _block(rf"<\|(?!{_TURN_END}\|)[^|<>\n]{{1,40}}\|>", rf"<\|{_TURN_END}\|>", breaks=True),
    _block(r"<start_of_turn>", r"<end_of_turn>", breaks=True),
    _block(r"\[INST\]", r"\[/INST\](?:[^\n]*</s>)?", breaks=True),
    _block(r"<<SYS>>", r"<</SYS>>", breaks=True),
    _block(rf"\{{%-?\s*(?:{_TEMPLATES})\b[^{{}}\n]{{0,500}}%\}}", r"\{%-?\s*end\w*[^{}\n]{0,500}%\}"),
    _block(
        r"\{\{~?[#~]?\s*(?:system|user|assistant|if|each|with|unless|role)\b[^{}\n]{0,100}\}\}",
        r"\{\{~?/\s*\w*\s*~?\}\}",
    ),
    _block(r"\{\{", r"\}\}"),
    _block(r"\{#", r"#\}"),
    _block(r"/\*", r"\*/"),
)
# Elements that are not for people to read: of a page, or of a prompt.
_CODE = frozenset("script style template noscript textarea xmp".split())
_ROLES = frozenset(
    "system assistant user human developer ai llm model tool tools function instruction instructions prompt command"
    " output answer response result results record records json data context hidden secret override note".split()
)
_DATA = re.compile(r"\s*<[a-z]", re.IGNORECASE)  # an element that begins with another one
_HTML = frozenset(
    "a article aside b blockquote body center dd div dl dt em figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " head header html i label li main nav ol p q section small span strong sub sup table tbody td th thead"
    " time tr u ul".split()
)
_ELEMENT = re.compile(r"[<\[]([a-z][\w.:-]*)\b([^<>\[\]@]{0,500})[>\]]", re.IGNORECASE)
_ELEMENT_END = re.compile(r"[<\[]/([a-z][\w.:-]*)\s*[>\]]", re.IGNORECASE)
_UNSEEN = re.compile(
    r"\bhidden\b|\bsr-only\b|display\s*:\s*none|(?:opacity|font-size)\s*:\s*0(?!\.?\d)"
    r"|(?<!-)\bcolor\s*:\s*(?:white|transparent|#fff)",
    re.IGNORECASE,
)
_TAG = re.compile(  # those that open nothing, too, and comments of Markdown
    r"<\|[^|<>\n]{1,40}\|>|\{%[^{}\n]{0,500}%\}|</?s>|\[//\]: # \([^)\n]*\)", re.IGNORECASE
)
_WORDED_TAG = re.compile(
    r"<[a-z]\w*\s[^<>]{0,500}\b(?:alt|title|content|value|placeholder|aria-[a-z]+|data-[\w-]+)\s*=[^<>]{0,500}>",
    re.IGNORECASE,
)
_KEYS = re.compile(  # lines of keys and values
    r"(?:^[ \t]*(?:-[ \t]+)?\"?[a-z]\w*\"?[ \t]*[:=](?!//)[ \t]*\S.*\n?){2,}"
    r"|^[a-z]\w* ?[:=] ?[^;,|&=:\n]+(?:[;,|&] ?[a-z]\w* ?[:=] ?[^;,|&=:\n]+)+$",
    re.MULTILINE,
)
_OBJECT = re.compile(
    r"(?:\[\s*)?\{\s*(?:\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'|\w{1,40})\s*:\s*(?=[\"'\[{\d]|true|false|null)"
)
_CODE_LINE = re.compile(  # a call with a string in it, an order to a database
    r"\b[a-z_][\w.]*\(\s*([\"'])[^\n]{0,300}?\1[^\n)]{0,100}\)"
    r"|\b(?:INSERT INTO|DELETE FROM|UPDATE \w+ SET|SELECT [^\n]{1,60} FROM)\b[^;\n]*;?"
)
_BRACES = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|[{}]")
_AFTER_OBJECT = re.compile(r"[\]},\s]*[\]}]")


def find_markup(text: str) -> Iterator[Span]:
    """Find the markup in a text whose lettering is plain, in no particular order.

    >>> text = 'He left. {"who": "Bo"} <!-- x --> So did she.'
    >>> sorted(span.of(text) for span in find_markup(text))
    ['<!-- x -->', '{"who": "Bo"}']
    """
    for block in _BLOCKS:
        yield from _blocks(text, block)
    yield from _elements(text)
    yield from _objects(text)
    for pattern in (_TAG, _WORDED_TAG, _KEYS, _CODE_LINE):
        yield from (Span(*match.span()) for match in pattern.finditer(text))


def _blocks(text: str, block: _Block) -> Iterator[Span]:
    start = 0
    closes = True  # whether anything behind here may close a block
    while opening := block.opens.search(text, start):
        closing = block.closes.search(text, opening.end()) if closes else None
        closes = closing is not None
        if closing and block.breaks and _wraps(text, opening.start(), closing.end()):
            start = opening.end()
        elif closing or block.breaks:
            start = closing.end() if closing else _paragraph_end(text, opening.end())
            yield Span(opening.start(), start)
        else:
            start = opening.end()


def _wraps(text: str, start: int, end: int) -> bool:
    """Say whether hardly anything stands beside a block, so that the article must be in it."""
    if start + len(text) - end > 2 * _LEAST_PROSE:
        return False
    return len(text[:start].strip()) + len(text[end:].strip()) < _LEAST_PROSE


def _paragraph_end(text: str, start: int) -> int:
    end = _PARAGRAPH_END.search(text, start)
    return end.start() if end else len(text)


def _elements(text: str) -> Iterator[Span]:
    """Find the elements that are not for people, up to the first tag that closes each."""
    ends: dict[str, list[int]] = {}
    for end in _ELEMENT_END.finditer(text):
        ends.setdefault(end[1].lower(), []).append(end.end())
    for opening in _ELEMENT.finditer(text):
        behind = ends.get(opening[1].lower(), [])
        first = bisect_left(behind, opening.end())
        if first < len(behind) and _is_for_machines(text, opening, behind[first]):
            yield Span(opening.start(), behind[first])


def _is_for_machines(text: str, opening: re.Match[str], end: int) -> bool:
    """Say whether an element is hidden, code or data; one around the whole article is none of these."""
    name = opening[1].lower()
    if name in _CODE or _UNSEEN.search(opening[2]):
        return True
    is_data = name not in _HTML and end - opening.start() <= _LONGEST_DATA and _DATA.match(text, opening.end())
    is_role = not _ROLES.isdisjoint(re.split(r"[_.:-]", name))
    return (is_role or bool(is_data)) and not _wraps(text, opening.start(), end)


def _objects(text: str) -> Iterator[Span]:
    """Find objects of JSON; one whose braces do not match ends with its paragraph."""
    closed: dict[int, int] = {}
    start = 0
    while opening := _OBJECT.search(text, start):
        closed = closed or _matching_braces(text)
        end = closed.get(text.index("{", opening.start()))
        start = _paragraph_end(text, opening.end()) if end is None else end
        after = _AFTER_OBJECT.match(text, start)
        start = after.end() if after else start
        yield Span(opening.start(), start)


def _matching_braces(text: str) -> dict[int, int]:
    """Return for each brace that is closed the place behind the one that closes it; those in strings do not count."""
    closed: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACES.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            closed[opened.pop()] = match.end()
    return closed
