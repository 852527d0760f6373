"""Time expressions of an article: the headings that divide it by days, and what lies ahead."""

from __future__ import annotations

import pytest

from extractor.article import Article, Span
from extractor.fields.date_phrases import heading, is_listed_ahead, lies_ahead


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("MON 7\nA launch.\nTUE 8\nHERE", "TUE 8"),
        ("Monday, 7 October:\nA launch.\nTuesday, 8 October:\nA fair.\nHERE", "Tuesday, 8 October"),
        ("FRI 11\nA launch.\nSAT 12 – SUN 13\nHERE", "SAT 12 – SUN 13"),
        ("MON 7\nHERE\nTUE 8\nA fair.", "MON 7"),
        ("7 October 2024\nHERE", None),
        ("HERE\nMON 7\nA launch.\nTUE 8", None),
        ("Two days ago\nA joke.\nA week ago\nHERE", None),
        ("A launch on Monday\nA fair on Tuesday\nHERE", None),
    ],
)
def test_a_heading_is_a_line_of_nothing_but_a_day(text: str, above: str | None) -> None:
    """One of several: a single one dates the article, as does none."""
    start = text.index("HERE")
    line = heading(text, Span(start, start + 4))
    assert (line.of(text) if line else None) == above


@pytest.mark.parametrize(
    ("text", "published", "ahead"),
    [
        ("She goes tomorrow.", "2024-10-04", True),
        ("She goes on October 9.", "2024-10-04", True),
        ("She goes next week and in 2031.", "2024-10-04", True),
        ("She goes tomorrow.", None, False),
        ("She goes today.", "2024-10-04", False),
        ("She goes on Monday.", "2024-10-04", False),
        ("She goes in March.", "2024-10-04", False),
        ("She came yesterday and goes tomorrow.", "2024-10-04", False),
        ("She goes.", "2024-10-04", False),
    ],
)
def test_what_lies_ahead_names_only_days_to_come(text: str, published: str | None, ahead: bool) -> None:
    """A weekday, or a month half a year away, may as well be past."""
    assert lies_ahead(Article(id="a", text=text, published=published), Span(0, len(text))) is ahead


@pytest.mark.parametrize(("published", "listed"), [("2024-10-04", True), ("2024-10-08", False), (None, False)])
def test_a_list_of_days_to_come_tells_of_the_future(published: str | None, listed: bool) -> None:
    text = "MON 7\nA launch.\nTUE 8\nA fair."
    article = Article(id="a", text=text, published=published)
    assert is_listed_ahead(article, Span(22, 29)) is listed
    assert lies_ahead(article, Span(22, 29)) is listed
