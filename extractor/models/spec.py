"""Model specs: the one string by which users name a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from extractor.errors import UsageError
from extractor.models.weights import QWEN

FORMS = (
    "local",
    "local:/path/weights.gguf",
    "provider/name (such as openai/gpt-4.1-mini)",
    "http://host:8000/v1#name",
)


@dataclass(frozen=True)
class ModelSpec:
    """A model by name. `text` is what the user wrote; `name` is what the server is told.

    >>> ModelSpec.parse("http://gpu:8000/v1#qwen")
    ModelSpec(text='http://gpu:8000/v1#qwen', kind='url', name='qwen', url='http://gpu:8000/v1', path=None)
    >>> ModelSpec.parse("openai/gpt-4.1-mini").provider
    'openai'
    """

    text: str
    kind: Literal["local", "url", "provider"]
    name: str
    url: str | None = None
    path: Path | None = None

    @classmethod
    def parse(cls, text: str) -> ModelSpec:
        """Read a spec; raises `UsageError` if `text` has none of the forms in `FORMS`."""
        if text == "local":
            return cls(text, "local", QWEN.name)
        if text.startswith("local:") and text != "local:":
            path = Path(text.removeprefix("local:")).expanduser()
            return cls(text, "local", path.stem, path=path)
        if re.match(r"https?://", text):
            return cls._parse_url(text)
        if re.fullmatch(r"[a-z][a-z0-9_-]*/\S+", text) and not text.endswith(".gguf"):
            return cls(text, "provider", text.partition("/")[2])
        raise UsageError(f"{text!r} is no model; use one of: {'; '.join(FORMS)}.")

    @classmethod
    def _parse_url(cls, text: str) -> ModelSpec:
        parts = urlsplit(text)
        if parts.username or parts.password or parts.query:  # not quoted back: it may hold a key
            raise UsageError("A model URL must not hold a key; put the key into OPENAI_API_KEY.")
        if not parts.hostname or not parts.fragment:
            raise UsageError(f"{text!r} does not name its model; write it after a #, as in {FORMS[-1]}.")
        return cls(text, "url", parts.fragment, url=text.partition("#")[0])

    @property
    def provider(self) -> str:
        """The service whose client speaks to this model; every URL speaks OpenAI's protocol."""
        return self.text.partition("/")[0] if self.kind == "provider" else "openai"

    @property
    def where(self) -> str:
        """What error messages call the model's server."""
        return self.url or self.text
