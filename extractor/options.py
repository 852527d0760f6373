"""The options of the command line, by what they mean; each has the name of a parameter of the public function."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def _unbound(text: str) -> object:
    return typer.Option(help=text, show_default="no bound")


_COLUMN = typer.Option(help="Column of a table, or key of a line, that holds it.", show_default="guessed")

Sources = Annotated[
    list[str],
    typer.Argument(
        help="Files (text, HTML, JSON lines, CSV, Parquet, WARC; packed or not), folders, patterns, or -, which is "
        "standard input.",
        show_default=False,
    ),
]
Run = Annotated[str, typer.Argument(help="Store of a run: a file, or postgresql://…", show_default=False)]
SchemaName = Annotated[str, typer.Option(help="Schema by name, or by path: my_schema.py, my_schema.py:Recipe.")]
Out = Annotated[
    str | None,
    typer.Option(
        help="Store to write or go on with: a file, or postgresql://USER@HOST/DATABASE.",
        show_default="runs/SCHEMA.db",
    ),
]
ModelName = Annotated[
    str, typer.Option(help="local, local:/path/weights.gguf, openai/NAME, or http://host:8000/v1#NAME.")
]
Concurrency = Annotated[int, typer.Option(help="Articles, and requests, at a time.")]
RequestsPerMinute = Annotated[int | None, _unbound("Most requests to begin in a minute.")]
TokensPerMinute = Annotated[int | None, _unbound("Most tokens to ask for in a minute.")]
MaxArticles = Annotated[int | None, _unbound("Stop after so many articles.")]
MaxTokens = Annotated[int | None, _unbound("Make no request that could take more tokens in all.")]
MaxCost = Annotated[float | None, _unbound("Make no request that could cost more US dollars in all.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Ask nothing; say what would be asked, and what it would cost.")
]
Batch = Annotated[
    bool, typer.Option("--batch", help="Have the provider answer within a day, at half price (OpenAI's batches).")
]
Engine = Annotated[Literal["local", "ray"], typer.Option(help="Where to work: in this process, or on a Ray cluster.")]
Gate = Annotated[bool, typer.Option("--gate", help="Skip articles that cannot hold a record, as far as rules tell.")]
Repeats = Annotated[bool, typer.Option(help="Ask about a story once, however many copies of it there are.")]
Cache = Annotated[bool, typer.Option(help="Use answers to the same requests that lie beside the store.")]
RejectBelow = Annotated[
    float | None, typer.Option(help="Reject records that are less likely right.", show_default="the schema's")
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Leave out what an earlier run has, by its store, or what was published before a day (2024-03-05).",
        show_default=False,
    ),
]
Column = Annotated[str | None, _COLUMN]
Replay = Annotated[
    Path | None, typer.Option(help="Folder of cassettes that answer in place of the model.", show_default=False)
]
Record = Annotated[Path | None, typer.Option(help="Folder where the model's answers are recorded.", show_default=False)]
MinConfidence = Annotated[float, typer.Option(help="Leave out records that are less likely right.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
