"""The Ray engine on a real cluster of two nodes on this machine: what dies costs time, and nothing else."""

from __future__ import annotations

import asyncio
import importlib
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from extractor.article import Article
from extractor.batch.ray_engine import Workers, open_workers
from extractor.batch.ray_limits import Limits
from extractor.batch.ray_worker import packed
from extractor.errors import BudgetError, UsageError
from extractor.extraction import Extraction
from extractor.extraction.gate import CLOSED
from extractor.models import ModelSpec, Usage
from extractor.models.budget import Budget
from extractor.models.pace import Pace
from extractor.schema import Schema, load
from tests.fake_answers import fake_model, sales
from tests.fake_server import Reply

# Nodes live in a process of their own, which takes orders by its standard input.
NODES = """
import sys
from ray.cluster_utils import Cluster

node = dict(num_cpus=1, object_store_memory=80_000_000, include_dashboard=False)
cluster = Cluster(initialize_head=True, head_node_args=node)
others = [cluster.add_node(**node)]
print(cluster.address, cluster.head_node.get_session_dir_path(), flush=True)
for order in sys.stdin:
    if order == "kill\\n":
        cluster.remove_node(others.pop(), allow_graceful=False)
    elif order == "add\\n":
        others.append(cluster.add_node(**node))
    print("done", flush=True)
cluster.shutdown()
"""

# What reads with this schema says where, and dies of poison.
SALE = '''
import os

import ray
from pydantic import field_validator

from extractor.fields import Quoted
from extractor.schema import Schema, field


class Sale(Schema):
    """Something that is offered for money."""

    cues = ("Selling",)

    item: Quoted = field("what is sold", key=True)
    price: Quoted | None = field("what it costs")
    extras: list[Quoted] = field("what comes with it")

    @field_validator("item")
    @classmethod
    def seen(cls, item: str) -> str:
        with open({log!r}, "a") as log:
            print(os.getpid(), ray.get_runtime_context().get_node_id(), item, file=log)
        if item == "poison":
            os._exit(1)
        return item
'''


OFFERS = '''
from pydantic import field_validator

from extractor.fields import Quoted
from extractor.schema import Schema, field


def trimmed(text: str) -> str:
    return text.strip()


class Offer(Schema):
    """Something that is offered."""

    item: Quoted = field("what is sold", key=True)

    @field_validator("item")
    @classmethod
    def trim(cls, item: str) -> str:
        return trimmed(item)
'''


class Nodes:
    """The cluster, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._orders, self._answers = process.stdin, process.stdout
        self.address, folder = self._read().split()
        self.folder = Path(folder)

    def order(self, word: str) -> None:
        """Have a node killed or added."""
        print(word, file=self._orders, flush=True)
        assert self._read() == "done\n"

    def _read(self) -> str:
        return self._answers.readline()


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Two nodes of one processor each."""
    pytest.importorskip("ray", reason="needs the extra ray")
    quiet = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DISABLE_IMPORT_WARNING": "1"}
    command = [sys.executable, "-W", "ignore", "-c", NODES]
    with subprocess.Popen(  # noqa: S603 -- our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet
    ) as process:
        yield Nodes(process)
        process.communicate()


KEY = "made-up-key-of-the-driver"


