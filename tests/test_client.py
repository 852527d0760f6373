"""The client against a fake server: faults become one clear sentence, in bounded time, and no key leaks."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import count

import openai
import pytest
from pydantic import BaseModel, ValidationInfo, field_validator

from extractor.errors import BudgetError, ModelError
from extractor.models import Retries, Usage, open_model
from extractor.models.budget import Budget
from extractor.models.pace import Pace
from tests.fake_server import Fake, Reply, answer, body, cut, fake_server, refusal, silence

KEY = "sk-verysecret-0123456789"
QUESTION = [{"role": "user", "content": "Who went where?"}]
AT_ONCE = Retries(first_wait=0, longest_wait=0)


class Visit(BaseModel):
    visitor: str

    @field_validator("visitor")
    @classmethod
    def named_in_article(cls, visitor: str, info: ValidationInfo) -> str:
        if info.context and visitor not in info.context["article"]:
            raise ValueError(f"{visitor!r} is not in the article")
        return visitor


GOOD = answer('{"visitor": "Lavrov"}')


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


async def ask(
    fake: Fake, retries: Retries = AT_ONCE, text: str = "Who?", context: dict[str, str] | None = None
) -> tuple[Visit, Usage]:
    messages = [{"role": "user", "content": text}]
    async with open_model(f"{fake.url}#fake", retries=retries) as model:
        got = await model.ask(messages, Visit, max_tokens=50, context=context)
        return got.value, got.usage


async def test_answer_is_validated_and_counted() -> None:
    """A good answer comes back as the pydantic value, with tokens and calls; the key was sent."""
    with fake_server(GOOD) as fake:
        visit, usage = await ask(fake)
    assert visit == Visit(visitor="Lavrov")
    assert (usage.prompt_tokens, usage.completion_tokens, usage.calls) == (10, 5, 1)
    assert fake.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_request_is_the_same_byte_for_byte() -> None:
    """The same question makes the same bytes, as cassettes need: temperature 0, a seed, the schema."""
    with fake_server(GOOD, GOOD) as fake:
        await ask(fake)
        await ask(fake)
    assert fake.bodies[0] == fake.bodies[1]
    sent = json.loads(fake.bodies[0])
    assert (sent["temperature"], sent["max_tokens"], sent["model"]) == (0, 50, "fake")
    assert isinstance(sent["seed"], int)
    assert sent["response_format"]["json_schema"]["schema"] == Visit.model_json_schema()


async def test_request_is_what_openai_would_send() -> None:
    """What goes past OpenAI's own `create` is, byte for byte, what that would have made of it; so is the address."""
    with fake_server(GOOD, GOOD) as fake:
        await ask(fake)
        sent = json.loads(fake.bodies[0])
        async with openai.AsyncOpenAI(base_url=fake.url, max_retries=0) as client:
            await client.chat.completions.create(**sent)
    assert fake.bodies[0] == fake.bodies[1]
    assert fake.paths[0] == fake.paths[1]


