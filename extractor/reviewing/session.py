"""A session of review: the articles of a run, the labels of who reviews them, and what the page is told of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractor.article import Article
from extractor.evaluation.labels import Label
from extractor.reviewing.actions import Finish, parse
from extractor.reviewing.adjudication import adjudicate, differences
from extractor.reviewing.drafts import Draft, problems, stands
from extractor.reviewing.forms import form, offers
from extractor.reviewing.label_file import LabelFile
from extractor.reviewing.page import title_of
from extractor.schema import Schema

Versions = Mapping[str, tuple[list[Label], list[Label]]]
"""What two labellers gave, by article."""


class Session:
    """What the page can ask for and do, in plain values that JSON can hold. Articles go by their number."""

    def __init__(self, articles: Mapping[str, Article], labels: LabelFile, mode: str) -> None:
        """Review `articles`; `mode` is review, blind or adjudicate."""
        self._articles = list(articles.values())
        self._numbers = {article.id: number for number, article in enumerate(self._articles)}
        self._mode = mode
        self.labels = labels

    @property
    def schema(self) -> type[Schema]:
        """What the records are."""
        return self.labels.schema

    def facts(self) -> dict[str, Any]:
        """Return what the page needs at first: the form, and the articles with how far they are."""
        return {
            "mode": self._mode,
            "by": self.labels.by,
            "labels": self.labels.path.name,
            "unit": self.schema.unit,
            "steps": self.labels.steps,
            "fields": form(self.schema),
            "articles": [self._entry(number) for number in range(len(self._articles))],
        }

    def _entry(self, number: int) -> dict[str, Any]:
        article = self._articles[number]
        return {
            "id": article.id,
            "title": title_of(article),
            "state": self.labels.state(article.id),
            "records": len(self.labels.document(article.id).records),
        }

    def article(self, number: int) -> dict[str, Any]:
        """Return an article with its document.

        Raises:
            IndexError: if there is no such article.
        """
        article = self._articles[number]
        known = ("id", "text", "published", "publisher", "url", "boilerplate")
        told = article.model_dump(mode="json", include=set(known))
        return {"article": told, "offers": offers(self.schema, article)} | self._document(number)

    def do(self, number: int, action: object) -> dict[str, Any]:
        """Do an action, save it, and return the document.

        Raises:
            UsageError: if it cannot be done.
            IndexError: if there is no such article.
        """
        self.labels.do(self._articles[number].id, parse(action))
        return self._document(number)

    def step(self, back: bool) -> dict[str, Any]:
        """Undo a step, or do it again.

        Raises:
            UsageError: if there is none.
        """
        return self._document(self._numbers[self.labels.undo() if back else self.labels.redo()])

    def _document(self, number: int) -> dict[str, Any]:
        document = self.labels.document(self._articles[number].id)
        return {
            "number": number,
            "entry": self._entry(number),
            "steps": self.labels.steps,
            "note": document.note,
            "done": document.done,
            "differences": len(differences(document.records)),
            "records": [self._draft(draft) for draft in document.records],
        }

    def _draft(self, draft: Draft) -> dict[str, Any]:
        wrong = problems(draft, self.schema)
        return draft.model_dump(mode="json") | {"problems": wrong, "stands": stands(draft, self.schema)}

    def settle(self) -> None:
        """Finish the articles about which two labellers agree in everything."""
        for article in self._articles:
            records = self.labels.document(article.id).records
            agreed = all(stands(draft, self.schema) for draft in records)
            if agreed and self.labels.state(article.id) == "open":
                self.labels.do(article.id, Finish(action="finish"))


def agreed(versions: Versions, names: tuple[str, str], schema: type[Schema], article_id: str) -> tuple[Draft, ...]:
    """Return what an adjudication of an article begins with."""
    one, other = versions[article_id]
    return tuple(adjudicate(one, other, names, schema))
