"""The command line: a thin twin of the Python interface, with help that helps and exit codes that count."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import extractor
from extractor import cli, models
from extractor.readers import Columns
from tests.fake_answers import extractor_process, fake_model, sales, shop

RUNNER = CliRunner()
ROOT = Path(extractor.__file__).parents[1]

TWINS: dict[str, tuple[Callable[..., Any], ...]] = {
    "run": (extractor.run,),
    "show": (extractor.show,),
    "export": (extractor.export,),
    "eval": (extractor.evaluate, extractor.mutate),
    "compare": (extractor.compare,),
    "agree": (extractor.agree,),
    "probe": (extractor.probe,),
    "report": (extractor.report,),
    "review": (extractor.review,),
    "merge": (extractor.merge,),
    "events.diff": (extractor.diff,),
    "events.export": (extractor.export_events,),
    "codebook": (extractor.codebook,),
    "model.pull": (models.pull,),
    "model.list": (models.list_models,),
    "model.serve": (models.serve,),
}
"""Commands and the public functions that they call."""

COLUMNS = {f"{name}_column" for name in Columns.__dataclass_fields__}
"""Options that together make the parameter `columns`."""

PRINTING = {
    *(("run", option) for option in COLUMNS),
    ("run", "json"),
    *(("eval", option) for option in ("errors", "fail_under", "html", "json", "mutate", "run")),
    ("compare", "json"),
    ("agree", "json"),
    ("probe", "json"),
    ("events.diff", "json"),
}
"""Options that choose what is printed or which function is called; and what `mutate` calls `folder`."""


def commands() -> Iterator[tuple[str, Any]]:
    """Walk the command tree: dotted names and commands."""

    def walk(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(f"{prefix}{name}.", command)
            else:
                yield prefix + name, command

    yield from walk("", typer.main.get_command(cli.app))


def test_commands_and_functions_are_twins() -> None:
    """Each option is a parameter of the function of that name, with the same default."""
    tree = dict(commands())
    assert set(tree) == set(TWINS)
    for name, command in tree.items():
        options = {parameter.name: parameter for parameter in command.params if parameter.name != "help"}
        for function in TWINS[name]:
            parameters = inspect.signature(function).parameters
            for option, parameter in options.items():
                if (name, option) in PRINTING or (option, function.__name__) == ("min_confidence", "mutate"):
                    continue
                assert option in parameters, f"{name} --{option} is no parameter of {function.__name__}"
                if parameters[option].default is not inspect.Parameter.empty:
                    assert parameter.default == parameters[option].default, f"{name} --{option}"
    given = {parameter.name for parameter in tree["run"].params} - {"json", "help"}
    assert set(inspect.signature(extractor.run).parameters) == (given - COLUMNS) | {"columns"}


@pytest.mark.parametrize("name", [name for name, _ in commands()] + ["", "model"])
def test_help_has_examples_that_parse(name: str) -> None:
    """Each command explains itself with an example, whose command and options exist."""
    done = RUNNER.invoke(cli.app, [*filter(None, name.split(".")), "--help"])
    assert done.exit_code == 0
    examples = [line.split()[1:] for line in done.output.splitlines() if line.startswith("    extractor ")]
    assert examples
    assert not [line for line in done.output.splitlines()[1:] if line.endswith("...")], "a summary is cut off"
    tree = dict(commands())
    for words in examples:
        command = tree.get(words[0]) or tree[".".join(words[:2])]
        known = {flag for parameter in command.params for flag in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("name", extractor.__all__)
def test_public_door(name: str) -> None:
    """Every public name is a class or function, documented and listed, whatever was imported before."""
    importlib.import_module("extractor.extraction.ask")
    assert callable(getattr(extractor, name))
    assert inspect.getdoc(getattr(extractor, name))
    assert name in dir(extractor)


def test_public_door_has_no_other_names() -> None:
    """What is listed and what is there are the same."""
    assert {name for names in extractor._HOMES.values() for name in names} == set(extractor.__all__)
    with pytest.raises(AttributeError, match="'extractor' has no attribute 'nothing'"):
        extractor.nothing  # noqa: B018


def test_version_is_that_of_the_package() -> None:
    """The command line tells the number that the package has."""
    assert RUNNER.invoke(cli.app, ["--version"]).output == f"extractor {extractor.__version__}\n"


def test_it_runs_as_a_module() -> None:
    """As where the scripts of an environment are not on the path."""
    command = [sys.executable, "-m", "extractor", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 -- our own
    assert done.stdout == f"extractor {extractor.__version__}\n"


@pytest.mark.parametrize("code", ["import extractor", "import extractor.cli"])
def test_nothing_heavy_is_imported_early(code: str) -> None:
    """Help must come at once: no model client, no pydantic, no rich before a command needs it."""
    script = f"import sys; {code}; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 -- our own
    loaded = set(done.stdout.split())
    assert not loaded & {
        "openai",
        "instructor",
        "pydantic",
        "jinja2",
        "sqlite3",
        "numpy",
        "scipy",
        "rich.console",
        "vcr",
    }


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return shop(tmp_path, a="Selling a boat for 40 euros.", b="Nothing.")


def test_run_prints_records_and_says_where(at: Path) -> None:
    """The table goes to standard output, what happened to standard error; a second run has nothing to do."""
    with fake_model(sales) as model:
        command = ["run", str(at), "--schema", "sales.py", "--model", model.spec]
        first, second = RUNNER.invoke(cli.app, command), RUNNER.invoke(cli.app, command)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "boat  40 euros" in first.stdout
    assert first.stdout == second.stdout
    assert sorted(line.split(":")[0] for line in first.stderr.splitlines()[:2]) == ["a", "b"]
    holds = "In runs/sales.db: articles 2, records 1, rejected 0, failed 0."
    assert first.stderr.splitlines()[2].startswith("2 articles in ")
    assert first.stderr.endswith(f" s. {holds}\n")
    assert second.stderr == f"Nothing to do. {holds}\n"


def test_failed_articles_are_named(at: Path) -> None:
    """Exit code 1, a line for each, and the rest of the run as it should be; several sources at once."""
    (at / "c.txt").write_bytes(b"Caf\xe9")
    with fake_model(sales) as model:
        done = RUNNER.invoke(
            cli.app,
            [
                "run",
                *(str(at / f"{name}.txt") for name in "abc"),
                "--schema",
                "sales.py",
                "--model",
                model.spec,
                "--json",
            ],
        )
    assert done.exit_code == 1
    assert [bool(json.loads(line)["error"]) for line in done.stdout.splitlines()] == [False, False, True]
    assert "Failed: c: " in done.stderr.splitlines()[-1]
    assert "c.txt is not UTF-8: byte 0xe9 at position 3." in done.stderr.splitlines()[-1]


def test_show_and_its_options(at: Path) -> None:
    """The command prints what the function prints."""
    with fake_model(sales) as model:
        RUNNER.invoke(cli.app, ["run", str(at), "--schema", "sales.py", "--model", model.spec])
    assert "[boat]" in RUNNER.invoke(cli.app, ["show", "runs/sales.db", "--evidence"]).stdout
    assert len(RUNNER.invoke(cli.app, ["show", "runs/sales.db", "--json"]).stdout.splitlines()) == 2


def test_eval_scores_a_run(at: Path) -> None:
    """A store and labels give the report, or JSON."""
    with fake_model(sales) as model:
        RUNNER.invoke(cli.app, ["run", str(at), "--schema", "sales.py", "--model", model.spec])
    label = {"item": "boat", "price": "40 euros", "extras": []}
    Path("labels.jsonl").write_text(json.dumps({"id": "a", "records": [label]}) + "\n")
    command = ["eval", "runs/sales.db", "--labels", "labels.jsonl", "--schema", "sales.py"]
    assert "precision" in RUNNER.invoke(cli.app, command).stdout
    scores = json.loads(RUNNER.invoke(cli.app, [*command, "--json"]).stdout)
    assert (scores["records"]["found"], scores["records"]["f1"]) == (1, 1.0)


def test_eval_mutates(tmp_path: Path) -> None:
    """With --mutate the checks are put to the test, without any run."""
    (tmp_path / "a.txt").write_text("Foreign Minister Sergei Lavrov visited Seoul on Tuesday.")
    visit = {
        "visitor": "Sergei Lavrov",
        "destination": "KOR",
        "evidence": {"visitor": [[17, 30]], "destination": [[39, 44]]},
    }
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps({"id": "a", "visits": [visit]}))
    done = RUNNER.invoke(cli.app, ["eval", str(tmp_path), "--labels", str(labels), "--mutate"])
    assert done.exit_code == 0
    assert "untouched" in done.stdout


def test_codebook_is_printed() -> None:
    """The page of the schema, and nothing else."""
    assert RUNNER.invoke(cli.app, ["codebook", "visits"]).stdout.startswith("# Codebook: visits\n")


def test_models_are_listed_and_pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths go to standard output; an empty cache says what to do, and wrong bytes are refused."""
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path))
    empty = RUNNER.invoke(cli.app, ["model", "list"])
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "`extractor model pull`" in empty.stderr
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.gguf").touch()
    assert RUNNER.invoke(cli.app, ["model", "list"]).stdout == f"{tmp_path}/models/small.gguf\n"
    refused = RUNNER.invoke(cli.app, ["model", "pull", str(tmp_path / "nothing.gguf")])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == f"Error: Cannot read {tmp_path}/nothing.gguf: No such file or directory.\n"
    served = RUNNER.invoke(cli.app, ["model", "serve", "nothing.gguf"])
    assert (served.exit_code, served.stderr) == (
        2,
        "Error: No weights at nothing.gguf; run `extractor model pull`.\n",
    )


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a user can act on becomes a sentence."""
    monkeypatch.setattr("extractor.rendering.codebook", lambda _: 1 / 0)
    assert isinstance(RUNNER.invoke(cli.app, ["codebook", "visits"]).exception, ZeroDivisionError)


def test_a_closed_pipe_is_no_error(at: Path) -> None:
    """`extractor show | head` ends without a traceback."""
    with fake_model(sales) as model:
        RUNNER.invoke(cli.app, ["run", str(at), "--schema", "sales.py", "--model", model.spec])
    process = extractor_process("show", "runs/sales.db", stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.close()
    assert "Traceback" not in process.communicate(timeout=60)[1]
