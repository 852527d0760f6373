"""Repeats: copies of a story are asked about once, and each has records that its own words carry."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest

from extractor.article import Article, Span
from extractor.batch import repeats as repeats_module
from extractor.batch.remembering import Remembering
from extractor.batch.repeats import Repeats, Sketch
from extractor.errors import ExtractorError
from extractor.extraction import Extraction, aextract
from extractor.models import Retries, open_model
from extractor.schema import load
from tests.fake_server import refusal
from tests.scripted_server import Request, Script, Scripted, records, scripted_server
from tests.test_extract import CROSSING, brief, fitting, visit

LEAD = "Swedish Foreign Minister Mara Lindqvist will visit Peru on Friday, her office in Stockholm said on Wednesday."
SHE = "She will also visit Chile, where an observatory that Swedish engineers have built is to be opened."
STORY = (
    f"{LEAD}\n\n{SHE}\n\n"
    "The bridge over the Ucayali took nine years to build. It carries two lanes of traffic and a railway line.\n\n"
    "Fishermen had complained that its piers would drive the catfish away. A study by the university found no harm.\n\n"
    "Swedish firms hope for orders from both countries, which plan to spend more on roads and harbours."
)
FRAME = (
    "Harbour Gazette\nNews  World  Sport\n\n{}\n\nTags: world, diplomacy\nTell us what you saw: desk@gazette.example\n"
)


def article(name: str, text: str, published: str = "2024-03-20") -> Article:
    return Article(id=name, text=text, published=published)


def same(one: str, other: str) -> bool:
    repeats = Repeats()
    repeats.story(article("one", one))
    return repeats.story(article("other", other)).first == "one"


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        "Lindqvist off to the Andes\n\n" + STORY,
        "By Our Staff\n\nSTOCKHOLM, March 20 (Northline) - " + STORY,
        STORY.replace("\n\n", "\n   ").replace("her office", "her\u00a0office").upper(),
        STORY.rpartition("\n\n")[0],
        "\n\n".join(STORY.split("\n\n")[:3]),
        STORY.replace("took nine years to build", "was nine years in the making"),
        STORY + "\n\nPeru’s president will receive her on Saturday.",
        FRAME.format(STORY),
    ],
    ids=["exact", "headline", "dateline", "type", "cut", "cut more", "edited", "updated", "framed"],
)
def test_what_desks_do_to_a_story_leaves_it_the_same(copy: str) -> None:
    assert same(STORY, copy)
    assert same(copy, STORY)


DIARY = (
    "The President's diary: {}\n\n09.00 The President receives the Ambassador of {} in a farewell audience.\n"
    "10.30 The President receives {} at the Palace. No statements are planned.\n"
    "14.00 The President chairs the weekly meeting with the Prime Minister.\n"
    "18.00 The President opens {}. Members of the press are asked to register by noon."
)
NOTICE = (
    "{}\n\nThis item was produced by Northline, an agency that its member newspapers own. Readers who find a mistake "
    "are asked to write to the standards editor, who answers every letter that comes in."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            DIARY.format("Monday", "Peru", "the Foreign Minister of Finland, Aino Saari", "the book fair"),
            DIARY.format("Tuesday", "Ghana", "the Speaker of the Latvian parliament", "an exhibition of clocks"),
        ),
        (
            NOTICE.format("Norway's trade minister will travel to Vietnam on Sunday with exporters of fish."),
            NOTICE.format("Rain has closed the road between Kaolack and Tambacounda for the second time in a month."),
        ),
        (STORY, "Peru expects Mara Lindqvist of Sweden at the end of the week, and Chile after it, the minister said."),
        (STORY, "Chile's opposition has asked what the observatory cost.\n\n" + STORY.split("\n\n")[3]),
        ("It rained.", "It snowed."),
    ],
    ids=["template", "notice", "retold", "background", "short"],
)
def test_what_only_looks_alike_is_another_story(one: str, other: str) -> None:
    assert not same(one, other)
    assert not same(other, one)


def test_boilerplate_that_is_marked_does_not_make_two_articles_alike() -> None:
    appeal = " ".join(f"word{i}" for i in range(200))
    repeats = Repeats()
    for name, news in ("a", "It rained in Lima all day long."), ("b", "Snow has closed the pass to Arequipa again."):
        text = f"{news}\n{appeal}"
        marked = Article(id=name, text=text, boilerplate=(Span(len(news) + 1, len(text)),))
        assert repeats.story(marked).first == name


def test_what_came_up_longest_ago_is_forgotten_first() -> None:
    """Memory is bounded, and a story stays for as long as copies of it come."""
    repeats = Repeats(window=2)
    texts = {name: " ".join(f"{name}{i}" for i in range(30)) for name in "abc"}

    def first(name: str, story: str) -> str:
        return repeats.story(article(name, texts[story])).first

    assert [first("1", "a"), first("2", "b"), first("3", "a"), first("4", "c")] == ["1", "2", "1", "4"]
    assert first("5", "a") == "1"
    assert first("6", "b") == "6"


async def read(
    script: Script, *articles: Article, schema: str = "visits", together: bool = False
) -> tuple[list[Extraction], Scripted, Repeats]:
    """Read the articles with one memory, in their order or all at a time."""
    repeats = Repeats()
    with scripted_server(script) as server:
        async with open_model(server.spec, concurrency=8, retries=Retries(attempts=1)) as model:
            reading = [aextract(one, schema=schema, model=Remembering(model, one, repeats)) for one in articles]
            got = await asyncio.gather(*reading) if together else [await one for one in reading]
    return got, server, repeats


def lindqvist(request: Request) -> Any:
    """Answer with whomever and wherever the form offers first."""
    name = "Ana Reyes" if "Ana Reyes" in request.schema else "Mara Lindqvist"
    place = next((place for place in ("Chile", "Peru", "Kenya") if place in request.passage), "Peru")
    return fitting(request, visit(name, place, when=None, status="announced"))


def words(got: Extraction, name: str) -> list[str]:
    return [span.of(got.article.text) for record in got.records for found in record[name] for span in found.spans]


async def test_a_copy_is_not_asked_about_and_has_its_evidence_in_its_own_words() -> None:
    copy = "Bridges and telescopes\n\n" + STORY.replace("where an", "where\u00a0an").replace("\n\n", "\r\n\r\n   ")
    (first, second), server, repeats = await read(lindqvist, article("a", STORY), article("b", copy))
    assert len(server.requests) == 2
    assert repeats.saved == 2
    assert brief(first) == [("Mara Lindqvist", "PER"), ("Mara Lindqvist", "CHL")]
    assert len(second.records) == 2
    assert words(second, "visitor") == ["Mara Lindqvist", "Mara Lindqvist"]
    assert words(second, "destination") == ["Peru", "Chile"]
    assert words(second, "when") == ["on Friday"]
    assert (second.usage.calls, second.usage.prompt_tokens) == (0, 0)
    assert second.article.text == copy


async def test_a_copy_has_the_records_that_a_fresh_reading_gives() -> None:
    for copy in ("Bridges and telescopes\n\n" + STORY, FRAME.format(STORY), STORY.replace("\n\n", "\n")):
        (_, carried), _, repeats = await read(lindqvist, article("a", STORY), article("b", copy))
        (fresh,), _, _ = await read(lindqvist, article("b", copy))
        assert repeats.saved
        assert (carried.records, carried.rejected) == (fresh.records, fresh.rejected)


async def test_each_copy_has_its_own_day_of_publication() -> None:
    got, server, _ = await read(lindqvist, article("a", STORY), article("b", STORY, published="2024-04-03"))
    assert [one.records[0]["dates"][0].value for one in got] == ["2024-03-22", "2024-04-05"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [("Mara Lindqvist", "Ana Reyes", 2), ("visit Peru", "visit Kenya", 2), ("will visit", "will not visit", 2)],
)
async def test_a_changed_word_is_asked_about_again(old: str, new: str, asked: int) -> None:
    """A name, a country or a "not" makes another question; and so does the name for whoever only reads "she"."""
    copy = STORY.replace(old, new, 1)
    assert same(STORY, copy)
    (_, carried), server, _ = await read(lindqvist, article("a", STORY), article("b", copy))
    (fresh,), _, _ = await read(lindqvist, article("b", copy))
    assert carried.records == fresh.records
    again = [request.passage for request in server.requests[2:]]
    assert copy.split("\n\n")[0] in again
    assert len(again) == asked


async def test_a_paragraph_more_is_asked_about_and_nothing_else() -> None:
    more = "Lindqvist visited Kenya in February, when she signed a treaty on the protection of elephants."
    (_, second), server, _ = await read(lindqvist, article("a", STORY), article("b", f"{STORY}\n\n{more}"))
    assert [request.passage for request in server.requests[2:]] == [more]
    assert brief(second) == [("Mara Lindqvist", "PER"), ("Mara Lindqvist", "CHL"), ("Mara Lindqvist", "KEN")]


async def test_what_stands_close_before_must_be_the_same() -> None:
    """Another sentence before "she" is another question, another headline is not."""
    copy = STORY.replace("on Wednesday.", "on Wednesday, after the king of Norway had called.")
    _, server, _ = await read(lindqvist, article("a", STORY), article("b", copy))
    assert {request.passage for request in server.requests[2:]} == {copy.split("\n\n")[0], SHE}


async def test_a_repair_is_not_repeated_either() -> None:
    def script(request: Request) -> Any:
        return {"destination": "Peru"} if request.complaint else fitting(request, visit("Mara Lindqvist", "Sweden"))

    text = CROSSING + STORY.partition(SHE)[2]
    got, server, _ = await read(script, article("a", text), article("b", text))
    assert len(server.requests) == 2
    assert [brief(one) for one in got] == [[("Mara Lindqvist", "PER")]] * 2
    assert got[0].rejected == got[1].rejected != ()


async def test_another_story_is_asked_about_even_in_the_same_words() -> None:
    text = f"{LEAD}\n\n{SHE}\n\n" + " ".join(f"Nothing else number {i} is the same here." for i in range(20))
    _, server, repeats = await read(lindqvist, article("a", STORY), article("b", text))
    assert (len(server.requests), repeats.saved) == (4, 0)


async def test_copies_that_are_read_at_the_same_time_wait_for_one_answer() -> None:
    articles = [article(str(i), f"Copy number {i}\n\n{STORY}") for i in range(6)]
    got, server, repeats = await read(lindqvist, *articles, together=True)
    assert len(server.requests) == 2
    assert repeats.saved == 10
    assert all(len(one.records) == 2 for one in got)
    assert sum(one.usage.calls for one in got) == 2


@pytest.mark.parametrize("together", [False, True])
async def test_a_failure_is_not_carried_over(together: bool) -> None:
    failures = iter([True, True])

    def script(request: Request) -> Any:
        return refusal(400, "no") if next(failures, False) else lindqvist(request)

    articles = [article(name, STORY) for name in "abc"]
    got, server, _ = await read(script, *articles, together=together)
    assert sum(bool(one.error) for one in got) in (1, 2)
    assert len(server.requests) == 4
    assert [len(one.records) for one in got if not one.error][-1] == 2


async def test_another_task_is_another_question() -> None:
    """Of the same words, and even with the same form, each schema asks its own."""

    class Trip(load("visits")):  # type: ignore[misc]
        """A visit by another name."""

        unit = "trips"

    repeats = Repeats()
    text = STORY.replace(SHE, "")
    with scripted_server(lambda request: records()) as server:
        async with open_model(server.spec) as model:
            for name, schema in ("a", "visits"), ("b", Trip), ("c", "visits"):
                one = article(name, text)
                await aextract(one, schema=schema, model=Remembering(model, one, repeats))
    tasks = [request.body["messages"][0]["content"] for request in server.requests]
    assert ["trips that" in task for task in tasks] == [False, True]
    assert len({request.schema for request in server.requests}) == 1


async def test_what_a_batch_will_answer_is_asked_by_one_copy_alone() -> None:
    """A question that is put off is put off for all copies, until the one that asked it has its answer."""
    sent: list[str] = []
    answers: list[dict[str, Any]] = []

    class Later(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            sent.append((await request.aread()).decode())
            if not answers:
                raise ExtractorError("not yet")
            return httpx2.Response(200, json=answers[0])

    repeats = Repeats()
    text = STORY.replace(SHE, "")
    one, other = article("a", text), article("b", "Bridges and telescopes\n\n" + text)
    async with open_model("http://127.0.0.1:9/v1#fake", transport=Later(), retries=Retries(attempts=1)) as model:
        for copy in one, other, other:
            with pytest.raises(ExtractorError, match="not yet"):
                await aextract(copy, model=Remembering(model, copy, repeats))
        assert len(sent) == 1
        one_visit = {"visitor": "Mara Lindqvist", "destination": "Peru", "when": "on Friday"}
        said = {"role": "assistant", "content": json.dumps(records(one_visit))}
        choice = {"index": 0, "finish_reason": "stop", "message": said}
        answers.append({"id": "1", "object": "chat.completion", "created": 0, "model": "fake", "choices": [choice]})
        got = [await aextract(copy, model=Remembering(model, copy, repeats)) for copy in (one, other)]
    assert len(sent) == 2
    assert [brief(copy) for copy in got] == [[("Mara Lindqvist", "PER")]] * 2


async def test_a_story_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats_module, "_QUESTIONS", 3)
    story = Repeats().story(article("a", STORY))
    kept = [story.asked(bytes([i])) for i in range(5)]
    assert story.asked(bytes([4])) is kept[4]
    assert story.asked(bytes([0])) is not kept[0]


def test_a_template_is_not_compared_with_all_its_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the many stories that may be alike only the newest are looked at, or a pile of one template takes for ever."""
    compared: list[Sketch] = []
    share = Sketch.share

    def counted(one: Sketch, other: Sketch) -> float:
        compared.append(other)
        return share(one, other)

    monkeypatch.setattr(Sketch, "share", counted)
    monkeypatch.setattr(repeats_module, "_COMPARED", 3)
    repeats = Repeats()
    template = " ".join(f"frame{word}" for word in range(60))
    for number in range(12):
        own = " ".join(f"own{number}x{word}" for word in range(40))
        assert repeats.story(article(str(number), f"{template} {own}")).first == str(number)
    assert 12 < len(compared) <= 3 * 11
