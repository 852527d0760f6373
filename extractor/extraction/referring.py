"""Referring passages: "the trip was a success" tells no trip of its own, but of one that stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from extractor.article import Article, Span
from extractor.extraction.records import Record, Rejected
from extractor.extraction.resolve import same_keys, same_record
from extractor.fields.names import is_title
from extractor.fields.words import cue_pattern
from extractor.schema import Schema, fields_of

_DEFINITE = re.compile(r"\b(?:the|this|that|these|those|his|her|their|its|my|our)\s(?:[\w’'-]+\s){0,2}$", re.IGNORECASE)
_ADJECTIVES = frozenset("official state private working first second last special foreign".split())
_VERB = re.compile(
    r"\w*(?:ed|ing|ew|ent|ame|eft|ies|oes|own|one|go|come|comes|is|was|were|are|be|been)\b", re.IGNORECASE
)
_REACH = 50  # code points before a cue in which its determiner stands
REASON = "the passage only refers to what no other passage tells"


def settle_references(
    told: Iterable[tuple[Record, Span]], article: Article, schema: type[Schema]
) -> tuple[list[Record], list[Rejected]]:
    """Keep the records of passages that tell something; of those that only refer, what adds to one of these.

    `told` gives each record with its passage. A record that is only referred to opens none of its own: where its date
    clashes with that of the known one, the words are about something else and are left out.
    """
    pairs = list(told)
    referring = [only_refers(_told(record, passage), article, schema, passage) for record, passage in pairs]
    known = [record for (record, _), refers in zip(pairs, referring, strict=True) if not refers]
    kept: list[Record] = []
    rejected: list[Rejected] = []
    for (record, _), refers in zip(pairs, referring, strict=True):
        same = [other for other in known if same_keys(record, other, schema)] if refers else []
        if refers and not same:
            rejected.append(Rejected(None, {name: found[0].value for name, found in record.items() if found}, REASON))
        elif refers and not any(same_record(record, other, schema) for other in same):
            kept.append(_undated(record, schema))
        else:
            kept.append(record)
    return kept, rejected


def only_refers(told: Collection[str], article: Article, schema: type[Schema], passage: Span) -> bool:
    """Say whether a passage names its deed only as known ("the visit"), and not what the deed is about.

    `told` are the fields whose values the passage itself carries. What a deed is about is the key field that belongs
    to no other: "the trip was to include Peru" tells something new.
    """
    if not schema.cues or all(spec.name in told for spec in fields_of(schema).values() if spec.key and not spec.of):
        return False
    text = article.text
    cues = list(cue_pattern(schema.cues).finditer(text, passage.start, passage.end))
    return bool(cues) and all(_is_known(text, passage, cue) for cue in cues)


def _is_known(text: str, passage: Span, cue: re.Match[str]) -> bool:
    """Say whether a cue is a noun behind a word such as "the"; in "the minister visited", it is a verb."""
    before = _DEFINITE.search(text, max(passage.start, cue.start() - _REACH), cue.start())
    between = before[0].lower().split()[1:] if before else []
    people = any(is_title(word) and word not in _ADJECTIVES and word[-2:] not in ("’s", "'s") for word in between)
    return bool(before) and not people and not _VERB.match(cue[0])


def _told(record: Record, passage: Span) -> set[str]:
    return {name for name, found in record.items() if found and any(map(passage.covers, found[0].spans))}


def _undated(record: Record, schema: type[Schema]) -> Record:
    dated = {spec.name for spec in fields_of(schema).values() if spec.type.dated}
    words = {spec.of for spec in fields_of(schema).values() if spec.type.dated}
    return {name: () if name in dated | words else found for name, found in record.items()}