async def test_context_reaches_validators_and_leaves_messages_alone() -> None:
    """Validators see the context; braces and leading blanks of an article are sent as they are."""
    text = "    {{ article }} {% if %}\n"
    with fake_server(GOOD, GOOD) as fake:
        await ask(fake, text=text, context={"article": "Lavrov left"})
        with pytest.raises(ModelError, match=r"does not fit the schema: visitor: .*'Lavrov' is not in the article"):
            await ask(fake, context={"article": "Wang left"})
    assert json.loads(fake.bodies[0])["messages"][0]["content"] == text


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refusal(429, "slow down", retry_after="0"), id="429"),
        pytest.param(refusal(500, "oops"), id="500"),
        pytest.param(refusal(503, "loading"), id="503"),
        pytest.param(cut, id="cut connection"),
        pytest.param(body(200, b'{"id": "fake", "choi'), id="truncated JSON"),
    ],
)
async def test_passing_faults_are_tried_again(fault: Reply) -> None:
    """A fault that may pass is tried again, until it has passed or the attempts are used up."""
    with fake_server(fault, fault, GOOD) as fake:
        visit, usage = await ask(fake)
    assert (visit.visitor, usage.calls) == ("Lavrov", 3)
    with fake_server(*[fault] * 9) as fake, pytest.raises(ModelError) as failure:
        await ask(fake)
    assert len(fake.bodies) == AT_ONCE.attempts
    assert failure.value.usage is not None
    assert failure.value.usage.calls == AT_ONCE.attempts


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        pytest.param(refusal(400, "bad schema"), r"answered 400 \(bad schema.*the request must change", id="400"),
        pytest.param(refusal(401, f"bad key {KEY}"), "refused the key", id="401"),
        pytest.param(refusal(404, "no model x"), r"knows no such model or path \(no model x", id="404"),
        pytest.param(refusal(429, "insufficient_quota"), r"answered 429 \(insufficient_quota", id="no money left"),
        pytest.param(
            body(
                400,
                b'{"error": {"message": "request (9000 tokens) exceeds the available context size (8192)"}}',
            ),
            "does not fit the model's context .*9000",
            id="out of context",
        ),
        pytest.param(
            body(200, b"<html><h1>Welcome</h1></html>", "text/html"),
            "answered '<html><h1>Welcome</h1></html>' instead of JSON",
            id="HTML",
        ),
        pytest.param(body(200, b'{"ok": true}'), "no chat completion", id="other JSON"),
        pytest.param(answer(""), "answered with empty content", id="empty content"),
        pytest.param(answer(None), "answered with empty content", id="no content"),
        pytest.param(answer(None, refused="I must not"), "refused to answer: I must not", id="refusal"),
        pytest.param(answer("Lavrov, I think."), "does not fit the schema: the answer: Invalid JSON", id="nonsense"),
        pytest.param(answer('{"visitor": 7}'), "does not fit the schema: visitor: ", id="wrong type"),
        pytest.param(answer('{"visitor": "ha ha', finish="length"), "within max_tokens", id="endless repetition"),
    ],
)
async def test_lasting_faults_are_told_at_once(fault: Reply, sentence: str) -> None:
    """A fault that would only repeat is not tried again; it is one sentence without a key."""
    with fake_server(*[fault] * 9) as fake, pytest.raises(ModelError, match=sentence) as failure:
        await ask(fake)
    assert len(fake.bodies) == 1
    told = str(failure.value) + repr(failure.value) + repr(failure.value.__cause__)
    assert KEY not in told
    assert "\n" not in told


async def test_tokens_of_failed_attempts_are_counted() -> None:
    """An answer that could not be used was paid for all the same."""
    with fake_server(answer("nonsense")) as fake, pytest.raises(ModelError) as failure:
        await ask(fake)
    assert failure.value.usage is not None
    assert (failure.value.usage.prompt_tokens, failure.value.usage.completion_tokens) == (10, 5)


async def test_reask_sends_the_complaint() -> None:
    """With `reasks`, an answer that does not validate goes back once with the complaint; tokens add up."""
    with fake_server(answer('{"visitor": 7}'), GOOD) as fake:
        async with open_model(f"{fake.url}#fake", reasks=1) as model:
            got = await model.ask(QUESTION, Visit, max_tokens=50)
    assert (got.value.visitor, got.usage.prompt_tokens, got.usage.calls) == ("Lavrov", 20, 2)
    assert "visitor" in json.loads(fake.bodies[1])["messages"][-1]["content"]


async def test_silence_times_out() -> None:
    """A server that says nothing is given up after `timeout`, as often as attempts allow."""
    started = time.monotonic()
    with fake_server(*[silence] * 9) as fake, pytest.raises(ModelError, match="did not answer in time"):
        await ask(fake, Retries(attempts=2, timeout=0.2, first_wait=0))
    assert len(fake.bodies) == 2
    assert time.monotonic() - started < 5


