"""Runs: every article once, several at a time, on from where it stopped, and never on against a wall."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

import extractor
from extractor.errors import ExtractorError, UsageError
from tests.fake_answers import FakeModel, extractor_process, fake_model, sales, shop
from tests.fake_server import Reply, answer, refusal
from tests.runs import FEW, no_waits, outcomes, run  # noqa: F401 -- a fixture


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with fake_model(sales) as served:
        yield served


def test_every_article_has_its_outcome(tmp_path: Path, model: FakeModel) -> None:
    """Records, none, rejected values and unreadable files all end up in the store, under its default name."""
    summary = run(shop(tmp_path, **FEW, d=""), model)
    assert summary.store == Path("runs/sales.db")
    assert summary[1:5] == (3, 4, 2, 1)
    assert summary.failed == {"d": "The text is empty."}
    assert summary.usage.calls == 4
    done = outcomes(summary.store)
    assert [found.value for found in done["a"].records[0]["price"]] == ["40 euros"]
    assert done["b"].records == ()
    assert done["c"].rejected[0].value == "999 dollars"
    assert {len(extraction.article.text) > 0 for name, extraction in done.items() if name != "d"} == {True}


def test_a_second_run_asks_nothing(tmp_path: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all is done, no model is opened."""
    ads = shop(tmp_path, **FEW)
    first = run(ads, model)
    monkeypatch.setattr("extractor.batch.run.open_model", lambda *_, **__: pytest.fail("a model was opened"))
    second = run(ads, model)
    assert (first.new, second.new) == (3, 0)
    assert second[2:7] == first[2:7]


def test_new_changed_and_failed_articles_are_asked_again(tmp_path: Path) -> None:
    """What is in the store as it is stays untouched; all else is worked on."""
    down = True

    def rule(passage: str) -> Reply:
        return refusal(400, "no boats") if down and "boat" in passage else sales(passage)

    with fake_model(rule) as model:
        ads = shop(tmp_path, **FEW)
        assert list(run(ads, model).failed) == ["a"]
        down = False
        model.asked.clear()
        shop(tmp_path, b="Selling a hat for 3 francs.", d="Also new.")
        summary = run(ads, model)
    assert not summary.failed
    assert sorted(model.asked) == ["Also new.", "Selling a boat for 40 euros.", "Selling a hat for 3 francs."]
    assert len(outcomes(summary.store)["b"].records) == 1


def test_several_at_a_time(tmp_path: Path) -> None:
    """Articles are worked on side by side, but never more than was allowed."""
    now, most, lock = 0, 0, threading.Lock()

    def rule(passage: str) -> Reply:
        def reply(handler: BaseHTTPRequestHandler) -> None:
            nonlocal now, most
            with lock:
                now, most = now + 1, max(most, now + 1)
            time.sleep(0.05)
            with lock:
                now -= 1
            sales(passage)(handler)

        return reply

    with fake_model(rule) as model:
        run(shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(9)}), model, concurrency=3)
    assert most == 3


def test_articles_are_not_all_held_at_once(tmp_path: Path, model: FakeModel) -> None:
    """Reading keeps step with the model: when the first answers come, most articles are unread."""
    read = 0

    def source() -> Iterator[extractor.Article]:
        nonlocal read
        for number in range(50):
            read += 1
            assert read <= len(model.asked) + 2
            yield extractor.Article(id=f"a{number:02}", text=f"Article {number}.")

    shop(tmp_path)
    assert run(source(), model, concurrency=2).articles == read == 50


def test_ids_that_two_articles_share(tmp_path: Path, model: FakeModel) -> None:
    """The second of two is a failure of its own, and takes nothing from the first."""
    shop(tmp_path)
    twice = [extractor.Article(id="a", text=text) for text in (FEW["a"], FEW["b"])]
    summary = run(twice, model)
    assert list(summary.failed) == ["a (2)"]
    assert len(outcomes(summary.store)["a"].records) == 1


