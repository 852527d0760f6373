"""How long and how often a request that may yet succeed is sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.errors import ModelError

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState


@dataclass(frozen=True)
class Retries:
    """Bounds on sending a request again, in count and in time; times are seconds.

    An attempt ends after `timeout`, and none starts later than `seconds` after the first. The first wait is
    `first_wait`, each later one twice as long up to `longest_wait`; a server's Retry-After goes before that,
    up to the same limit. A slow machine needs minutes for a long answer, hence the large numbers.
    """

    attempts: int = 5
    timeout: float = 600.0
    seconds: float = 900.0
    first_wait: float = 1.0
    longest_wait: float = 30.0

    def wait(self, attempt: int, error: BaseException | None) -> float:
        """Return the seconds to wait after attempt number `attempt`, counted from 1.

        >>> [Retries().wait(attempt, None) for attempt in (1, 2, 3, 9)]
        [1.0, 2.0, 4.0, 30.0]
        """
        asked = error.retry_after if isinstance(error, ModelError) else None
        planned = self.first_wait * 2 ** (attempt - 1) if asked is None else asked
        return min(planned, self.longest_wait)

    def start(self) -> AsyncRetrying:
        """Return a fresh retrier: tenacity keeps its state in the object, so each call needs its own."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay

        def wait(state: RetryCallState) -> float:
            return self.wait(state.attempt_number, state.outcome.exception() if state.outcome else None)

        return AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, ModelError) and error.retryable),
            stop=stop_after_attempt(self.attempts) | stop_before_delay(self.seconds),
            wait=wait,
            reraise=True,
        )
