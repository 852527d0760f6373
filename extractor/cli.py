"""The command line: each command parses, calls the public function of the same name, and prints.

Results go to standard output, all else to standard error. Whatever takes long to import is imported by the
command that needs it, so that help comes at once.
"""

from __future__ import annotations

import json as jsonlib
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

import extractor
from extractor import commands_evaluation, commands_events, commands_review, options
from extractor.console import examples, tell
from extractor.errors import ExtractorError

if TYPE_CHECKING:
    from extractor.batch.run import Estimate, Summary


class _Commands(TyperGroup):
    """Ends with one sentence and the right exit code where a user can act; a bug keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ExtractorError as error:
            tell(f"Error: {error}")
            raise typer.Exit(2) from None
        except KeyboardInterrupt as stop:
            tell(str(stop) or "Stopped.")
            raise typer.Exit(130) from None


_SHOWN = 200  # articles, or failures, that a terminal is filled with

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
    epilog=examples("model pull", "model list"),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"extractor {extractor.__version__}")
        raise typer.Exit


@app.callback(epilog=examples("run seeds/", "show runs/visits.db --evidence", "codebook visits"))
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turn news articles into rows in which every value is checked against the words of the article."""


@app.command(
    epilog=examples(
        "run seeds/",
        "run news.jsonl --schema visits --out runs/today.db",
        "run seeds/ --model http://127.0.0.1:8000/v1#qwen3",
        "run 'crawl-*.warc.gz' --gate --max-cost 5 --model openai/gpt-4.1-mini --out postgresql://me@host/news",
        "run news.csv --text-column story --dry-run",
        "run inbox/ --since runs/monday.db --out runs/tuesday.db",
        "run seeds/ --replay cassettes/",
    )
)
def run(
    source: options.Sources,
    schema: options.SchemaName = "visits",
    out: options.Out = None,
    model: options.ModelName = "local",
    concurrency: options.Concurrency = 4,
    requests_per_minute: options.RequestsPerMinute = None,
    tokens_per_minute: options.TokensPerMinute = None,
    max_articles: options.MaxArticles = None,
    max_tokens: options.MaxTokens = None,
    max_cost: options.MaxCost = None,
    dry_run: options.DryRun = False,
    batch: options.Batch = False,
    engine: options.Engine = "local",
    gate: options.Gate = False,
    repeats: options.Repeats = True,
    cache: options.Cache = True,
    min_confidence: options.RejectBelow = None,
    since: options.Since = None,
    text_column: options.Column = None,
    id_column: options.Column = None,
    published_column: options.Column = None,
    title_column: options.Column = None,
    url_column: options.Column = None,
    publisher_column: options.Column = None,
    language_column: options.Column = None,
    replay: options.Replay = None,
    record: options.Record = None,
    json: options.Json = False,
) -> None:
    """Extract records into a store, and print them.

    What the store has already is not asked about again, so the same command goes on where it was stopped.
    """
    given = locals()
    from extractor.readers import Columns

    given["columns"] = Columns(*(given.pop(f"{name}_column") for name in Columns.__dataclass_fields__))
    given["source"] = source[0] if len(source) == 1 else source
    del given["json"]
    outcome = extractor.run(**given)
    if isinstance(outcome, extractor.Estimate):
        typer.echo(jsonlib.dumps(outcome._asdict()) if json else _expected(outcome))
        return
    if outcome.articles <= _SHOWN or json:
        extractor.show(outcome.store, json=json)
    tell(_told(outcome))
    for article, reason in islice(outcome.failed.items(), _SHOWN):
        tell(f"Failed: {article}: {reason}")
    if len(outcome.failed) > _SHOWN:
        tell(f"… and {len(outcome.failed) - _SHOWN:,} more, which `extractor show {outcome.store} --rejected` names.")
    raise typer.Exit(1 if outcome.failed else 0)


def _told(summary: Summary) -> str:
    worked = summary.new or summary.stopped
    done = f"{summary.new:,} articles in {summary.seconds:.0f} s" if worked else "Nothing to do"
    cost = f", cost ${summary.cost:.2f}" if summary.cost else ""
    return (
        f"{done}. In {summary.store}: articles {summary.articles:,}, records {summary.records:,}, "
        f"rejected {summary.rejected:,}, failed {len(summary.failed):,}{cost}."
        + (f" {summary.stopped}" if summary.stopped else "")
    )


def _expected(estimate: Estimate) -> str:
    cost = "unknown: nobody knows the price of this model" if estimate.cost is None else f"${estimate.cost:.2f} at most"
    return (
        f"articles to read {estimate.articles:,} (done already {estimate.done:,}, unreadable {estimate.unreadable:,}), "
        f"of which {estimate.silent:,} say nothing to ask about\n"
        f"requests {estimate.requests:,}, and some more for what the checks ask again\n"
        f"tokens read about {estimate.prompt_tokens:,}, written at most {estimate.completion_tokens:,}\n"
        f"cost {cost}"
    )


@app.command(
    epilog=examples("show runs/visits.db", "show runs/visits.db --evidence --rejected", "show runs/visits.db --json")
)
def show(
    run: options.Run,
    json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each article.")] = False,
    evidence: Annotated[bool, typer.Option("--evidence", help="Add the words that carry each record.")] = False,
    rejected: Annotated[bool, typer.Option("--rejected", help="Add what was not kept, and why.")] = False,
    min_confidence: options.MinConfidence = 0,
) -> None:
    """Print what a run has found, article by article."""
    extractor.show(run, json=json, evidence=evidence, rejected=rejected, min_confidence=min_confidence)


@app.command(
    epilog=examples(
        "export runs/visits.db --to csv > visits.csv",
        "export runs/visits.db --out visits.parquet --evidence",
        "export runs/recipes.db --out recipes.duckdb --schema my_schema.py:Recipe",
    )
)
def export(
    run: options.Run,
    to: Annotated[
        str | None, typer.Option(help="csv, jsonl, parquet or duckdb.", show_default="as the suffix of --out")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write.", show_default="standard output")] = None,
    schema: Annotated[
        str | None,
        typer.Option(
            help="Schema that describes the columns, by name or path.", show_default="the run's, if it is a known one"
        ),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Add for each field its words, offsets, verdict and rule.")
    ] = False,
    min_confidence: options.MinConfidence = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a run as a table, a row for each record.

    A dictionary of the columns goes beside the file, as NAME.dictionary.csv, or into the database.
    """
    exported = extractor.export(
        run, to=to, out=out, schema=schema, evidence=evidence, min_confidence=min_confidence, force=force
    )
    tell(str(exported))
    if exported.note:
        tell(exported.note)


app.add_typer(commands_evaluation.app)
app.add_typer(commands_review.app)
app.add_typer(commands_events.app)


@app.command(epilog=examples("codebook visits", "codebook my_schema.py:Recipe > recipes.md"))
def codebook(
    schema: Annotated[str, typer.Argument(help="Schema by name or path.", show_default=False)],
) -> None:
    """Print what model and people label by."""
    typer.echo(extractor.codebook(schema))


@models.command(epilog=examples("model pull", "model pull downloads/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"))
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


@models.command("list", epilog=examples("model list"))
def list_models() -> None:
    """Print the paths of the weights in the cache."""
    from extractor.models import list_models as ready

    found = ready()
    for path in found:
        typer.echo(path)
    if not found:
        tell("No weights yet; `extractor model pull` fetches them.")


@models.command(epilog=examples("model serve", "model serve weights.gguf --port 8000"))
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
        tell("This is the URL for --model, and the key for OPENAI_API_KEY; Ctrl-C ends the server.")
        threading.Event().wait()
