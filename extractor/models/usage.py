"""What calls to a model cost."""

from __future__ import annotations

from dataclasses import dataclass


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
