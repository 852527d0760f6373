"""What calls to a model cost, and what one may cost before it is made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_BYTES_PER_TOKEN = 4  # of English and of JSON, on average; no tokenizer makes tokens of less than one
_ADDED = 500  # tokens that a provider may put around a prompt: it has instructions of its own for forms and tools


@dataclass(frozen=True)
class Usage:
    """Tokens, requests sent (failed ones too), and the seconds that their answers took, one added to the other.

    >>> Usage(100, 20, 1, 0.5) + Usage(50, 5, 1, 0.5)
    Usage(prompt_tokens=150, completion_tokens=25, calls=2, seconds=1.0)
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.calls + other.calls,
            self.seconds + other.seconds,
        )

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens - other.prompt_tokens,
            self.completion_tokens - other.completion_tokens,
            self.calls - other.calls,
            self.seconds - other.seconds,
        )

    @property
    def tokens(self) -> int:
        """Those of prompts and answers together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True)
class Size:
    """How large a request is: the bytes of its prompt, and the tokens that its answer may have.

    >>> size = Size.of([{"role": "user", "content": "Who went where?"}], {"type": "object"}, max_tokens=50)
    >>> size.likely
    Usage(prompt_tokens=17, completion_tokens=50, calls=1, seconds=0.0)
    >>> size.most
    Usage(prompt_tokens=570, completion_tokens=50, calls=1, seconds=0.0)
    """

    prompt_bytes: int
    max_tokens: int

    @classmethod
    def of(cls, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], max_tokens: int) -> Size:
        """Measure a request; a provider counts the schema of the answer as part of the prompt."""
        prompt = json.dumps([messages, schema], ensure_ascii=False)
        return cls(len(prompt.encode("utf-8", "surrogatepass")), max_tokens)

    @property
    def likely(self) -> Usage:
        """What the request will take, with an answer of full length."""
        return Usage(self.prompt_bytes // _BYTES_PER_TOKEN, self.max_tokens, 1)

    @property
    def most(self) -> Usage:
        """What it cannot exceed, whatever the tokenizer and the language."""
        return Usage(self.prompt_bytes + _ADDED, self.max_tokens, 1)
