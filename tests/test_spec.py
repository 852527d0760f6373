"""What names a model, and the keys around it: wrong ones are refused with a sentence that shows no key."""

from __future__ import annotations

import json

import pytest

from extractor.errors import UsageError
from extractor.models import ModelSpec, open_model
from extractor.models.faults import scrub
from tests.fake_server import fake_server
from tests.test_client import GOOD, KEY, QUESTION, Visit, ask


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


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
