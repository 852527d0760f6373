"""What a person sees on standard error while a run goes on: a moving line, or plain lines in a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from extractor.batch.terminal import harmless
from extractor.extraction import Extraction


@contextmanager
def progress(model: str) -> Iterator[Callable[[Extraction], None]]:
    """Yield the function to call with each article that is done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda extraction: console.print(_line(extraction), soft_wrap=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} articles"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"opening {model}", total=None)  # how many will come, only the end of reading tells

        def done(extraction: Extraction) -> None:
            bar.update(task, advance=1, description=f"reading with {model}")
            if extraction.error:
                bar.console.print(_line(extraction), soft_wrap=True)

        yield done


def _line(extraction: Extraction) -> Text:
    found, refused = len(extraction.records), len(extraction.rejected)
    told = extraction.error or f"records {found}, rejected {refused}, {extraction.usage.seconds:.1f} s"
    return Text(harmless(f"{extraction.article.id}: {told}"))
