"""Whose official a person is: the country or organisation that an article's words give for a name.

The words beside the name decide ("Russian Foreign Minister X", "X, the president of Peru"). Where they leave it open,
a few turns of phrase elsewhere do, each with the name of its rule; what may be anybody's is left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from extractor.article import Span, touching
from extractor.fields.base import Found
from extractor.fields.gazetteer import Mention, kinds, mentions, mentions_in, name_of
from extractor.fields.goals import is_posted
from extractor.fields.names import is_honorific, is_title, named, names
from extractor.fields.offices import office_of, title_after_country, title_before

_LINKS = frozenset("for of and the since , & 's ’s ’ '".split())
_APART = re.compile(r"\n\s*\n")  # between a headline and the text
_LAST_WORDS = re.compile(r"([\w-]+) (?:of|for) (?:the )?$")
# Where an official is posted, or what the office is for: "ambassador to Peru", "envoy for the Caspian,".
_POST = re.compile(r"(?<= )(?:for|to|in) (?:(?:the )?[\w ]+(?=,)|(?:the )?(?:[A-Z][\w’'-]*\s?)+)")
_ITS = re.compile(r"\b[Ii]ts (?:[\w-]+ ){0,3}[\w-]+,? $")
_LED = re.compile(r"(?:[’']s)?\s(?:[\w-]+\s){0,4}(?:delegation|mission|team|group),?\s(?:led|headed)\sby\s(?:the\s)?")
_LEADS = re.compile(
    r"[^.\n]*?\b(?:at the head of|heading|leading|leads|led|heads|headed) (?:the |an? )?"
    r"(?:(?:State|Republic|Kingdom) of )?"
)
_DEPARTMENT = re.compile(  # "Secretary of State for Scotland" is British
    r"\b(?:secretary of (?:state|energy|defen[cs]e|commerce|labor|agriculture|transportation|the treasury"
    r"|homeland security|education|the interior)|treasury secretary),? $",
    re.IGNORECASE,
)
_SECRETARIES_TOO = frozenset({"PHL", "MEX", "VAT"})
_VAGUE = frozenset("leader chief head official diplomat envoy representative".split())
_RETURNS = re.compile(
    r"\s(?:(?:has|had|have|will|later|then|also)\s){0,2}(?:return(?:s|ed)?(?: back| home)? to"
    r"|(?:(?:is|was|arrive[sd]|flew|went|came) )?back (?:home )?(?:in|to)|left (?:here )?for home in|flew home to)"
    r"\s(?:the )?"
)
_FROM_ABROAD = re.compile(r"[^.;\n]{0,60}\b(?:after|from|following|concluding|wrapping|ending)\b")
_RETURN_REACH = 90
_NEAR = 300  # code points between a leader and the delegation that is led
_HOLDER = re.compile(r",?\s(?:[A-Z]\w*\.\s)*")
_FOLLOWING = re.compile(r"[’']?s? +([\w-]+)")
_DESCRIBED = re.compile(r"[’']?s? +(?:[\w-]+ ){1,3}([\w-]+)(?=[,.;])")  # ", the US Middle East peace envoy,"
_TAKES = re.compile(
    r"\s(?:(?:was|is|has been|were|be|to be)\s)?(?:sworn in|inaugurated|(?:re-)?elected|appointed|named|became)"
    r"(?:\s(?:on\s)?\w+day)?(?:\sas)?\s(?:the\s)?"
)
_FOLLOWS = re.compile(r"\b(?:predecessor|successor|forerunner)\b(?:,? as [\w ]+)?,? $")
_ENDEARED = re.compile(r", (?:my|our|her|his) (?:[a-z]+ ){0,2}$")  # "Chile's premier, my old friend X"
_DELEGATION = re.compile(r"(?:[’']s)? (?:[\w-]+ ){0,3}(?:delegation|mission|team)\b")


def found_country(mention: Mention, rule: str | None = None) -> Found:
    """Return the value that a mention carries; `rule` says how it belongs to what does not stand beside it."""
    rule = rule or kinds[mention.kind].rule
    stated = Found(mention.code, (mention.span,), "stated")
    return stated._replace(verdict="derived", rule=f"{rule}: {name_of(mention.code)}") if rule else stated


@lru_cache(maxsize=1024)
def country_of(text: str, person: str) -> Found | None:
    """Return whose official a person is: by the words beside a mention of the name, else by a rule.

    >>> found = country_of("Peru is small. Its president, Ana Ruiz, left.", "Ana Ruiz")
    >>> found and (found.value, found.rule)
    ('PER', 'official of the country that the sentence before is about: Peru')
    """
    spans = [name.span for name in named(text, person)]
    if mention := _beside(text, spans):
        return found_country(mention)
    for rule, find in _RULES.items():
        if mention := find(text, spans):
            return found_country(mention, rule)
    return None


def _beside(text: str, spans: list[Span]) -> Mention | None:
    """Look before each mention of the name ("Russian Foreign Minister …"), then behind it (", the … of Chile")."""
    for span in spans:
        near = [m for m in mentions_in(text, span.start - 90, span.start) if m.span.end <= span.start]
        for mention in [m for m in near if not is_posted(text, m)][-1:]:
            if _belongs(text, mention, span):
                return mention
    for span in spans:
        for mention in [m for m in mentions_in(text, span.end, span.end + 60) if m.span.start >= span.end][:1]:
            if _apposition(text[span.end : mention.span.start], text[mention.span.end : mention.span.end + 60]):
                return mention
    return None


def _of_its(text: str, spans: list[Span]) -> Mention | None:
    """Read "China does things differently. Its vice-premier, X": the one country named in that sentence or before."""
    for span in spans:
        its = _ITS.search(text, max(0, span.start - 60), span.start)
        if its and all(is_title(word) for word in its[0].rstrip(", ").split()[1:]):
            paragraph = text.rfind("\n", 0, its.start()) + 1
            named = [m for m in mentions(text) if paragraph <= m.span.start < its.start()]
            if len({m.code for m in named}) == 1:
                return named[-1]
    return None


def _of_delegation(text: str, spans: list[Span]) -> Mention | None:
    """Read "a Ugandan goodwill mission led by X", and "X left at the head of Qatar's delegation"."""
    for span in spans:
        office = title_before(text, span)
        start = office.start if office else span.start
        for mention in mentions_in(text, start - _NEAR, span.end + _NEAR):
            led = mention.span.end < start and _LED.fullmatch(text, mention.span.end, start)
            leads = mention.span.start > span.end and _LEADS.fullmatch(text, span.end, mention.span.start)
            if led or (leads and _DELEGATION.match(text, mention.span.end)):
                return mention
    return None


def _of_unnamed(text: str, spans: list[Span]) -> Mention | None:
    """Read "Turkey's foreign minister said …" before "Foreign Minister X": the one country whose holder is nameless."""
    office = office_of(text, spans)
    if office is None:
        return None
    wanted = _key(office.of(text))
    if wanted <= _VAGUE:
        return None
    held = holders(text, office.of(text), [])
    nameless = [
        mention
        for mention, title in _national_offices(text)
        if _key(title.of(text)) == wanted and mention.span.end < spans[0].start and mention.code not in held
    ]
    return nameless[0] if len({mention.code for mention in nameless}) == 1 else None


def holders(text: str, office: str, but: list[Span]) -> set[str]:
    """Return the countries whose holder of an office is somebody who is not named at `but`.

    >>> holders("Peru's trade minister, Ana Ruiz, met Trade Minister Igor Stahl.", "Trade Minister", [])
    {'PER'}
    """
    wanted = _key(office)
    return {
        mention.code
        for mention, title in _national_offices(text)
        if _key(title.of(text)) == wanted
        and any(
            name.span not in but and _HOLDER.fullmatch(text, title.end, name.span.start)
            for name in touching(names(text), Span(title.end, title.end + 30))
        )
    }


@lru_cache(maxsize=64)
def _national_offices(text: str) -> list[tuple[Mention, Span]]:
    """List the offices that are said to be a country's: "Turkey's foreign minister", but not "pro-China leader"."""
    own = [m for m in mentions(text) if text[m.span.start - 1 : m.span.start] != "-"]
    return [(mention, title) for mention in own if (title := title_after_country(text, mention))]


