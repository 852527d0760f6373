"""The cache of answers: the very same request to the same model, and nothing else, is answered from it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.batch.answers import Answers
from extractor.errors import UsageError
from extractor.models import Usage
from tests.test_store import MADE

ROOT = Path(__file__).parents[1]
COST = Usage(100, 20, 2, 1.5)
REQUEST: dict[str, Any] = {
    "messages": [{"role": "user", "content": "Who went where? \x00 \ud800 \U0001f600"}],
    "schema": {"properties": {"visitor": {}, "destination": {}}},
    "max_tokens": 500,
    "temperature": 0,
    "seed": 1,
}
WRITER = """
import sys
from tests.test_answers import COST, MADE, Answers, answer, request

with Answers.beside(sys.argv[1], MADE) as answers:
    for number in range(int(sys.argv[2])):
        assert answers.get(request(number)) in (None, answer(number))
        answers.put(request(number), answer(number), COST)
        print(number, flush=True)
"""


def request(number: int) -> dict[str, Any]:
    return REQUEST | {"max_tokens": number}


def answer(number: int) -> str:
    return f'{{"visits": [{number}]}}' + " " * 5000


@pytest.fixture
def beside(place: str, request: pytest.FixtureRequest) -> str:
    """Name a run in a place where no answers are yet."""
    if not place.startswith("postgresql:"):
        return place
    server = request.getfixturevalue("postgres")
    return str(server.url(request.getfixturevalue("database"), "?run=one"))


@pytest.fixture
def answers(beside: str) -> Iterator[Answers]:
    with Answers.beside(beside, MADE) as opened:
        yield opened


def test_an_answer_is_kept_as_it_came(answers: Answers) -> None:
    """Every letter of it, also for a run that opens the answers later; a new one takes its place."""
    assert answers.get(REQUEST) is None
    answers.put(REQUEST, '{"a": "Erdoğan \U0001f600 \\u0000"}', COST)
    assert answers.get(REQUEST) == '{"a": "Erdoğan \U0001f600 \\u0000"}'
    answers.put(REQUEST, "{}", COST)
    assert answers.get(REQUEST) == "{}"


@pytest.mark.parametrize(
    "change",
    [
        {"messages": [{"role": "user", "content": "Who went where?"}]},
        {"schema": {"properties": {"destination": {}, "visitor": {}}}},  # a model fills them in their order
        {"max_tokens": 501},
        {"temperature": 1},
        {"seed": 2},
    ],
)
def test_another_request_has_another_answer(answers: Answers, change: dict[str, Any]) -> None:
    """Whatever may change what a model answers is part of the request."""
    answers.put(REQUEST, "{}", COST)
    assert answers.get(REQUEST | change) is None


def test_runs_share_what_the_same_model_answered(answers: Answers, beside: str) -> None:
    """Another run beside, another server, other prompts and schemas: only the model must be the same."""
    answers.put(REQUEST, "{}", COST)
    other_run = beside.replace("run.db", "other.db").replace("run=one", "run=other")
    for same in (MADE, replace(MADE, model="local:copy.gguf"), replace(MADE, schema="Recipe", prompts={})):
        with Answers.beside(other_run, same) as others:
            assert others.get(REQUEST) == "{}"
    for other in (replace(MADE, model_hash="sha256:0"), replace(MADE, model_hash=None, model="http://a/v1#m")):
        with Answers.beside(other_run, other) as others:
            assert others.get(REQUEST) is None
            others.put(REQUEST, "[]", COST)
    with Answers.beside(other_run, replace(MADE, model_hash=None, model="http://b/v1#m")) as others:
        assert others.get(REQUEST) == "[]"
    assert answers.get(REQUEST) == "{}"


def test_several_processes_at_once(beside: str) -> None:
    """They may all make the cache, and write the same answers: none is refused, none is lost."""
    command = [sys.executable, "-c", WRITER, beside, "20"]
    writers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603
        for _ in range(2)
    ]
    said = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], said
    with Answers.beside(beside, MADE) as opened:
        assert [opened.get(request(number)) for number in range(20)] == [answer(number) for number in range(20)]


def test_kill_at_any_moment(beside: str) -> None:
    """What was put before kill -9 is there, whole, and the next process goes on."""
    command = [sys.executable, "-c", WRITER, beside, "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:  # noqa: S603 -- our own
        assert writer.stdout is not None
        reported = [int(line) for _, line in zip(range(20), writer.stdout, strict=False)]
        writer.kill()
        reported += [int(line) for line in writer.stdout if line.endswith("\n")]
    with Answers.beside(beside, MADE) as opened:
        assert [opened.get(request(number)) for number in reported] == [answer(number) for number in reported]
        assert opened.get(request(len(reported) + 1)) is None


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """A file of that name that is no cache of ours is told and not touched."""
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"id,text\n" * 100)
    with pytest.raises(UsageError, match=r"answers\.sqlite is no store of this version"):
        Answers.beside(tmp_path / "run.db", MADE)
    assert path.read_bytes() == b"id,text\n" * 100
