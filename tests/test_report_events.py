"""The events in the report: who was where and when, on which words of which articles that rests, and for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor import Article, Extraction, UsageError
from extractor.events import merge, write_events
from extractor.fields.gazetteer import code_of, name_of
from extractor.reviewing import report
from extractor.reviewing.report import SCRIPTS, SCRIPTS_OF_EVENTS, STATIC, content_security_policy
from extractor.schema import fields_of
from tests.browser import browser, expect, page, violations
from tests.test_report import RECIPE, VISIT, Elements, found, hostile, seeds, stored, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["browser", "page", "seeds"]  # fixtures

Shown = Callable[[str], "Page"]
ELSEWHERE = "Sergei Lavrov was in North Korea from 17 to 18 October."
NAMESAKE = "Ana Berg visits Peru."


def other_run(path: Path) -> Path:
    """Write a run whose articles are in no report: one has other days, one only the id of a seed article."""
    days = {"dates": found(ELSEWHERE, "17 to 18 October", "2023-10-17/2023-10-18", "as stated")}
    from_russia = {"visitor_country": found(ELSEWHERE, "Sergei", "RUS", "who he is")}
    status = {"status": found(ELSEWHERE, "was in", "completed", "x")}
    told = visit(ELSEWHERE, "Sergei Lavrov", "North Korea", "PRK", **days, **from_russia, **status)
    far = Article(
        id="far", text=ELSEWHERE, published="2023-10-20", publisher="<b>Far Post</b>", url="javascript:alert(1)"
    )
    return stored(
        path,
        Extraction(far, (told,)),
        Extraction(Article(id="s00", text=NAMESAKE), (visit(NAMESAKE, "Ana Berg", "Peru", "PER"),)),
    )


@pytest.fixture(scope="module")
def events(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Merge the seed articles with articles of another run."""
    folder = tmp_path_factory.mktemp("events")
    merge([seeds, other_run(folder / "other.db")], out=folder / "events.db")
    return folder / "events.db"


