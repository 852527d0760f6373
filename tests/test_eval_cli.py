"""Eval, compare and agree as commands, over the seeds and the dev set, from what the real model was recorded to say."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import extractor
from extractor import cli
from extractor.evaluation.mistakes import KINDS

RUNNER = CliRunner()
ROOT = Path(extractor.__file__).parents[1]
SETS = {"seeds": (ROOT / "seeds", ROOT / "cassettes"), "dev": (ROOT / "benchmarks/corpus", ROOT / "cassettes/corpus")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Replay both sets once."""
    folder = tmp_path_factory.mktemp("runs")
    for name, (articles, cassettes) in SETS.items():
        extractor.run(articles, replay=cassettes, out=folder / f"{name}.db", cache=False)
    return {name: str(folder / f"{name}.db") for name in SETS}


def labels(name: str) -> str:
    return str(SETS[name][0] / "labels.jsonl")


def command(*words: object) -> Result:
    return RUNNER.invoke(cli.app, [str(word) for word in words])


def told(*words: object) -> Any:
    done = command(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", SETS)
def test_every_figure_of_a_recorded_run_has_its_interval(name: str, runs: dict[str, str]) -> None:
    """Records and fields are bounded; the interval holds the figure, and the counts are those of the store."""
    scores = told("eval", runs[name], "--labels", labels(name))
    with extractor.Store.open(runs[name]) as store:
        assert scores["records"]["found"] + scores["records"]["spurious"] <= store.totals().records
    for part, figure in [
        *((scores["records"], one) for one in ("precision", "recall", "f1")),
        *((of, one) for of in scores["fields"].values() for one in ("accuracy", "f1")),
        (scores["overlap"], "f1"),
    ]:
        if part[f"{figure}_interval"]:
            low, high = part[f"{figure}_interval"]
            assert low <= round(part[figure], 3) <= high
    assert all(scores["records"][f"{one}_interval"] for one in ("precision", "recall", "f1"))
    assert scores["evidence"] == 1


@pytest.mark.parametrize("name", SETS)
def test_mistakes_and_tables_of_a_recorded_run_add_up(name: str, runs: dict[str, str]) -> None:
    """Each mistake is counted in the table of kinds and in that of its field, with words that the article has."""
    scores = told("eval", runs[name], "--labels", labels(name))
    kinds = scores["mistakes_by_kind"]
    assert list(kinds) == list(KINDS)
    assert sum(sum(counts.values()) for counts in kinds.values()) == len(scores["mistakes"])
    assert kinds["missed"]["records"] == scores["records"]["missed"]
    assert kinds["wrong value"]["values"] == sum(of["wrong"] for of in scores["fields"].values())
    assert kinds["wrong span"]["values"] <= scores["overlap"]["none"]
    assert kinds["unsupported"]["values"] == scores["failed"] == 0
    for field, table in scores["confusion"].items():
        cells = [(i, j, n) for i, row in enumerate(table["table"]) for j, n in enumerate(row)]
        assert sum(n for _, _, n in cells) == scores["records"]["found"]
        last = len(table["values"]) - 1
        assert sum(n for i, j, n in cells if i == j != last) == scores["fields"][field]["right"]
    texts = {one.id: one.text for one in extractor.read(SETS[name][0]) if isinstance(one, extractor.Article)}
    for one in scores["mistakes"]:
        for side in filter(None, (one["run"], one["label"])):
            for start, end in side["evidence"][:1]:
                assert texts[one["article"]][start:end][:100] in side["words"].replace("[", "").replace("]", "")


def test_the_terminal_has_counts_and_the_list_if_asked(runs: dict[str, str]) -> None:
    """Without --errors kinds are counted; with it each mistake is listed below."""
    plain = command("eval", runs["dev"], "--labels", labels("dev"))
    listed = command("eval", runs["dev"], "--labels", labels("dev"), "--errors")
    assert plain.exit_code == listed.exit_code == 0
    assert listed.stdout.startswith(plain.stdout)
    assert "status: labelled, run  announced" in plain.stdout
    assert "mistakes  missed  spurious  repeated  wrong value" in plain.stdout
    scores = told("eval", runs["dev"], "--labels", labels("dev"))
    heads = [line for line in listed.stdout[len(plain.stdout) :].splitlines() if line and not line.startswith("  ")]
    assert len(heads) == len(scores["mistakes"])


def test_fail_under_ends_with_1_and_a_sentence_for_each(runs: dict[str, str], tmp_path: Path) -> None:
    """What is met says nothing; the scores are printed either way."""
    page = tmp_path / "new" / "page.html"
    words = ["eval", runs["dev"], "--labels", labels("dev"), "--html", page]
    met = command(*words, "--fail-under", "f1=.5", "--fail-under", "status=0.5", "--fail-under", "evidence=1")
    assert (met.exit_code, met.stderr) == (0, f"Written: {page}.\n")
    low = command(*words, "--fail-under", "f1=1", "--fail-under", "occasion=1.0", "--fail-under", "precision=.1")
    assert low.exit_code == 1
    assert low.stdout == met.stdout
    assert [line.split(" is ")[0] for line in low.stderr.splitlines()] == [f"Written: {page}.", "f1", "occasion"]
    assert low.stderr.splitlines()[1].endswith("; 1.000 is the least that was asked for.")
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_fail_under_of_nothing_is_missed(tmp_path: Path) -> None:
    """A share of no cases is no success."""
    (tmp_path / "run.jsonl").write_text('{"id": "a", "visits": []}')
    done = command("eval", tmp_path / "run.jsonl", "--labels", tmp_path / "run.jsonl", "--fail-under", "f1=0")
    assert (done.exit_code, done.stderr) == (1, "f1 has nothing to stand on; .000 is the least that was asked for.\n")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("g1=.8", "knows no 'g1'; it knows visitor, visitor_role,"),
        ("implied=.8", "knows no 'implied'; it knows visitor,"),
        ("f1", "f1 needs a share from 0 to 1, as in f1=.8."),
        ("f1=80", "f1=80 needs a share from 0 to 1"),
        ("f1=-1", "f1=-1 needs a share from 0 to 1"),
        ("f1=1.5", "f1=1.5 needs a share from 0 to 1"),
    ],
)
def test_a_wrong_demand_is_told_before_anything_is_scored(wrong: str, sentence: str) -> None:
    """A name that does not exist is met with those that do; no run needs to be there."""
    done = command("eval", "nowhere.db", "--labels", labels("seeds"), "--fail-under", wrong)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert sentence in done.stderr


