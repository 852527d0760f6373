"""Words of the article, as they stand there."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from extractor.fields.base import FieldType, Found, View
from extractor.fields.words import find_words, same_words

_LONGEST = 160


class QuotedType(FieldType):
    """A short quotation of the article."""

    form: ClassVar[str] = "as written"

    def ask(self, view: View) -> Any:
        """Ask for a short text."""
        return Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST)]

    def locate(self, value: Any, view: View) -> Found | None:
        """Find the words, exactly but for case, white space, quotes and dashes."""
        span = find_words(str(value), view.article.text, view.where)
        return Found(span.of(view.article.text), (span,), "stated") if span else None

    def same(self, one: Any, other: Any) -> bool:
        """Compare the words, without case and leading article or preposition."""
        return same_words(str(one), str(other))


Quoted = Annotated[str, QuotedType()]