@pytest.fixture(scope="module", autouse=True)
def reports(seeds: Path, events: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the reports before a browser starts, since both want a loop of events of their own."""
    folder = tmp_path_factory.mktemp("reports")
    strange = stored(folder / "hostile.db", *hostile())
    merge(strange, out=folder / "hostile-events.db")
    write_events(folder / "none.db", [], VISIT)
    pairs = {"seeds": (seeds, events), "hostile": (strange, folder / "hostile-events.db")}
    pairs["none"] = (seeds, folder / "none.db")
    return {name: report(run, out=folder / f"{name}.html", events=merged).out for name, (run, merged) in pairs.items()}


@pytest.fixture
def shown(page: Page, reports: dict[str, Path]) -> Shown:
    """Open the events of one of the reports."""

    def opened(name: str) -> Page:
        page.goto(f"{reports[name].as_uri()}#events")
        expect(page.locator("#overview figure").first).to_be_visible()
        return page

    return opened


def held(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a page holds of its events: the rows with what is known of all, and the events."""
    all_of = Elements(path.read_text("utf-8")).all
    index = json.loads(next(text for _, of, text in all_of if of.get("id") == "event-index"))
    return index, [one for _, of, text in all_of if of.get("class") == "event-chunk" for one in json.loads(text)]


def lavrov(page: Page) -> None:
    """Open the event that three articles of the run and one of another tell of."""
    page.locator("#event-list a", has_text="Sergei Lavrov").filter(has_text="North Korea").click()
    expect(page.locator("#event h2")).to_have_text("Sergei Lavrov · North Korea")


def test_without_events_the_page_has_nothing_of_them(seeds: Path, tmp_path: Path) -> None:
    """No script, no style, no outline of the world, no link."""
    elements = Elements(report(seeds, out=tmp_path / "report.html").out.read_text("utf-8"))
    known = [value for _, of, _ in elements.all for name, value in of.items() if name in ("id", "class", "href")]
    assert "charts" in known
    assert not [value for value in known if value and re.search("event|world", value)]
    assert elements.scripts(data=False) == [(STATIC / name).read_text("utf-8") for name in SCRIPTS]
    style = next(text for tag, _, text in elements.all if tag == "style")
    assert "#event" not in style


def test_the_policy_names_each_script_and_nothing_is_fetched(reports: dict[str, Path]) -> None:
    """Also with events, the scripts are ours and the libraries', and the policy allows these alone."""
    elements = Elements(reports["seeds"].read_text("utf-8"))
    scripts = elements.scripts(data=False)
    assert scripts == [(STATIC / name).read_text("utf-8") for name in SCRIPTS_OF_EVENTS]
    style = next(text for tag, _, text in elements.all if tag == "style")
    policies = [of["content"] for tag, of, _ in elements.all if of.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [content_security_policy(style, scripts)]
    assert {of.get("src") for tag, of, _ in elements.all if tag in ("script", "img", "link")} == {None}


def test_a_source_is_linked_where_its_words_stand(reports: dict[str, Path]) -> None:
    """The seed articles are; neither an article of another run nor one that only shares an id."""
    _, events = held(reports["seeds"])
    told = {(source["article"], source["publisher"]): source["number"] for one in events for source in one["sources"]}
    assert told["far", "<b>Far Post</b>"] is None
    assert told["s00", None] is None
    assert told["s00", "The Moscow Times"] == 0
    assert told["s04", "SocialNews.XYZ"] == 4


def test_rows_tell_who_where_and_when(reports: dict[str, Path]) -> None:
    """A row has the days of an event as a calendar has them, its countries, and how much is in dispute."""
    index, events = held(reports["seeds"])
    assert len(index["rows"]) == len(events)
    assert (index["course"], index["pair"]) == ("status", ["visitor_country", "destination"])
    rows = {(row["who"], row["to"], row["when"]): row for row in index["rows"]}
    kim = rows["Kim Jong Un (PRK)", "RUS", "2023-09"]
    assert kim["days"] == ["2023-09-01", "2023-09-30", False]
    (trip,) = (row for row in index["rows"] if row["who"] == "Sergei Lavrov (RUS)" and row["to"] == "PRK")
    assert (trip["articles"], trip["disagreements"], trip["status"]) == (4, 1, "completed")
    assert trip["called"] == ["Sergei Lavrov", "North Korea"]


def test_the_id_of_a_gazetteer_has_a_name_before_it(seeds: Path, tmp_path: Path) -> None:
    """However the articles write a name, the row of a person is one, and tells who it is."""
    people = tmp_path / "people.csv"
    people.write_text("id,names,country,from,to\nQ1,Choe Son Hui,PRK,,\n", "utf-8")
    merge(seeds, out=tmp_path / "events.db", people=people)
    index, _ = held(report(seeds, out=tmp_path / "report.html", events=tmp_path / "events.db").out)
    assert len([row for row in index["rows"] if row["who"] == "Choe Son Hui (Q1)"]) == 3
    assert "Sergei Lavrov (RUS)" in {row["who"] for row in index["rows"]}


def test_what_is_no_file_of_such_events_is_refused(seeds: Path, events: Path, tmp_path: Path) -> None:
    """One sentence says which file, and what to do; an earlier report stays as it is."""
    out = report(seeds, out=tmp_path / "report.html").out
    before = out.read_bytes()
    with pytest.raises(UsageError, match=r"There are no events at .*nowhere"):
        report(seeds, out=out, events=tmp_path / "nowhere.db")
    with pytest.raises(UsageError, match="is no file of events"):
        report(seeds, out=out, events=seeds)
    write_events(tmp_path / "recipes.db", [], RECIPE)
    with pytest.raises(UsageError, match="holds events of the schema Recipe, and the run is of Visit"):
        report(seeds, out=out, events=tmp_path / "recipes.db")
    with pytest.raises(UsageError, match="is no report"):
        report(seeds, out=events, events=events)
    assert out.read_bytes() == before


def test_the_world_has_a_place_for_every_country() -> None:
    """Each country of today has a point, inhabited or not by name; each outline has the code of one."""
    world = json.loads((STATIC / "vendor" / "world.json").read_text("utf-8"))
    lines = (STATIC.parent.parent / "data" / "countries.tsv").read_text("utf-8").splitlines()[1:]
    current = {code for code, kind, *_ in (line.split("\t") for line in lines) if kind == "code"}
    assert len(current) > 240
    far = (
        "BES BVT CCK CXR GIB GLP GUF MTQ MYT REU SJM TKL UMI ANT CSK DDR SCG SUN YUG"  # islands, and states of the past
    )
    assert current - world["points"].keys() <= set(far.split())
    outlines = {one["id"] for one in world["objects"]["countries"]["geometries"] if "id" in one}
    assert outlines <= world["points"].keys()
    assert {name_of(code) for code in ("SGP", "XKX", "TUV")} == {"Singapore", "Kosovo", "Tuvalu"}
    assert {code_of(name) for name in ("Singapore", "Kosovo", "Tuvalu")} <= world["points"].keys()


def test_vendored_files_have_their_licences() -> None:
    """What others made says whose it is, and under which terms it may be passed on."""
    for name in ("topojson-client", "world"):
        assert "Permission to use, copy, modify" in (STATIC / "vendor" / f"{name}.LICENSE").read_text("utf-8")
    library = (STATIC / "vendor" / "topojson-client.min.js").read_text("utf-8")
    assert re.match(r"// \S+ v\d+\.\d+\.\d+ Copyright", library)


def test_events_are_listed_found_and_counted(shown: Shown) -> None:
    """Words of names, countries and publishers narrow the list and the pictures; Escape brings all back."""
    page = shown("seeds")
    expect(page.locator("#event-list a")).to_have_count(12)
    expect(page.locator("#found")).to_have_text("12 events in events.db")
    page.keyboard.press("/")
    page.keyboard.type("lavrov korea")
    expect(page.locator("#event-list a")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 of 12 events in events.db")
    expect(page.locator("#overview [data-event]")).to_have_count(1)
    expect(page.locator("#event-list .tag.rejected")).to_have_text("1 disagreement")
    page.keyboard.type(" nobody")
    expect(page.locator("#event-list")).to_contain_text("No event matches")
    page.keyboard.press("Escape")
    expect(page.locator("#event-list a")).to_have_count(12)


def test_timeline_has_a_row_for_each_person_or_pair(shown: Shown) -> None:
    """What is drawn opens its event; the table below says the same."""
    page = shown("seeds")
    figure = page.locator("#overview figure").first
    expect(figure.locator("h2")).to_have_text("Timeline by visitor")
    expect(figure.locator("svg")).to_contain_text("Choe Son Hui (PRK)")
    expect(figure.locator("tbody tr")).to_have_count(11)  # Ana Berg has no day
    expect(figure.locator(".note")).to_contain_text("11 of 12 events")
    page.locator("[data-kind=pair]").click()
    expect(page.locator("[data-kind=pair]")).to_be_focused()
    expect(figure.locator("h2")).to_have_text("Timeline by countries")
    expect(figure.locator("svg")).to_contain_text("Russia → North Korea")
    number = figure.locator("[data-event]").first.get_attribute("data-event")
    figure.locator("[data-event]").first.click(force=True)
    called = page.evaluate("(number) => Extractor.eventData.index.rows[number].called.join(' · ')", number)
    expect(page.locator("#event h2")).to_have_text(called)


def test_map_leads_from_country_to_country(shown: Shown) -> None:
    """Each pair is an arrow, each destination a dot that finds its events; the outline of the world is in the page."""
    page = shown("seeds")
    figure = page.locator("#overview figure").nth(1)
    expect(figure.locator("h2")).to_have_text("Map from visitor country to destination")
    pairs = figure.locator("tbody tr").count()
    dots = figure.locator("circle[data-find]")
    expect(figure.locator("path[data-find]")).to_have_count(pairs)
    assert page.evaluate("() => document.querySelectorAll('#overview figure:nth-of-type(2) svg path').length") > 170
    figure.locator("circle[data-find='\"Belarus\"']").click(force=True)
    expect(page.locator("#search")).to_have_value('"Belarus"')
    expect(page.locator("#event-list a")).to_have_count(1)
    expect(dots).to_have_count(1)


def test_an_event_shows_values_dispute_and_history(shown: Shown) -> None:
    """Each value says how it was chosen; what is in dispute is marked; the status has its way."""
    page = shown("seeds")
    lavrov(page)
    row = page.locator("#event .chosen tr", has=page.locator("th:text-is('destination')"))
    expect(row).to_contain_text("North Korea")
    expect(row).to_contain_text("all 4 articles")
    expect(page.locator("#event .chosen tr", has_text="in dispute").locator("th")).to_have_text("dates")
    expect(page.locator("#event .rejections li")).to_have_count(2)
    expect(page.locator("#event .rejections")).to_contain_text("2023-10-17/2023-10-18")
    steps = page.locator("#event .history .words")
    expect(steps).to_have_text(["announced", "announced", "completed", "completed"])


def test_sources_stand_side_by_side_with_their_evidence(shown: Shown) -> None:
    """Of an article in the run its passages, of another the words that were kept; values and words light each other."""
    page = shown("seeds")
    lavrov(page)
    sources = page.locator("#event .source")
    expect(sources).to_have_count(4)
    tops = {round(box["y"]) for box in map(lambda one: one.bounding_box(), sources.all()) if box}  # noqa: C417
    assert len(tops) == 1
    first = sources.filter(has_text="The Moscow Times").first
    words = first.locator("mark[data-values~='0-destination-0']")
    expect(words).to_have_text("North Korea")
    first.locator("[data-value='0-destination-0']").hover()
    expect(words).to_have_class(re.compile(r"\blit\b"))
    far = sources.filter(has_text="Far Post")
    expect(far.locator("h4")).to_have_text("<b>Far Post</b>")
    expect(far).to_contain_text("not in this run")
    expect(far.locator("mark", has_text="17 to 18 October")).to_have_count(1)
    expect(far.locator("a")).to_have_count(0)
    long = sources.filter(has_text="SocialNews").locator(".text")
    whole = page.evaluate("() => Extractor.data.article(4).text.length")
    assert len("".join(long.all_text_contents())) < whole
    told = long.locator("mark[data-values~='0-status-0']")
    expect(told).to_have_text(["following ", "Lavrov", "'s visit"])
    first.locator("a", has_text="article").click()
    expect(page.locator(".article h2")).to_contain_text("Lavrov will visit North Korea")
    page.go_back()
    expect(sources).to_have_count(4)


def test_keyboard_goes_through_events(shown: Shown) -> None:
    """4 opens them, j and k go on and back, Escape leads out, an address opens one."""
    page = shown("none")
    expect(page.locator("#found")).to_have_text("0 events in none.db")
    page = shown("seeds")
    page.keyboard.press("1")
    expect(page.locator("#articles")).to_be_visible()
    page.keyboard.press("4")
    expect(page.locator("#overview")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#event-list a[aria-current]")).to_contain_text("Sergei Lavrov")
    page.keyboard.press("j")
    expect(page.locator("#event h2")).to_contain_text("Kim Jong Un")
    page.keyboard.press("k")
    expect(page.locator("#event h2")).to_contain_text("Sergei Lavrov")
    page.keyboard.press("Escape")
    expect(page.locator("#event")).to_be_hidden()
    page.evaluate("() => (location.hash = '#event/nobody')")
    expect(page.locator("#articles")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_everybody_can_see_events(shown: Shown, scheme: str, width: int) -> None:
    """In light and dark, at a desk and on a telephone: axe finds nothing, and nothing is wider than the screen."""
    page = shown("seeds")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 844})
    expect(page.locator("#overview figure")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lavrov(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_events_show_as_text(shown: Shown) -> None:
    """Markup, controls and megabytes on one line become text; offsets stay right, and no script runs."""
    page = shown("hostile")
    assert page.locator("#event-list a").count() >= 1
    title = page.title()
    for place in range(page.locator("#event-list a").count()):
        page.locator("#event-list a").nth(place).click()
        expect(page.locator("#event .source mark[data-values~='0-visitor-0']").first).to_have_text("Kim")
        assert page.locator("#event :is(b, i, img, script)").count() == 0
        assert all(len(text) < 5000 for text in page.locator("#event .source .text").all_text_contents())
    assert page.title() == title


def test_every_field_can_be_told_by_an_event(reports: dict[str, Path]) -> None:
    """Values and sources use the names of the schema's fields, so that colours and labels are the same everywhere."""
    _, events = held(reports["seeds"])
    names = {name for one in events for name in one["values"]} | {
        name for one in events for source in one["sources"] for name in source["values"]
    }
    assert names <= fields_of(VISIT).keys()