async def test_attempts_are_bounded_in_time() -> None:
    """No attempt starts after `seconds`, however many are left."""
    with fake_server(*[refusal(500, "oops")] * 99) as fake, pytest.raises(ModelError):
        await ask(fake, Retries(attempts=99, seconds=2, first_wait=0.5, longest_wait=0.5))
    assert 1 < len(fake.bodies) < 5


async def test_waiting_for_a_turn_uses_up_no_patience() -> None:
    """A request that others kept waiting for longer than attempts may take is still tried again."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(1.5)
        GOOD(handler)

    retries = Retries(seconds=1.2, first_wait=0)
    with fake_server(slow, refusal(500, "oops"), GOOD) as fake:
        async with open_model(f"{fake.url}#fake", concurrency=1, retries=retries) as model:
            first, second = await asyncio.gather(*(model.ask(QUESTION, Visit, max_tokens=50) for _ in range(2)))
    assert (first.usage.calls, second.usage.calls) == (1, 2)


async def test_server_down_says_so() -> None:
    """Nobody listening is named with the address and a way out."""
    with fake_server() as fake:
        pass
    with pytest.raises(ModelError, match=rf"No answer from {fake.url} .*; is the server running\?"):
        await ask(fake)


async def test_retry_after_goes_first() -> None:
    """It is waited for whole, however long other waits are; one beyond all patience is not waited for at all."""
    assert Retries(longest_wait=30).wait(1, ModelError("", retry_after=70)) == 70
    with fake_server(refusal(429, "come tomorrow", retry_after="86400"), GOOD) as fake:
        started = time.monotonic()
        with pytest.raises(ModelError, match="come tomorrow"):
            await ask(fake)
    assert len(fake.bodies) == 1
    assert time.monotonic() - started < 60


async def test_retry_after_is_read_as_date() -> None:
    """A Retry-After in form of an HTTP date is waited for."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    with fake_server(refusal(429, "slow down", retry_after=soon), GOOD) as fake:
        started = time.monotonic()
        await ask(fake, Retries(first_wait=0))
    assert 0.5 < time.monotonic() - started < 5


async def test_concurrency_is_bounded() -> None:
    """No more requests are under way than `concurrency`."""
    busy, most = 0, 0

    def slow(handler: BaseHTTPRequestHandler) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        time.sleep(0.05)
        busy -= 1
        GOOD(handler)

    with fake_server(*[slow] * 6) as fake:
        async with open_model(f"{fake.url}#fake", concurrency=2) as model:
            await asyncio.gather(*(model.ask(QUESTION, Visit, max_tokens=50) for _ in range(6)))
    assert most == 2


async def test_all_wait_until_retry_after_is_over() -> None:
    """When one of many tasks is told to come back later, none asks before; those under way are then fewer."""
    came: list[float] = []
    numbers = count(1)
    all_four, refused = threading.Event(), threading.Event()

    def limited(handler: BaseHTTPRequestHandler) -> None:
        came.append(time.monotonic())
        number = next(numbers)
        if number == 1:
            all_four.wait(10)
            refused_at.append(time.monotonic())
            refusal(429, "slow down", retry_after="0.5")(handler)
            refused.set()
            return
        if number == 4:
            all_four.set()
        refused.wait(10)
        GOOD(handler)

    refused_at: list[float] = []
    pace = Pace(4)
    with fake_server(*[limited] * 21) as fake:
        async with open_model(f"{fake.url}#fake", pace=pace) as model:
            await asyncio.gather(*(model.ask(QUESTION, Visit, max_tokens=50) for _ in range(20)))
    assert len(fake.bodies) == 21
    # The three that were under way are answered, and may be so before the refusal is read.
    assert sorted(came)[7] - refused_at[0] >= 0.5
    assert pace.limit == 4  # again


