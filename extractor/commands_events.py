"""The commands that make one happening of many records: merge, and what is about its events."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

import extractor
from extractor import options
from extractor.console import examples, tell

app = typer.Typer()
events = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    events,
    name="events",
    help="Compare and export events.",
    epilog=examples("events diff old.db events.db", "events export events.db --to leaders -o leaders.csv"),
)


@app.command(
    epilog=examples(
        "merge runs/may.db runs/june.db --out events.db", "merge runs/june.db --out events.db --people people.csv"
    )
)
def merge(
    runs: Annotated[list[str], typer.Argument(help="Stores of runs: files, or postgresql://…", show_default=False)],
    out: Annotated[Path, typer.Option(help="File of events to write, or to go on with.", show_default=False)],
    schema: Annotated[
        str | None, typer.Option(help="Schema by name or path.", show_default="the runs', if it is a known one")
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(
            help="Who is who: CSV or JSON lines of id, names, country, from, to.",
            show_default="what the file of events was last merged with",
        ),
    ] = None,
) -> None:
    """Merge the records of runs into events.

    Events that the file holds keep their ids, and their sources in other runs are merged too. The file keeps the
    list of people.
    """
    found = extractor.merge(runs, out=out, schema=schema, people=people)
    records = sum(len(event.sources) for event in found)
    disputed = sum(bool(event.disagreements) for event in found)
    tell(f"{records:,} records are {len(found):,} events in {out}; in {disputed:,} of them the sources disagree.")
    for run, number in found.dropped.items():
        those = "1 record" if number == 1 else f"{number:,} records"
        tell(f"Gone from {out}: {those} of {run}, which that run has no more.")


@events.command(epilog=examples("events diff old.db events.db"))
def diff(
    old: Annotated[Path, typer.Argument(help="Events as they were.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="Events as they are.", show_default=False)],
    json: options.Json = False,
) -> None:
    """Print what is new, changed its status, moved, or is in dispute."""
    from extractor.batch.terminal import harmless, harmless_json

    changes = extractor.diff(old, new)
    if not changes:
        tell("No changes.")
    for change in changes:
        line = harmless_json(jsonlib.dumps(change.to_json(), ensure_ascii=False)) if json else harmless(str(change))
        typer.echo(line)


@events.command(
    epilog=examples(
        "events export events.db --to leaders -o leaders.csv",
        "events export events.db --to plover -o plover.jsonl",
        "events export events.db --to parquet -o events.parquet",
    )
)
def export(
    events_db: Annotated[Path, typer.Argument(metavar="EVENTS", help="File of events.", show_default=False)],
    to: Annotated[
        str, typer.Option(help="csv, jsonl or parquet, or a table of the schema: leaders, plover.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.", show_default=False)],
    schema: Annotated[
        str | None,
        typer.Option(help="Schema by name or path.", show_default="that of the events, if it is a known one"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write events as a table that other programs read.

    What its columns hold is told in datapackage.json beside it.
    """
    tell(str(extractor.export_events(events_db, to=to, out=out, schema=schema, force=force)))
