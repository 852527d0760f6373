"""The commands that show a run to people: report and review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import extractor
from extractor import options
from extractor.console import examples, tell

app = typer.Typer()

SchemaOfRun = Annotated[
    str | None,
    typer.Option(
        help="Schema that describes the fields, by name or path.", show_default="the run's, if it is a known one"
    ),
]


@app.command(
    epilog=examples(
        "report runs/visits.db -o report.html",
        "report runs/visits.db -o report.html --events events.db",
        "report runs/recipes.db -o recipes.html --schema my_schema.py:Recipe",
    )
)
def report(
    run: options.Run,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="HTML file to write; an earlier report is replaced.", show_default=False)
    ],
    schema: SchemaOfRun = None,
    events: Annotated[
        Path | None, typer.Option(help="Events to show beside the run, from `extractor merge`.", show_default=False)
    ] = None,
) -> None:
    """Write a run as one HTML page to read and search."""
    written = extractor.report(run, out=out, schema=schema, events=events)
    tell(str(written))
    if written.note:
        tell(written.note)


@app.command(
    epilog=examples(
        "review runs/visits.db --as ann",
        "review runs/visits.db --as ben --blind",
        "review runs/visits.db --adjudicate labels-ann.jsonl labels-ben.jsonl",
    )
)
def review(
    run: options.Run,
    labels: Annotated[
        Path | None,
        typer.Option(help="Labels to write or go on with.", show_default="labels-NAME.jsonl beside the run"),
    ] = None,
    name: Annotated[str | None, typer.Option("--as", help="Who labels.", show_default=False)] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Hide the run's records and other people's labels.")] = False,
    adjudicate: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Labels of two people, to decide what they differ in.", show_default=False),
    ] = None,
    schema: SchemaOfRun = None,
    port: Annotated[int, typer.Option(help="Port on the loopback; 0 takes a free one.")] = 0,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Serve a page to correct records and write labels.

    Every action is saved at once. Ctrl-C ends it and says where the labels are.
    """
    extractor.review(**locals())
