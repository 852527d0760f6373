"""A small schema for measuring the machinery around it: its rules cost next to nothing."""

from __future__ import annotations

from typing import ClassVar

from extractor.fields import Person, Place
from extractor.schema import Schema, field


class Arrival(Schema):
    """Somebody who arrives somewhere."""

    cues: ClassVar[tuple[str, ...]] = ("arrived",)

    who: Person = field("who arrives", key=True)
    where: Place | None = field("where")
