"""Provider batches: questions are sent together as a file and answered within a day, at half price.

Articles are read as always, but a question that no batch has answered yet is noted instead of asked, and its article
waits. What was noted goes to the provider (OpenAI's ``/v1/batches``); once the answers are there, the articles are
read again, as far as the new answers carry, until no question is left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import httpx2

from extractor.batch.replies import Replies, Reply
from extractor.batch.spool import Spool
from extractor.errors import ExtractorError, ModelError
from extractor.models.faults import brief, explain

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import Batch

    from extractor.article import Article
    from extractor.extraction import Extraction

_JSON = {"content-type": "application/json"}
_ENDPOINT: Final = "/v1/chat/completions"
_OVER = frozenset(("completed", "failed", "expired", "cancelled"))
_TIMES = 3  # that a question is sent before its article fails
_LONGEST_WAIT = 60.0  # seconds between two looks at a batch


class PendingError(ExtractorError):
    """A question waits for the provider's next batch; its article is read again then."""


class Questions(httpx2.AsyncBaseTransport):
    """Gives a request the answer that a batch has brought; notes it for the next batch if none has."""

    def __init__(self, replies: Replies) -> None:
        self.spool: Spool | None = None
        self._replies = replies

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer, or raise `PendingError`."""
        body = json.loads(await request.aread())
        key = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        reply = self._replies.get(key)
        if reply:
            return httpx2.Response(reply.status, headers=_JSON, content=reply.body.encode())
        if self.spool is not None:
            self.spool.add(key, {"custom_id": key, "method": "POST", "url": _ENDPOINT, "body": body})
        raise PendingError("The provider has not answered this question yet.")


class Provider:
    """The provider's side: takes files of questions, and gives the answers when it has them."""

    def __init__(self, client: AsyncOpenAI, where: str) -> None:
        self._client = client
        self._where = where

    async def send(self, file: IO[bytes], digest: str, known: Collection[str]) -> str:
        """Send a file of questions and return the id of its batch.

        A batch with these very questions that is not `known` was sent by a run that died the moment after.
        """
        recent = await self._try(self._client.batches.list(limit=100))
        for batch in recent.data:
            mine = (batch.metadata or {}).get("questions") == digest and batch.id not in known
            if mine and batch.status not in _OVER - {"completed"}:
                return str(batch.id)
        upload = await self._try(self._client.files.create(file=("questions.jsonl", file), purpose="batch"))
        batch = await self._try(
            self._client.batches.create(
                input_file_id=upload.id,
                endpoint=_ENDPOINT,
                completion_window="24h",
                metadata={"questions": digest},
            )
        )
        return str(batch.id)

    async def look(self, batch_id: str) -> Batch:
        """Ask how far a batch is."""
        batch: Batch = await self._try(self._client.batches.retrieve(batch_id))
        return batch

    async def replies(self, batch: Batch) -> AsyncIterator[tuple[str, Reply]]:
        """Yield what a batch brought, by the key of the question: answers, and errors that are final."""
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            content = await self._try(self._client.files.content(file_id))
            for line in content.iter_lines():
                if (found := _reply(line)) and not _may_yet_succeed(found[1].status):
                    yield found

    async def _try(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except Exception as error:
            raise explain(error, self._where) from None  # the cause may quote a key


def _reply(line: str) -> tuple[str, Reply] | None:
    """Read a line of a provider's file; None if it answers nothing."""
    try:
        said = json.loads(line)
        response = said.get("response") or {}
        body = response.get("body") or {"error": said.get("error")}
        return str(said["custom_id"]), Reply(int(response.get("status_code") or 500), json.dumps(body))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # the question counts as unanswered


class Post(NamedTuple):
    """What a run needs to have its questions answered in batches."""

    questions: Questions
    provider: Provider
    replies: Replies
    tell: Callable[[str], None]

    async def read(
        self,
        first: AsyncIterator[Article],
        again: Callable[[], Iterable[Article]],
        extract: Callable[[Article], Awaitable[Extraction]],
        keep: Callable[[Extraction], None],
    ) -> None:
        """Read the articles to the end, round by round; `again` gives those of `first` anew, others among them."""
        self.replies.forget_errors()
        await self._collect()
        waiting: set[str] | None = None
        while waiting is None or waiting:
            left: set[str] = set()
            with Spool() as spool:
                self.questions.spool = spool
                async for article in first if waiting is None else _chosen(again(), waiting):
                    try:
                        extraction = await extract(article)
                    except PendingError:
                        left.add(article.id)
                    else:
                        keep(extraction)
                for file, keys in spool.files():
                    await self._send(file, keys)
            await self._collect()
            waiting = left

    async def _send(self, file: IO[bytes], keys: list[str]) -> None:
        digest = hashlib.sha256("".join(keys).encode()).hexdigest()
        batch_id = await self.provider.send(file, digest, self.replies.batches())
        self.replies.sent(batch_id, keys)
        self.tell(f"Batch {batch_id}: {len(keys)} questions sent; run the same again to go on, should this end.")

    async def _collect(self) -> None:
        """Wait for all batches that were sent, and keep what they brought."""
        for batch_id in self.replies.batches(open_only=True):
            batch = await self._wait(batch_id)
            self.replies.keep([found async for found in self.provider.replies(batch)])
            lost = self.replies.close_batch(batch_id, times=_TIMES)
            if batch.status == "failed":
                raise ModelError(f"The provider refused batch {batch_id}: {_complaint(batch)}.")
            self.tell(f"Batch {batch_id} {batch.status}" + (f", {lost} questions unanswered." if lost else "."))

    async def _wait(self, batch_id: str) -> Batch:
        from tenacity import AsyncRetrying, retry_if_result, wait_exponential

        def is_under_way(batch: Batch) -> bool:
            return batch.status not in _OVER

        looking = AsyncRetrying(retry=retry_if_result(is_under_way), wait=wait_exponential(max=_LONGEST_WAIT))
        found: Batch = await looking(self.provider.look, batch_id)
        return found


async def _chosen(articles: Iterable[Article], ids: set[str]) -> AsyncIterator[Article]:
    for article in articles:
        if article.id in ids:
            yield article


def _may_yet_succeed(status: int) -> bool:
    return status in (408, 429) or status >= 500


def _complaint(batch: Batch) -> str:
    errors = (batch.errors and batch.errors.data) or []
    return brief("; ".join(error.message or "" for error in errors) or "it gives no reason")