@pytest.fixture
def cluster(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    """The cluster as the one that is joined, by somebody who has a key, which the nodes were started without."""
    monkeypatch.setenv("RAY_ADDRESS", nodes.address)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return nodes


class Served(NamedTuple):
    """The fake server: the spec that names it, and the keys that came with the requests."""

    spec: str
    keys: list[str | None]


@pytest.fixture
def model() -> Iterator[Served]:
    """A FAKE server that takes 100 ms for each answer."""
    keys: list[str | None] = []

    def rule(passage: str) -> Reply:
        def reply(handler: BaseHTTPRequestHandler) -> None:
            keys.append(handler.headers["authorization"])
            time.sleep(0.1)
            with suppress(ConnectionError):  # whoever asked was killed
                sales(passage)(handler)

        return reply

    with fake_model(rule) as served:
        yield Served(served.spec, keys)
    assert set(keys) <= {f"Bearer {KEY}"}


class Seen:
    """What the workers wrote down: which process on which node met which item."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "seen.log"
        self.log.touch()
        (folder / "sale.py").write_text(SALE.format(log=str(self.log)))
        self.schema = load(str(folder / "sale.py"))

    @property
    def rows(self) -> list[list[str]]:
        return [line.split(maxsplit=2) for line in self.log.read_text().splitlines()]

    def workers(self) -> set[int]:
        return {int(row[0]) for row in self.rows}

    def nodes(self) -> set[str]:
        return {row[1] for row in self.rows}


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    """The schema that tells."""
    return Seen(tmp_path)


def read_all(
    articles: Iterable[Article],
    model: str,
    schema: type[Schema],
    *,
    meanwhile: Callable[[int], None] = lambda done: None,
    **options: Any,
) -> list[Extraction]:
    """Extract on the cluster by as many hands as it has; `meanwhile` is told after each how many are done."""
    done: list[Extraction] = []
    todo = iter(articles)

    async def hand(workers: Workers) -> None:
        for article in todo:
            done.append(await workers.extract(article))
            await asyncio.to_thread(meanwhile, len(done))

    async def work() -> None:
        options.setdefault("say", lambda told: None)
        async with open_workers(schema, ModelSpec.parse(model), concurrency=4, **options) as workers:
            await asyncio.gather(*(hand(workers) for _ in range(workers.hands)))

    asyncio.run(work())
    return done


def whole(done: list[Extraction], articles: list[Article]) -> bool:
    """Say whether each article has exactly one extraction, with its record."""
    items = {one.article.id: [found.value for r in one.records for found in r["item"]] for one in done}
    return len(done) == len(articles) and items == {
        article.id: re.findall(r"Selling (\w+)", article.text) for article in articles
    }


def test_what_dies_costs_nothing_but_time(cluster: Nodes, model: Served, seen: Seen) -> None:
    """A worker is killed in mid-run, then a whole node: each article still has exactly one extraction.

    Workers on both nodes read, the source is read no further than they have hands, and each loss is told.
    """
    given: list[Article] = []
    finished = ahead = 0
    told: list[str] = []
    deaths: list[Callable[[], object]] = [
        partial(cluster.order, "kill"),
        lambda: os.kill(max(seen.workers()), signal.SIGKILL),
    ]

    def source() -> Iterator[Article]:
        """Go on until all has happened that is to happen, and a while after."""
        nonlocal ahead
        while deaths or finished < dead_by + 60:
            given.append(Article(id=f"a{len(given)}", text=f"Selling thing{len(given)} for 3 euros."))
            ahead = max(ahead, len(given) - finished)
            yield given[-1]

    dead_by = 0

    def meanwhile(done: int) -> None:
        nonlocal finished, dead_by
        finished = done
        if deaths and len(seen.workers()) == 4 - len(deaths):  # both nodes are at work, or again
            dead_by = done
            deaths.pop()()

    assert whole(read_all(source(), model.spec, seen.schema, meanwhile=meanwhile, say=told.append), given)
    waiting = "Waiting for the Ray cluster to have a free CPU."  # a busy machine is slow to open the model
    assert set(told) - {waiting} == {"A worker on the cluster has died; what it held is read again."}
    assert len(told) == 2
    assert len(seen.nodes()) == 2
    assert ahead <= 2 * 5


def test_an_article_that_kills(cluster: Nodes, model: Served, seen: Seen) -> None:
    """Only the article that ends its process again and again fails, after three times, with a reason.

    The gate, which is closed to another, is on the cluster as it is on one machine.
    """
    articles = [Article(id=f"a{number}", text=f"Selling thing{number} for 3 euros.") for number in range(20)]
    poison = Article(id="poison", text="Selling poison for 3 euros.")
    silent = Article(id="silent", text="Nothing here.")
    done = read_all([*articles, poison, silent], model.spec, seen.schema, gate=True)
    ends = {one.article.id: one for one in done if one.article in (poison, silent)}
    assert whole([one for one in done if one.article.id not in ends], articles)
    assert "died 3 times" in str(ends["poison"].error)
    assert [row[2] for row in seen.rows].count("poison") == 3
    assert [rejected.reason for rejected in ends["silent"].rejected] == [CLOSED]


def test_one_budget_for_the_cluster(cluster: Nodes, model: Served, seen: Seen) -> None:
    """All workers spend out of one budget, and its end is told as on one machine."""
    endless = (Article(id=f"a{number}", text=f"Selling thing{number} for 3 euros.") for number in count())
    with pytest.raises(BudgetError, match="The budget of 3,000 tokens is spent"):
        read_all(endless, model.spec, seen.schema, budget=partial(Budget, max_tokens=3_000))
    assert 0 < 15 * len(model.keys) <= 3_000


def test_an_error_is_raised_as_it_is(cluster: Nodes, seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps every worker from opening the model ends the run with its one sentence."""
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(UsageError, match=r"^openai/gpt-4.1-mini needs a key; set .* OPENAI_API_KEY\.$"):
        read_all([Article(id="a", text="Selling a boat for 3 euros.")], "openai/gpt-4.1-mini", seen.schema)


def test_the_key_is_in_no_log(cluster: Nodes) -> None:
    """The key of this process went with the requests of all tests above, and Ray wrote it nowhere."""
    logs = [path for path in cluster.folder.glob("logs/**/*") if path.is_file()]
    assert len(logs) > 5
    assert not [path for path in logs if KEY.encode() in path.read_bytes()]


def test_a_cluster_that_is_not_there(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot be joined is told in a sentence."""
    pytest.importorskip("ray", reason="needs the extra ray")
    monkeypatch.setenv("RAY_ADDRESS", "nonsense")
    with pytest.raises(UsageError, match="The Ray cluster nonsense cannot be joined"):
        read_all([], "http://127.0.0.1:1/v1#fake", seen.schema)


def test_without_ray(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the message names the extra."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r'pip install "extractor\[ray\]"'):
        read_all([], "http://127.0.0.1:1/v1#fake", seen.schema)


def test_the_embedded_model_is_refused(seen: Seen) -> None:
    """It would have to be on every node."""
    with pytest.raises(UsageError, match="name a server by its URL"):
        read_all([], "local", seen.schema)


def test_a_file_of_a_schema_travels(seen: Seen, tmp_path: Path) -> None:
    """What is sent makes the same schema where its file is not."""
    sent = packed(seen.schema)
    (tmp_path / "sale.py").unlink()
    made = sent()
    assert made is not seen.schema
    assert made.model_json_schema() == seen.schema.model_json_schema()


def test_a_class_travels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class of a module that the other machine does not have goes along, with what it needs of the module."""
    pytest.importorskip("ray", reason="needs the extra ray")
    (tmp_path / "offers.py").write_text(OFFERS)
    monkeypatch.syspath_prepend(tmp_path)
    sent = pickle.dumps(packed(importlib.import_module("offers").Offer))
    load_it = "import pickle, sys; print(pickle.load(sys.stdin.buffer)().model_validate({'item': ' boat '}).item)"
    command = [sys.executable, "-W", "ignore", "-c", load_it]
    there = subprocess.run(command, input=sent, stdout=subprocess.PIPE, check=True)  # noqa: S603 -- our own script
    assert there.stdout == b"boat\n"


async def test_what_a_dead_worker_held_is_let_go() -> None:
    """Its turn and what it reserved go to others, its requests are thought to have taken the most."""
    limits = Limits(Pace, partial(Budget, max_tokens=100), 1)
    await limits.begin("dead", 10)
    reserved = await limits.reserve("dead", Usage(50, 10, 1))
    waiting = asyncio.create_task(limits.begin("dead too", 10))
    await asyncio.sleep(0)
    await limits.drop("dead too")
    await limits.drop("dead")
    await limits.pay(reserved, Usage(1, 1, 1))
    await waiting
    turn = await limits.begin("alive", 10)
    await limits.end(turn, [("took", 5), ("refused", None)], failed=True)
    paid = await limits.reserve("alive", Usage(30, 10, 1))
    await limits.pay(paid, Usage(10, 10, 1))
    with pytest.raises(BudgetError, match="80 tokens used"):
        await limits.reserve("alive", Usage(30, 10, 1))
