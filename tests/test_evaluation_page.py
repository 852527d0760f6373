"""The page of an evaluation in a real browser: complete, self-contained, and safe from what articles say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from extractor.article import Article, Span
from extractor.evaluation import page as rendered
from extractor.evaluation.labels import Label
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.evaluation.score import Scores, score
from extractor.schema import load
from tests.browser import browser, page, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["browser", "page"]  # fixtures

SCRIPT = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
TEXT = f"{SCRIPT} \U0001f600e\u0301 Olaf \u202eScholz & </q></style> {{{{ 7 * 7 }}}} went to Paris. " + "x" * 1_000_000


@pytest.fixture(scope="module")
def scores() -> Scores:
    """Score articles whose ids, texts, values and errors are hostile."""
    visitor, place = TEXT.index("Olaf"), TEXT.index("Paris")
    evidence = {"visitor": ((Span(visitor, visitor + 12),),), "destination": ((Span(place, place + 5),),)}
    wide = {"visitor": ((Span(0, len(TEXT)),),)}
    keys = {"visitor": "Olaf \u202eScholz", "destination": "FRA"}
    records = (
        Prediction({**keys, "status": SCRIPT}, evidence),
        Prediction({"visitor": SCRIPT, "destination": "ITA"}, wide),
    )
    labels = (
        Label({**keys, "status": "ongoing"}, {"visitor": (Span(0, 8),)}),
        Label({"visitor": "Ana Roca", "destination": SCRIPT}, {}),
    )
    outcome = Outcome(records, f"failed: {SCRIPT}", Article(id=SCRIPT, text=TEXT))
    return score({SCRIPT: outcome, "a2": Outcome(())}, {SCRIPT: labels, "a2": ()}, load("visits"))


def test_hostile_articles_show_as_text(scores: Scores, page: Page, tmp_path: Path) -> None:
    """Nothing of an article runs, loads, closes a tag or turns the text; what it says stands there in letters."""
    path = tmp_path / "page.html"
    path.write_text(rendered(scores, f"Evaluation of {SCRIPT}"), "utf-8")
    page.goto(path.as_uri())
    assert page.title() == f"Evaluation of {SCRIPT}"
    shown = page.locator("body").inner_text()
    assert f"failed: {SCRIPT}" in shown
    assert "Olaf <202E>Scholz & </q></style> {{ 7 * 7 }} went to Paris." in shown
    assert page.locator("script, img").count() == 0
    assert "Olaf <202E>Scholz" in page.locator("mark").all_inner_texts()
    assert len(path.read_bytes()) < 100_000


def test_the_page_is_styled_readable_and_has_all_kinds(scores: Scores, page: Page, tmp_path: Path) -> None:
    """The policy lets the page's own style through, axe finds nothing, and each kind that occurs has its list."""
    path = tmp_path / "page.html"
    path.write_text(rendered(scores, "Evaluation"), "utf-8")
    page.goto(path.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('td')).textAlign") == "end"
    assert violations(page) == []
    heads = page.locator("h3").all_inner_texts()
    assert heads == ["missed (1)", "spurious (1)", "wrong value (1)", "wrong span (1)", "unsupported (2)", "failed (1)"]
    assert page.locator("caption", has_text="status: labelled values in rows").count() == 1
    assert "default-src 'none'" in path.read_text("utf-8")


def test_the_page_is_readable_in_the_dark(scores: Scores, page: Page, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(rendered(scores, "Evaluation"), "utf-8")
    page.emulate_media(color_scheme="dark")
    page.goto(path.as_uri())
    assert violations(page) == []
