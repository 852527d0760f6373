"""The words that date a happening, and the date that they make; the rules of dates have their own tests."""

from __future__ import annotations

from typing import get_args

import pytest

from extractor.article import Article, Span
from extractor.fields.base import Found, Tense, View
from extractor.fields.when import DatesType, WhenType, time_words

WHEN = WhenType()
DATES = DatesType()


def view(
    text: str, *, of: Found | None = None, published: str | None = "2024-03-20", tense: Tense | None = None
) -> View:
    return View(Article(id="a", text=text, published=published), (Span(0, len(text)),), of=of, tense=tense)


def words_of(text: str, words: str) -> Found:
    return Found(words, (Span(text.index(words), text.index(words) + len(words)),), "stated")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She will visit Peru on March 26-28, he said.", ("on March 26-28",)),
        ("She visited Peru last month and goes to Chile on Friday.", ("last month", "on Friday")),
        ("She left on Monday and came back on Monday.", ("on Monday",)),
        ("She said on Tuesday that she goes on Friday with him.", ("on Friday",)),
        ("SEOUL, Jan 15 (Halden News) – She goes on Friday.", ("on Friday",)),
    ],
)
def test_time_expressions_are_offered_as_written(text: str, words: tuple[str, ...]) -> None:
    """Preposition included, each once; not what dates the saying or the report."""
    assert get_args(WHEN.ask(view(text))) == words


@pytest.mark.parametrize("text", ["She left.", "She said on Tuesday that she goes.", "OSLO, Jan 5 – She goes.", ""])
def test_without_a_time_expression_nothing_is_asked(text: str) -> None:
    assert WHEN.ask(view(text)) is None


def test_a_date_in_running_text_is_no_dateline() -> None:
    """Only the beginning of a line with a place before it dates the report."""
    text = "She goes to Oslo on Jan 15, at noon."
    assert [span.of(text) for span in time_words(Article(id="a", text=text), Span(0, len(text)))] == ["on Jan 15"]


def test_time_words_lie_in_the_stretch_and_hold_as_offsets() -> None:
    text = "On Monday it rained. She goes on Friday again."
    assert [span.of(text) for span in time_words(Article(id="a", text=text), Span(21, len(text)))] == ["on Friday"]


def test_words_are_found_exactly_or_not_at_all() -> None:
    text = "She goes on Oct. 18–19."
    assert WHEN.locate("on oct. 18-19", view(text)) == Found("on Oct. 18–19", (Span(9, 22),), "stated")
    for other in ("on Oct. 18-20", "on Oct. 17-19", "on Oct. 8", "on Friday", "on Oct. 18–19 last"):
        assert WHEN.locate(other, view(text)) is None


def test_words_compare_as_the_codebook_says() -> None:
    assert WHEN.same("on Oct. 18–19", "Oct. 18-19")
    assert not WHEN.same("on Monday", "on Tuesday")


@pytest.mark.parametrize(
    ("text", "words", "published", "tense", "edtf"),
    [
        ("She goes on Friday.", "on Friday", "2024-03-20", "future", "2024-03-22"),
        ("She went on Friday.", "on Friday", "2024-03-20", "past", "2024-03-15"),
        ("She went last month.", "last month", "2024-03-20", "past", "2024-02"),
        ("She went on Oct. 18.", "on Oct. 18", None, "past", "XXXX-10-18"),
        (
            "He came on Sunday and began a four-day visit to Peru.",
            "on Sunday",
            "2024-03-20",
            "past",
            "2024-03-17/2024-03-20",
        ),
    ],
)
def test_the_words_make_a_date(text: str, words: str, published: str | None, tense: Tense, edtf: str) -> None:
    """By a named rule, against the day of publication, completed by a length beside them."""
    (found,) = DATES.read(view(text, of=words_of(text, words), published=published, tense=tense))
    assert (found.value, found.verdict) == (edtf, "derived")
    assert found.rule
    assert found.spans[0].of(text) == words


def test_what_completes_a_date_is_evidence_too() -> None:
    text = "He came on Sunday and began a four-day visit to Peru."
    (found,) = DATES.read(view(text, of=words_of(text, "on Sunday"), tense="past"))
    assert any("four-day" in span.of(text) for span in found.spans)


def test_words_outside_the_passage_are_not_completed_by_it() -> None:
    text = "She goes on Sunday. He goes on a three-day trip."
    seen = View(
        Article(id="a", text=text, published="2024-03-20"),
        (Span(20, len(text)),),
        words_of(text, "on Sunday"),
        "future",
    )
    assert DATES.read(seen)[0].value == "2024-03-24"


@pytest.mark.parametrize(
    ("text", "words", "published"),
    [
        ("She goes soon.", "soon", "2024-03-20"),
        ("on Monday", "on Monday", None),
        ("before the summer", "before the summer", "2024-03-20"),
    ],
)
def test_what_dates_nothing_gives_no_date(text: str, words: str, published: str | None) -> None:
    assert DATES.read(view(text, of=words_of(text, words), published=published)) == []


def test_without_words_there_is_no_date() -> None:
    """A date is never asked of a model, nor read from words that are not the record's."""
    assert DATES.read(view("She goes on Friday.")) == []
    assert DATES.ask(view("She goes on Friday.")) is None
    assert DATES.cued
    assert DATES.dated


def test_a_date_stands_only_if_the_words_make_it() -> None:
    text = "She goes on Friday."
    seen = view(text, of=words_of(text, "on Friday"), tense="future")
    assert DATES.locate("2024-03-22", seen) is not None
    for other in ("2024-03-15", "2024-03", "2023-03-22", "2024-03-22/2024-03-23", "nonsense"):
        assert DATES.locate(other, seen) is None


def test_dates_compare_by_what_they_cover() -> None:
    assert DATES.same("2024-03-22", "2024-03-22")
    assert not DATES.same("2024-03-22", "2024-03-23")