def test_mended_lines_fail_no_more(tmp_path: Path, model: FakeModel) -> None:
    """A line of a list that could not be read has no place in the store once it can."""
    shop(tmp_path)
    Path("list.jsonl").write_text('{"id": "a", "text": "One."}\n{"id"\n')
    assert list(run("list.jsonl", model).failed) == ["list.jsonl:2"]
    Path("list.jsonl").write_text('{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n')
    assert not run("list.jsonl", model).failed


def test_the_same_refusal_stops_the_run(tmp_path: Path) -> None:
    """After three articles with no answer but one refusal no other is tried, and all stay open."""
    with fake_model(lambda _: refusal(401, "bad key")) as model:
        ads = shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(9)})
        with pytest.raises(ExtractorError, match=r"3 articles in a row failed alike: .* refused the key"):
            run(ads, model, concurrency=1)
        assert len(model.asked) == 3
    assert outcomes(Path("runs/sales.db")) == {}


def test_a_server_that_dies_stops_the_run(tmp_path: Path) -> None:
    """Later, too; what was done before stays done, and the rest is for the next run."""
    with fake_model(lambda passage: sales(passage) if passage < "Article 4" else refusal(503, "gone")) as model:
        ads = shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(9)})
        with pytest.raises(ExtractorError, match="answered 503"):
            run(ads, model, concurrency=1)
    assert list(outcomes(Path("runs/sales.db"))) == ["a0", "a1", "a2", "a3"]


def test_refusals_of_single_articles_do_not_stop_the_run(tmp_path: Path) -> None:
    """Two fail, one works, two fail: each is an outcome by itself. So are different refusals."""
    with fake_model(lambda text: sales(text) if "2" in text else refusal(400, "no")) as model:
        summary = run(shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(5)}), model, concurrency=1)
    assert list(summary.failed) == ["a0", "a1", "a3", "a4"]
    with fake_model(lambda text: refusal(400, text)) as model:
        summary = run(tmp_path / "ads", model, concurrency=1, out="other.db")
    assert len(summary.failed) == 5


def test_answers_that_do_not_fit_do_not_stop_the_run(tmp_path: Path) -> None:
    """A model that answers badly is at work: only the articles fail."""
    with fake_model(lambda _: answer("{}")) as model:
        summary = run(shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(5)}), model)
    assert len(summary.failed) == 5


def test_replay_is_offline(tmp_path: Path, model: FakeModel) -> None:
    """What one run records, another replays with neither server nor network, to the same records."""
    ads = shop(tmp_path, **FEW)
    live = run(ads, model, out="live.db", record=tmp_path / "tapes")
    calls = len(model.asked)
    replayed = run(ads, "http://127.0.0.1:9/v1#fake", out="replayed.db", replay=tmp_path / "tapes")
    assert len(model.asked) == calls == 4
    assert replayed[2:5] == live[2:5]
    records = [[x.records for x in outcomes(summary.store).values()] for summary in (live, replayed)]
    assert records[0] == records[1]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"source": "nowhere"}, "nowhere does not exist"),
        ({"schema": "nothing"}, "No schema 'nothing'"),
        ({"model": "gpt"}, "'gpt' is no model"),
        ({"concurrency": 0}, "at least 1"),
        ({"requests_per_minute": 0}, "at least 1"),
        ({"max_articles": 0}, "at least 1"),
        ({"max_tokens": 0}, "more than nothing"),
        ({"max_cost": 5.0}, "price of this model is unknown"),
        ({"replay": Path("x"), "record": Path("y")}, "not both"),
        ({"replay": Path("x")}, "No cassettes at x"),
    ],
)
def test_wrong_calls_do_nothing(tmp_path: Path, options: dict[str, object], sentence: str) -> None:
    """A wrong call is refused before anything is written."""
    shop(tmp_path, **FEW)
    call = {"source": "ads", "schema": "sales.py", "model": "http://127.0.0.1:9/v1#x"} | options
    with pytest.raises(UsageError, match=sentence):
        extractor.run(**call)  # type: ignore[call-overload]
    assert not Path("runs").exists()


