"""What can go wrong, as classes. Every message is one sentence that says what happened and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.models.usage import Usage


class ExtractorError(Exception):
    """Base of all errors that a user can act on; anything else that is raised is a bug."""


class UsageError(ExtractorError):
    """The call itself is wrong: a path, schema, model name, label or key. Nothing was done."""


class ArticleError(ExtractorError):
    """One article cannot be read or extracted; the others of the run are unharmed."""


class ModelError(ExtractorError):
    """The model or the way to it failed.

    `retryable` says whether the same request may succeed later, `status` is the HTTP status if there was one,
    `retry_after` the seconds that the server asked to wait, and `usage` what the failed call has cost.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.status = status
        self.retry_after = retry_after
        self.usage: Usage | None = None


class NotRecordedError(ModelError):
    """A replayed run made a request that its cassette does not hold."""


class BudgetError(ExtractorError):
    """The budget is spent, so a request was not made; with a fresh one it may be."""
