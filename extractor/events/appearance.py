"""An appearance: a name at one place, with all that tells whose it is."""

from __future__ import annotations

from typing import Final, NamedTuple

from extractor.events.mentions import Window
from extractor.events.pairs import score

YEAR: Final = 366  # days within which an office is taken to be the same person's


class Appearance(NamedTuple):
    """A name at one place, with the country and the office that go with it there, and when that was published.

    `about` is what else tells the happening from others, and `window` when that was; `article` is where it stands.
    """

    name: str
    country: str | None = None
    office: str | None = None
    published: str | None = None
    day: int | None = None
    about: tuple[str, ...] = ()
    window: Window | None = None
    article: tuple[str, str] | None = None

    def meets(self, other: Appearance) -> bool:
        """Say whether both are told to be at the same place on the same days."""
        if self.about != other.about or self.window is None or other.window is None:
            return False
        return (score(self.window, other.window) or 0) > 3

    def near(self, other: Appearance) -> bool:
        """Say whether both were published within a year, as far as that is known."""
        return self.day is None or other.day is None or abs(self.day - other.day) <= YEAR
