"""What a model is asked about a passage: the messages, and the form in which it must answer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product
from math import prod
from typing import Any, Literal, NamedTuple, get_args, get_origin

from extractor import prompts
from extractor.article import AT_HAND, Article, Span
from extractor.extraction.check import check
from extractor.extraction.form import Form
from extractor.extraction.records import Candidate, Rejected
from extractor.fields import View
from extractor.rendering import guide
from extractor.schema import FieldSpec, Schema, fields_of

RECORDS = 8  # of one passage; without a bound a small model repeats itself for ever
_TOKENS = 80  # that one record may take
_COMBINATIONS = 64  # of key values that are tried


class Question(NamedTuple):
    """A request to a model: what it reads, the form of its answer, and how many tokens that may take."""

    messages: list[dict[str, str]]
    answer: Form
    max_tokens: int


def question(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> Question | None:
    """Ask for the records of the passage ``where[0]``; None where it offers nothing for a key field.

    What the words of the passage decide is not asked for: each token of an answer costs as much as several of a
    prompt. Nor is how many records there are at least, where the passage itself carries all that tells one from
    another: a small model overlooks what a subordinate clause mentions. For what only stands before the passage
    ("she", "there"), there is one record at most.
    """
    specs = [spec for spec in fields_of(schema).values() if spec.asked]
    keys = _key_offers(article, schema, where)
    least, most = 0, RECORDS
    if all(map(_choices, keys.values())):
        standing = combinations(article, schema, where)
        least, most = _bounds(standing, keys)
        if least == most:  # the passage itself tells of every record that it can hold
            standing = tuple(combination for combination in standing if len(combination.told) == len(keys))
        keys = {name: _enumeration(combination.values[name] for combination in standing) for name in keys}
    if None in keys.values():
        return None
    open_specs = (s for s in specs if not s.key and not s.type.read(View(article, where, lead=s.lead)))
    others = {
        spec.name: offer | None if spec.optional and not spec.many else offer
        for spec in open_specs
        if (offer := _offer(spec, article, where)) is not None
    }
    form = Form.of_records(keys | others, least=least, most=most)
    return _question("ask", schema, form, most * _TOKENS + 40, **_shown(article, schema, where, keys.values()))


def correction(
    article: Article, schema: type[Schema], candidate: Candidate, reasons: Mapping[str, str], rejected: list[Rejected]
) -> Question | None:
    """Ask again for the fields that failed for `reasons`, without the values that were `rejected`.

    None where the passage offers nothing else for any of them.
    """
    specs = fields_of(schema)
    refused = {name: [r.value for r in rejected if r.field == name] for name in reasons}
    offers = {name: _offer(specs[name], article, candidate.where, refused[name]) for name in reasons}
    fields = {name: offer if specs[name].many else offer | None for name, offer in offers.items() if offer is not None}
    if not fields:
        return None
    complaint = "; ".join(reasons[name] for name in fields)
    shown = _shown(article, schema, candidate.where, offers.values())
    return _question("repair", schema, Form.of("Correction", fields), _TOKENS, complaint=complaint, **shown)


@lru_cache(maxsize=8)
def preamble(schema: type[Schema]) -> tuple[dict[str, str], ...]:
    """Return the messages that every request begins with: the task, the codebook, the worked examples."""
    specs = [spec for spec in fields_of(schema).values() if spec.asked]
    text = "\n".join(guide(schema, specs))
    prompt = prompts.load("ask")
    messages = [{"role": "system", "content": prompt.render("system", unit=schema.unit, codebook=text)}]
    for example in schema.examples:
        answer = json.dumps({"records": example.records}, ensure_ascii=False)
        messages += [
            {"role": "user", "content": prompt.render("user", before="", passage=example.passage)},
            {"role": "assistant", "content": answer},
        ]
    return tuple(messages)


def _question(prompt: str, schema: type[Schema], form: Form, max_tokens: int, **values: str) -> Question:
    text = prompts.load(prompt).render("user", **values)
    return Question([*preamble(schema), {"role": "user", "content": text}], form, max_tokens)


def _offer(spec: FieldSpec, article: Article, where: tuple[Span, ...], refused: Iterable[Any] = ()) -> Any:
    """Return the annotation of a field in a form: what the passage offers for it, but for what was refused."""
    offer = spec.type.ask(View(article, where, lead=spec.lead, does=spec.does))
    if _choices(offer):
        offer = _enumeration(value for value in _choices(offer) if value not in refused)
    return list[offer] if offer is not None and spec.many else offer  # type: ignore[valid-type]


def _choices(offer: Any) -> tuple[Any, ...]:
    """Return the values that an offer enumerates; none where it asks for text."""
    return get_args(offer) if get_origin(offer) is Literal else ()


def _enumeration(values: Iterable[Any]) -> Any:
    distinct = tuple(dict.fromkeys(values))
    return Literal[distinct] if distinct else None


class Combination(NamedTuple):
    """Values of the key fields, and the standard form of those that the passage itself carries."""

    values: dict[str, Any]
    told: dict[str, Any]


@lru_cache(maxsize=AT_HAND)  # the gate asks first, then the question
def combinations(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> tuple[Combination, ...]:
    """Combine what the passage ``where[0]`` offers for the key fields; keep what the check has no complaint about.

    The model then chooses only among values that some combination needs which would stand. A key field that is asked
    for as free text has nothing to combine.
    """
    keys = _key_offers(article, schema, where)
    standing = []
    for chosen in islice(product(*map(_choices, keys.values())), _COMBINATIONS):
        values = dict(zip(keys, chosen, strict=True))
        checked = check(Candidate(values, where), article, schema, further=False)
        if not any(complaint.field in keys for complaint in checked.complaints):
            found = {name: checked.record[name][0] for name in keys}
            told = {name: f.value for name, f in found.items() if any(map(where[0].covers, f.spans))}
            standing.append(Combination(values, told))
    return tuple(standing)


@lru_cache(maxsize=AT_HAND)
def _key_offers(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> dict[str, Any]:
    return {spec.name: _offer(spec, article, where) for spec in fields_of(schema).values() if spec.asked and spec.key}


def _bounds(standing: Sequence[Combination], keys: Collection[str]) -> tuple[int, int]:
    """Return how many records a passage has at least and at most, by the key values that it carries itself."""
    most = min(RECORDS, len(standing), prod(max(1, count) for count in _told(standing, keys)))
    whole = [combination for combination in standing if len(combination.told) == len(keys)]
    return min(most, max(_told(whole, keys))), most


def _told(standing: Sequence[Combination], keys: Iterable[str]) -> list[int]:
    """Count for each key field how many different values of it the passage itself carries."""
    return [len({combination.told[name] for combination in standing if name in combination.told}) for name in keys]


def _shown(article: Article, schema: type[Schema], where: tuple[Span, ...], offers: Iterable[Any]) -> dict[str, str]:
    """Return the passage, and what stands before it, in reading order, for a prompt.

    A window of the article always comes with the head; a passage with what is before it where an offer needs that.
    """
    passage = where[0].of(article.text)
    needed = not schema.cues or any(value not in passage for offer in offers for value in _choices(offer))
    before = " ".join(_harmless(span.of(article.text)) for span in sorted(where[1:])) if needed else ""
    return {"passage": _harmless(passage), "before": before}


def _harmless(words: str) -> str:
    """Lay words on one line, and take the meaning from what a chat template may read as a change of speaker."""
    return " ".join(words.replace("<|", "< |").replace("[INST", "[ INST").split())
