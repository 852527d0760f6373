"""People label whole runs in a real browser, by mouse and by keyboard, and what they meant is what is on disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor.article import Article, Span
from extractor.evaluation.labels import Label, read_labels
from extractor.extraction import Extraction
from tests.browser import browser, violations, watch
from tests.reviewing import CHILE, NOTHING, PARIS, VISITS, Served, made, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

__all__ = ["browser"]

TEXTS = {"a1": PARIS, "a2": CHILE, "a3": NOTHING}
LONG = 1_000_000
HOSTILE = {
    "h1": "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\"> Ana Ruiz is out.",
    "h2": "Ana \u202eziuR\u202c Ruiz \x00\x07 is in \u2066Chile\u2069.\r\nAna Ruiz left.",
    "h3": "🇨🇱\U0001f469\U0001f3fd\u200d\U0001f680 Jose\u0301 Rui\u0301z 🙂 is in Chile 🇨🇱 now.",
    "h4": "Ana Ruiz is in Chile. " + "lorem ipsum " * (LONG // 12) + "Tomas Berg is in Peru.",
}


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[Served], Page]]:
    """Open pages, each of a labeller of their own; what the browser complains of fails the test in the end."""
    complaints: list[list[str]] = []
    contexts = []

    def open_page(served_page: Served) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        complaints.append(watch(page))
        page.goto(served_page.url)
        page.wait_for_selector("#title:not(:empty)")
        assert page.url.partition("#")[0] == f"{served_page.address}/"  # the token is gone
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for heard in complaints for complaint in heard] == []


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("run") / "visits.db")


def labels(page: Served, texts: dict[str, str] = TEXTS) -> dict[str, tuple[Label, ...]]:
    return read_labels(page.labels, VISITS, {key: Article(id=key, text=text) for key, text in texts.items()})


def said(page: Page, sentence: str) -> None:
    """Wait until the page has told the outcome of an action."""
    page.wait_for_function("s => document.getElementById('told').textContent.includes(s)", arg=sentence)
    page.evaluate("document.getElementById('told').textContent = ''")


def opens(page: Page, title: str) -> None:
    page.wait_for_function("t => document.getElementById('title').textContent === t", arg=title)


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[data-field={name}]").locator("input, select")


def drag(page: Page, words: str) -> None:
    """Select words of the article with the mouse."""
    boxes: list[dict[str, float]] = page.evaluate(
        """words => {
            const walk = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + words.length);
                return [...range.getClientRects()].map((box) => box.toJSON());
            }
            return [];
        }""",
        words,
    )
    assert boxes, words
    first, last = boxes[0], boxes[-1]
    page.mouse.move(first["left"] + 0.5, first["top"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["left"] + last["width"] / 2, last["top"] + last["height"] / 2, steps=4)
    page.mouse.move(last["right"] - 0.5, last["top"] + last["height"] / 2, steps=4)
    page.wait_for_timeout(50)  # the library waits until the selection rests
    page.mouse.up()


def words_of(label: Label, field: str, text: str) -> list[str]:
    return [Span(*span).of(text) for span in label.evidence[field]]


def test_a_whole_session_by_mouse(run: Path, tmp_path: Path, opened: Callable[[Served], Page]) -> None:
    """Accept with a correction, delete, add with words marked in the text, leave a note, and undo."""
    with served(run, labels=tmp_path / "labels.jsonl", name="ann") as one:
        page = opened(one)
        assert violations(page) == []
        field(page, "status").select_option("completed")
        said(page, "Saved")
        field(page, "meets").click()
        drag(page, "Emmanuel Macron")
        said(page, "Marked")
        page.get_by_role("button", name="Accept a", exact=True).click()
        said(page, "Accepted")
        page.get_by_role("button", name="Done, next").click()
        opens(page, "Ruiz to go to Chile")
        page.get_by_role("button", name="Delete").click()
        said(page, "Deleted")
        page.get_by_role("button", name="Add a record").click()
        said(page, "A new record")
        assert page.get_by_text("is needed").count() == 2
        assert violations(page) == []
        drag(page, "Ana Ruiz")
        said(page, "Marked")
        field(page, "destination").click()
        drag(page, "Chile in May")
        said(page, "Marked")
        page.get_by_role("button", name="Undo").click()
        said(page, "Undone")
        drag(page, "visit Chile")
        said(page, "Marked")
        page.get_by_label("Note on the article").fill("May of which year?")
        page.get_by_role("button", name="Done, next").click()
        opens(page, "Weather")
        page.get_by_role("button", name="Done, next").click()
        said(page, "All articles are done")
        assert page.get_by_text("3 of 3 done").is_visible()
        page.get_by_label("Show").select_option("done")
        assert page.locator("#list button").count() == 3
        assert violations(page) == []
    told = labels(one)
    assert told["a1"][0].values["status"] == "completed"
    assert told["a1"][0].values["meets"] == ["Emmanuel Macron"]
    assert words_of(told["a1"][0], "meets", PARIS) == ["Emmanuel Macron"]
    assert told["a2"][0].values == {"visitor": "Ana Ruiz", "destination": "CHL"}
    assert words_of(told["a2"][0], "destination", CHILE) == ["visit Chile"]
    assert told["a3"] == ()
    assert json.loads(one.labels.read_text("utf-8").splitlines()[1])["note"] == "May of which year?"


def by_keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_whole_session_by_keyboard(run: Path, tmp_path: Path, opened: Callable[[Served], Page]) -> None:
    """The same with no pointer at all: words are marked by arrows, or found from what is typed."""
    with served(run, labels=tmp_path / "labels.jsonl", name="ann") as one:
        page = opened(one)
        by_keys(page, "?")
        assert page.get_by_role("heading", name="Keys").is_visible()
        assert violations(page) == []
        by_keys(page, "Escape", "x")
        said(page, "Deleted")
        by_keys(page, "u")
        said(page, "Undone")
        by_keys(page, "a")
        said(page, "Accepted")
        by_keys(page, "]", "]", "]", "]", "e")
        page.keyboard.type("Paris")
        by_keys(page, "Enter")
        said(page, "Saved")
        by_keys(page, "Escape", "d")
        opens(page, "Ruiz to go to Chile")
        by_keys(page, "x")
        said(page, "Deleted")
        by_keys(page, "i")
        said(page, "A new record")
        page.wait_for_function("() => document.activeElement.matches('[data-field=visitor] input')")
        page.keyboard.type("Ruiz")
        by_keys(page, "Tab")
        said(page, "Saved")
        by_keys(page, "Escape", "]", "]", "t", "ArrowDown")
        by_keys(page, *["ArrowRight"] * 6, "Shift+ArrowRight", "Enter")
        said(page, "Marked")
        by_keys(page, "Escape", "Escape", "m")
        page.keyboard.type("Which May?")
        by_keys(page, "Escape")
        said(page, "Note saved")
        by_keys(page, "d")
        opens(page, "Weather")
        by_keys(page, "d")
        said(page, "All articles are done")
        by_keys(page, "k")
        said(page, "first article")
        by_keys(page, "v", "k")
        opens(page, "Ruiz to go to Chile")
    told = labels(one)
    assert told["a1"][0].values["places"] == ["Paris"]
    assert words_of(told["a1"][0], "places", PARIS) == ["Paris"]
    assert told["a2"][0].values == {"visitor": "Ana Ruiz", "destination": "CHL"}
    assert words_of(told["a2"][0], "destination", CHILE) == ["visit Chile"]
    assert told["a3"] == ()


def test_two_labellers_and_an_adjudication(run: Path, tmp_path: Path, opened: Callable[[Served], Page]) -> None:
    """Two people label blind, apart from each other; a third walks what they differ in, by keyboard."""
    files = []
    for name, status in (("ann", "ongoing"), ("ben", "completed")):
        with served(run, labels=tmp_path / f"labels-{name}.jsonl", name=name, blind=True) as one:
            page = opened(one)
            assert page.get_by_role("heading", name="Labelling: visits").is_visible()
            assert page.locator(".record").count() == 0
            by_keys(page, "i")
            said(page, "A new record")
            for key, value in {"visitor": "Olaf Scholz", "destination": "Paris"}.items():
                field(page, key).fill(value)
                by_keys(page, "Enter")
                said(page, "Saved")
            field(page, "status").select_option(status)
            said(page, "Saved")
            by_keys(page, "Escape", "d")
            opens(page, "Ruiz to go to Chile")
            if name == "ben":
                by_keys(page, "i")
                said(page, "A new record")
                page.keyboard.type("Ana Ruiz")
                by_keys(page, "Enter")
                said(page, "Saved")
                field(page, "destination").fill("Chile")
                by_keys(page, "Enter")
                said(page, "Saved")
                by_keys(page, "Escape")
            by_keys(page, "d")
            opens(page, "Weather")
            by_keys(page, "d")
            said(page, "All articles are done")
        files.append(one.labels)
    with served(run, labels=tmp_path / "agreed.jsonl", files=tuple(files)) as one:
        page = opened(one)
        assert page.get_by_role("heading", name="Adjudication: visits").is_visible()
        assert page.get_by_text("1 of 3 done").is_visible()
        assert page.get_by_text("ann gave ongoing and ben gave completed; choose or write one").is_visible()
        assert violations(page) == []
        by_keys(page, "d")
        page.get_by_role("alert").get_by_text("Record 1 is not finished").wait_for()
        by_keys(page, "2")
        said(page, "Saved")
        by_keys(page, "d")
        opens(page, "Ruiz to go to Chile")
        assert page.get_by_text("Only ben has this record").is_visible()
        by_keys(page, "a")
        said(page, "Accepted")
        by_keys(page, "d")
        said(page, "All articles are done")
    told = labels(one)
    assert [label.values for label in told["a1"]] == [
        {"visitor": "Olaf Scholz", "destination": "FRA", "status": "completed"}
    ]
    assert [label.values for label in told["a2"]] == [{"visitor": "Ana Ruiz", "destination": "CHL"}]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    told = [Extraction(Article(id=key, text=text)) for key, text in HOSTILE.items()]
    return made(tmp_path_factory.mktemp("run") / "hostile.db", *told)


def test_hostile_articles_show_as_text_and_leave_offsets_right(
    hostile: Path, tmp_path: Path, opened: Callable[[Served], Page]
) -> None:
    """Markup runs nowhere, and what is marked behind emoji, accents and control characters is what was meant."""
    wanted = {
        "h1": "Ana Ruiz",
        "h2": "Ana Ruiz",
        "h3": "🇨🇱\U0001f469\U0001f3fd\u200d\U0001f680 Jose\u0301 Rui\u0301z 🙂 is in Chile 🇨🇱 now.",
    }
    with served(hostile, labels=tmp_path / "labels.jsonl") as one:
        page = opened(one)
        for number, (key, words) in enumerate(wanted.items()):
            if number:
                by_keys(page, "j")
                page.wait_for_function("key => document.getElementById('about').textContent.startsWith(key)", arg=key)
            shown = page.locator("#text").evaluate("one => one.textContent.length")
            assert shown == len(HOSTILE[key].encode("utf-16-le")) // 2
            by_keys(page, "i")
            said(page, "A new record")
            if key == "h4":
                page.evaluate("getSelection().selectAllChildren(document.getElementById('text'))")
                page.evaluate("getSelection().collapseToEnd()")
                page.locator("#reading").evaluate("one => one.scrollTo(0, one.scrollHeight)")
            drag(page, words)
            said(page, "Marked")
        assert page.title() == "Review: visits"
        assert page.locator("#text script, #text img").count() == 0
    for line in map(json.loads, one.labels.read_text("utf-8").splitlines()):
        (start, end) = line["open"][0]["evidence"]["visitor"][-1]
        assert HOSTILE[line["id"]][start:end] == wanted[line["id"]]


def test_words_behind_emoji_are_marked_by_keyboard_too(
    hostile: Path, tmp_path: Path, opened: Callable[[Served], Page]
) -> None:
    with served(hostile, labels=tmp_path / "labels.jsonl") as one:
        page = opened(one)
        by_keys(page, "j", "j")
        page.wait_for_function("() => document.getElementById('about').textContent.startsWith('h3')")
        by_keys(page, "i")
        said(page, "A new record")
        by_keys(page, "Escape", "t", "ArrowRight", "Shift+ArrowRight", "Enter")
        said(page, "Marked")
    line: dict[str, Any] = json.loads(one.labels.read_text("utf-8"))
    (start, end) = line["open"][0]["evidence"]["visitor"][-1]
    assert HOSTILE["h3"][start:end] == "Jose\u0301 Rui\u0301z"


def test_a_refusal_is_told_and_what_was_typed_stays(
    run: Path, tmp_path: Path, opened: Callable[[Served], Page]
) -> None:
    """The schema's complaint stands beside the field; a value in its standard form can be put back as it was typed."""
    with served(run, labels=tmp_path / "labels.jsonl") as one:
        page = opened(one)
        field(page, "visitor_country").fill("Paris")
        by_keys(page, "Enter")
        said(page, "Saved")
        beside = page.locator("[data-field=destination]")
        assert "cannot be the country visited" in beside.locator(".problem").inner_text()
        assert beside.locator("input").get_attribute("aria-invalid") == "true"
        assert field(page, "visitor_country").input_value() == "FRA"
        page.get_by_role("button", name="Keep “Paris”").click()
        page.wait_for_function("() => document.querySelector('[data-field=destination] .problem').textContent === ''")
        assert field(page, "visitor_country").input_value() == "Paris"
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_on_a_telephone_in_light_and_dark(
    run: Path, tmp_path: Path, opened: Callable[[Served], Page], scheme: Any
) -> None:
    with served(run, labels=tmp_path / "labels.jsonl") as one:
        page = opened(one)
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []
