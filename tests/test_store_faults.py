"""Whatever dies in mid-run, each article that was reported as done is in the store once and whole."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tenacity import RetryCallState

from extractor.article import Article
from extractor.batch import database as under
from extractor.batch.store import Store
from extractor.errors import ExtractorError
from extractor.extraction import Extraction
from tests.postgres import Server
from tests.test_store import FULL, MADE, TEXT

ROOT = Path(__file__).parents[1]
RANDOM = random.Random(20240305)  # noqa: S311 -- no secret
WRITER = """
import sys
from extractor.batch.store import Store
from tests.test_store_faults import MADE, outcome

with Store.resume(sys.argv[1], MADE) as store:
    number = 0
    while True:
        if not store.has(outcome(number).article):
            store.add(outcome(number))
            print(number, flush=True)
        number += 1
"""


def outcome(number: int) -> Extraction:
    """What comes out of an article depends on its number, so that a torn one shows."""
    article = Article(id=f"a{number:06}", text=f"{TEXT} {number}" * 20)
    return replace(FULL, article=article, records=FULL.records[: number % 3], rejected=(), error=None)


def test_kill_at_any_moment(place: str) -> None:
    """After kill -9 each article that was reported is there once, none is torn, and the next run goes on."""
    reported: list[int] = []
    for kills in range(1, 4):
        command = [sys.executable, "-c", WRITER, place]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:  # noqa: S603 -- our own
            assert writer.stdout is not None
            for _, line in zip(range(RANDOM.randrange(1, 40)), writer.stdout, strict=False):
                reported.append(int(line))
            writer.kill()
            reported += [int(line) for line in writer.stdout if line.endswith("\n")]
        with Store.open(place) as store:
            found = list(store.extractions())
            assert found == [outcome(number) for number in range(len(found))]
            assert store.totals().articles == len(found)
        assert len(reported) == len(set(reported))
        assert set(reported) <= set(range(len(found)))
        assert len(found) - len(reported) <= kills  # each may have come between writing and reporting


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """Retry without waiting; instead of each wait, the next of these happens."""
    meanwhile: list[Callable[[], object]] = []
    retrying = under._retrying

    def wait(_: RetryCallState) -> float:
        meanwhile.pop(0)()
        return 0.0

    monkeypatch.setattr(under, "_retrying", lambda: retrying().copy(wait=wait))
    return meanwhile


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the lock of another process."""
    monkeypatch.setattr("extractor.batch.postgresql._PATIENCE", "SET lock_timeout = '1ms'")


def cut(server: Server, database: str) -> None:
    """End all connections to a database, as a server does that is restarted."""
    server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")  # noqa: S608


def open_for_connections(server: Server, database: str, answer: bool) -> None:
    server.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS {answer}")


@pytest.mark.usefixtures("impatient")
def test_a_lost_connection_is_made_anew(postgres: Server, database: str) -> None:
    """What was under way is done again, once, and the run is still the only one that writes."""
    with Store.resume(postgres.url(database), MADE) as store:
        for number in range(3):
            store.add(outcome(number))
            cut(postgres, database)
        assert list(store.extractions()) == [outcome(number) for number in range(3)]
        with pytest.raises(ExtractorError, match="Another process is writing"):
            Store.resume(postgres.url(database), MADE)
        store.add(outcome(0))
        assert store.totals().articles == 3


def test_a_server_that_comes_back_is_waited_for(
    postgres: Server, database: str, waits: list[Callable[[], object]]
) -> None:
    """While it refuses, nothing is lost; the attempt that finds it goes on."""
    with Store.resume(postgres.url(database), MADE) as store:
        store.add(outcome(0))
        open_for_connections(postgres, database, False)
        cut(postgres, database)
        waits += [lambda: None, partial(open_for_connections, postgres, database, True)]
        store.add(outcome(1))
        assert not waits
        assert list(store.extractions()) == [outcome(0), outcome(1)]


def test_a_server_that_stays_away_ends_the_run(
    postgres: Server, database: str, waits: list[Callable[[], object]]
) -> None:
    """After some attempts it is one sentence without the password; what was written is there later."""
    waits += [lambda: None] * 6
    with Store.resume(postgres.url(database), MADE) as store:
        store.add(outcome(0))
        open_for_connections(postgres, database, False)
        cut(postgres, database)
        with pytest.raises(ExtractorError) as refused:
            store.add(outcome(1))
        assert not waits
    assert str(refused.value) == (
        f'Lost the connection to {store.place}: database "{database}" is not currently accepting connections; '
        "what was written is safe: run the same again."
    )
    open_for_connections(postgres, database, True)
    with Store.resume(postgres.url(database), MADE) as store:
        assert list(store.extractions()) == [outcome(0)]


@pytest.mark.usefixtures("impatient")
def test_another_run_that_came_first_is_not_disturbed(
    postgres: Server, database: str, waits: list[Callable[[], object]]
) -> None:
    """Where a lost connection let in another process, that one writes, and ours ends."""
    waits += [lambda: None] * 6
    with Store.resume(postgres.url(database), MADE) as first:
        cut(postgres, database)
        with Store.resume(postgres.url(database), MADE) as second:
            with pytest.raises(ExtractorError, match="Another process is writing"):
                first.add(outcome(0))
            second.add(outcome(1))
        with pytest.raises(ExtractorError, match=r"Another process has written to .* meanwhile; run the same again"):
            first.add(outcome(0))
    with Store.resume(postgres.url(database), MADE) as third:
        third.add(outcome(0))
        assert list(third.extractions()) == [outcome(0), outcome(1)]
