"""Yes or no, decided by the words of the passage."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from extractor.fields.base import FieldType, Found, View
from extractor.fields.words import cue_pattern


class FlagType(FieldType):
    """True where none of the field's lead words stands in the passage."""

    form: ClassVar[str] = "true or false"
    cued: ClassVar[bool] = True

    def ask(self, view: View) -> Any:
        """Ask for yes or no."""
        return bool

    def locate(self, value: Any, view: View) -> Found | None:
        """See whether the words decide as `value` does."""
        return next((found for found in self.read(view) if found.value is value), None)

    def read(self, view: View) -> list[Found]:
        """Decide by the lead words."""
        said = bool(view.lead) and cue_pattern(view.lead).search(view.passage) is not None
        return [Found(not said, (view.where[0],), "derived", "a word of it" if said else "no word of it")]

    def same(self, one: Any, other: Any) -> bool:
        """Compare the two truth values."""
        return bool(one) == bool(other)


Flag = Annotated[bool, FlagType()]
