"""The report in a real browser: read with mouse, keyboard and telephone, by everybody, whatever the articles say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from extractor import Article, Extraction
from extractor.extraction.records import Rejected
from extractor.reviewing import report
from tests.browser import browser, expect, page, violations, watch
from tests.test_report import HOSTILE, RECIPE, found, hostile, seeds, stored, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "page", "seeds"]  # fixtures

Shown = Callable[[str], "Page"]
MARKS = "[...document.querySelectorAll('mark.evidence')].map((mark) => mark.textContent)"
PLAIN = "Ana Berg visits Peru. She had said no."


def some(number: int) -> Iterator[Extraction]:
    """Yield short articles: every third failed, every third has something rejected, the others say it was cancelled."""
    for place in range(number):
        article = Article(id=f"a{place:03}", text=f"{PLAIN} Day {place}.", published=f"2024-{place % 12 + 1:02}-01")
        country = {"visitor_country": found(PLAIN, "She", "NOR", "who she is")}
        dates = {"dates": found(PLAIN, "visits", f"2024-{place % 12 + 1:02}-03/2024-05-09", "a day")}
        if place % 3 == 0:
            yield Extraction(article, error="The model did not answer.")
        elif place % 3 == 1:
            sure = visit(PLAIN, "Ana Berg", "Peru", "PER", status=found(PLAIN, "said", "announced", "x"), **country)
            yield Extraction(article, (sure,), (Rejected("dates", "2024", "No words say so."),))
        else:
            far = visit(PLAIN, "She", "Peru", "PER", status=found(PLAIN, "no", "cancelled", "x"), **dates)
            yield Extraction(article, (far,))


@pytest.fixture(scope="module", autouse=True)
def reports(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Write the reports before a browser starts, since both want a loop of events of their own."""
    folder = tmp_path_factory.mktemp("reports")
    recipe = Extraction(Article(id="r", text="Pears."), (dict.fromkeys(RECIPE.model_fields, ()),))
    runs = {
        "seeds": seeds,
        "hostile": stored(folder / "hostile.db", *hostile()),
        "many": stored(folder / "many.db", *some(200)),
        "recipes": stored(folder / "recipes.db", recipe, schema=RECIPE),
    }
    written = {name: report(run, out=folder / f"{name}.html").out for name, run in runs.items() if name != "recipes"}
    written["recipes"] = report(runs["recipes"], out=folder / "recipes.html", schema=RECIPE).out
    return {name: out.as_uri() for name, out in written.items()}


@pytest.fixture
def shown(page: Page, reports: dict[str, str]) -> Shown:
    """Open one of the reports, and wait until it can be searched."""

    def opened(name: str) -> Page:
        page.goto(reports[name])
        page.wait_for_function("() => Extractor.data.isSearchable()")
        return page

    return opened


