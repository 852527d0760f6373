"""What the machinery around the model costs, and what it survives, against a FAKE server that answers at once.

    python benchmarks/scale.py overhead   articles per second beside a bare loop of the same requests and instructor
    python benchmarks/scale.py growth     1,000, 10,000 and 100,000 articles: time, memory, resume
    python benchmarks/scale.py latency    100 ms answers, 64 at a time, against the ideal
    python benchmarks/scale.py faults     kill -9 at 50 random moments; 30 % of the answers spoilt

Every figure is taken in a process of its own; what is compared is compared in one run, one after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
from fake_model import Fake, serving

from extractor.article import Article
from extractor.batch.run import run
from extractor.batch.store import Store
from extractor.errors import ExtractorError
from extractor.evaluation.reports import table
from extractor.extraction import aextract
from extractor.models import open_model

ARRIVALS = f"{Path(__file__).parent / 'arrivals.py'}:Arrival"
_GIVEN = (
    "Ana Bo Carla Dmitri Elif Farid Greta Hana Ivo Jana Kofi Lena Mara Nils Olga Pavel Rosa Samir Tess Vera".split()
)
_FAMILY = (
    "Almeida Berg Costa Duarte Eriksen Farkas Grau Horvat Ionescu Jansen Kovac Lund Marek Novak Olsen Petrov".split()
)
_CITIES = "Lima Oslo Nairobi Hanoi Quito Lisbon Accra Tunis Baku Seoul Vienna Dakar Riga Manila Warsaw Dublin".split()
_CONCURRENCY = 16
_WARM = 20  # articles before the clock starts


class Cost(NamedTuple):
    """What a call took: wall and CPU seconds, peak memory in MB, and its result."""

    seconds: float
    cpu: float
    peak: float
    result: Any


def measured(function: Callable[..., Any], *args: Any, first: Sequence[Any] | None = None) -> Cost:
    """Call a function in a fresh process; once before with `first`, so that what is imported then does not count."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        if first:
            process.submit(function, *first).result()
        return process.submit(_measure, function, args).result()


def _measure(function: Callable[..., Any], args: Sequence[Any]) -> Cost:
    started, cpu = time.perf_counter(), time.process_time()
    result = function(*args)
    return Cost(time.perf_counter() - started, time.process_time() - cpu, _peak(), result)


