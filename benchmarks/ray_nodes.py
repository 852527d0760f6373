"""Articles per second on one Ray node and on two, against a FAKE server that takes 100 ms for each answer.

    python benchmarks/ray_nodes.py

The nodes are real ones of a Ray cluster, each with one worker and the same concurrency, but both on this machine; it
is kept so low that the answers take the time, not the processors, which the nodes share. The rate is that of the last
three quarters of the articles, when all workers have long been open.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fake_model import serving
from ray.cluster_utils import Cluster

from extractor.article import Article
from extractor.batch.ray_engine import Workers, open_workers
from extractor.models import ModelSpec
from extractor.models.budget import Budget
from extractor.models.pace import Pace
from extractor.schema import load

_LATENCY = 0.1
_SCHEMA = load(f"{Path(__file__).parent / 'arrivals.py'}:Arrival")
_NODE = {"object_store_memory": 80_000_000, "include_dashboard": False}


class Rate(NamedTuple):
    """Articles per second, and the seconds of CPU that the process took which hands them out."""

    articles: float
    cpu: float


def articles(count: int) -> Iterator[Article]:
    """Make short articles with one record each."""
    for number in range(count):
        yield Article(id=f"a{number}", text=f"Ana Ruiz arrived in Lima on Tuesday. It was day {number} of the talks.")


async def rate(spec: ModelSpec, concurrency: int, seconds: float) -> Rate:
    """Read for about so many seconds with all workers of the cluster."""
    stamps: list[float] = []

    async def hand(workers: Workers) -> None:
        for article in todo:
            extraction = await workers.extract(article)
            assert extraction.records and not extraction.error, extraction  # noqa: S101, PT018
            stamps.append(time.perf_counter())

    opening = open_workers(_SCHEMA, spec, concurrency=concurrency, pace=Pace, budget=Budget, say=print)
    async with opening as workers:
        todo = articles(int(workers.hands / _LATENCY * seconds))
        cpu = time.process_time()
        await asyncio.gather(*(hand(workers) for _ in range(workers.hands)))
        cpu = time.process_time() - cpu
    start = len(stamps) // 4
    return Rate((len(stamps) - 1 - start) / (stamps[-1] - stamps[start]), cpu / len(stamps))


def main() -> None:
    """Measure one node, then two, in one cluster whose head only hands out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--concurrency", type=int, default=4, help="articles at a time on each node")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long to read, about, each time")
    given = parser.parse_args()
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **_NODE})
    os.environ["RAY_ADDRESS"] = cluster.address
    rates = []
    ideal = given.concurrency / _LATENCY
    with serving(latency=_LATENCY) as fake:
        for nodes in (1, 2):
            cluster.add_node(num_cpus=1, **_NODE)
            found = asyncio.run(rate(ModelSpec.parse(fake.spec), given.concurrency, given.seconds))
            rates.append(found.articles)
            print(
                f"{nodes} node{'s' * (nodes > 1)}: {found.articles:.1f} articles/s of {nodes * ideal:.0f} at best;",
                end=" ",
            )
            print(f"{1000 * found.cpu:.1f} ms of CPU for each in the process that hands them out", flush=True)
    cluster.shutdown()
    print(f"two nodes against one: {rates[1] / rates[0]:.2f} times, with {_LATENCY * 1000:.0f} ms answers,", end=" ")
    print(f"{given.concurrency} at a time on each node, {os.cpu_count()} processors for all of it")


if __name__ == "__main__":
    main()
