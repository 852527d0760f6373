"""Bad input on the command line: one clear sentence, the right exit code, the rest of the run unharmed."""

from __future__ import annotations

import json
import resource
import socket
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import extractor
from extractor import cli
from extractor.models import Retries
from tests.fake_answers import extractor_process, fake_model, sales, shop
from tests.fake_server import Reply, answer, body, cut, refusal

ROOT = Path(extractor.__file__).parents[1]
GOOD = "Selling a boat for 40 euros."


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Retries, "wait", lambda *_: 0.0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    shop(tmp_path, good=GOOD)


def command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def run(*words: str, model: str | None = None) -> Result:
    if model:
        return command("run", "--schema", "sales.py", "--model", model, *words)
    with fake_model(sales) as fake:
        return command("run", "--schema", "sales.py", "--model", fake.spec, *words)


def refused(done: Result, sentence: str) -> None:
    """A wrong call: exit code 2, and this sentence alone on standard error."""
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"Error: {sentence}\n")


def only_failed(done: Result, article: str, sentence: str) -> None:
    """One article failed for this reason, which the store has, and the good one is as it should be."""
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == f"Failed: {article}: {sentence}"
    rows = {
        row["article"]: row for row in map(json.loads, command("show", "runs/sales.db", "--json").stdout.splitlines())
    }
    assert rows[article]["error"] == sentence
    assert rows["good"]["records"][0]["price"]["text"] == "40 euros"
    assert rows["good"]["error"] is None


def test_missing_file() -> None:
    """A source that is not there."""
    refused(run("nowhere.txt"), "nowhere.txt does not exist.")
    assert not Path("runs").exists()


def test_missing_file_among_others() -> None:
    """Among several sources, a missing one does not stop the others."""
    only_failed(run("ads/good.txt", "nowhere.txt"), "nowhere.txt", "nowhere.txt does not exist.")


def test_folder_without_articles() -> None:
    """A folder that holds no texts."""
    Path("empty").mkdir()
    sentence = (
        "empty holds no articles; what can be read are .txt, .html, .jsonl, .csv, .tsv and .warc files, also packed as "
        ".gz or .zst, and .parquet."
    )
    refused(run("empty"), sentence)


def test_folder_in_place_of_a_text() -> None:
    """A list that names a folder as the file of an article."""
    Path("ads/sub").mkdir()
    Path("ads/articles.jsonl").write_text('{"id": "x", "file": "sub"}\n')
    only_failed(run("ads"), "x", "articles.jsonl, line 1: ads/sub is a folder, not a text file.")


def test_empty_file() -> None:
    """Nothing to read is a failure of that article."""
    Path("ads/empty.txt").touch()
    only_failed(run("ads"), "empty", "The text is empty.")


def test_undecodable_bytes() -> None:
    """Another encoding is named by byte and place, never guessed."""
    Path("ads/latin.txt").write_bytes(b"Caf\xe9 for sale")
    only_failed(run("ads"), "latin", "ads/latin.txt is not UTF-8: byte 0xe9 at position 3.")


def test_a_line_of_20_megabytes() -> None:
    """Too long for any model, but read in bounded time; the good article is done meanwhile."""
    Path("ads/long.txt").write_text("Selling nothing at all " * 900_000)
    started = time.monotonic()
    with fake_model(lambda text: sales(text) if text == GOOD else refusal(400, "too long")) as fake:
        done = command("run", "ads", "--schema", str(_cued()), "--model", fake.spec, "--out", "runs/sales.db")
    assert time.monotonic() - started < 60
    assert done.exit_code in (0, 1)
    assert "boat" in done.stdout


def _cued() -> Path:
    """A schema that reads only sentences with a price."""
    text = Path("sales.py").read_text().replace("    item:", '    cues = ("euros",)\n    item:')
    Path("cued.py").write_text(text)
    return Path("cued.py")


def test_control_characters() -> None:
    """NUL and escape codes are part of the text; offsets hold, and the terminal is safe."""
    Path("ads/odd.txt").write_text("\x00\x1b[2J Selling a red\x07hat for 3 francs.")
    done = run("ads")
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "red<07>hat" in done.stdout


def test_unknown_schema() -> None:
    """A schema that is not there, named with those that are."""
    sentence = "No schema 'visit'; give one of statements, visits, or a path such as my_schema.py:Recipe."
    refused(command("run", "ads", "--schema", "visit"), sentence)
    refused(command("codebook", "visit"), sentence)


def test_schema_that_does_not_import() -> None:
    """The error of the file is told, without a traceback."""
    Path("broken.py").write_text("import nothing_of_this_name\n")
    sentence = "The schema broken.py does not import: ModuleNotFoundError: No module named 'nothing_of_this_name'."
    refused(command("run", "ads", "--schema", "broken.py"), sentence)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("gpt-4", "'gpt-4' is no model; use one of: local; local:/path/weights.gguf; provider/name (such as "
                  "openai/gpt-4.1-mini); http://host:8000/v1#name."),
        ("local:none.gguf", "No weights at none.gguf; run `extractor model pull`."),
        ("openai/gpt-4.1-mini",
         "openai/gpt-4.1-mini needs a key; set the environment variable OPENAI_API_KEY."),
        ("http://127.0.0.1:9/v1",
         "'http://127.0.0.1:9/v1' does not name its model; write it after a #, as in http://host:8000/v1#name."),
    ],
)  # fmt: skip
def test_wrong_model(model: str, sentence: str) -> None:
    """A model that cannot be opened; the right one may then use the same store."""
    refused(run("ads", model=model), sentence)
    assert run("ads").exit_code == 0


