"""Gives out the articles that have no outcome yet, one at a time, until there are no more or the run is to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import chain, count

from extractor.article import Article
from extractor.batch.ahead import Ahead
from extractor.batch.digests import Digests, digest
from extractor.batch.outcomes import Outcomes
from extractor.batch.progress import Progress
from extractor.extraction import Extraction
from extractor.readers import Raw, Unreadable, finished


class Intake:
    """The articles of a source, for those who work on them.

    What cannot be read is a failure at once. After `max_articles` nothing is given out any more; `stopped` then says
    so, as it does after `stop`. What `old` says yes to is passed over, as is what has an outcome. `waits` says that
    reading may have to wait for somebody, as at a pipe.
    """

    def __init__(
        self,
        found: Iterator[Raw | Article | Unreadable],
        outcomes: Outcomes,
        progress: Progress,
        gate: bool,
        max_articles: int | None,
        *,
        old: Callable[[Article | Raw], bool],
        waits: bool,
    ) -> None:
        self.stopped: str | None = None
        self._found = found
        self._ahead = Ahead(found) if waits else None
        self._outcomes = outcomes
        self._progress = progress
        self._gate = gate
        self._old = old
        self._max_articles = max_articles
        self._given = 0
        self._peeked: Article | None = None
        self._seen = Digests()
        self._one_by_one = asyncio.Lock()
        outcomes.store.forget_unreadable()

    def peek(self) -> bool:
        """Read on to the first article that has no outcome, and say whether there is one."""
        self._peeked = next(filter(None, map(self._admit, self._found)), None)
        self._outcomes.write()
        return self._peeked is not None

    async def take(self) -> Article | None:
        """Return the next article; None when there is none, or the run is to stop."""
        async with self._one_by_one:  # else all would begin at once, and the first answer come after the last beginning
            await asyncio.sleep(0)
            article = None if self.stopped else await self._next()
            if article and self._given == self._max_articles:
                self.stop(f"Stopped after {self._given} articles, as was asked for.")
            if self.stopped or article is None:
                return None
            self._given += 1
            return article

    def stop(self, reason: str) -> None:
        """Give out no more articles."""
        self.stopped = self.stopped or reason
        if self._ahead:
            self._ahead.close()

    async def _next(self) -> Article | None:
        if self._peeked:
            article, self._peeked = self._peeked, None
            return article
        while (member := await self._read()) is not None:
            if admitted := self._admit(member):
                return admitted
            await asyncio.sleep(0)
        return None

    def _has(self, article: Article | Raw) -> bool:
        return self._outcomes.store.has(article, gate=self._gate) or self._old(article)

    async def _read(self) -> Raw | Article | Unreadable | None:
        return await self._ahead.get() if self._ahead else next(self._found, None)

    def _admit(self, member: Raw | Article | Unreadable) -> Article | None:
        """Return an article that has no outcome yet; write down what cannot be read.

        The store is asked before anything is looked for in a text, which takes most of the time of going on with a run.
        """
        if not isinstance(member, Unreadable):
            self._seen.add(_name(member.id))
            if not self._has(member):
                article = finished(member) if isinstance(member, Raw) else member
                if article is member or not self._has(article):  # it may state its day itself
                    return article
            self._progress.pass_over()
        else:
            copies = (f"{member.id} ({number})" for number in count(2))
            free = next(name for name in chain([member.id], copies) if _name(name) not in self._seen)
            self._seen.add(_name(free))
            self._outcomes.keep(Extraction(Article(id=free, text=""), error=member.reason))
            self._outcomes.write()
        return None


def _name(article_id: str) -> bytes:
    return digest(article_id, None, "")
