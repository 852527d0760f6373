"""The office that stands beside a name: "Foreign Minister Sergei Lavrov", "Sergei Lavrov, the foreign minister,"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.article import Span
from extractor.fields.gazetteer import Mention, mentions_in
from extractor.fields.names import is_honorific, is_title

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-‐‑][^\W\d_]+)*\.?")
_LINK = frozenset("of for and the to".split())
_APPOSITION = re.compile(r",\s(?:who (?:is|was) )?(?:(?:the|a|an) )?")
_REMIT = re.compile(  # "Minister of Trade and Crafts", "envoy for the Caspian,"
    r"(?P<office>[\w-]+)(?P<of>\s(?:(?:of|for)\s(?:the\s)?[A-Z][\w’-]+(?:(?:,?\sand|,)?\s[A-Z][\w’-]+)*|in\sthe\spresidency)),?\s$"
)
_PLURAL = frozenset("Presidents Ministers Premiers Chancellors Leaders".split())  # "Presidents X and Y"
_OF = re.compile(r"\sof\s(?:the\s)?$")
_DESCRIBED = re.compile(r"(?:[A-Z][\w’-]+ ){1,3}(?:[a-z]+ )?(?P<office>[a-z]+)(?=[,.;])")  # "Middle East peace envoy,"
_BEING = re.compile(r"\s(?:is|was|has been|had been|became)\s(?:the\s|an?\s)?")
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
    right = name.start
    while words and is_honorific(words[-1][0]) and _joined(text, words[-1].end(), right):
        right = words.pop().start()
    if words and words[-1][0] == "the" and words[-1].end() + 1 == right < name.start:  # "the Hon. X"
        right = words.pop().start()
    remit = _REMIT.search(text, begin, right)
    if (
        remit
        and is_title(remit["office"])
        and not any(m.span.start >= remit.start("of") for m in mentions_in(text, remit.start("of"), right))
    ):
        head = title_before(text, Span(remit.start("of"), name.end))
        return Span(head.start, remit.end("of")) if head else None
    if domain := _domain(text, right):
        right = domain.start
        words = [word for word in words if word.end() <= right]
    run: list[re.Match[str]] = []
    for word in reversed(words):
        speaker = word[0].lower().startswith("spokes") and "," in text[word.end() : right]  # "Y, spokesman, Premier X"
        if speaker or (word[0].endswith(".") and not is_honorific(word[0])):
            break
        if not _joined(text, word.end(), right) or not (is_title(word[0]) or (run and word[0].lower() in _LINK)):
            break
        run.insert(0, word)
        right = word.start()
    return _trimmed(run)


def _domain(text: str, end: int) -> Span | None:
    """Return the "of Laos" of "President of Laos X", or of "the President of Laos, H.E. X"."""
    for mention in mentions_in(text, end - 3, end):
        if re.fullmatch(r",?\s", text[mention.span.end : end]):
            of = _OF.search(text, max(0, mention.span.start - 40), mention.span.start)
            return Span(of.start(), mention.span.end) if of else None
    return None


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
    country = next((m for m in mentions_in(text, start, start + 1) if m.span.start == start), None)
    return (title_after_country(text, country) if country else None) or _title_from(text, opening.end())


def title_after_country(text: str, country: Mention) -> Span | None:
    """Return the title that a country or its people own: "Chile's foreign minister", "the Chilean foreign minister"."""
    owner = _OWNER.match(text, country.span.end)
    if owner is None:
        return None
    described = _DESCRIBED.match(text, owner.end())
    if described and is_title(described["office"]):
        return Span(*described.span())
    return _title_from(text, owner.end())


def _title_from(text: str, start: int) -> Span | None:
    """Return the run of title words that begins at `start`."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text, start, start + _LONGEST):
        left = run[-1].end() if run else start
        if not _joined(text, left, word.start()) or not (is_title(word[0]) or (run and word[0].lower() in _LINK)):
            break
        run.append(word)
    return _trimmed(run)


def office_of(text: str, spans: Sequence[Span]) -> Span | None:
    """Return the office of a person who is named at `spans`: of those beside the name, one in running text first.

    A headline shortens offices, and so does a sentence that gives the surname alone.
    """
    offices = [(span, office) for span in spans if (office := title_before(text, span) or title_after(text, span))]
    if offices:
        return max(offices, key=lambda found: (not _in_headline(text, found[0]), found[0].of(text).count(" ")))[1]
    being = (_BEING.match(text, span.end) for span in spans)
    return next((office for is_ in being if is_ and (office := _title_from(text, is_.end()))), None)


def _in_headline(text: str, span: Span) -> bool:
    """Say whether a name stands in a line that is no sentence."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    return not re.search(r"[.!?:][”\"’)]*(?:\s|$)", text[start : end if end >= 0 else len(text)])


def _joined(text: str, end: int, start: int) -> bool:
    """Say whether nothing but a space, or a comma and a space, stands between two words of a title."""
    return re.fullmatch(r",?[ \u00a0\n]", text[end:start]) is not None or end == start


def _trimmed(run: list[re.Match[str]]) -> Span | None:
    """Drop "of", "and", "for" from the ends of a title."""
    while run and run[0][0].lower() in _LINK:
        run = run[1:]
    address = next((i for i, word in enumerate(run) if not is_honorific(word[0])), 0)
    if address and run[address][0] == "the":  # "H.E. the Minister"
        run = run[address + 1 :]
    while run and run[-1][0].lower() in _LINK:
        run = run[:-1]
    if not run:
        return None
    last = run[-1]
    return Span(run[0].start(), last.end() - (last[0] in _PLURAL))
