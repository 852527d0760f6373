"""Writes what came out of each article, and sees when a model refuses every one."""

from __future__ import annotations

from extractor.batch.progress import Progress
from extractor.batch.store import Store
from extractor.errors import ExtractorError
from extractor.extraction import Extraction

_PATIENCE = 3  # articles in a row that get the same refusal and no answer: the next one will not either


class Outcomes:
    """Collects outcomes and writes them together, since a transaction for each takes longer.

    Refusals are held back until it is clear that not every article is refused. `count` is the number of articles whose
    outcome has been written.
    """

    def __init__(self, store: Store, progress: Progress) -> None:
        self.store = store
        self.count = 0
        self._progress = progress
        self._refused: list[Extraction] = []
        self._collected: list[Extraction] = []

    def keep(self, extraction: Extraction) -> None:
        """Take an outcome. Raises `ExtractorError` when the model has nothing but one refusal for all."""
        if extraction.error and extraction.usage.calls and not extraction.usage.completion_tokens:
            if self._refused and self._refused[-1].error != extraction.error:
                self.settle()
            self._refused.append(extraction)
            if len(self._refused) == _PATIENCE:
                raise ExtractorError(f"Stopped, since {_PATIENCE} articles in a row failed alike: {extraction.error}")
            return
        if extraction.usage.calls:
            self.settle()
        self._collected.append(extraction)

    def settle(self) -> None:
        """Take what was held back for an outcome: these articles failed, each by itself."""
        self._collected += self._refused
        self._refused = []

    def write(self) -> None:
        """Write what was taken, all or nothing. Raises `ExtractorError` if that fails."""
        collected, self._collected = self._collected, []
        if collected:
            self.store.add(*collected)
        for extraction in collected:
            self.count += bool(extraction.article.text)
            self._progress.add(extraction)