def _peak() -> float:
    """Return the most memory that this process has had, in MB; `ru_maxrss` counts that of its parent, too."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def articles(count: int, schema: str = ARRIVALS) -> Iterator[Article]:
    """Make short articles with one record each; for the visits schema one that tells of a visit."""
    for i in range(count):
        name = f"{_GIVEN[i % 20]} {_FAMILY[i // 20 % 16]}"
        here, there = _CITIES[i // 320 % 16], _CITIES[(i // 320 + 5) % 16]
        told = f"{name} arrived in {there} on Tuesday as guest {i}." if schema == ARRIVALS else (
            f"The foreign minister of Canada, {name}, arrived in {there} on Tuesday for talks as guest {i}."
        )  # fmt: skip
        text = f"{here.upper()} – {told} The talks go on until the end of the month.\n"
        yield Article(id=f"a{i}", text=text, published="2024-03-06")


def extract_all(count: int, schema: str, spec: str, out: str, concurrency: int) -> int:
    """Run the articles into a store, without a word on how far it is."""
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
        summary = run(articles(count, schema), schema=schema, model=spec, out=out, concurrency=concurrency)
    return summary.articles


def bodies(count: int, schema: str, spec: str) -> list[bytes]:
    """Return what extractor posts for the articles."""
    seen: list[bytes] = []

    class Tap(httpx2.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            seen.append(await request.aread())
            return await super().handle_async_request(request)

    async def read() -> None:
        async with open_model(spec, transport=Tap()) as model:
            for article in articles(count, schema):
                await aextract(article, schema=schema, model=model)

    asyncio.run(read())
    return seen


def post_all(url: str, sent: list[bytes]) -> int:
    """Post the bodies with nothing around: the floor."""

    async def post() -> int:
        async with httpx2.AsyncClient(timeout=60) as client:

            async def one(body: bytes) -> None:
                answer = await client.post(f"{url}/chat/completions", content=body, headers=_JSON)
                json.loads(answer.content)

            await _several(one, sent)
        return len(sent)

    return asyncio.run(post())


_JSON = {"content-type": "application/json", "authorization": "Bearer none"}


async def _several(one: Callable[[Any], Awaitable[None]], many: Sequence[Any]) -> None:
    todo = iter(many)

    async def hand() -> None:
        for item in todo:
            await one(item)

    async with asyncio.TaskGroup() as hands:
        for _ in range(_CONCURRENCY):
            hands.create_task(hand())


def instructor_all(url: str, count: int, schema: str) -> int:
    """Ask for the same records with plain instructor: the article in one message, a list of records back."""
    import instructor
    from openai import AsyncOpenAI
    from pydantic import BaseModel

    class Arrival(BaseModel):
        who: str
        where: str | None

    class Answer(BaseModel):
        records: list[Arrival]

    async def read() -> int:
        openai = AsyncOpenAI(base_url=url, api_key="none")
        client = instructor.from_openai(openai, mode=instructor.Mode.JSON_SCHEMA)

        async def one(article: Article) -> None:
            messages = [{"role": "user", "content": f"List who arrives where.\n\n{article.text}"}]
            await client.create(model="fake", messages=messages, response_model=Answer, max_retries=0)

        async with openai:
            await _several(one, list(articles(count, schema)))
        return count

    return asyncio.run(read())


def overhead(count: int = 1000) -> None:
    """Compare with the floor and with instructor."""
    rows = []
    for schema in (ARRIVALS, "visits"):
        with serving() as fake, tempfile.TemporaryDirectory() as folder:
            sent = bodies(count, schema, fake.spec)
            ours = [(n, schema, fake.spec, f"{folder}/{n}/run.db", _CONCURRENCY) for n in (_WARM, count)]
            plain = [(fake.url, n, schema) for n in (_WARM, count)]
            costs = {
                "bare httpx, the same requests": measured(post_all, fake.url, sent, first=(fake.url, sent[:_WARM])),
                "instructor, one plain request": measured(instructor_all, *plain[1], first=plain[0]),
                "extractor": measured(extract_all, *ours[1], first=ours[0]),
            }
        floor = costs["bare httpx, the same requests"]
        for name, cost in costs.items():
            rate = f"{count / cost.seconds:.0f}", f"{count / cost.cpu:.0f}", f"{floor.cpu / cost.cpu:.2f}"
            rows.append([schema.rpartition(":")[2], name, *rate])
    print(f"{count} short articles, {_CONCURRENCY} at a time, answers at once")
    print(table("schema what articles/s per_core_s of_the_floor", rows))


def growth(counts: Sequence[int] = (1_000, 10_000, 100_000)) -> None:
    """Read ever more articles, and go on with the finished run."""
    rows = []
    for count in counts:
        with serving() as fake, tempfile.TemporaryDirectory() as folder:
            arguments = (count, ARRIVALS, fake.spec, f"{folder}/run.db", _CONCURRENCY)
            once, again = measured(extract_all, *arguments), measured(extract_all, *arguments)
            assert once.result == again.result == count, "every article has one outcome"  # noqa: S101
            size = Path(folder, "run.db").stat().st_size / 1e6
        figures = (once.seconds, 1000 * once.seconds / count, once.peak, again.seconds, again.peak, size)
        rows.append([f"{count:,}", *(f"{figure:.1f}" for figure in figures)])
        print(*rows[-1], flush=True)
    print(table("articles seconds ms_each peak_MB resume_s resume_MB store_MB", rows))


def latency(count: int = 1500, concurrency: int = 64, wait: float = 0.1) -> None:
    """Hide the time that answers take."""
    with serving(latency=wait) as fake, tempfile.TemporaryDirectory() as folder:
        small = measured(extract_all, concurrency, ARRIVALS, fake.spec, f"{folder}/small.db", concurrency)
        cost = measured(extract_all, count, ARRIVALS, fake.spec, f"{folder}/run.db", concurrency)
        calls = fake.calls() - concurrency
    ideal = calls / concurrency * wait
    start = small.seconds - wait  # what opening and closing cost whatever the number of articles
    print(f"{count} articles, {calls} calls of {wait * 1000:.0f} ms, {concurrency} at a time: {cost.seconds:.1f} s,")
    print(f"ideal {ideal:.1f} s ({ideal / cost.seconds:.2f}); without start-up of {start:.1f} s", end=" ")
    print(f"{ideal / (cost.seconds - start):.2f}; {cost.cpu:.1f} s of CPU")


def faults(kills: int = 50, count: int = 2000, share: float = 0.3) -> None:
    """Kill a run again and again while answers go wrong, then count outcomes."""
    dice = random.Random(20240305)  # noqa: S311 -- no secret
    with serving(latency=0.02, faults=share) as fake, tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/run.db"
        command = [sys.executable, __file__, "child", str(count), fake.spec, out]
        died = 0
        for _ in range(kills):
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:  # noqa: S603
                try:
                    child.wait(dice.uniform(0.2, 4.0))
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGKILL)
                    died += 1
        extract_all(count, ARRIVALS, fake.spec, out, _CONCURRENCY)
        outcomes = _outcomes(out)
        print(f"{died} of {kills} runs killed; {count} articles, outcomes {sum(outcomes.values())}, ", end="")
        print(f"missing {count - len(outcomes)}, doubled {sum(n > 1 for n in outcomes.values())}; ", end="")
        print(f"calls {fake.calls()}, of which {share:.0%} were spoilt")
        _budget(fake, folder)


def _outcomes(out: str) -> dict[str, int]:
    found: dict[str, int] = {}
    with Store.open(out) as store:
        for extraction in store.extractions():
            found[extraction.article.id] = found.get(extraction.article.id, 0) + 1
    return found


def _budget(fake: Fake, folder: str) -> None:
    """See that no call is made once the budget is spent."""
    before = fake.calls()
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
        run(articles(2000), schema=ARRIVALS, model=fake.spec, out=f"{folder}/budget.db", max_tokens=100_000)
    spent = fake.calls() - before
    with Store.open(f"{folder}/budget.db") as store:
        used = store.totals().usage
    print(f"--max-tokens 100,000: {spent} calls, {used.prompt_tokens + used.completion_tokens:,} tokens used")


def main() -> None:
    """Measure what is named, or all."""
    if sys.argv[1:2] == ["child"]:
        try:
            extract_all(int(sys.argv[2]), ARRIVALS, sys.argv[3], sys.argv[4], _CONCURRENCY)
        except ExtractorError as error:
            sys.exit(str(error))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures = {one.__name__: one for one in (overhead, growth, latency, faults)}
    parser.add_argument("what", nargs="*", choices=[*measures, []], help="all of them unless named")
    for name in parser.parse_args().what or measures:
        print(f"\n{name}", flush=True)
        measures[name]()


if __name__ == "__main__":
    main()
