"""Questions in provider batches: all of them answered once, whatever the provider loses, repeats or refuses."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from openai import AsyncOpenAI

from extractor.article import Article
from extractor.batch import spool as spool_module
from extractor.batch.provider_batch import Post, Provider, Questions
from extractor.batch.replies import Replies, Reply
from extractor.batch.spool import Spool
from extractor.errors import ModelError
from extractor.extraction import Extraction, aextract
from extractor.fields import Quoted
from extractor.models import Retries, open_model
from extractor.schema import Schema, field
from tests.fake_batches import FakeBatches, Line, completion, fake_batches


class Sale(Schema):
    """Something that is offered for money."""

    item: Quoted = field("what is sold", key=True)
    price: Quoted | None = field("what it costs")


def sale(passage: str) -> str:
    """Read “Selling a boat for 40 euros”; of a secret price make one that is not there."""
    if "An earlier answer was wrong" in passage:
        return '{"price": null}'
    found = re.findall(r"Selling a (\w+) for (\w+ \w+)", passage)
    return json.dumps({"records": [{"item": i, "price": p.replace("secret", "999")} for i, p in found]})


ARTICLES = [Article(id=f"a{n}", text=f"Selling a boat{n} for {n + 10} euros.") for n in range(12)]


@pytest.fixture
def replies(tmp_path: Path) -> Iterator[Replies]:
    with Replies.beside(tmp_path / "run.db") as made:
        yield made


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.batch.provider_batch._LONGEST_WAIT", 0.01)


async def read(fake: FakeBatches, replies: Replies, articles: list[Article]) -> dict[str, Extraction]:
    """Read articles through the service, as a run does."""
    done: dict[str, Extraction] = {}
    questions = Questions(replies)
    async with (
        AsyncOpenAI(base_url=fake.url, api_key="none", http_client=httpx2.AsyncClient()) as client,
        open_model(f"{fake.url}#fake", retries=Retries(attempts=1), transport=questions) as model,
    ):
        post = Post(questions, Provider(client, fake.url), replies, lambda sentence: None)

        def keep(extraction: Extraction) -> None:
            assert extraction.article.id not in done
            done[extraction.article.id] = extraction

        async def first() -> AsyncIterator[Article]:
            for article in articles:
                yield article

        await post.read(first(), lambda: articles, lambda article: aextract(article, schema=Sale, model=model), keep)
    return done


def prices(done: dict[str, Extraction]) -> dict[str, str | None]:
    return {
        name: str(e.records[0]["price"][0].value) if e.records and e.records[0]["price"] else None
        for name, e in done.items()
    }


async def test_every_article_is_read_through_batches(replies: Replies) -> None:
    with fake_batches(sale) as fake:
        done = await read(fake, replies, ARTICLES)
    assert prices(done) == {f"a{n}": f"{n + 10} euros" for n in range(12)}
    assert len(fake.batches) == 1
    assert set(fake.asked.values()) == {1}


async def test_a_repair_goes_into_the_next_batch(replies: Replies) -> None:
    secret = Article(id="s", text="Selling a car for secret money.")
    with fake_batches(sale) as fake:
        done = await read(fake, replies, [*ARTICLES, secret])
    assert prices(done)["s"] is None
    assert done["s"].rejected
    assert len(fake.batches) == 2


async def test_lost_and_repeated_answers_cost_another_batch_and_nothing_else(replies: Replies) -> None:
    """The first of two answers counts; what came not at all, or as a refusal for now, is sent again."""

    def spoil(number: int, lines: list[Line]) -> list[Line]:
        if number > 1:
            return lines
        other = {**lines[0], "response": completion('{"records": []}')}
        busy = {**lines[1], "response": {"status_code": 429, "body": {"error": {"message": "busy"}}}}
        return [lines[0], other, busy, *lines[4:], lines[5], {"custom_id": "nobody's"}]

    with fake_batches(sale) as fake:
        fake.spoil = spoil
        done = await read(fake, replies, ARTICLES)
    assert prices(done) == {f"a{n}": f"{n + 10} euros" for n in range(12)}
    assert len(fake.batches) == 2
    assert sum(fake.asked.values()) == 12 + 3


async def test_what_is_never_answered_fails_its_article_alone(replies: Replies) -> None:
    with fake_batches(sale) as fake:
        fake.spoil = lambda number, lines: lines[1:]
        done = await read(fake, replies, ARTICLES[:3])
    assert set(done) == {"a0", "a1", "a2"}
    failed = [one.error for one in done.values() if one.error]
    assert len(failed) == 1
    assert "unanswered 3 times" in str(failed[0])


async def test_a_run_that_died_fetches_what_it_had_sent(replies: Replies) -> None:
    """Neither a batch that is known nor one that was sent in the last moment is paid for twice."""
    with fake_batches(sale) as fake:
        fake.looks = 10**6
        died = RuntimeError("as if killed")

        async def dying(self: Provider, batch_id: str) -> None:
            raise died

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Provider, "look", dying)
            with pytest.raises(RuntimeError):
                await read(fake, replies, ARTICLES)
        # As if it had died before it could note the batch.
        replies._database.transact(lambda db: db.exec_driver_sql("DELETE FROM provider_batch"))
        fake.looks = 1
        done = await read(fake, replies, ARTICLES)
    assert len(done) == 12
    assert len(fake.batches) == 1


async def test_a_batch_that_is_refused_stops_the_run_with_its_reason(replies: Replies) -> None:
    with fake_batches(sale) as fake:
        fake.status = "failed"
        with pytest.raises(ModelError, match=r"refused batch batch-1: the file is too large\."):
            await read(fake, replies, ARTICLES)
        fake.status = "completed"
        assert len(await read(fake, replies, ARTICLES)) == 12


def test_questions_are_cut_into_files_that_a_provider_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "_MOST_QUESTIONS", 2)
    with Spool() as spool:
        for key in ("a", "b", "a", "c"):
            spool.add(key, {"custom_id": key})
        cut = [(file.read().decode().splitlines(), keys) for file, keys in spool.files()]
    assert cut == [(['{"custom_id": "a"}', '{"custom_id": "b"}'], ["a", "b"]), (['{"custom_id": "c"}'], ["c"])]


def test_the_first_reply_stays(replies: Replies) -> None:
    replies.keep([("k", Reply(200, "1")), ("k", Reply(200, "2"))])
    replies.keep([("k", Reply(200, "3"))])
    assert replies.get("k") == Reply(200, "1")
    assert replies.get("other") is None


def test_errors_are_asked_anew_by_the_next_run(replies: Replies) -> None:
    replies.keep([("good", Reply(200, "1")), ("bad", Reply(400, "2"))])
    replies.forget_errors()
    assert replies.get("good") == Reply(200, "1")
    assert replies.get("bad") is None