def _key(office: str) -> frozenset[str]:
    """Return what "minister for foreign affairs" and "Foreign Minister" share."""
    words = office.replace(",", " ").lower().split()
    return frozenset(word for word in words if not is_honorific(word)) - {"of", "for", "the", "and", "affairs"}


def _of_follower(text: str, spans: list[Span]) -> Mention | None:
    """Read "her predecessor as foreign minister, X": the country of whoever was named last before."""
    for span in spans:
        follows = _FOLLOWS.search(text, max(0, span.start - _NEAR), span.start)
        before = [name.span for name in names(text) if follows and name.span.end <= follows.start()]
        if before:
            return _beside(text, [name.span for name in named(text, before[-1].of(text))])
    return None


def _of_department(text: str, spans: list[Span]) -> Mention | None:
    """Read "the secretary of energy, X" as an American office where the article is about Americans at all."""
    places = mentions(text)
    if any(mention.code in _SECRETARIES_TOO for mention in places):
        return None
    american = next((mention for mention in places if mention.code == "USA"), None)
    held = any(_DEPARTMENT.search(text, max(0, span.start - 60), span.start) for span in spans)
    return american if held else None


def _of_masthead(text: str, spans: list[Span]) -> Mention | None:
    """Read a text headed "Republic of Estonia" of the official whom it names first, who has a bare office there."""
    first = next(iter(names(text)), None)
    if not spans or first is None or first.span != spans[0] or title_before(text, first.span) is None:
        return None
    top = [line.span() for line in islice(re.finditer(r"\S.*", text), 3)]
    return next((m for m in mentions(text)[:3] if m.kind == "name" and (m.span.start, m.span.end) in top), None)


