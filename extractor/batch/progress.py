"""What a person sees on standard error while a run goes on: a moving line, or plain lines in a log."""

from __future__ import annotations

import time
from datetime import timedelta
from types import TracebackType
from typing import NamedTuple

from rich import progress as bars
from rich.console import Console
from rich.text import Text

from extractor.batch.terminal import harmless
from extractor.extraction import Extraction
from extractor.models.prices import Price
from extractor.models.usage import Usage

_SINGLY = 100  # articles that have each a line of their own in a log
_EVERY = 10.0  # seconds between two lines on how far the run is, after those


class State(NamedTuple):
    """How far a run is. `total` is None where only the end of reading will tell; `price` where nobody knows it.

    >>> print(State(1234, 5000, 3, 100.0, Usage(2_000_000, 100_000), Price(0.4, 1.6)))
    1,234 of 5,000 articles · 12.3/s · $0.96 · 3 failed · 0:05:05 left
    >>> print(State(7, None, 0, 60.0, Usage(9_000, 500), None))
    7 articles · 7.0/min · 9,500 tokens
    """

    articles: int
    total: int | None
    failed: int
    seconds: float
    usage: Usage
    price: Price | None

    def __str__(self) -> str:
        known = self.total is not None and self.total >= self.articles
        parts = [f"{self.articles:,} of {self.total:,} articles" if known else f"{self.articles:,} articles"]
        rate = self.articles / max(self.seconds, 0.001)
        if self.articles:
            parts.append(f"{rate:,.1f}/s" if rate >= 1 else f"{rate * 60:.1f}/min")
        cost = self.price.of(self.usage) if self.price else 0
        if cost or self.usage.tokens:
            parts.append(f"${cost:,.2f}" if cost else f"{self.usage.tokens:,} tokens")
        if self.failed:
            parts.append(f"{self.failed:,} failed")
        if known and self.total and self.articles:
            parts.append(f"{timedelta(seconds=round((self.total - self.articles) / rate))} left")
        return " · ".join(parts)


class Progress:
    """Tells how far a run is, as a context; `total` is the number of articles that it will read, if that is known.

    A terminal shows a bar. A log has a line for each of the first articles, later one every ten seconds. Both name
    each article that fails.
    """

    def __init__(self, model: str, *, total: int | None = None, price: Price | None = None) -> None:
        self._console = Console(stderr=True)
        self._started = self._last_line = time.monotonic()
        self._articles = self._failed = 0
        self._total = total
        self._usage = Usage()
        self._price = price
        self._bar: bars.Progress | None = None
        if self._console.is_terminal:
            columns = (
                bars.TextColumn("{task.description}", markup=False),
                bars.BarColumn(20),
                bars.TimeElapsedColumn(),
            )
            self._bar = bars.Progress(*columns, console=self._console, transient=True)
            self._task = self._bar.add_task(harmless(f"opening {model}"), total=None)

    def begin(self) -> None:
        """Start the clock, now that the model is open."""
        self._started = time.monotonic()

    def pass_over(self) -> None:
        """Count out an article that was done before."""
        if self._total is not None:
            self._total -= 1

    def add(self, extraction: Extraction) -> None:
        """Count an article that is done, or what could not be read."""
        if extraction.article.text:
            self._articles += 1
        else:
            self.pass_over()
        self._failed += extraction.error is not None
        self._usage += extraction.usage
        if self._bar:
            self._bar.update(self._task, description=str(self._state()), completed=self._articles, total=self._total)
        if extraction.error or (not self._bar and self._articles <= _SINGLY):
            self.say(_line(extraction))
        elif not self._bar and time.monotonic() - self._last_line >= _EVERY:
            self._last_line = time.monotonic()
            self.say(str(self._state()))

    def say(self, sentence: str) -> None:
        """Print a line of its own."""
        (self._bar.console if self._bar else self._console).print(Text(harmless(sentence)), soft_wrap=True)

    def rest(self, seconds: float) -> None:
        """Tell that the server wants to be left alone for a while."""
        self.say(f"The server asks for a rest of {seconds:.0f} s.")

    def _state(self) -> State:
        seconds = time.monotonic() - self._started
        return State(self._articles, self._total, self._failed, seconds, self._usage, self._price)

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()


def _line(extraction: Extraction) -> str:
    found, refused = len(extraction.records), len(extraction.rejected)
    told = extraction.error or f"records {found}, rejected {refused}, {extraction.usage.seconds:.1f} s"
    return f"{extraction.article.id}: {told}"
