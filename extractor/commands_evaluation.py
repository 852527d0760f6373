"""The commands that tell what a run is worth: eval, compare, agree and probe."""

from __future__ import annotations

import json as jsonlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import extractor
from extractor import options
from extractor.console import examples, tell
from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.evaluation import Agreement, Comparison, Mutations, Scores

app = typer.Typer()

Labels = Annotated[Path, typer.Option(help="Records written by people (labels.jsonl).", show_default=False)]
LabelFile = Annotated[Path, typer.Argument(help="Records written by one labeller.", show_default=False)]
Lines = Annotated[str, typer.Argument(help="Store of a run, or what show --json printed.", show_default=False)]


@app.command(
    "eval",
    epilog=examples(
        "eval runs/visits.db --labels seeds/labels.jsonl",
        "eval runs/visits.db --labels seeds/labels.jsonl --errors --html evaluation.html",
        "eval runs/visits.db --labels seeds/labels.jsonl --fail-under f1=.8 --fail-under status=.9",
        "eval seeds/ --labels seeds/labels.jsonl --mutate",
    ),
)
def evaluate(
    run: Annotated[
        str,
        typer.Argument(
            help="Store of a run, or what show --json printed; with --mutate, the articles.",
            show_default=False,
        ),
    ],
    labels: Labels,
    schema: options.SchemaName = "visits",
    errors: Annotated[
        bool, typer.Option("--errors", help="List what is wrong, with the words of the article.")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="Write everything as a web page too.", show_default=False)] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=SHARE: end with exit code 1 if precision, recall, f1, evidence, overlap or the accuracy of "
            "a field is lower; can be repeated.",
            show_default=False,
        ),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change the labels one thing at a time, and count what the checks catch."),
    ] = False,
    min_confidence: options.MinConfidence = 0,
    json: options.Json = False,
) -> None:
    """Score a run, or the checks, against labels."""
    if mutate:
        given = {"--min-confidence": min_confidence, "--errors": errors, "--html": html, "--fail-under": fail_under}
        if unfit := next((name for name, value in given.items() if value), None):
            raise UsageError(f"{unfit} is about the records of a run; --mutate has none. Give one of them.")
        _print(extractor.mutate(run, labels=labels, schema=schema), json=json)
        return
    least = _least(fail_under or [], schema)
    scores = extractor.evaluate(run, labels=labels, schema=schema, min_confidence=min_confidence)
    _print(scores, json=json)
    if errors and not json:
        from extractor.evaluation import mistakes_report

        typer.echo("\n" + mistakes_report(scores.mistakes))
    if html:
        _write(html, scores, run)
    missed = list(_missed(scores, least))
    for sentence in missed:
        tell(sentence)
    raise typer.Exit(1 if missed else 0)


def _print(result: Scores | Mutations | Comparison | Agreement, *, json: bool) -> None:
    from extractor.batch.terminal import harmless_json
    from extractor.evaluation import report

    typer.echo(harmless_json(jsonlib.dumps(result.to_json(), ensure_ascii=False)) if json else report(result))


def _write(path: Path, scores: Scores, run: str) -> None:
    from extractor.evaluation import page

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(scores, "Evaluation of " + re.sub(r"^\S+://.*/", "", run)), "utf-8")
    except OSError as error:
        raise UsageError(f"The page {path} cannot be written: {error.strerror}.") from None
    tell(f"Written: {path}.")


def _least(wanted: list[str], schema: str) -> dict[str, float]:
    """Read ``NAME=SHARE`` before anything is scored, so that a slip is told at once."""
    from extractor.evaluation.score import share_names
    from extractor.schema import load

    names = share_names(load(schema))
    least: dict[str, float] = {}
    for one in wanted:
        name, _, value = one.partition("=")
        if name not in names:
            raise UsageError(f"--fail-under knows no {name!r}; it knows {', '.join(names)}.")
        if not re.fullmatch(r"0?\.\d+|[01](\.0*)?", value):
            raise UsageError(f"--fail-under {one} needs a share from 0 to 1, as in {name}=.8.")
        least[name] = float(value)
    return least


def _missed(scores: Scores, least: Mapping[str, float]) -> Iterator[str]:
    from extractor.evaluation.tables import ratio

    for name, share in least.items():
        value = scores.shares[name]
        if value is None:
            yield f"{name} has nothing to stand on; {ratio(share)} is the least that was asked for."
        elif value < share:
            yield f"{name} is {ratio(value)}; {ratio(share)} is the least that was asked for."


@app.command(
    epilog=examples(
        "compare runs/old.db runs/new.db --labels seeds/labels.jsonl",
        "compare runs/visits.db other_tool.jsonl --labels seeds/labels.jsonl --json",
    )
)
def compare(
    run_a: Lines,
    run_b: Lines,
    labels: Labels,
    schema: options.SchemaName = "visits",
    min_confidence: options.MinConfidence = 0,
    shuffles: Annotated[int, typer.Option(help="Shuffles of the articles between the runs.")] = 10_000,
    json: options.Json = False,
) -> None:
    """Compare two runs over the same labelled articles.

    Each figure of both, the difference B - A with its 95 % interval, and how likely such a difference is by chance.
    """
    _print(
        extractor.compare(run_a, run_b, labels=labels, schema=schema, min_confidence=min_confidence, shuffles=shuffles),
        json=json,
    )


@app.command(epilog=examples("agree labels_ana.jsonl labels_ben.jsonl --schema visits"))
def agree(
    labels_a: LabelFile,
    labels_b: LabelFile,
    schema: options.SchemaName = "visits",
    json: options.Json = False,
) -> None:
    """Measure how far two people who labelled the same articles agree."""
    _print(extractor.agree(labels_a, labels_b, schema=schema), json=json)


@app.command(
    epilog=examples(
        "probe runs/visits.db --max-articles 20",
        "probe runs/visits.db --probe names --probe countries --json",
        "probe runs/visits.db --labels seeds/labels.jsonl --model openai/gpt-4.1-mini",
    )
)
def probe(
    run: options.Run,
    schema: options.SchemaName = "visits",
    labels: Annotated[
        Path | None,
        typer.Option(help="Records written by people, in place of the run's own.", show_default="the run's records"),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Model to ask, as in run.", show_default="the run's")] = None,
    probe: Annotated[
        list[str] | None,
        typer.Option(
            help="names, countries, dates, removed, turned, order, labels, fields, examples or definitions; can be "
            "repeated.",
            show_default="all of them",
        ),
    ] = None,
    max_articles: Annotated[
        int | None, typer.Option(help="Take so many of the articles that have records.", show_default="no bound")
    ] = None,
    concurrency: options.Concurrency = 4,
    seed: Annotated[int, typer.Option(help="Draws names, countries, shifts and orders.")] = 0,
    replay: options.Replay = None,
    record: options.Record = None,
    json: options.Json = False,
) -> None:
    """Alter articles and codebook, and see whether records follow.

    Tells whether a model reads what it is given or remembers the world. Answers are kept beside the store, so that the
    same command goes on where it was stopped.
    """
    given = {name: value for name, value in locals().items() if name != "json"}
    from extractor.batch.terminal import harmless_json

    found = extractor.probe(**given)
    typer.echo(harmless_json(jsonlib.dumps(found.to_json(), ensure_ascii=False)) if json else found.table())
    for copy, reason in found.failed.items():
        tell(f"Failed: {copy}: {reason}")
    raise typer.Exit(1 if found.failed else 0)
