"""Works on articles by several hands, until all are done or somebody stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from extractor.article import Article
from extractor.batch.intake import Intake
from extractor.batch.outcomes import Outcomes
from extractor.errors import BudgetError
from extractor.extraction import Extraction

_GRACE = 5.0  # seconds that what is under way has to finish after Ctrl-C


async def work(
    intake: Intake,
    extract: Callable[[Article], Awaitable[Extraction]],
    outcomes: Outcomes,
    *,
    hands: int,
    say: Callable[[str], None],
) -> None:
    """Take the articles one after the other, by so many hands; an article has its outcome written or none.

    When the budget is spent, or Ctrl-C cancels this, no article is begun any more. After Ctrl-C those that were have a
    few seconds to finish. The first error of a hand ends the work of all.
    """
    tasks = [asyncio.create_task(_hand(intake, extract, outcomes)) for _ in range(hands)]
    try:
        _raise_first(await _first_error(tasks))
        outcomes.settle()
    except asyncio.CancelledError:
        intake.stop("Stopped by Ctrl-C.")
        say(f"Stopping: what is under way has {_GRACE:.0f} s to finish; Ctrl-C again stops at once.")
        _raise_first(await _first_error(tasks, _GRACE))
        raise
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        outcomes.write()


async def _hand(intake: Intake, extract: Callable[[Article], Awaitable[Extraction]], outcomes: Outcomes) -> None:
    while article := await intake.take():
        try:
            outcomes.keep(await extract(article))
        except BudgetError as spent:  # the article has no outcome; the next run asks about it
            intake.stop(f"{spent} Run the same again to go on with a fresh one.")
        await asyncio.sleep(0)  # what else is done by now is written together
        outcomes.write()


async def _first_error(tasks: list[asyncio.Task[None]], seconds: float | None = None) -> set[asyncio.Task[None]]:
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    return done


def _raise_first(done: set[asyncio.Task[None]]) -> None:
    for task in done:
        task.result()
