"""The command line: each command parses, calls the public function of the same name, and prints.

Results go to standard output, all else to standard error. Whatever takes long to import is imported by the
command that needs it, so that help comes at once.
"""

from __future__ import annotations

import json as jsonlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

import extractor
from extractor.errors import ExtractorError, UsageError

if TYPE_CHECKING:
    from extractor.batch.run import Summary
    from extractor.evaluation import Mutations, Scores


class _Commands(TyperGroup):
    """Ends with one sentence and the right exit code where a user can act; a bug keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ExtractorError as error:
            _tell(f"Error: {error}")
            raise typer.Exit(2) from None
        except KeyboardInterrupt as stop:
            _tell(str(stop) or "Stopped.")
            raise typer.Exit(130) from None


def _tell(sentence: str) -> None:
    from extractor.batch.terminal import harmless

    typer.echo(harmless(sentence), err=True)


def _examples(*lines: str) -> str:
    return "\n".join(["\b", "Examples:", *(f"  extractor {line}" for line in lines)])


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
models = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    models,
    name="model",
    help="Fetch, list or serve the embedded model.",
    epilog=_examples("model pull", "model list"),
)

Run = Annotated[Path, typer.Argument(help="Store of a run.", show_default=False)]
SchemaName = Annotated[str, typer.Option(help="Schema by name, or by path: my_schema.py, my_schema.py:Recipe.")]
MinConfidence = Annotated[float, typer.Option(help="Leave out records that are less likely right.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"extractor {extractor.__version__}")
        raise typer.Exit


@app.callback(epilog=_examples("run seeds/", "show runs/visits.db --evidence", "codebook visits"))
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turn news articles into rows in which every value is checked against the words of the article."""


@app.command(
    epilog=_examples(
        "run seeds/",
        "run news.jsonl --schema visits --out runs/today.db",
        "run seeds/ --model http://127.0.0.1:8000/v1#qwen3",
        "run crawl/ --gate",
        "run seeds/ --replay cassettes/",
    )
)
def run(
    source: Annotated[
        list[Path],
        typer.Argument(help="Text files, folders of them, or lists of articles (*.jsonl).", show_default=False),
    ],
    schema: SchemaName = "visits",
    out: Annotated[
        Path | None, typer.Option(help="Store to write or go on with.", show_default="runs/SCHEMA.db")
    ] = None,
    model: Annotated[
        str, typer.Option(help="local, local:/path/weights.gguf, openai/NAME, or http://host:8000/v1#NAME.")
    ] = "local",
    concurrency: Annotated[int, typer.Option(help="Articles, and requests, at a time.")] = 4,
    gate: Annotated[
        bool, typer.Option("--gate", help="Skip articles that cannot hold a record, as far as rules tell.")
    ] = False,
    min_confidence: Annotated[
        float | None, typer.Option(help="Reject records that are less likely right.", show_default="the schema's")
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(help="Folder of cassettes that answer in place of the model.", show_default=False),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Folder where the model's answers are recorded.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Extract records into a store, and print them.

    What the store has already is not asked about again, so the same command goes on where it was stopped.
    """
    summary = extractor.run(
        source[0] if len(source) == 1 else source,
        schema=schema,
        out=out,
        model=model,
        concurrency=concurrency,
        gate=gate,
        min_confidence=min_confidence,
        replay=replay,
        record=record,
    )
    extractor.show(summary.store, json=json)
    _tell(_told(summary))
    for article, reason in summary.failed.items():
        _tell(f"Failed: {article}: {reason}")
    raise typer.Exit(1 if summary.failed else 0)


def _told(summary: Summary) -> str:
    done = f"{summary.new} articles in {summary.seconds:.0f} s" if summary.new else "Nothing to do"
    return (
        f"{done}. In {summary.store}: articles {summary.articles}, records {summary.records}, "
        f"rejected {summary.rejected}, failed {len(summary.failed)}."
    )


@app.command(
    epilog=_examples("show runs/visits.db", "show runs/visits.db --evidence --rejected", "show runs/visits.db --json")
)
def show(
    run: Run,
    json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each article.")] = False,
    evidence: Annotated[bool, typer.Option("--evidence", help="Add the words that carry each record.")] = False,
    rejected: Annotated[bool, typer.Option("--rejected", help="Add what was not kept, and why.")] = False,
    min_confidence: MinConfidence = 0,
) -> None:
    """Print what a run has found, article by article."""
    extractor.show(run, json=json, evidence=evidence, rejected=rejected, min_confidence=min_confidence)


@app.command(
    "eval",
    epilog=_examples(
        "eval runs/visits.db --labels seeds/labels.jsonl", "eval seeds/ --labels seeds/labels.jsonl --mutate"
    ),
)
def evaluate(
    run: Annotated[
        Path,
        typer.Argument(
            help="Store of a run, or what show --json printed; with --mutate, the articles.",
            show_default=False,
        ),
    ],
    labels: Annotated[Path, typer.Option(help="Records written by people (labels.jsonl).", show_default=False)],
    schema: SchemaName = "visits",
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change the labels one thing at a time, and count what the checks catch."),
    ] = False,
    min_confidence: MinConfidence = 0,
    json: Json = False,
) -> None:
    """Score a run, or the checks, against labels."""
    from extractor.evaluation import report

    result: Scores | Mutations
    if mutate and min_confidence:
        raise UsageError("--min-confidence leaves out records of a run; --mutate has none. Give one of them.")
    if mutate:
        result = extractor.mutate(run, labels=labels, schema=schema)
    else:
        result = extractor.evaluate(run, labels=labels, schema=schema, min_confidence=min_confidence)
    typer.echo(jsonlib.dumps(result.to_json()) if json else report(result))


@app.command(epilog=_examples("codebook visits", "codebook my_schema.py:Recipe > recipes.md"))
def codebook(
    schema: Annotated[str, typer.Argument(help="Schema by name or path.", show_default=False)],
) -> None:
    """Print what model and people label by."""
    typer.echo(extractor.codebook(schema))


@models.command(epilog=_examples("model pull", "model pull downloads/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"))
def pull(
    source: Annotated[
        Path | None, typer.Argument(help="File to take instead of downloading.", show_default=False)
    ] = None,
) -> None:
    """Fetch the embedded model and print its path.

    It has 1.1 GB, of which every byte is checked. An interrupted pull goes on where it stopped.
    """
    from extractor.models import pull as fetch

    typer.echo(fetch(source))


@models.command("list", epilog=_examples("model list"))
def list_models() -> None:
    """Print the paths of the weights in the cache."""
    from extractor.models import list_models as ready

    found = ready()
    for path in found:
        typer.echo(path)
    if not found:
        _tell("No weights yet; `extractor model pull` fetches them.")


@models.command(epilog=_examples("model serve", "model serve weights.gguf --port 8000"))
def serve(
    path: Annotated[Path | None, typer.Argument(help="Weights (*.gguf).", show_default="the embedded model")] = None,
    port: Annotated[int, typer.Option(help="Port on the loopback; 0 takes a free one.")] = 0,
) -> None:
    """Serve weights, and print URL and key.

    Other programs on this machine can ask the model until Ctrl-C ends it.
    """
    from extractor.models import serve as serving
    from extractor.models.weights import QWEN

    path = path or QWEN.path
    with serving(path, port=port) as endpoint:
        typer.echo(f"{endpoint.url}#{path.stem}\n{endpoint.key}")
        _tell("This is the URL for --model, and the key for OPENAI_API_KEY; Ctrl-C ends the server.")
        threading.Event().wait()
