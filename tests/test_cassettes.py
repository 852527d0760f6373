"""Cassettes: several articles at a time, nothing secret, and a request that was not recorded goes nowhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from extractor.cassettes import Cassettes
from extractor.errors import NotRecordedError, UsageError
from extractor.models import Model, Retries, open_model
from tests.fake_server import Fake, answer, body, fake_server, refusal

KEY = "sk-verysecret-0123456789"
ARTICLES = ["one", "two", "a/b: c?"]


class Town(BaseModel):
    name: str


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


async def ask(model: Model, question: str) -> str:
    messages = [{"role": "user", "content": f"Which town?\n\n{question} {{{{ x }}}}\n“end”"}]
    return (await model.ask(messages, Town, max_tokens=20)).value.name


async def read(model: Model, article: str) -> list[str]:
    """Work on an article as an extraction does: two questions, the second pair at the same time."""
    with model.on(article):
        first = await ask(model, f"first {article}")
        return [first, *await asyncio.gather(ask(model, f"left {article}"), ask(model, f"right {article}"))]


async def record(fake: Fake, folder: Path) -> dict[str, list[str]]:
    cassettes = Cassettes(folder, recording=True)
    async with open_model(f"{fake.url}#m", cassettes=cassettes, retries=Retries(first_wait=0)) as model:
        answers = await asyncio.gather(*(read(model, article) for article in ARTICLES))
    return dict(zip(ARTICLES, answers, strict=True))


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Nine different answers, recorded for three articles at a time; a mix-up of articles would show."""
    with fake_server(*(answer(f'{{"name": "town {number}"}}') for number in range(9))) as fake:
        await record(fake, tmp_path / "cassettes")
    return tmp_path / "cassettes"


async def test_articles_at_a_time_keep_to_their_own_cassettes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded concurrently is replayed concurrently, without server or key, to the last answer."""
    with fake_server(*(answer(f'{{"name": "town {number}"}}') for number in range(9))) as fake:
        recorded = await record(fake, tmp_path)
    assert len({town for answers in recorded.values() for town in answers}) == 9
    monkeypatch.delenv("OPENAI_API_KEY")
    cassettes = Cassettes(tmp_path)
    async with open_model("http://elsewhere:1/v1#m", cassettes=cassettes) as model:
        replayed = await asyncio.gather(*(read(model, article) for article in reversed(ARTICLES)))
    assert dict(zip(reversed(ARTICLES), replayed, strict=True)) == recorded
    assert cassettes.unused() == []


def test_one_article_fills_one_readable_file(folder: Path) -> None:
    """Each file holds its own article's requests, with texts in plain lines."""
    assert sorted(path.name for path in folder.iterdir()) == ["a%2Fb%3A c%3F.yaml", "one.yaml", "two.yaml"]
    text = (folder / "one.yaml").read_text("utf-8")
    exchanges = yaml.safe_load(text)
    assert len(exchanges) == 3
    assert all(" one " in exchange["request"]["messages"][0]["content"] for exchange in exchanges)
    assert "        Which town?\n\n        first one {{ x }}\n        “end”" in text


def test_nothing_secret_is_kept(folder: Path) -> None:
    """Neither key, headers, address nor port are on a cassette."""
    for path in folder.iterdir():
        text = path.read_text("utf-8").lower()
        assert not any(word in text for word in (KEY.lower(), "authorization", "cookie", "127.0.0.1", "headers"))


async def test_a_changed_request_is_refused_with_the_change(folder: Path) -> None:
    """A request that differs by a word names article, change and way out, and is not tried again."""
    async with open_model("local", cassettes=Cassettes(folder)) as model:
        sentence = r"article 'one' is not on its cassette .*recorded is.*`make record`"
        with model.on("one"), pytest.raises(NotRecordedError, match=sentence) as refused:
            await ask(model, "another one")
    assert refused.value.usage is not None
    assert refused.value.usage.calls == 1


async def test_every_answer_is_played_once(folder: Path) -> None:
    """Asking a recorded question twice is not what was recorded."""
    async with open_model("http://elsewhere/v1#m", cassettes=Cassettes(folder)) as model:
        with model.on("one"):
            await ask(model, "first one")
            with pytest.raises(NotRecordedError, match="made once too often"):
                await ask(model, "first one")


async def test_unknown_article_and_no_article_are_refused(folder: Path) -> None:
    """Nothing recorded, or no article named: said plainly."""
    async with open_model("http://elsewhere/v1#m", cassettes=Cassettes(folder)) as model:
        with (
            model.on("three"),
            pytest.raises(NotRecordedError, match="Nothing is recorded for article 'three'"),
        ):
            await ask(model, "first")
        with pytest.raises(NotRecordedError, match=r"outside `model.on\(article\)`"):
            await ask(model, "first")


async def test_what_was_not_played_is_named(folder: Path) -> None:
    """Files that nobody opened and files with answers left over are found."""
    cassettes = Cassettes(folder)
    async with open_model("http://elsewhere/v1#m", cassettes=cassettes) as model:
        await read(model, "one")
        with model.on("two"):
            await ask(model, "first two")
    assert cassettes.unused() == ["a%2Fb%3A c%3F.yaml", "two.yaml"]


async def test_recording_again_replaces(folder: Path) -> None:
    """A new recording of an article leaves nothing of the old one; failures on the way are not recorded."""
    cassettes = Cassettes(folder, recording=True)
    with fake_server(refusal(500, "oops"), body(200, b"{cut"), answer('{"name": "new"}')) as fake:
        async with open_model(f"{fake.url}#m", cassettes=cassettes, retries=Retries(first_wait=0)) as model:
            with model.on("one"):
                assert await ask(model, "changed") == "new"
    (exchange,) = yaml.safe_load((folder / "one.yaml").read_text("utf-8"))
    assert exchange["status"] == 200


async def test_wrong_folders_and_files_are_refused(tmp_path: Path) -> None:
    """A missing folder, a broken file and a provider that cannot be recorded are wrong calls."""
    with pytest.raises(UsageError, match="No cassettes at"):
        Cassettes(tmp_path / "missing")
    (tmp_path / "one.yaml").write_text("- method: POST\n")
    async with open_model("http://elsewhere/v1#m", cassettes=Cassettes(tmp_path)) as model:
        with pytest.raises(UsageError, match=r"one\.yaml is no cassette"), model.on("one"):
            pass
    with pytest.raises(UsageError, match="OpenAI's protocol only"):
        async with open_model("anthropic/x", cassettes=Cassettes(tmp_path)):
            pass
