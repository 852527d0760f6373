"""Find labels that make a text one for machines: "ADMIN OVERRIDE:", "Annotator note:", "--- SYSTEM ---"."""

from __future__ import annotations

import re

_LABEL = re.compile(r"([^\w\s]{0,20})\s?([\w'.]{1,20}(?:[ ,/]{1,2}[\w'.]{1,20}){0,7}?)\s?([:\])>}*#=|]|-(?:\s|-))")
_DECORATED = re.compile(r"[\[({<@#*=~$%|-]")
_RULED = re.compile(r"#|[\[{<@*=~$%|-]{2}")
_MACHINES = frozenset(
    "ai ais llm llms gpt chatgpt bot bots robot robots chatbot chatbots model models language assistant assistants sys"
    " system parser parsers crawler crawlers scraper scrapers extractor extractors extraction annotator annotators inst"
    " annotation coder coders summarizer admin administrator developer".split()
)
# These only where the label speaks of orders too
_PERHAPS = frozenset("systems machine machines agent agents tool tools program software algorithm operator".split())
_ORDERED = frozenset("instruction instructions prompt override directive command".split())
_NOTED = _ORDERED | set(
    "note notice message memo attention reminder correction clarification hint guideline role listen ps p.s.".split()
)
_GLUE = frozenset(
    "any all every each to for of only new updated hidden secret important urgent and or please begin start end"
    " summary content text rule rules task update information mode reading".split()
)
_ARTICLES = frozenset("the this is a an".split())


def is_label(words: str) -> bool:
    """Say whether a text begins with a label that makes it one for machines.

    >>> is_label("Annotator note: the trip counts."), is_label("AI summit: ministers meet.")
    (True, False)
    """
    match = _LABEL.match(words)
    if match is None:
        return False
    label = {word.strip(",").lower() for word in re.split(r"[ /]", match[2]) if word}
    if not label <= _MACHINES | _PERHAPS | _NOTED | _GLUE | _ARTICLES:
        return False
    if label & _MACHINES:
        return bool(label & _NOTED or (_DECORATED.search(match[1]) and not label & _ARTICLES))
    if label & _PERHAPS:
        return bool(label & _ORDERED)
    return bool(label & _ORDERED and (len(label & _NOTED) > 1 or _RULED.search(match[1])))
