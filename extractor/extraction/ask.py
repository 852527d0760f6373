"""Ask: a model proposes records, passage by passage, choosing among what the passage offers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from extractor import prompts
from extractor.article import Article, Span
from extractor.extraction.form import RECORDS, choices, form, offers
from extractor.extraction.records import Candidate
from extractor.fields.words import cue_pattern
from extractor.models import Model, Usage
from extractor.rendering import guide
from extractor.schema import Schema, fields_of
from extractor.sentences import sentences

_BEFORE = 2  # sentences that a reader may need to know who "she" is, or more if the paragraph is longer
_PARAGRAPH = 4
_HEAD = 250  # code points at the top, which say whom and what the article is about
_WINDOW = 4000  # code points that are read at once where a schema has no cues
TOKENS = 80  # tokens that one record may take


async def ask(
    article: Article, schema: type[Schema], model: Model, where: tuple[Span, ...]
) -> tuple[list[Candidate], Usage]:
    """Ask for the records of the passage ``where[0]``; `where` goes on with what stands before it.

    Raises:
        ModelError: if the model gave no usable answer.
    """
    answer = form(article, schema, where)
    if answer is None:
        return [], Usage()
    messages = [*preamble(schema), {"role": "user", "content": _user(article, schema, where)}]
    reply = await model.ask(messages, answer, max_tokens=RECORDS * TOKENS + 40)
    return [Candidate(record.model_dump(), where) for record in reply.value.records], reply.usage  # type: ignore[attr-defined]


def passages(article: Article, schema: type[Schema]) -> list[tuple[Span, ...]]:
    """Cut the article into the passages that may tell of a record, each followed by the sentences before it.

    A schema's cues pick the sentences; without cues, everything but boilerplate is read in windows.
    """
    cut = sentences(article.text, article.boilerplate)
    if not schema.cues:
        return [(window,) for window in _windows(cut, article.boilerplate)]
    cue = cue_pattern(schema.cues)
    seen: set[str] = set()
    picked = []
    for i, sentence in enumerate(cut):
        words = sentence.of(article.text)
        if words not in seen and cue.search(words):
            picked.append((sentence, *_surroundings(article.text, cut, i)))
        seen.add(words)
    return picked


def _surroundings(text: str, cut: tuple[Span, ...], i: int) -> Iterator[Span]:
    """Yield what stands before a sentence, the nearest first: the paragraph so far, and the head of the article."""
    first = i
    while first > 0 and i - first < _PARAGRAPH:
        if i - first >= _BEFORE and "\n" in text[cut[first - 1].end : cut[first].start]:
            break
        first -= 1
    yield from reversed(cut[first:i])
    yield from (sentence for sentence in cut[:first] if sentence.start - cut[0].start < _HEAD)


def _windows(cut: tuple[Span, ...], boilerplate: tuple[Span, ...]) -> list[Span]:
    """Join neighbouring sentences into stretches of bounded length, none of which reaches over boilerplate."""
    windows: list[Span] = []
    for sentence in cut:
        joined = Span(windows[-1].start, sentence.end) if windows else sentence
        if windows and joined.end - joined.start <= _WINDOW and not any(joined.overlaps(b) for b in boilerplate):
            windows[-1] = joined
        else:
            windows.append(sentence)
    return windows


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


def _user(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> str:
    return prompts.load("ask").render("user", **shown(article, schema, where))


def shown(article: Article, schema: type[Schema], where: tuple[Span, ...]) -> dict[str, str]:
    """Return the passage, and what stands before it where a key field needs that, in reading order, for a prompt."""
    passage = where[0].of(article.text)
    keys = [spec for spec in fields_of(schema).values() if spec.key]
    needed = any(value not in passage for spec in keys for value in choices(offers(spec, article, where)))
    before = " ".join(_harmless(span.of(article.text)) for span in sorted(where[1:])) if needed else ""
    return {"passage": _harmless(passage), "before": before}


def _harmless(words: str) -> str:
    """Lay words on one line, and take the meaning from what a chat template may read as a change of speaker."""
    return " ".join(words.replace("<|", "< |").replace("[INST", "[ INST").split())