@pytest.mark.parametrize(
    ("fault", "limit"),
    [
        (refusal(429, "slow down"), 4),
        (refusal(503, "overloaded", retry_after="0"), 4),
        (refusal(503, "loading"), 8),
        (refusal(500, "oops"), 8),
        (cut, 8),
    ],
    ids=["429", "503 with Retry-After", "503", "500", "cut"],
)
async def test_only_coming_too_fast_slows_down(fault: Reply, limit: int) -> None:
    """A refusal for haste halves what may be under way; other faults say nothing about haste."""
    pace = Pace(8)
    with fake_server(fault, GOOD) as fake:
        async with open_model(f"{fake.url}#fake", pace=pace, retries=AT_ONCE) as model:
            await model.ask(QUESTION, Visit, max_tokens=50)
    assert pace.limit == limit


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (refusal(500, "oops"), Usage()),
        (refusal(429, "slow down"), Usage()),
        (answer("nonsense"), Usage(10, 5, 1)),
        (cut, None),
        (silence, None),
        (body(200, b'{"id": "fake", "choi'), None),
    ],
    ids=["500", "429", "nonsense", "cut", "silence", "truncated JSON"],
)
async def test_budget_counts_what_may_have_been_charged(fault: Reply, taken: Usage | None) -> None:
    """A refusal is free and an answer costs what it says; what was lost on the way counts as the most it can cost."""
    budget = Budget()
    with fake_server(fault) as fake:
        async with open_model(f"{fake.url}#fake", budget=budget, retries=Retries(attempts=1, timeout=0.3)) as model:
            with pytest.raises(ModelError):
                await model.ask(QUESTION, Visit, max_tokens=50)
    if taken is not None:
        assert (budget.used.tokens, budget.used.calls) == (taken.tokens, taken.calls)
    else:
        assert budget.used.completion_tokens == 50
        assert budget.used.prompt_tokens > len(QUESTION[0]["content"])


async def test_a_server_that_is_down_spends_nothing() -> None:
    budget = Budget(max_tokens=1_000)
    with fake_server() as fake:
        pass
    async with open_model(f"{fake.url}#fake", budget=budget, retries=AT_ONCE) as model:
        with pytest.raises(ModelError, match="is the server running"):
            await model.ask(QUESTION, Visit, max_tokens=50)
    assert budget.used == Usage()


async def test_no_request_is_made_beyond_the_budget() -> None:
    """Asked for much more than there is, the server sees only what was paid for, and no attempt after a failure."""
    dear = answer('{"visitor": "Lavrov"}', usage=(300, 50))
    budget = Budget(max_tokens=4_000)
    with fake_server(refusal(500, "oops"), *[dear] * 50) as fake:
        async with open_model(f"{fake.url}#fake", budget=budget, retries=AT_ONCE) as model:
            asked = (model.ask(QUESTION, Visit, max_tokens=50) for _ in range(40))
            got = await asyncio.gather(*asked, return_exceptions=True)
    answered = [one for one in got if not isinstance(one, BaseException)]
    assert {type(one) for one in got if isinstance(one, BaseException)} == {BudgetError}
    assert sum(one.usage.tokens for one in answered) == budget.used.tokens <= 4_000
    assert len(fake.bodies) == len(answered) + 1
    assert len(answered) >= 8


async def test_bugs_pass_untouched() -> None:
    """An error in a validator that is no complaint is a bug, and keeps its own type."""

    class Broken(BaseModel):
        @field_validator("*", mode="before")
        @classmethod
        def fail(cls, value: str) -> str:
            raise RuntimeError("a bug")

        visitor: str

    with fake_server(GOOD) as fake, pytest.raises(RuntimeError, match="a bug"):
        async with open_model(f"{fake.url}#fake", retries=AT_ONCE) as model:
            await model.ask(QUESTION, Broken, max_tokens=50)
