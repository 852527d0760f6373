"""The embedded server: what is wrong is told before anything is loaded; live, it answers and cleans up."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from pydantic import BaseModel

from extractor.errors import ModelError, UsageError
from extractor.models import Endpoint, open_model, serve
from extractor.models.weights import QWEN
from tests.fake_server import body, fake_server, refusal

SYSTEM = {
    "role": "system",
    "content": "You read news and name the town. " + "Say only what the text says. " * 20,
}


class Town(BaseModel):
    town: str


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    """No file, a folder or a file of another kind: said in one sentence, at once."""
    (tmp_path / "other.gguf").write_bytes(b"PK\x03\x04")
    with (
        pytest.raises(UsageError, match=r"No weights at .*; run `extractor model pull`"),
        serve(tmp_path / "no"),
    ):
        pass
    with pytest.raises(UsageError, match=r"Cannot read .*: Is a directory"), serve(tmp_path):
        pass
    with pytest.raises(UsageError, match=r"other\.gguf is no GGUF file"), serve(tmp_path / "other.gguf"):
        pass


async def test_model_without_weights_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`local` before any pull says what to run."""
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path))
    with pytest.raises(UsageError, match="run `extractor model pull`"):
        async with open_model("local"):
            pass


def test_missing_engine_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without xllamacpp the way to install it is told."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(UsageError, match=r"pip install 'extractor\[local\]'"), serve(tmp_path / "model.gguf"):
        pass


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    """A file that only begins like weights is refused by the engine, in our words."""
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(UsageError, match=r"Cannot serve .*model\.gguf"), serve(tmp_path / "model.gguf"):
        pass


def test_prime_hands_the_beginning_to_every_slot() -> None:
    """Slot 0 reads and saves the beginning, the others restore it; a refusal is left to the request."""
    done = body(200, b"{}")
    with fake_server(done, done, done, done) as fake:
        Endpoint(fake.url, "key", 3).prime([SYSTEM])
    assert fake.paths == [
        "/v1/chat/completions",
        "/slots/0?action=save",
        "/slots/1?action=restore",
        "/slots/2?action=restore",
    ]
    with fake_server(refusal(400, "too long")) as fake:
        Endpoint(fake.url, "key", 3).prime([SYSTEM])
    assert len(fake.paths) == 1


def test_endpoint_hides_its_key() -> None:
    """The key is in no repr."""
    assert "secret" not in repr(Endpoint("http://127.0.0.1:1/v1", "secret", 4))


@pytest.mark.live
async def test_live_model_answers_and_reuses_the_beginning() -> None:
    """Real weights: articles at a time get their own answers, too long ones a sentence."""
    before = threading.active_count()
    async with open_model("local", concurrency=2) as model:
        await model.prime([SYSTEM])
        for town in ("Paris", "Rome"):
            got = await model.ask([SYSTEM, {"role": "user", "content": f"He was in {town}."}], Town, max_tokens=30)
            assert got.value.town == town
        with pytest.raises(ModelError, match="does not fit the model's context"):
            await model.ask([{"role": "user", "content": "word " * 9000}], Town, max_tokens=30)
    assert threading.active_count() <= before + 1


@pytest.mark.live
def test_live_server_wants_its_key_and_ends() -> None:
    """Real weights: no answer without the key, none after the context."""
    with serve(QWEN.path, slots=1, context=512):
        pass  # one that nobody asked anything ends, too
    with serve(QWEN.path, slots=1, context=512) as endpoint:
        assert endpoint.url.startswith("http://127.0.0.1:")
        ask = Request(f"{endpoint.url}/chat/completions", b"{}")  # noqa: S310 -- our own loopback address
        with pytest.raises(HTTPError, match="401"):
            urlopen(ask)  # noqa: S310
    with pytest.raises(URLError):
        urlopen(ask)  # noqa: S310