def _of_appointment(text: str, spans: list[Span]) -> Mention | None:
    """Read "X was sworn in as Peru's president": the country whose office somebody takes."""
    for span in spans:
        for mention in mentions_in(text, span.end, span.end + 60):
            taken = mention.span.start > span.end and _TAKES.fullmatch(text, span.end, mention.span.start)
            if taken and title_after_country(text, mention):
                return mention
    return None


def _of_return(text: str, spans: list[Span]) -> Mention | None:
    """Read "X returned to Lima after a visit to Oslo": who comes back from somewhere comes home."""
    for span in spans:
        for mention in mentions_in(text, span.end, span.end + _RETURN_REACH):
            returns = mention.span.start > span.end and _RETURNS.fullmatch(text, span.end, mention.span.start)
            if returns and ("home" in returns[0] or _FROM_ABROAD.match(text, mention.span.end)):
                return mention
    return None


_RULES = {
    "taker of an office of the country": _of_appointment,
    "official of the country that the sentence before is about": _of_its,
    "leader of a delegation of the country": _of_delegation,
    "holder of an office that the article gives the country before": _of_unnamed,
    "holder of an office before or after an official of the country": _of_follower,
    "holder of an office that this country alone has": _of_department,
    "official in a text under the country's own name": _of_masthead,
    "official who returned to the country": _of_return,
}


def _belongs(text: str, mention: Mention, name: Span) -> bool:
    """Say whether a country before a name tells whose official the person is.

    So do "Russian Foreign Minister X", "Russia's X" and "the President of Laos, H.E. X", but not "in Peru, X".
    """
    between = text[mention.span.end : name.start]
    if _APART.search(between):
        return False
    before = _LAST_WORDS.search(text, max(0, mention.span.start - 40), mention.span.start)
    if before and is_title(before[1]) and _only_titles(between.replace(",", " ")):
        return True
    if re.match(r"\s*(?:,|and\b|of\b|&)", between):
        return False
    return _only_titles(between) and (bool(between.strip()) or mention.kind == "demonym")


def _only_titles(between: str) -> bool:
    """Say whether nothing but an office stands between a country and a name."""
    office = _POST.sub(" ", re.sub(r"^[’']s?", "", _ENDEARED.sub(" ", between)))
    words = re.findall(r"[^\W\d_](?:[\w’'\-]|\.(?=\w))*\.?|[^\s\w]", office)
    return all(is_title(word) or word.lower() in _LINKS for word in words)


def _apposition(between: str, after: str) -> bool:
    """Say whether a country behind a name tells whose official the person is: ", the Qatari …", "of Tuvalu"."""
    if between.strip() == "(" and after.startswith(")"):
        return True
    head = re.match(r"\s+of (?:the )?$|\s*,\s*(?:\d+,\s*)?(?:who heads? )?(?:the |a )?(?:newly[ -]\w+ed )?", between)
    if head is None:
        return False
    rest = between[head.end() :]
    if " of " in head[0] or rest.strip():
        return _only_titles(rest) or not rest.strip()
    described = _DESCRIBED.match(after) if head[0].endswith(("the ", "a ")) else None
    return any(office is not None and is_title(office[1]) for office in (_FOLLOWING.match(after), described))