@pytest.mark.parametrize("option", [["--errors"], ["--html", "a.html"], ["--fail-under", "f1=.8"]])
def test_the_mutation_test_takes_no_option_about_a_run(option: list[str]) -> None:
    done = command("eval", SETS["seeds"][0], "--labels", labels("seeds"), "--mutate", *option)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {option[0]} is about the records of a run")


def test_a_page_that_cannot_be_written_is_named(runs: dict[str, str], tmp_path: Path) -> None:
    done = command("eval", runs["seeds"], "--labels", labels("seeds"), "--html", tmp_path)
    assert done.exit_code == 2
    assert done.stderr == f"Error: The page {tmp_path} cannot be written: Is a directory.\n"


@pytest.mark.parametrize("name", SETS)
def test_a_recorded_run_is_compared_with_the_labels_themselves(name: str, runs: dict[str, str]) -> None:
    """The labels as a run are perfect; the other run falls behind by what `eval` says, and p counts articles."""
    found = told("compare", runs[name], labels(name), "--labels", labels(name))
    scores = told("eval", runs[name], "--labels", labels(name))
    of = found["figures"]
    assert {one["b"] for one in of.values()} == {1.0}
    for figure in ("precision", "recall", "f1"):
        assert of[figure]["a"] == scores["records"][figure]
        assert of[figure]["difference"] == pytest.approx(1 - of[figure]["a"])
    for field, one in scores["fields"].items():
        assert of[field]["a"] == one["accuracy"]
    assert all(one["p"] is None or 1 / 10_001 <= one["p"] <= 1 for one in of.values())
    if name == "dev":
        assert of["recall"]["p"] < 0.01 < of["visitor"]["p"] == 1
    shown = command("compare", runs[name], labels(name), "--labels", labels(name), "--shuffles", 200)
    assert shown.stdout.startswith(f"articles {found['articles']}, shuffles 200\n")


@pytest.mark.parametrize("name", SETS)
def test_labels_agree_with_themselves_and_less_with_changed_ones(name: str, tmp_path: Path) -> None:
    """One status in three turned and one record dropped: kappa and alpha of that field fall, the others stay."""
    same = told("agree", labels(name), labels(name))
    assert same["records"]["f1"] == same["overlap"]["f1"] == 1
    assert {one["kappa"] for one in same["fields"].values()} <= {1.0, None}
    lines = [json.loads(line) for line in Path(labels(name)).read_text("utf-8").splitlines()]
    every = [visit for line in lines for visit in line["visits"]]
    for visit in every[::3]:
        visit["status"] = "ongoing" if visit["status"] == "announced" else "announced"
    demanded = next(line for line in lines if line["visits"] and not line["visits"][-1].get("implied"))
    demanded["visits"].pop()
    other = tmp_path / "other.jsonl"
    other.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    found = told("agree", labels(name), other)
    assert (found["records"]["only_a"], found["records"]["only_b"]) == (1, 0)
    status = found["fields"]["status"]
    assert 0.5 < status["agreed"] < 0.75
    assert status["kappa"] < status["agreed"]
    assert status["alpha"] == pytest.approx(status["kappa"], abs=0.05)
    assert found["fields"]["destination"]["kappa"] == 1
    shown = command("agree", labels(name), other)
    assert shown.stdout.startswith(f"articles labelled by both {len(lines)}, by one alone 0\n")


def test_files_of_no_common_article_end_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    done = command("agree", labels("seeds"), tmp_path / "none.jsonl")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "label no article in common" in done.stderr


@pytest.mark.parametrize(
    "words", [["eval", "run.jsonl"], ["compare", "run.jsonl", "run.jsonl"], ["agree", "run.jsonl"]]
)
@pytest.mark.parametrize("missing", ["numpy", "scipy.optimize"])
def test_without_scipy_one_sentence_says_what_to_install(
    words: list[str], missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The core install is light; the three commands name the extra that they need."""
    monkeypatch.chdir(tmp_path)
    Path("run.jsonl").write_text('{"id": "a", "visits": [{"visitor": "Ana Roca", "destination": "FRA"}]}')
    monkeypatch.setitem(sys.modules, missing, None)
    done = command(*words, *(["run.jsonl"] if words[0] == "agree" else ["--labels", "run.jsonl"]))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == 'Error: Evaluation needs scipy; install it with: pip install "extractor[eval]".\n'
