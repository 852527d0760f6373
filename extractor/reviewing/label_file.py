"""The file of a labeller: JSON lines that `extractor eval --labels` reads, rewritten whole after every action."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from extractor.article import Article, Span
from extractor.errors import ExtractorError, UsageError
from extractor.evaluation.labels import read_labels
from extractor.reviewing.actions import Action
from extractor.reviewing.drafts import Document, Draft, stands
from extractor.reviewing.labelling import act
from extractor.schema import Schema, fields_of

_REMEMBERED = 200  # actions that can be undone
_OWN = ("id", "open", "note", "done", "by")


class _Step(NamedTuple):
    """What a step did to the line of an article; None is no line."""

    article: str
    before: str | None
    after: str | None


_HISTORY = TypeAdapter(tuple[list[_Step], list[_Step]])


class LabelFile:
    """The labels of one labeller on disk. Lines of articles that nobody touches stay as they are, to the byte.

    A line holds what counts as label under the schema's unit. Records that are not settled yet stand under ``open``,
    and ``done`` is false until the labeller says that the article is done. Each step can be undone, also after a
    restart: a file beside the labels remembers the lines before and after it.
    """

    def __init__(
        self,
        path: Path,
        schema: type[Schema],
        articles: Mapping[str, Article],
        by: str | None,
        proposals: Callable[[str], tuple[Draft, ...]],
    ) -> None:
        """Read the labels at `path`, if there are any; an article without a line begins with its `proposals`.

        Raises:
            UsageError: if a line does not fit the schema, or its article.
        """
        self.path, self.schema, self.by = path, schema, by
        self._articles, self._proposals = articles, proposals
        self._lines: dict[str, str] = {}
        self._documents: dict[str, Document] = {}
        if path.exists():
            read_labels(path, schema, articles)
            self._read()
        self._undo, self._redo = self._remembered()

    def _read(self) -> None:
        for number, line in enumerate(self.path.read_text("utf-8-sig").split("\n"), 1):
            if line.strip():
                told = json.loads(line)
                try:
                    document = parsed(told, self.schema)
                except (ValidationError, KeyError, TypeError, AttributeError):
                    raise UsageError(
                        f"{self.path}, line {number}: “open” or “note” is not as `extractor review` writes it; "
                        "delete the two keys, and the records that they hold are lost."
                    ) from None
                self._lines[told["id"]], self._documents[told["id"]] = line.rstrip("\r"), document

    @property
    def labellers(self) -> set[str | None]:
        """Who wrote the lines; None where a line does not say."""
        return {json.loads(line).get("by") for line in self._lines.values()}

    def document(self, article_id: str) -> Document:
        """Return the label of an article as it is now."""
        known = self._documents.get(article_id)
        return known or Document(id=article_id, records=self._proposals(article_id))

    def state(self, article_id: str) -> str:
        """Say whether an article is ``done``, ``begun`` or still ``open``."""
        known = self._documents.get(article_id)
        return "open" if known is None else "done" if known.done else "begun"

    def do(self, article_id: str, action: Action) -> Document:
        """Do an action and save it.

        Raises:
            UsageError: if it cannot be done; nothing changes then.
            ExtractorError: if it cannot be saved.
        """
        new = act(self.document(article_id), action, self._articles[article_id], self.schema)
        before, after = self._lines.get(article_id), self._line(new)
        if before != after:
            self._put(article_id, after, ([*self._undo, _Step(article_id, before, after)][-_REMEMBERED:], []))
        return self.document(article_id)

    def undo(self) -> str:
        """Take the last step back, and return the id of its article."""
        if not self._undo:
            raise UsageError("There is nothing to undo.")
        step = self._undo[-1]
        self._put(step.article, step.before, (self._undo[:-1], [*self._redo, step]))
        return step.article

    def redo(self) -> str:
        """Do again what was undone last, and return the id of its article."""
        if not self._redo:
            raise UsageError("There is nothing to redo.")
        step = self._redo[-1]
        self._put(step.article, step.after, ([*self._undo, step], self._redo[:-1]))
        return step.article

    @property
    def steps(self) -> tuple[int, int]:
        """How many steps can be undone, and how many redone."""
        return len(self._undo), len(self._redo)

    def _put(self, article_id: str, line: str | None, history: tuple[list[_Step], list[_Step]]) -> None:
        lines = dict(self._lines)
        if line is None:
            lines.pop(article_id, None)
        else:
            lines[article_id] = line
        _write(self.path, "".join(f"{one}\n" for one in lines.values()))
        _write(self._beside, json.dumps(history, ensure_ascii=True))
        self._lines, (self._undo, self._redo) = lines, history
        if line is None:
            self._documents.pop(article_id, None)
        else:
            self._documents[article_id] = parsed(json.loads(line), self.schema)

    def _line(self, document: Document) -> str:
        kept = json.loads(self._lines.get(document.id, "{}"))
        foreign = {key: value for key, value in kept.items() if key not in (*_OWN, self.schema.unit)}
        return json.dumps(told(document, self.schema, self.by) | foreign, ensure_ascii=False)

    @property
    def _beside(self) -> Path:
        return self.path.with_name(f"{self.path.name}.undo")

    def _remembered(self) -> tuple[list[_Step], list[_Step]]:
        """Return the steps of an earlier session, if the labels are still as that left them."""
        with suppress(OSError, ValidationError):
            undo, redo = _HISTORY.validate_json(self._beside.read_bytes())
            as_left = [(step.article, step.after) for step in undo[-1:]] + [(s.article, s.before) for s in redo[-1:]]
            if all(self._lines.get(article) == line for article, line in as_left):
                return undo, redo
        return [], []


def told(document: Document, schema: type[Schema], by: str | None) -> dict[str, Any]:
    """Return the line of a document; what has nothing to say is left out."""
    standing = [draft for draft in document.records if stands(draft, schema)]
    left = [(at, draft) for at, draft in enumerate(document.records) if not stands(draft, schema)]
    line: dict[str, Any] = {"id": document.id, schema.unit: [_label(draft, schema) for draft in standing]}
    if left:
        line["open"] = [{"at": at} | draft.model_dump(mode="json", exclude_defaults=True) for at, draft in left]
    if document.note:
        line["note"] = document.note
    if not document.done:
        line["done"] = False
    return line | ({"by": by} if by else {})


def _label(draft: Draft, schema: type[Schema]) -> dict[str, Any]:
    """Return a record as labels are written, its fields in the order of the schema."""
    values = {name: draft.values[name] for name in fields_of(schema) if name in draft.values}
    evidence = {name: [[*span] for span in draft.evidence[name]] for name in values if name in draft.evidence}
    return values | ({"evidence": evidence} if evidence else {})


def parsed(line: Mapping[str, Any], schema: type[Schema]) -> Document:
    """Read a document from its line, whose labels were held against the schema before."""
    records = [
        Draft(
            values={name: value for name, value in label.items() if name != "evidence"},
            evidence={n: tuple(Span(*span) for span in spans) for n, spans in (label.get("evidence") or {}).items()},
            settled=True,
        )
        for label in line[schema.unit]
    ]
    for left in line.get("open", []):
        records.insert(left["at"], Draft.model_validate({key: value for key, value in left.items() if key != "at"}))
    return Document(
        id=line["id"], records=tuple(records), note=line.get("note") or "", done=line.get("done") is not False
    )


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that it is whole at any moment."""
    path = path.resolve()  # a link stays one
    try:
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
            try:
                new.write(text.encode())
                new.flush()
                os.fsync(new.fileno())
                mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
                Path(new.name).chmod(mode)
                os.replace(new.name, path)
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ExtractorError(f"{path} cannot be written: {error.strerror}; nothing was changed.") from None
