"""The words that date a happening, and the date that they make; the rules of dates have their own tests."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from extractor.article import Article, Span
from extractor.extraction.check import check
from extractor.extraction.records import Candidate
from extractor.fields.base import Found, Tense, View
from extractor.fields.date_phrases import time_words
from extractor.fields.when import DatesType, WhenType
from schemas.visits import Visit

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
        ("It is her first trip on Friday since she took office last month.", ("on Friday",)),
        ("It is her first trip since the flood. She goes on Friday.", ("on Friday",)),
        ("She has been in Peru since last month.", ("since last month",)),
        ("The trip will now begin on Friday.", ("on Friday",)),
        ("She is now in Peru.", ("now",)),
    ],
)
def test_time_expressions_are_offered_as_written(text: str, words: tuple[str, ...]) -> None:
    """Preposition included, each once; not what dates the saying, the report, or what it is the first trip since."""
    assert get_args(WHEN.ask(view(text))) == words


@pytest.mark.parametrize(
    "text",
    [
        "She left.",
        "She said on Tuesday that she goes.",
        "OSLO, Jan 5 – She goes.",
        "It is her first trip since she took office last month.",
        "It is her first trip to Peru since taking office in May.",
        "She goes two days after she was sworn in.",
        "",
    ],
)
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


@pytest.mark.parametrize(("first", "edtf"), [(0, "2024-03-24"), (20, "2024-03-24/2024-03-26")])
def test_only_the_passage_completes_a_date(first: int, edtf: str) -> None:
    """Its length is that of the thing told of, wherever the day stands; the surroundings tell of other things."""
    text = "She goes on Sunday. He goes on a three-day trip."
    stretches = sorted([Span(0, 19), Span(20, len(text))], key=lambda span: span.start != first)
    article = Article(id="a", text=text, published="2024-03-20")
    seen = View(article, tuple(stretches), words_of(text, "on Sunday"), "future")
    assert DATES.read(seen)[0].value == edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("It opened on Monday and closes on Friday.", "2024-03-18/2024-03-22"),
        ("It opened on Monday; on Friday it closes.", "2024-03-18"),
        ("It opened on Monday; on Friday they will close.", "2024-03-18/2024-03-22"),
        ("It opened on Monday and closes on Friday for Lent.", "2024-03-18"),
        ("It opened on Monday and is sold on Friday.", "2024-03-18"),
        ("It opened on Monday and closes on May 3.", "2024-03-18"),
    ],
)
def test_lead_words_make_a_day_the_end(text: str, edtf: str) -> None:
    """Right before the day, or behind it and a pronoun; not if they lead on to something, or weeks later."""
    seen = View(
        Article(id="a", text=text, published="2024-03-20"),
        (Span(0, len(text)),),
        words_of(text, "on Monday"),
        "past",
        lead=("closes?",),
    )
    assert DATES.read(seen)[0].value == edtf


def test_of_two_days_that_have_been_the_earlier_begins() -> None:
    """Whichever the article names first; the end closes the stretch."""
    text = "On Wednesday she laid a wreath. The guest, who came on Tuesday, leaves on Friday."
    words = Found(None, (*words_of(text, "On Wednesday").spans, *words_of(text, "on Tuesday").spans), "stated")
    seen = replace(view(text, of=words, published="2024-03-21", tense="past"), lead=("leaves",))
    assert DATES.read(seen)[0].value == "2024-03-19/2024-03-22"


def test_an_end_without_a_beginning_dates_nothing() -> None:
    text = "It closes on Friday."
    seen = view(text, of=words_of(text, "on Friday"), tense="future")
    assert DATES.read(seen)[0].value == "2024-03-22"
    assert DATES.read(replace(seen, lead=("closes",))) == []


@pytest.mark.parametrize(
    ("text", "words", "tense", "edtf"),
    [
        ("In Peru on Friday, in Chile on Monday, and in Bolivia on Wednesday.", "on Wednesday", "future", "2024-03-27"),
        ("In Peru on Friday, in Chile on Monday, and in Bolivia on Wednesday.", "on Wednesday", "past", "2024-03-20"),
        (
            "On Friday she will go, having seen him in Chile on Wednesday.",
            "on Wednesday",
            "future",
            "2024-03-20",
        ),
        ("In Peru on Friday, and in Bolivia on March 27.", "on March 27", "future", "2024-03-27"),
    ],
)
def test_days_listed_one_after_the_other_follow_each_other(text: str, words: str, tense: Tense, edtf: str) -> None:
    assert DATES.read(view(text, of=words_of(text, words), tense=tense))[0].value == edtf


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She goes to Peru on Friday.", "on Friday"),
        ("She goes to Peru for talks with the minister on Friday.", "on Friday"),
        ("She dropped the trip to Peru that she was to begin tonight.", "tonight"),
        ("She goes to Peru after the talks on Friday.", None),
        ("She goes to Peru, and he rests on Friday.", None),
        ("She goes to Peru from the fair in Chile on Friday.", None),
        ("She goes to Peru for the first time since 2011.", None),
        ("She goes to Peru on a three-day trip.", None),
    ],
)
def test_the_day_behind_a_place_in_its_clause_is_read(text: str, words: str | None) -> None:
    start = text.index("Peru")
    found = WHEN.read(view(text, of=Found("PER", (Span(start, start + 4),), "stated")))
    assert [one.value for one in found] == ([words] if words else [])


def test_a_heading_dates_what_names_no_day_itself() -> None:
    text = "MON 18\nPeru: a launch (until Wed).\nTUE 19\nPeru: a launch on Friday."
    article = Article(id="a", text=text, published="2024-03-15")
    first, second = (WHEN.read(View(article, (Span(start, start + 27),))) for start in (7, 42))
    assert [found.value for found in first] == ["MON 18"]
    assert second == []
    completed = DATES.read(View(article, (Span(7, 34),), of=first[0], tense="future"))
    assert completed[0].value == "2024-03-18/2024-03-20"


@pytest.mark.parametrize(("item", "edtf"), [(0, "2024-03-20"), (1, "2024-03-27")])
def test_a_weekday_under_a_heading_follows_it(item: int, edtf: str) -> None:
    text = "MON 18\nPeru: a fair on Wednesday.\nMON 25\nPeru: a fair on Wednesday."
    start = (7, 41)[item]
    words = Found("on Wednesday", (Span(start + 13, start + 25),), "stated")
    assert words.spans[0].of(text) == "on Wednesday"
    article = Article(id="a", text=text, published="2024-03-15")
    assert DATES.read(View(article, (Span(start, start + 26),), of=words, tense="future"))[0].value == edtf


@pytest.mark.parametrize(("verb", "dated"), [("left", True), ("visited", False)])
def test_a_day_behind_another_place_dates_that_one_unless_one_leaves_it(verb: str, dated: bool) -> None:
    text = f"She {verb} Norway on Monday heading for Peru."
    start = text.index("Peru")
    seen = view(text, of=Found("PER", (Span(start, start + 4),), "stated"))
    assert (WHEN.locate("on Monday", seen) is not None) is dated


@pytest.mark.parametrize(
    ("text", "words", "goal", "dated"),
    [
        ("Ana Ruiz will travel to Peru, Chile and Bolivia from 3 March.", "from 3 March", "Peru", True),
        ("Ana Ruiz will travel to Peru, Chile and Bolivia from 3 March.", "from 3 March", "Chile", True),
        ("Ana Ruiz will travel to Peru, Chile and Bolivia from 3 March.", "from 3 March", "Bolivia", True),
        ("Ana Ruiz will travel to Peru and then the Philippines on Friday.", "on Friday", "Peru", True),
        ("Ana Ruiz will travel to Peru in May and Chile on Friday.", "on Friday", "Peru", False),
        ("Ana Ruiz will travel to Peru and see the rulers of Chile on Friday.", "on Friday", "Peru", False),
        ("Ana Ruiz will see Chile on Friday, Peru and Bolivia later.", "on Friday", "Peru", False),
    ],
)
def test_a_time_behind_a_list_of_places_dates_all_of_them(text: str, words: str, goal: str, dated: bool) -> None:
    """Nothing but names and small words may stand in the list."""
    code = {"Peru": "PER", "Chile": "CHL", "Bolivia": "BOL"}[goal]
    seen = view(text, of=Found(code, (Span(text.index(goal), text.index(goal) + len(goal)),), "stated"))
    assert (WHEN.locate(words, seen) is not None) is dated


@pytest.mark.parametrize(
    ("text", "words", "dated"),
    [
        ("Ana Ruiz's visit to Peru comes after Bo Berg went there last month.", "last month", False),
        ("Ana Ruiz's visit to Peru comes after she went there last month.", "last month", True),
        ("Ana Ruiz's visit to Peru comes after Ruiz went there last month.", "last month", True),
        ("Ana Ruiz will visit Peru, and Bo Berg will stay there until Friday.", "until Friday", False),
        ("Ana Ruiz will visit Peru with Bo Berg on Friday.", "on Friday", True),
        ("Ana Ruiz will visit Peru to meet Bo Berg on Friday.", "on Friday", True),
        ("Ana Ruiz will visit Peru on Friday, Bo Berg said.", "on Friday", True),
        ("Bo Berg slept last month when Ana Ruiz went to Peru.", "last month", True),
    ],
)
def test_a_time_behind_what_another_does_is_not_hers(text: str, words: str, dated: bool) -> None:
    """Whoever stands between the goal and the time has it, if he acts; a companion or host does not."""
    goal = Found("PER", (Span(text.index("Peru"), text.index("Peru") + 4),), "stated")
    seen = view(text, of=goal)
    assert WHEN.locate(words, seen) is not None
    hers = replace(seen, by=Found("Ana Ruiz", (Span(0, 8),), "stated"))
    assert (WHEN.locate(words, hers) is not None) is dated


def test_in_a_visit_the_doings_of_others_date_nothing() -> None:
    """The schema says who does what the words would date."""
    text = "President Ana Ruiz will visit Peru after President Bo Berg went there last month."
    said = {"visitor": "Ana Ruiz", "destination": "Peru", "when": "last month"}
    (complaint,) = check(Candidate(said, (Span(0, len(text)),)), Article(id="a", text=text), Visit).complaints
    assert complaint.field == "when"


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("She will be there on Monday.", "2024-03-25"),
        ("She is there on Monday.", "2024-03-18"),
        ("She will sleep, as she was there on Monday.", "2024-03-18"),
    ],
)
def test_what_will_be_is_dated_ahead_whatever_is_known_of_it(text: str, edtf: str) -> None:
    """Where the record does not say which way it looks, “will” does, unless something else was."""
    assert DATES.read(view(text, of=words_of(text, "on Monday")))[0].value == edtf


def test_what_only_completes_a_date_is_offered_alone() -> None:
    assert get_args(WHEN.ask(view("On Sunday, and the day before, on a three-day trip."))) == ("On Sunday",)
    assert get_args(WHEN.ask(view("She is on a three-day trip."))) == ("a three-day",)


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


@pytest.mark.parametrize(
    ("text", "by", "words"),
    [
        ("Her trip comes a month after Ruiz visited Berg in July, it seems.", "Ruiz", "in July"),
        ("“Ruiz’s visit will now be rescheduled for late April,” he said.", "Ruiz", "for late April"),
        ("Her trip comes a month after Ruiz visited Berg in July, it seems.", "Berg", None),
        ("Ruiz visited Berg, who spoke in July.", "Ruiz", None),
        ("Ruiz visited Berg before Chile voted in July.", "Ruiz", None),
    ],
)
def test_the_day_behind_the_deed_of_the_traveller_is_read(text: str, by: str, words: str | None) -> None:
    who = Found(by, (Span(text.index(by), text.index(by) + len(by)),), "stated")
    away = Found("PER", (), "derived")
    seen = replace(view("Ana Ruiz and Bo Berg met. " + text, of=away), by=who, does=(r"visit\w*",))
    seen = replace(seen, where=(Span(26, 26 + len(text)),))
    assert [found.value for found in WHEN.read(seen)] == ([words] if words else [])
