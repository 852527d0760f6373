"""Extractions, and what made them, as rows of the tables and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from hashlib import blake2b
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Row, Table

from extractor.article import Article, Span
from extractor.batch import tables
from extractor.batch.digests import digest
from extractor.batch.lines import words
from extractor.batch.provenance import Provenance
from extractor.extraction import Extraction, Record, Rejected
from extractor.extraction.gate import CLOSED
from extractor.fields import Found
from extractor.models.usage import Usage

_LONGEST_ID = 500  # code points; an index takes 2,700 bytes
_DECODED = {"fields", "keys", "prompts", "versions", "settings", "weights"}
_KNOWN = ("published", "publisher", "url", "language", "source")


class Last(NamedTuple):
    """The last numbers that were given to articles, records and values."""

    article: int = 0
    record: int = 0
    value: int = 0


class Totals(NamedTuple):
    """What a store holds, failures included."""

    articles: int
    records: int
    rejected: int
    usage: Usage


class Rows:
    """The rows of some extractions by table, numbered on from `last`; of several with one id, the last counts."""

    def __init__(self, extractions: Iterable[Extraction], last: Last) -> None:
        self._article, self._record, self._value = last
        self.by_table: dict[Table, list[dict[str, Any]]] = {table: [] for table in tables.ALL}
        by_id = {stored_id(extraction.article.id): extraction for extraction in extractions}
        self.ids = list(by_id)
        for extraction in by_id.values():
            self._add(extraction)

    @property
    def last(self) -> Last:
        """The numbers that are taken after these rows."""
        return Last(self._article, self._record, self._value)

    @property
    def totals(self) -> Totals:
        """What these rows add to a store."""
        outcomes, *others = (self.by_table[table] for table in (tables.outcome, tables.record, tables.rejected))
        usage = Usage(*(sum(row[name] for row in outcomes) for name in tables.USAGE))
        return Totals(len(outcomes), len(others[0]), len(others[1]), usage)

    def done(self, *, gated: bool) -> list[bytes]:
        """Return the digests of what is done, by a gate or without one."""
        outcomes = self.by_table[tables.outcome]
        return [row["digest"] for row in outcomes if row["error"] is None and row["gated"] == gated]

    def _add(self, extraction: Extraction) -> None:
        self._article += 1
        article, add = extraction.article, self.by_table
        add[tables.article].append({"number": self._article} | _columns(article))
        add[tables.outcome].append(
            {
                "article": self._article,
                "digest": digest(article.id, article.published, article.text),
                "gated": any(field is None and reason == CLOSED for field, _, reason in extraction.rejected),
                "error": _plain(extraction.error),
                **vars(extraction.usage),
            }
        )
        for position, record in enumerate(extraction.records):
            self._record += 1
            add[tables.record].append({"id": self._record, "article": self._article, "position": position})
            self._add_values(record, article.text)
        for position, (field, value, reason) in enumerate(extraction.rejected):
            row = {"field": field, "value": as_json(value), "reason": plain(reason)}
            add[tables.rejected].append({"article": self._article, "position": position} | row)

    def _add_values(self, record: Record, text: str) -> None:
        for field, many in record.items():
            for position, (value, spans, verdict, rule) in enumerate(many):
                self._value += 1
                row = {"field": field, "position": position, "value": as_json(value), "verdict": verdict, "rule": rule}
                row |= {"id": self._value, "record": self._record, "text": plain(words(spans, text))}
                self.by_table[tables.value].append(row)
                for number, (start, end) in enumerate(spans):
                    row = {"value": self._value, "position": number, "start": start, "end": end}
                    self.by_table[tables.evidence].append(row)


def _columns(article: Article) -> dict[str, Any]:
    escaped = "\x00" in article.text or not _is_unicode(article.text)
    return {name: _plain(getattr(article, name)) for name in _KNOWN} | {
        "id": stored_id(article.id),
        "published_evidence": article.published_evidence and as_json(article.published_evidence),
        "boilerplate": as_json(article.boilerplate),
        "escaped": escaped,
        "text": as_json(article.text) if escaped else article.text,
    }


def extraction(row: Row[Any], records: Iterable[Record], rejected: Iterable[Rejected]) -> Extraction:
    """Return an extraction, given the row of `article` joined with `outcome`."""
    article = Article(
        id=row.id,
        text=json.loads(row.text) if row.escaped else row.text,
        published_evidence=json.loads(row.published_evidence or "null"),
        boilerplate=json.loads(row.boilerplate),
        **{name: getattr(row, name) for name in _KNOWN},
    )
    usage = Usage(row.prompt_tokens, row.completion_tokens, row.calls, row.seconds)
    return Extraction(article, tuple(records), tuple(rejected), usage, row.error)


def records(rows: Iterable[Sequence[Any]], names: Iterable[str]) -> dict[int, list[Record]]:
    """Return the records by the number of their article.

    The rows are (article, record, value, field, JSON, verdict, rule, start, end), one for each span. A record
    without values has one row, and so has a value without spans.
    """
    by_article: dict[int, list[Record]] = {}
    for (article, _), of_record in groupby(rows, lambda row: (row[0], row[1])):
        found: Record = dict.fromkeys(names, ())
        for value, of_value in groupby(of_record, lambda row: row[2]):
            if value is not None:
                spans = list(of_value)
                field, json_text, verdict, rule = spans[0][3:7]
                where = tuple(Span(start, end) for *_, start, end in spans if start is not None)
                found[field] += (Found(json.loads(json_text), where, verdict, rule),)
        by_article.setdefault(article, []).append(found)
    return by_article


def rejections(rows: Iterable[Sequence[Any]]) -> dict[int, list[Rejected]]:
    """Return what was rejected by the number of its article; the rows are (article, field, JSON, reason)."""
    by_article: dict[int, list[Rejected]] = {}
    for article, field, value, reason in rows:
        by_article.setdefault(article, []).append(Rejected(field, json.loads(value), reason))
    return by_article


def provenance_row(made: Provenance) -> dict[str, str | None]:
    """Return the columns of what made a run: what is no plain text goes in as JSON."""
    row: dict[str, str | None] = {}
    for field in fields(made):
        value = getattr(made, field.name)
        row[field.name] = as_json(value) if field.name in _DECODED else _plain(value)
    return row


def provenance(row: Row[Any]) -> Provenance:
    """Return what made a run."""
    known = {field.name: getattr(row, field.name) for field in fields(Provenance)}
    return Provenance(**{name: json.loads(value) if name in _DECODED else value for name, value in known.items()})


def as_json(value: object) -> str:
    """Write a value as JSON, with letters as they are; half a surrogate pair, which no database holds, is escaped."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def plain(text: str) -> str:
    r"""Escape what no database holds: half a surrogate pair as ``\ud800``, a zero character as ``\x00``."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)


def stored_id(article_id: str) -> str:
    """Return the id under which an article is kept: a very long one is cut, and told apart by a digest.

    >>> stored_id("s00"), len(stored_id("https://" + "x" * 9_000))
    ('s00', 533)
    """
    if len(article_id) <= _LONGEST_ID:
        return plain(article_id)
    rest = blake2b(article_id.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
    return f"{plain(article_id[:_LONGEST_ID])}…{rest}"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