def test_default_stores() -> None:
    """A schema given as a class or by path lends the store its name."""
    from extractor.batch.run import default_store
    from extractor.schema import load

    assert default_store(load("visits")) == Path("runs/Visit.db")
    assert default_store("a/my.py") == Path("runs/my.db")


def begun(model: FakeModel, ads: Path, count: int) -> subprocess.Popen[str]:
    """Start a run of its own, and return once so many articles were asked about."""
    process = extractor_process("run", str(ads), "--schema", "sales.py", "--model", model.spec)
    while len(model.asked) < count:
        time.sleep(0.01)
    return process


def interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C, and wait until it was heard."""
    process.send_signal(signal.SIGINT)
    assert process.stderr
    assert any(line.startswith("Stopping: ") for line in iter(process.stderr.readline, ""))


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_ended_run_goes_on(tmp_path: Path, end: signal.Signals) -> None:
    """Ctrl-C twice and kill -9 in the middle leave whole articles, and the next run asks for the others alone."""
    slow = threading.Event()

    def rule(passage: str) -> Reply:
        if passage >= "Article 4":
            slow.wait(30)
        return sales(passage)

    with fake_model(rule) as model:
        ads = shop(tmp_path, **{f"a{i}": f"Article {i}. Selling a hat for {i} euros." for i in range(8)})
        process = begun(model, ads, 8)
        if end is signal.SIGINT:
            interrupt(process)
        process.send_signal(end)
        _, said = process.communicate(timeout=60)
        slow.set()
        if end is signal.SIGINT:
            assert process.returncode == 130
            assert said.splitlines()[-1] == "Stopped with 4 articles in runs/sales.db; run the same again to go on."
        assert list(outcomes(Path("runs/sales.db"))) == ["a0", "a1", "a2", "a3"]
        model.asked.clear()
        summary = run(ads, model)
    assert (summary.new, summary.articles, summary.records, summary.failed) == (4, 8, 8, {})
    assert len(model.asked) == 4


def test_ctrl_c_lets_finish_what_is_under_way(tmp_path: Path) -> None:
    """What was asked is waited for and kept, and nothing else is begun."""
    slow = threading.Event()

    def rule(passage: str) -> Reply:
        if passage >= "Article 4":
            slow.wait(30)
        return sales(passage)

    with fake_model(rule) as model:
        ads = shop(tmp_path, **{f"a{i}": f"Article {i}." for i in range(10)})
        process = begun(model, ads, 8)
        interrupt(process)
        slow.set()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "Stopped with 8 articles in runs/sales.db; run the same again to go on."
    assert sorted(outcomes(Path("runs/sales.db"))) == [f"a{i}" for i in range(8)]
    assert len(model.asked) == 8


def test_first_requests_do_not_wait_for_the_last_to_be_read(tmp_path: Path) -> None:
    """With many hands, the first question is on its way while others still read."""
    read = 0
    read_at_first: list[int] = []

    def rule(passage: str) -> Reply:
        read_at_first.append(read)
        return sales(passage)

    def source() -> Iterator[extractor.Article]:
        nonlocal read
        for number in range(100):
            read += 1
            yield extractor.Article(id=f"a{number:02}", text=f"Article {number}.")

    shop(tmp_path)
    with fake_model(rule) as model:
        assert run(source(), model, concurrency=100).articles == 100
    assert read_at_first[0] < 100


def test_a_person_sees_a_bar(tmp_path: Path, model: FakeModel) -> None:
    """On a terminal the lines of a log give way to a bar that counts; what fails is still named."""
    ads = shop(tmp_path, **FEW, d="")
    watcher, terminal = pty.openpty()
    words = ("run", str(ads), "--schema", "sales.py", "--model", model.spec)
    process = extractor_process(*words, stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    said = b""
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while chunk := os.read(watcher, 4096):
            said += chunk
    os.close(watcher)
    assert process.wait(timeout=20) == 1
    assert b"3 articles" in said
    assert b"d: The text is empty." in said
    assert b"a: records" not in said
