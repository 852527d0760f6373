"""How long and how often a request that may yet succeed is sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.errors import ModelError

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState


@dataclass(frozen=True)
class Retries:
    """Bounds on sending a request again, in count and in time; times are seconds.

    An attempt ends after `timeout`, and none starts later than `seconds` after the first, without what attempts wait
    for their turn. The first wait is `first_wait`, each later one twice as long up to `longest_wait`; a server's
    Retry-After goes before that, and is followed whole or, where it goes beyond `seconds`, not at all. A slow machine
    needs minutes for a long answer, hence the large numbers.
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
        return min(self.first_wait * 2 ** (attempt - 1), self.longest_wait) if asked is None else asked

    def rest(self, refusal: ModelError) -> float | None:
        """Return the seconds for which nobody should ask after a refusal; None where that is up to each."""
        return None if refusal.retry_after is None or refusal.retry_after > self.seconds else refusal.retry_after

    def start(self, queued: Callable[[], float]) -> AsyncRetrying:
        """Return a fresh retrier: tenacity keeps its state in the object, so each call needs its own.

        `queued` tells for how many seconds the attempts so far have waited for their turn.
        """
        from tenacity import AsyncRetrying, retry_if_exception

        def wait(state: RetryCallState) -> float:
            return self.wait(state.attempt_number, state.outcome.exception() if state.outcome else None)

        def stop(state: RetryCallState) -> bool:
            used_up = state.attempt_number >= self.attempts
            return used_up or (state.seconds_since_start or 0) - queued() + state.upcoming_sleep >= self.seconds

        return AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, ModelError) and error.retryable),
            stop=stop,
            wait=wait,
            reraise=True,
        )
