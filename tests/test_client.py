"""The client against a fake server: faults become one clear sentence, in bounded time, and no key leaks."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest
from pydantic import BaseModel, ValidationInfo, field_validator

from extractor.errors import ModelError, UsageError
from extractor.models import ModelSpec, Retries, Usage, open_model
from extractor.models.faults import scrub
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
        await ask(fake, Retries(attempts=99, seconds=0.3, first_wait=0.1, longest_wait=0.1))
    assert 1 < len(fake.bodies) < 5


async def test_server_down_says_so() -> None:
    """Nobody listening is named with the address and a way out."""
    with fake_server() as fake:
        pass
    with pytest.raises(ModelError, match=rf"No answer from {fake.url} .*; is the server running\?"):
        await ask(fake)


def test_retry_after_goes_first_and_is_capped() -> None:
    """Retry-After is honoured in seconds, and never beyond the longest wait."""
    retries = Retries(longest_wait=30)
    assert retries.wait(1, ModelError("", retry_after=7)) == 7
    assert retries.wait(1, ModelError("", retry_after=3600)) == 30


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


async def test_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider without a key names the variable; a URL works without one."""
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        async with open_model("openai/gpt-4.1-mini"):
            pass
    with fake_server(GOOD) as fake:
        await ask(fake)
    assert fake.headers[0]["authorization"] == "Bearer none"


async def test_provider_goes_to_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """`openai/NAME` asks where openai's own client would ask, for that name."""
    with fake_server(GOOD) as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        async with open_model("openai/gpt-x") as model:
            await model.ask(QUESTION, Visit, max_tokens=50)
    assert json.loads(fake.bodies[0])["model"] == "gpt-x"


async def test_unknown_provider_is_refused() -> None:
    """A provider that instructor does not know is a wrong call."""
    with pytest.raises(UsageError, match="Cannot open nobody/x: Unsupported provider: nobody"):
        async with open_model("nobody/x"):
            pass


@pytest.mark.parametrize(
    "text",
    ["", "gpt-4", "local:", "http://host/v1", "weights.gguf", "models/weights.gguf", "ftp://x/y#z", "a b/c"],
)
def test_wrong_specs_are_refused_with_the_forms(text: str) -> None:
    """What is no spec is refused with a way out."""
    with pytest.raises(UsageError, match=r"use one of: local;|after a #"):
        ModelSpec.parse(text)


@pytest.mark.parametrize("url", [f"http://me:{KEY}@host/v1#x", f"http://host/v1?key={KEY}#x"])
def test_keys_in_urls_are_refused_and_not_repeated(url: str) -> None:
    """A key in a URL would end up in the store and in messages."""
    with pytest.raises(UsageError, match="must not hold a key") as refused:
        ModelSpec.parse(url)
    assert KEY not in str(refused.value)


def test_scrub_hides_every_kind_of_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of the environment, bearer tokens and OpenAI's pattern are hidden."""
    monkeypatch.setenv("GROQ_API_KEY", "plainword1")
    assert scrub("plainword1, sk-abcdef99, Bearer xyz") == "[key], [key], Bearer [key]"
