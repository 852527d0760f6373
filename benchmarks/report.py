"""How long the report of many articles takes to write, to open, to filter and to search in a real browser.

    python benchmarks/report.py            5,000 articles
    python benchmarks/report.py 500        so many

The articles are the five seeds over and over, extracted from recorded answers, each with an id, a last line and
a status of its own. Every figure is the median of several, with the worst behind it; filters count until the page is
painted.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

import extractor
from extractor.batch.store import Store
from extractor.extraction import Extraction
from extractor.reviewing import report

ROUNDS = 7
STATUSES = ("announced", "ongoing", "completed", "cancelled", "possible", "not_held")
# Set a value, tell the page, and wait until what follows is on the screen.
CHANGE = """async ([selector, value]) => {
  const box = document.querySelector(selector);
  const begun = performance.now();
  box.value = value;
  box.dispatchEvent(new Event(box.tagName === "SELECT" ? "change" : "input", {bubbles: true}));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
FOLLOW = """async (address) => {
  const begun = performance.now();
  location.hash = address;
  await new Promise((done) => addEventListener("hashchange", done, {once: true}));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
CHANGES = {
    "filter by status": ("#choices label:nth-child(2) select", ("completed", "announced", "")),
    "filter by verdict": ("#choices label:nth-last-child(2) select", ("judged", "derived", "")),
    "filter by confidence": ("#choices input", ("0.9", "0.5", "0")),
    "search a common word": ("#search", ("visit", "korea", "")),
    "search a rare word": ("#search", ("last line 4321", "zzz", "")),
}


def copies(seeds: list[Extraction], number: int) -> Iterator[Extraction]:
    """Yield so many articles, each a little different."""
    chance = random.Random(5)  # noqa: S311 -- no secret
    for place in range(number):
        seed = seeds[place % len(seeds)]
        text = f"{seed.article.text}\nThis is last line {place}."
        records = tuple(
            record | {"status": tuple(found._replace(value=chance.choice(STATUSES)) for found in record["status"])}
            for record in seed.records
        )
        article = seed.article.model_copy(update={"id": f"a{place:05}", "text": text})
        yield replace(seed, article=article, records=records)


def store_of(folder: Path, number: int) -> Path:
    """Make a store of so many articles."""
    run = extractor.run("seeds/", replay="cassettes/", out=folder / "seeds.db")
    with Store.open(run.store) as store:
        seeds, made = list(store.extractions()), store.provenance
    with Store.resume(folder / "many.db", made) as store:
        store.add(*copies(seeds, number))
    return folder / "many.db"


def milliseconds(take: Callable[[], float]) -> str:
    """Say how long something takes: median and worst."""
    taken = [take() for _ in range(ROUNDS)]
    return f"{median(taken):7.0f} ms   worst {max(taken):7.0f} ms"


def opening(browser: Browser, address: str) -> float:
    """Open the report in a window of its own, and wait until list and article are painted."""
    page = browser.new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#list a")
    page.wait_for_selector(".article .text")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    taken = time.perf_counter() - begun
    page.close()
    return taken * 1000


def changing(page: Page, selector: str, values: tuple[str, ...]) -> float:
    """Set a filter to each value; the slowest counts."""
    return max(page.evaluate(CHANGE, [selector, value]) for value in values)


def main() -> None:
    """Write the report, and use it."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as place:
        store = store_of(Path(place), number)
        begun = time.perf_counter()
        written = report(store, out=Path(place, "report.html"))
        size = written.out.stat().st_size / 2**20
        print(f"{written.articles:,} articles, {written.records:,} records, {size:.1f} MiB")
        print(f"{'write':22} {(time.perf_counter() - begun) * 1000:7.0f} ms")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            use(chromium, written.out.as_uri(), number)
            chromium.close()


def use(browser: Browser, address: str, number: int) -> None:
    """Open the report, filter, search, read, and look at the charts."""
    print(f"{'open':22} {milliseconds(lambda: opening(browser, address))}")
    page = browser.new_page()
    page.goto(address)
    begun = time.perf_counter()
    page.wait_for_function("() => Extractor.data.isSearchable()", timeout=120_000)
    print(f"{'all texts searchable':22} {(time.perf_counter() - begun) * 1000:7.0f} ms after opening")
    for name, (selector, values) in CHANGES.items():
        print(f"{name:22} {milliseconds(partial(changing, page, selector, values))}")
    following = iter(range(0, number, max(1, number // (ROUNDS + 1))))
    print(f"{'open an article':22} {milliseconds(lambda: page.evaluate(FOLLOW, f'#article/a{next(following):05}'))}")
    print(f"{'draw the charts':22} {page.evaluate(FOLLOW, '#charts'):7.0f} ms")


if __name__ == "__main__":
    main()
