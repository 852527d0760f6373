"""Prompt templates: loaded from ``prompts/``, rendered strictly, identified by a hash."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template


@dataclass(frozen=True)
class Prompt:
    """A template file: a part for each role of the conversation, and the hash of the whole."""

    name: str
    parts: dict[str, str]
    digest: str

    def render(self, role: str, **values: object) -> str:
        """Fill in one part; a variable that is not given is an error, never an empty string."""
        return _compiled(self.parts[role]).render(**values).strip()


@lru_cache(maxsize=32)
def _compiled(template: str) -> Template:
    # Prompts are plain text for a model: escaping would change the article's words.
    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701
    return environment.from_string(template)


@lru_cache(maxsize=8)
def load(name: str) -> Prompt:
    """Load the template ``prompts/NAME.md``.

    >>> sorted(load("ask").parts)
    ['system', 'user']
    """
    inside = Path(__file__).parent / "prompts"
    folder = inside if inside.is_dir() else Path(__file__).parent.parent / "prompts"
    text = (folder / f"{name}.md").read_text("utf-8")
    _, _, body = text.split("---\n", 2)
    pieces = re.split(r"^\[(system|user)\]\n", body, flags=re.MULTILINE)[1:]
    parts = dict(zip(pieces[::2], pieces[1::2], strict=True))
    return Prompt(name, parts, "sha256:" + hashlib.sha256(text.encode()).hexdigest())
