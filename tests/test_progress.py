"""Progress in a log: each of the first articles, then how far it is now and then, and always what fails."""

from __future__ import annotations

import pytest

from extractor.article import Article
from extractor.batch import progress as module
from extractor.batch.progress import Progress, State
from extractor.extraction import Extraction
from extractor.models.prices import FREE, Price
from extractor.models.usage import Usage


def done(number: int, error: str | None = None) -> Extraction:
    return Extraction(Article(id=f"a{number}", text="Some words."), usage=Usage(90, 10, 1, 0.5), error=error)


@pytest.fixture
def three_singly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SINGLY", 3)


@pytest.mark.usefixtures("three_singly")
def test_a_long_run_tells_now_and_then(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """After the first articles one line tells of many; what fails has its own in any case."""
    with Progress("a model", total=50) as progress:
        for number in range(1, 9):
            progress.add(done(number, "It broke." if number in (2, 6) else None))
        monkeypatch.setattr(module, "_EVERY", 0.0)
        progress.add(done(9))
    told = capfd.readouterr().err.splitlines()
    assert told[:4] == [
        "a1: records 0, rejected 0, 0.5 s",
        "a2: It broke.",
        "a3: records 0, rejected 0, 0.5 s",
        "a6: It broke.",
    ]
    assert len(told) == 5
    assert told[4].startswith("9 of 50 articles · ")
    assert " · 900 tokens · 2 failed · " in told[4]
    assert told[4].endswith(" left")


@pytest.mark.usefixtures("three_singly")
def test_what_was_done_before_and_what_is_no_article_count_out(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The total is of articles that this run reads, and so is the time left."""
    monkeypatch.setattr(module, "_EVERY", 0.0)
    with Progress("a model", total=10) as progress:
        for _ in range(4):
            progress.pass_over()
        progress.add(Extraction(Article(id="empty", text=""), error="The text is empty."))
        for number in range(4):
            progress.add(done(number))
    told = capfd.readouterr().err.splitlines()
    assert told[0] == "empty: The text is empty."
    assert told[-1].startswith("4 of 5 articles")


def test_a_rest_is_told_and_nothing_steers_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with Progress("a model") as progress:
        progress.rest(20.4)
        progress.say("red \x1b[31m [bold]ink[/]")
    assert capfd.readouterr().err.splitlines() == [
        "The server asks for a rest of 20 s.",
        "red <1B>[31m [bold]ink[/]",
    ]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State(0, None, 0, 0.0, Usage(), None), "0 articles"),
        (State(0, 7, 0, 0.0, Usage(), FREE), "0 of 7 articles"),
        (State(30, 90, 0, 60.0, Usage(1000, 0), FREE), "30 of 90 articles · 30.0/min · 1,000 tokens · 0:02:00 left"),
        (State(9, 5, 1, 1.0, Usage(), Price(1, 1)), "9 articles · 9.0/s · 1 failed"),
    ],
)
def test_what_is_not_known_is_left_out(state: State, told: str) -> None:
    """No rate before the first article, no cost of what is free, no time left without a total that holds."""
    assert str(state) == told
