"""The report: one file that holds the whole run, loads nothing, and lets no article out of its data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor import Article, Extraction, ExtractorError, Span, UsageError
from extractor.batch.provenance import provenance
from extractor.batch.store import Store
from extractor.extraction import Record
from extractor.extraction.records import Rejected
from extractor.fields import Found
from extractor.models import ModelSpec
from extractor.reviewing import report
from extractor.reviewing.page import embedded, run_data
from extractor.reviewing.report import SCRIPTS, STATIC
from extractor.schema import Schema, load

ROOT = Path(__file__).parent.parent
VISIT = load("visits")
RECIPE = load("tests/fixtures/recipe.py")
HOSTILE = {
    "script": "Kim </script><script>document.title='owned'</script><img src=x onerror='document.title=1'>"
    " <!-- <script> flies to Russia. ]]> &lt; {{ 7 * 7 }}",
    "turned": "Kim \u202eevil\u202c said السيد عمرو موسى زار Russia وقال.\nKim.\u200b\x00\x1b[31m \u2028 \u2029 \ufeff",
    "joined": "👨\u200d👩\u200d👧 e\u0301 🇰🇷 Kim 🎉🎉 reaches Russia 👍🏽 fin",
    "wide": "word🎉 " * 150_000 + "Kim flies to Russia " + "word " * 100,
    "solid": "ab" * 500_000 + " Kim flies to Russia",
}


def found(text: str, words: str, value: object = None, rule: str | None = None) -> tuple[Found, ...]:
    start = text.index(words)
    verdict = "derived" if rule else "stated"
    return (Found(words if value is None else value, (Span(start, start + len(words)),), verdict, rule),)  # type: ignore[arg-type]


def visit(text: str, visitor: str, destination: str, code: str, **more: tuple[Found, ...]) -> Record:
    nothing: Record = dict.fromkeys(VISIT.model_fields, ())
    return nothing | {"visitor": found(text, visitor), "destination": found(text, destination, code)} | more


def stored(path: Path, *extractions: Extraction, schema: type[Schema] = VISIT) -> Path:
    with Store.resume(path, provenance(schema, ModelSpec.parse("local"), {"way": "local"})) as store:
        store.add(*extractions)
    return path


def hostile() -> list[Extraction]:
    """Return articles that try to break out of the page, each with a record."""
    return [
        Extraction(
            Article(id=f"{name}<i>", text=text, url="javascript:alert(1)", publisher="<b>&amp;</b>"),
            (visit(text, "Kim", "Russia", "RUS", status=found(text, "Kim", "announced", "<b>a rule</b>")),),
            (Rejected("status", "</script><script>document.title=2</script>", "no \u202e words say so"),),
        )
        for name, text in HOSTILE.items()
    ]


class Elements(HTMLParser):
    """All elements of a page, with what stands in those of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            tag, attributes, before = self.all[-1]
            self.all[-1] = tag, attributes, before + data

    def scripts(self, *, data: bool) -> list[str]:
        return [text for tag, of, text in self.all if tag == "script" and ("type" in of) == data]

    def articles(self) -> list[dict[str, Any]]:
        """Return what the page holds of the articles, as a browser reads it."""
        return [one for tag, of, text in self.all if of.get("class") == "chunk" for one in json.loads(text)]

    def index(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(next(text for _, of, text in self.all if of.get("id") == "index"))
        return read


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run over the seed articles, from recorded answers."""
    out = tmp_path_factory.mktemp("run") / "seeds.db"
    extractor.run(ROOT / "seeds", replay=ROOT / "cassettes", out=out, cache=False)
    return out


def elements(run: Path, schema: type[Schema] | None = None) -> Elements:
    out = run.parent / "report.html"
    report(run, out=out, schema=schema)
    return Elements(out.read_text("utf-8"))


def test_data_of_a_run_is_the_run(seeds: Path) -> None:
    """Every value of every record is there, and its spans cut its words out of the text; JSON can hold all of it."""
    with Store.open(seeds) as store:
        data, extractions = run_data(store), list(store.extractions())
    assert json.loads(json.dumps(data)) == data
    assert [one["id"] for one in data["articles"]] == [one.article.id for one in extractions]
    for article, extraction in zip(data["articles"], extractions, strict=True):
        assert article["text"] == extraction.article.text
        told = [{name: [one["value"] for one in of] for name, of in r["values"].items()} for r in article["records"]]
        kept = [{name: [one.value for one in of] for name, of in r.items() if of} for r in extraction.records]
        assert told == kept
        assert len(article["rejected"]) == len(extraction.rejected)
    lavrov = data["articles"][0]["records"][0]["values"]
    assert [data["articles"][0]["text"][s:e] for s, e in lavrov["destination"][0]["spans"]] == ["North Korea"]
    assert lavrov["destination"][0]["meaning"] == "North Korea"
    assert data["run"]["records"] == 14
    assert data["run"]["cost"] == 0
    assert [field["name"] for field in data["fields"] if field["key"]] == ["visitor", "destination"]


def test_page_is_one_file_that_loads_nothing(seeds: Path) -> None:
    """No element fetches anything, and the policy would forbid it; it allows the scripts that are there, by hash."""
    page = elements(seeds)
    assert [tag for tag, of, _ in page.all if {"src", "srcset", "data", "action"} & of.keys()] == []
    assert all(str(of["href"]).startswith("#") for _, of, _ in page.all if "href" in of)
    (policy,) = [str(of["content"]) for _, of, _ in page.all if of.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules["script-src"].split() == [hashed(text) for text in page.scripts(data=False)]
    assert rules["style-src"].split() == [hashed(text) for tag, _, text in page.all if tag == "style"]


def test_hostile_articles_stay_inside_their_data(tmp_path: Path) -> None:
    """Whatever an article says, the page has the same elements, and reads the same text out of its data."""
    tame = elements(stored(tmp_path / "tame.db", Extraction(Article(id="a", text="Nothing."))))
    wild = elements(stored(tmp_path / "wild.db", *hostile()))
    assert [tag for tag, *_ in wild.all] == [tag for tag, *_ in tame.all]
    assert wild.scripts(data=False) == tame.scripts(data=False)
    assert {one["id"]: one["text"] for one in wild.articles()} == {f"{name}<i>": text for name, text in HOSTILE.items()}


@pytest.mark.parametrize("text", ["</script><!--", "\u2028\u2029\u202e\x00\x7f", "\ud83d lone \udc00", "a & b > c 🎉"])
def test_embedded_data_means_nothing_to_html_and_everything_to_json(text: str) -> None:
    line = embedded({"text": text})
    assert not re.search("[<>&\x00-\x1f\u2028\u2029\u202e\ud800-\udfff]", line)
    assert json.loads(line) == {"text": text}


def test_index_knows_what_to_filter_and_draw_by_the_values(seeds: Path, tmp_path: Path) -> None:
    """Choices, the first dated field, and two fields whose values are countries; a schema without them has none."""
    index = elements(seeds).index()
    assert (index["chosen"], index["dated"]) == (["status", "kind"], "dates")
    assert index["pair"] == ["visitor_country", "destination"]
    assert index["names"]["PRK"] == "North Korea"
    row = dict(zip(["article", "confidence", "verdicts", "told", *index["columns"]], index["records"][0], strict=True))
    assert (row["article"], row["told"], row["status"], row["dates"]) == (
        0, "Sergei Lavrov · PRK", "announced", "2023-10-18/2023-10-19",
    )  # fmt: skip
    text = "Stew the quinces."
    record: Record = dict.fromkeys(RECIPE.model_fields, ()) | {"dish": found(text, "quinces")}
    recipes = stored(tmp_path / "r.db", Extraction(Article(id="a", text=text), (record,)), schema=RECIPE)
    index = elements(recipes, RECIPE).index()
    assert (index["chosen"], index["dated"], index["pair"]) == (["heat"], None, None)
    assert index["run"]["unit"] == "recipes"


def test_schema_that_is_not_at_hand_is_no_obstacle(tmp_path: Path) -> None:
    """The page then shows names and values, and both the page and the caller are told what is missing."""
    run = stored(tmp_path / "r.db", Extraction(Article(id="a", text="Pears.")), schema=RECIPE)
    told = report(run, out=tmp_path / "r.html")
    assert told.note == "The page has no descriptions: name the schema Recipe with --schema."
    assert str(told) == f"0 records of 1 article in {tmp_path / 'r.html'}."
    assert elements(run).index()["run"]["note"] == told.note


def test_title_is_the_first_line_that_is_not_boilerplate(tmp_path: Path) -> None:
    """A menu names no article; without any words, its id does."""
    menu = Article(id="b", text="Menu\n\n  The king\x1b arrives  \nToday", boilerplate=(Span(0, 4),))
    run = stored(tmp_path / "r.db", Extraction(menu), Extraction(Article(id="c", text=" \n")))
    assert [one["title"] for one in elements(run).articles()] == ["The king\x1b arrives", "c"]


def test_what_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """No store, a folder, the run itself, another schema: one sentence each, and nothing is touched."""
    run = stored(tmp_path / "run.db", Extraction(Article(id="a", text="Nothing.")))
    before = run.read_bytes()
    with pytest.raises(UsageError, match=r"no store at .*nowhere\.db"):
        report(tmp_path / "nowhere.db", out=tmp_path / "r.html")
    with pytest.raises(UsageError, match="is a folder; name a file, as in --out"):
        report(run, out=tmp_path)
    with pytest.raises(UsageError, match="is the run itself; choose another --out"):
        report(run, out=run)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt is there already and is no report; choose another --out"):
        report(run, out=tmp_path / "notes.txt")
    with pytest.raises(UsageError, match="other fields"):
        report(run, out=tmp_path / "r.html", schema=RECIPE)
    with pytest.raises(ExtractorError, match="Cannot write"):
        report(run, out=run / "r.html")
    assert (run.read_bytes(), {path.name for path in tmp_path.iterdir()}) == (before, {"run.db", "notes.txt"})


def test_a_report_replaces_an_earlier_one_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the run cannot be read to its end, the earlier report is still there, and nothing else."""
    run = stored(tmp_path / "run.db", Extraction(Article(id="a", text="Nothing.")))
    out = tmp_path / "r.html"
    out.write_text("<!doctype html>earlier")

    def broken(*_: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["extractor.reviewing.report"], "embedded", broken)
        with pytest.raises(ExtractorError, match="No space left"):
            report(run, out=out)
    assert out.read_text() == "<!doctype html>earlier"
    assert {path.name for path in tmp_path.iterdir()} == {"run.db", "r.html"}
    report(run, out=out)
    assert "<!doctype html>" in out.read_text("utf-8")


def test_libraries_come_with_their_licences() -> None:
    """Each file that others wrote names its version and has the licence beside it."""
    vendored = [STATIC / name for name in SCRIPTS if name.startswith("vendor/")]
    assert len(vendored) == 2
    for path in vendored:
        licence = path.with_name(f"{path.name.partition('.')[0]}.LICENSE")
        assert "Permission to use, copy, modify" in licence.read_text("utf-8")
        assert re.match(r"// \S+( \S+)? v\d+\.\d+\.\d+ Copyright", path.read_text("utf-8"))
