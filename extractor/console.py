"""What all commands share: sentences for people on standard error, and examples in the help."""

from __future__ import annotations

import typer


def tell(sentence: str) -> None:
    """Print a sentence on standard error, with nothing in it that steers a terminal."""
    from extractor.batch.terminal import harmless

    typer.echo(harmless(sentence), err=True)


def examples(*lines: str) -> str:
    """Return the examples that end the help of a command."""
    return "\n".join(["\b", "Examples:", *(f"  extractor {line}" for line in lines)])