def test_name_that_the_server_does_not_know() -> None:
    """The server's 404 for one article."""
    with fake_model(lambda _: refusal(404, "model 'fake' not found")) as fake:
        done = run("ads", model=fake.spec)
        where = fake.spec.partition("#")[0]
    assert done.exit_code == 1
    assert f"Failed: good: {where} knows no such model or path (model 'fake' not found" in done.stderr


def test_server_down() -> None:
    """Nobody listens: after three articles the run stops, and the next run can have them all."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    shop(Path(), **{f"a{number}": f"Article {number}." for number in range(20)})
    done = run("ads", model=f"{where}#fake")
    refused(
        done,
        f"Stopped, since 3 articles in a row failed alike: No answer from {where} (All connection attempts "
        "failed); is the server running?",
    )
    assert run("ads").exit_code == 0


def test_server_that_answers_html() -> None:
    """A web page is no completion; the likely cause is named."""
    with fake_model(lambda _: body(200, b"<html>Welcome</html>", "text/html")) as fake:
        done = run("ads", model=fake.spec)
    where = fake.spec.partition("#")[0]
    assert done.exit_code == 1
    sentence = f"Failed: good: {where} answered '<html>Welcome</html>' instead of JSON; does the URL end in /v1?"
    assert done.stderr.splitlines()[-1] == sentence


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (answer('{"records": [{"item"'), "The model's answer does not fit the schema: "),
        (answer(None), "The model answered with empty content; try another model or prompt."),
        (answer('{"records": [' + '{"item": "x"},' * 90, finish="length"),
         "The model did not finish its answer within max_tokens, perhaps because it repeats itself; "),
        (refusal(400, "request exceeds the available context size"),
         "The text does not fit the model's context ("),
        (cut, "No answer from "),
    ],
    ids=["truncated", "empty", "endless", "context", "cut"],
)  # fmt: skip
def test_bad_answers(reply: Reply, sentence: str) -> None:
    """An answer that breaks off, is empty, never ends, or is refused for the length of the text."""
    Path("ads/bad.txt").write_text("Bad.")
    with fake_model(lambda text: sales(text) if text == GOOD else reply) as fake:
        done = run("ads", model=fake.spec)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"Failed: bad: {sentence}")
    only_failed(done, "bad", last.removeprefix("Failed: bad: "))


def test_store_of_another_schema() -> None:
    """Two schemas never share a store; both are named, and the way out."""
    run("ads", "--out", "one.db")
    done = run("ads", "--out", "one.db", "--schema", str(_cued()).replace("cued", "sales"))
    assert done.exit_code == 0
    Path("sales.py").write_text(Path("sales.py").read_text().replace("what it costs", "the price"))
    done = run("ads", "--out", "one.db")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: one.db was made with schema Sale (")
    assert done.stderr.endswith("); give another --out to keep both, or delete the file.\n")
    assert "boat" in command("show", "one.db").stdout


def test_no_store() -> None:
    """What is no store is not shown, not scored, and not written to."""
    Path("notes.db").write_text("my notes")
    sentence = "notes.db is no store of this version of extractor; `extractor run` makes one."
    refused(command("show", "notes.db"), sentence)
    refused(run("ads", "--out", "notes.db"), sentence)
    refused(command("show", "none.db"), "There is no store at none.db; `extractor run` makes one.")
    assert Path("notes.db").read_text() == "my notes"


def test_full_disk() -> None:
    """When no more can be written, one sentence; what was written stays, and with room the run goes on."""
    shop(Path(), **{f"a{number}": f"Selling a hat for {number} euros. " + "x " * 2500 for number in range(30)})
    with fake_model(sales) as fake:
        words = ["run", "ads", "--schema", "sales.py", "--model", fake.spec]
        process = extractor_process(
            *words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
        )
        _, said = process.communicate(timeout=60)
        assert process.returncode == 2
        assert said.splitlines()[-1] == (
            "Error: Cannot write runs/sales.db: disk I/O error; what was written is safe: "
            "make room and run the same again."
        )
        assert "Traceback" not in said
        kept = len(command("show", "runs/sales.db", "--json").stdout.splitlines())
        assert 0 < kept < 31
        resumed = command(*words)
    assert resumed.exit_code == 0
    assert resumed.stderr.splitlines()[-1].startswith(f"{31 - kept} articles in ")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"id": "nobody", "records": []}, "nobody"),
        ({"id": "good", "records": [{"item": "boat", "colour": "red"}]}, "colour"),
    ],
)
def test_labels_that_name_what_is_not_there(line: dict[str, object], sentence: str) -> None:
    """An unknown article or field stops the evaluation and is named."""
    run("ads")
    Path("labels.jsonl").write_text(json.dumps(line))
    done = command("eval", "runs/sales.db", "--labels", "labels.jsonl", "--schema", "sales.py")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: labels.jsonl, line 1")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