def listed(page: Page) -> list[str]:
    """Return the ids of the articles that are listed."""
    links = page.locator("#list a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    return [str(link).removeprefix("#article/") for link in links]


def lists(page: Page, ids: list[str]) -> None:
    """Wait until these articles are listed."""
    shown = "[...document.querySelectorAll('#list a')].map((one) => one.getAttribute('href').slice('#article/'.length))"
    page.wait_for_function(f"(ids) => JSON.stringify({shown}) === JSON.stringify(ids)", arg=ids)


def turn_to(page: Page, view: str) -> None:
    """Go to a view, and wait until it is there."""
    page.evaluate("(view) => (location.hash = view)", view)
    page.wait_for_function("(name) => document.body.dataset.view === name", arg=view[1:].split("/")[0])


def choose(page: Page, label: str, value: str) -> None:
    page.locator(f"#choices label:has(> span:text-is('{label}')) select").select_option(value)


def test_seeds_are_listed_and_read(shown: Shown) -> None:
    """All articles are in the list; the first is open, with the marks and values of its records."""
    page = shown("seeds")
    assert listed(page) == ["s00", "s01", "s02", "s03", "s04"]
    expect(page.locator("#found")).to_have_text("5 articles, 14 records")
    expect(page.locator(".record")).to_have_count(4)
    assert {"Lavrov", "North Korea"} & set(page.evaluate(MARKS))
    page.locator("#list a").nth(1).click()
    assert "rejected" in page.locator("#list a").nth(1).inner_text()
    assert page.locator(".rejections .reason").inner_text()


def test_value_and_words_light_each_other(shown: Shown) -> None:
    """Hovering or focusing either lights both and nothing else; Enter and a click bring the other into view."""
    page = shown("seeds")
    value = page.locator(".value[data-value='0-destination-0']")
    mark = page.locator("mark[data-values~='0-destination-0']").first
    for one in (value, mark):
        for act in (one.hover, one.focus):
            act()
            expect(value).to_have_class(re.compile(r"\blit\b"))
            expect(mark).to_have_class(re.compile(r"\blit\b"))
            far = page.locator(".lit:not([data-value='0-destination-0'], [data-values~='0-destination-0'])")
            shared = str(mark.get_attribute("data-values")).split()
            assert {str(one.get_attribute("data-value")) for one in far.all()} <= (
                set(shared) if one == mark else set()
            )
            page.mouse.move(700, 5)
            page.evaluate("document.activeElement.blur()")
            expect(page.locator(".lit")).to_have_count(0)
    page.evaluate("document.querySelector('#reading').scrollTop = 1e6")
    value.focus()
    page.keyboard.press("Enter")
    expect(mark).to_be_in_viewport()


def test_search_finds_texts_values_titles_and_ids(shown: Shown) -> None:
    """Words may stand anywhere, in any case and without accents; words in quotes stand together."""
    page = shown("seeds")
    for query, ids in {
        "s03": ["s03"], "WEDNESDAY lavrov": ["s02", "s04"], "bélarus": ["s02"], '"working visit"': ["s02"],
        "socialnews": ["s04"], "not_held": ["s04"], "nowhere to be found": [],
    }.items():  # fmt: skip
        page.fill("#search", query)
        lists(page, ids)
    expect(page.locator("#list .empty")).to_have_text(re.compile(r"^No article matches\."))
    page.fill("#search", "ministry")
    page.wait_for_function("() => CSS.highlights.get('search')?.size")
    marked = page.evaluate("[...CSS.highlights.get('search')].map(String)")
    assert {word.lower() for word in marked} == {"ministry"}


def test_filters_narrow_the_list(shown: Shown) -> None:
    """Status, verdict, confidence, rejected and failed, alone and together; the counts follow."""
    page = shown("many")
    expect(page.locator("#found")).to_have_text("200 articles, 133 records")
    page.locator("#more summary").click()
    for label, value, expected in (
        ("Articles", "failed", "67 of 200 articles, 0 records"),
        ("Articles", "rejected", "67 of 200 articles, 67 records"),
        ("Articles", "none", "67 of 200 articles, 0 records"),
        ("Articles", "records", "133 of 200 articles, 133 records"),
        ("status", "cancelled", "66 of 200 articles, 66 records"),
        ("Verdict", "judged", "0 of 200 articles, 0 records"),
    ):
        choose(page, label, value)
        expect(page.locator("#found")).to_have_text(expected)
    expect(page.locator("#active")).to_have_text("(3)")
    choose(page, "Verdict", "")
    choose(page, "status", "")
    page.locator("#choices input[type=range]").fill("0.5")
    shares = page.evaluate(
        "Extractor.data.find('', {kind: 'any', verdict: '', least: 0, choices: {}}).records.map(r => r[1])"
    )
    sure = sum(share >= 0.5 for share in shares)
    expect(page.locator("#found")).to_have_text(re.compile(f", {sure} records$"))


def test_a_long_list_goes_on_while_one_reads(shown: Shown) -> None:
    """Only a part is in the page at first; scrolling, the button and the keys bring the rest."""
    page = shown("many")
    assert len(listed(page)) == 60
    page.locator("#list-pane").evaluate("(pane) => (pane.scrollTop = pane.scrollHeight)")
    page.wait_for_function("() => document.querySelectorAll('#list a').length >= 120")
    page.locator("#next-page").dispatch_event("click")
    for _ in range(190):
        page.keyboard.press("j")
    expect(page.locator("#list [aria-current]")).to_have_attribute("href", "#article/a190")
    assert page.evaluate("decodeURIComponent(location.hash)") == "#article/a190"


def test_keyboard_suffices(shown: Shown) -> None:
    """Articles, search, filters, help, views and theme have keys, and none of them gets in the way of typing."""
    page = shown("seeds")
    heading = page.locator(".article h2")
    first = heading.inner_text()
    page.keyboard.press("j")
    expect(heading).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    expect(heading).to_have_text(first)
    page.keyboard.press("/")
    page.keyboard.type("jk?t")
    expect(page.locator("#search")).to_have_value("jk?t")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator("#choices")).to_be_visible()
    page.keyboard.press("Escape")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("t")
    page.wait_for_function("(before) => getComputedStyle(document.body).backgroundColor !== before", arg=before)
    page.keyboard.press("3")
    expect(page.locator("#run").get_by_text("Tokens read")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#articles")).to_be_visible()


def test_hostile_articles_show_as_text(shown: Shown) -> None:
    """Scripts, overrides and megabytes on a line are letters; marks cut out the very words that the spans cover."""
    page = shown("hostile")
    for name, text in HOSTILE.items():
        page.evaluate("(id) => (location.hash = '#article/' + encodeURIComponent(id))", f"{name}<i>")
        page.wait_for_function("(id) => document.querySelector('.article .about').textContent.includes(id)", arg=name)
        assert page.evaluate("document.querySelector('.text').textContent.length") == len(text.encode("utf-16-le")) // 2
        page_text = page.evaluate("document.querySelector('.text').textContent")
        assert re.sub("[\x00-\x09\x0b-\x1f\u200b\u202e\u202c\u2028\u2029\ufeff]", "·", text) == page_text
        assert page.evaluate(MARKS) == ["Kim", "Russia"]
    assert page.title() == "Visits in hostile.db"
    expect(page.locator(".article :is(script, img, b, i)")).to_have_count(0)
    expect(page.locator("a[href^='javascript']")).to_have_count(0)


@pytest.mark.parametrize("text", ["plain", "🎉é🇰🇷 e\u0301", "👨\u200d👩\u200d👧 \U000e0041\x00\u202e"])
def test_offsets_are_code_points_both_ways(shown: Shown, text: str) -> None:
    """Python's offsets and the browser's stand for the same place, and a selection gives the span that it covers."""
    page = shown("seeds")
    convert = "([text, n]) => { const o = Extractor.article.offsets(text); return [o.unit(n), o.point(o.unit(n))]; }"
    select = """([text, start, end]) => {
      const {element, offsets, show, span} = Extractor.article;
      const root = element("div", {});
      show(root, {text, boilerplate: [[0, 2]]}, [{id: "a", spans: [[1, 3]], colour: 0, label: "a"}]);
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      const place = (unit) => {
        walker.currentNode = root;
        for (let left = unit; walker.nextNode(); left -= walker.currentNode.length)
          if (left <= walker.currentNode.length) return [walker.currentNode, left];
      };
      range.setStart(...place(offsets(text).unit(start)));
      range.setEnd(...place(offsets(text).unit(end)));
      return span(root, text, range);
    }"""
    for start, end in pairwise(range(len(text) + 1)):
        assert page.evaluate(convert, [text, start]) == [len(text[:start].encode("utf-16-le")) // 2, start]
        assert page.evaluate(select, [text, start, end]) == [start, end]


def test_marks_of_values_that_overlap_lie_side_by_side(shown: Shown) -> None:
    """Each piece of text names all values that it carries; the shortest span colours it; nothing is shown twice."""
    page = shown("seeds")
    pieces = page.evaluate("""() => {
      const {element, show} = Extractor.article;
      const root = element("div", {});
      const mark = (id, colour, ...spans) => ({id, spans, colour, label: id});
      show(root, {text: "abcdefgh"}, [mark("x", 0, [0, 6], [5, 7]), mark("y", 1, [2, 4])]);
      const told = (one) => [one.textContent, one.dataset.values, one.dataset.colour];
      return [root.textContent, [...root.querySelectorAll("mark")].map(told)];
    }""")
    text, marks = pieces
    assert text == "abcdefgh"
    assert marks == [["ab", "x", "0"], ["cd", "y x", "1"], ["e", "x", "0"], ["f", "x", "0"], ["g", "x", "0"]]


def test_charts_say_what_their_tables_say(shown: Shown) -> None:
    """The months and the pairs of countries add up, follow the filters, and are drawn."""
    page = shown("many")
    turn_to(page, "#charts")
    timeline, pairs = page.locator("#charts figure").all()
    assert timeline.locator("svg rect").count() == timeline.locator("tbody tr").count()
    assert sum(int(one) for one in timeline.locator("td:nth-child(3)").all_text_contents()) == 66
    assert pairs.locator("tbody tr").all_text_contents() == ["NorwayPeru67"]
    assert pairs.locator("h2").text_content() == "visits from visitor country to destination"
    page.keyboard.press("f")
    choose(page, "status", "announced")
    expect(page.locator("#charts figure").first).to_contain_text("None of these records has a date.")


def test_a_schema_without_countries_or_dates_has_what_it_can(shown: Shown) -> None:
    """Its records are drawn by the day of publication, and there is no picture of pairs."""
    page = shown("recipes")
    turn_to(page, "#charts")
    assert page.locator("#charts h2").all_text_contents() == ["recipes by day of publication"]
    page.keyboard.press("f")
    assert page.locator("#choices label:has-text('heat') option").all_text_contents()[1:] == [
        "baked",
        "boiled",
        "raw",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_everybody_can_read_it(shown: Shown, scheme: str, width: int) -> None:
    """In light and dark, at a desk and on a telephone: axe finds nothing, and nothing is wider than the screen."""
    page = shown("seeds")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 844})
    for view in ("#articles", "#article/s01", "#charts", "#run"):
        turn_to(page, view)
        assert violations(page) == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    turn_to(page, "#articles")
    page.keyboard.press("f")
    page.locator("#help-button").click()
    assert violations(page) == []


def test_a_telephone_shows_list_or_article(shown: Shown) -> None:
    """One thing at a time, and a way back."""
    page = shown("seeds")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".article")).to_be_hidden()
    page.locator("#list a").first.click()
    expect(page.locator(".article")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    page.get_by_role("button", name="All articles").click()
    expect(page.locator("#list")).to_be_visible()


def test_print_has_the_article_and_nothing_else(shown: Shown) -> None:
    """On paper there are no lists and buttons, and the article is not cut off."""
    page = shown("seeds")
    page.emulate_media(media="print")
    assert [page.locator(one).is_visible() for one in ("#list", ".bar", ".tools", ".record >> nth=0", ".text")] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert page.locator("#reading").evaluate("(box) => box.scrollHeight <= box.clientHeight + 1")


def test_policy_stops_what_got_in_anyway(browser: Browser, reports: dict[str, str]) -> None:
    """A script, a handler or a picture that somehow came into the page does nothing, and the browser says so."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints = watch(page)
    page.goto(reports["seeds"])
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'owned'";
      document.body.append(script);
      const picture = "<img src='https://example.invalid/x' onerror='document.title = 1'>";
      document.body.insertAdjacentHTML("beforeend", picture);
    }""")
    page.wait_for_timeout(100)
    assert page.title() == "Visits in seeds.db"
    assert len([one for one in complaints if "Content Security Policy" in one]) >= 2
    context.close()
