"""Evidence is compared code point by code point, over the values that both sides have."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.evaluation.excerpt import Piece, excerpt, told
from extractor.evaluation.labels import Label
from extractor.evaluation.overlap import Overlap, carries, covered, overlap
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.evaluation.score import score
from extractor.schema import load

VISITS = load("visits")
TEXT = "Olaf Scholz arrived in Paris on Tuesday and left Lyon."


@pytest.mark.parametrize(
    ("spans", "labelled", "expected"),
    [
        ([(0, 5)], [(0, 5)], Overlap(both=5, same=1)),
        ([(0, 5)], [(3, 9)], Overlap(both=2, extra=3, lacking=4, some=1)),
        ([(0, 5)], [(5, 9)], Overlap(extra=5, lacking=4, none=1)),
        ([], [(5, 9)], Overlap(lacking=4, none=1)),
        ([(0, 3), (2, 5), (0, 5)], [(0, 5)], Overlap(both=5, same=1)),
        ([(0, 3), (3, 5)], [(0, 5)], Overlap(both=5, same=1)),
        ([(0, 2), (8, 10)], [(0, 10)], Overlap(both=4, lacking=6, some=1)),
    ],
)
def test_spans_are_counted_as_by_hand(
    spans: list[tuple[int, int]], labelled: list[tuple[int, int]], expected: Overlap
) -> None:
    """What several spans cover counts once, in whatever order and pieces they come."""
    assert overlap([Span(*one) for one in spans], [Span(*one) for one in labelled]) == expected
    assert overlap([Span(*one) for one in reversed(spans)], [Span(*one) for one in labelled]) == expected


def test_a_span_of_millions_takes_no_more_than_its_ends() -> None:
    """Evidence is never spelled out, so a text on one line of any length can be counted."""
    assert covered([Span(0, 10**15), Span(5, 10**15 + 1)]) == 10**15 + 1
    assert covered([Span(5, 2)]) == 0


def test_only_values_that_both_have_are_compared() -> None:
    """A value that the run lacks, or that the labeller did not mark, has no overlap; each counts for its field."""
    record = Prediction(
        {"visitor": "Scholz", "destination": "FRA", "places": ["Paris", "Lyon"], "when": "on Tuesday"},
        {
            "visitor": ((Span(5, 11),),),
            "destination": ((Span(23, 28),),),
            "places": ((Span(23, 28),), (Span(49, 53),)),
            "when": ((Span(29, 39),),),
        },
    )
    values: dict[str, Any] = {"visitor": "Olaf Scholz", "destination": "FRA", "places": ["Paris"], "status": "ongoing"}
    evidence = {"visitor": (Span(0, 11),), "places": (Span(23, 28),), "status": (Span(12, 19),)}
    scores = score(
        {"a1": Outcome((record,), None, Article(id="a1", text=TEXT))},
        {"a1": (Label({**values, "when": "Tuesday"}, evidence),)},
        VISITS,
    )
    assert scores.overlaps["visitor"] == Overlap(both=6, lacking=5, some=1)
    assert scores.overlaps["places"] == Overlap(both=5, extra=4, some=1)
    assert scores.overlaps["destination"] == scores.overlaps["when"] == scores.overlaps["status"] == Overlap()
    assert scores.overlap == Overlap(both=11, extra=4, lacking=5, some=2)
    assert (scores.overlap.precision, scores.overlap.recall, scores.overlap.f1) == (11 / 15, 11 / 16, 22 / 31)
    assert scores.to_json()["fields"]["visitor"]["overlap"]["recall"] == 6 / 11


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 4)], True),
        ([], False),
        ([(4, 5)], False),
        ([(0, 4), (50, 99)], False),
        ([(3, 1)], False),
        ([(-4, 2)], False),
    ],
)
def test_a_value_is_carried_by_words_of_the_article(spans: list[tuple[int, int]], expected: bool) -> None:
    """Evidence must lie inside the text and hold words, all of it."""
    assert carries([Span(*one) for one in spans], Article(id="a1", text=TEXT)) is expected


def test_an_excerpt_marks_the_evidence_and_says_where_it_cuts() -> None:
    """Words are not cut, what is left out is dots, and spans that touch are one."""
    text = "word " * 40 + "Olaf Scholz" + " word" * 40 + " in Paris."
    start, end = text.index("Olaf"), text.index("Paris")
    shown = told(excerpt(text, [Span(start, start + 4), Span(start + 4, start + 11), Span(end, end + 5)]))
    assert shown.startswith("… word word")
    assert "word [Olaf Scholz] word" in shown
    assert shown.endswith(" word in [Paris].")
    assert shown.count("…") == 2
    assert set(shown.replace("…", "").replace("[", "").replace("]", "").replace(".", "").split()) == {
        "word", "Olaf", "Scholz", "in", "Paris",
    }  # fmt: skip


@pytest.mark.parametrize(
    "between", ["", " ", "\n", "x" * 130, " and then " * 5, " and then " * 30, "\U0001f600e\u0301"]
)
def test_an_excerpt_says_nothing_that_the_article_does_not(between: str) -> None:
    """Its pieces stand in the text in their order, and the marked ones are the evidence, whatever lies between."""
    text = f"Before it all: A1{between}B2, and after it all."
    first, second = text.index("A1"), text.index("B2")
    pieces = excerpt(text, [Span(second, second + 2), Span(first, first + 2)])
    at = 0
    for piece in pieces:
        if piece.words.strip() != "…":
            at = text.index(piece.words, at) + len(piece.words)
    assert "".join(piece.words for piece in pieces if piece.marked) == "A1B2"


def test_an_excerpt_of_a_long_line_is_short() -> None:
    """A megabyte on one line, or as evidence, is shown by its ends; spans outside the text are not shown."""
    text = "a" * 1_000_000
    assert sum(len(piece.words) for piece in excerpt(text, [Span(500_000, 500_005)])) < 200
    assert sum(len(piece.words) for piece in excerpt(text, [Span(0, 1_000_000)])) < 300
    assert excerpt("Paris", [Span(3, 9), Span(-2, 2), Span(4, 4)]) == ()
    assert excerpt("Paris", [Span(0, 5)]) == (Piece("Paris", True),)
