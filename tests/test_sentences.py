"""Sentences are exact spans, whatever the text."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from extractor.article import Span
from extractor.sentences import LONGEST, lines, sentences


def words(text: str, skip: tuple[Span, ...] = ()) -> list[str]:
    return [sentence.of(text) for sentence in sentences(text, skip)]


CASES = {
    "titles, initials and months": (
        "Mr. J. P. Tan met Gen. Asif on Oct. 18 in St. Petersburg. He left for the U.S. on Monday.",
        ["Mr. J. P. Tan met Gen. Asif on Oct. 18 in St. Petersburg.", "He left for the U.S. on Monday."],
    ),
    "a title before a title": (
        "It welcomed H.E. Mr Nimal Perera at noon. The Hon. Prime Minister spoke.",
        ["It welcomed H.E. Mr Nimal Perera at noon.", "The Hon. Prime Minister spoke."],
    ),
    "a dateline stays with its sentence": (
        "Doha, 26 January (GNS) – The minister left today. He is in Amman.",
        ["Doha, 26 January (GNS) – The minister left today.", "He is in Amman."],
    ),
    "a speaker stays with the words": (
        "DANSO: Whom does he see?\nDIARRA: Ah, Paris.",
        ["DANSO: Whom does he see?", "DIARRA: Ah, Paris."],
    ),
    "a headline ends with its line": (
        "PM back from Panama\nBy Ann Bell\nThe PM is back.",
        ["PM back from Panama", "By Ann Bell", "The PM is back."],
    ),
    "list items": (
        "KEY POINTS\n• Tan in Oslo\n• Bell in Rome",
        ["KEY POINTS", "• Tan in Oslo", "• Bell in Rome"],
    ),
    "a list number is no sentence": (
        "1. Tan in Oslo\n2. Bell in Rome",
        ["1. Tan in Oslo", "2. Bell in Rome"],
    ),
    "carriage returns": (
        "Tan in Oslo\r\n\r\nHe arrived.\rHe left.",
        ["Tan in Oslo", "He arrived.", "He left."],
    ),
    "a byte order mark is no word": ("\ufeffTan is in Oslo.", ["Tan is in Oslo."]),
    "right to left": ("הוא הגיע. הוא עזב.", ["הוא הגיע.", "הוא עזב."]),
    "control characters": ("Tan\x00 is in\x07 Oslo.", ["Tan\x00 is in\x07 Oslo."]),
    "nothing": (" \n\t\r\n\ufeff", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_text_is_cut_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert words(text) == expected


WRAPPED = """\
TAN TO VISIT OSLO, ROME AND VENICE ON HIS SUMMIT TRIP
    OSLO, March 4 - President Tan will be visiting Norway and
Italy during a trip to Europe in June in order to attend the
Venice summit meeting of the biggest industrialized countries,
the palace said.
    The announcement said the president would be in Rome until
the second week of June. He will, among other matters, discuss
→ the price of gas, on which the two governments do not agree
→ a ferry from Rome
 Wire
"""


def test_hard_wrapped_lines_run_on() -> None:
    """Old wires break their lines in mid-sentence; a headline and an indented paragraph still begin anew."""
    found = words(WRAPPED)
    assert [sentence[:12] for sentence in found] == [
        "TAN TO VISIT",
        "OSLO, March ",
        "The announce",
        "He will, amo",
        "→ the price ",
        "→ a ferry fr",
        "Wire",
    ]
    assert found[1].endswith("the palace said.")


def test_short_lines_that_are_no_sentences_do_not_run_on() -> None:
    text = "Who is who\nPrime minister: Ann Bell\nforeign affairs: Ian Tan\nDefence: nobody\nFinance: nobody"
    assert words(text) == text.split("\n")


def test_a_verse_does_not_run_on() -> None:
    text = "We came to town\nand saw the king\nand went away"
    assert words(text) == text.split("\n")


def test_no_sentence_touches_a_skipped_span() -> None:
    text = "Tan is in Oslo. Read more here. He leaves on Sunday."
    skipped = Span(text.index("Read"), text.index("He"))
    assert words(text, (skipped,)) == ["Tan is in Oslo.", "He leaves on Sunday."]


def test_a_sentence_that_runs_on_is_cut_at_a_clause() -> None:
    text = "The minister went to Oslo and to Rome and came home, " * 40
    found = words(text)
    assert all(len(sentence) <= LONGEST for sentence in found)
    assert all(sentence.endswith("home,") for sentence in found)
    assert " ".join(found) == text.strip()


@pytest.mark.parametrize("seed", range(40))
def test_spans_are_ordered_trimmed_and_lose_nothing(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    pieces = [
        "Tan ",
        "left. ",
        "“No!” ",
        "\n",
        "\r\n",
        "  ",
        "H.E. ",
        "é",
        "א",
        "😀",
        "\x00",
        "3.",
        "(",
        "«",
        "\u2028",
        "…",
    ]
    text = "".join(draw.choices(pieces, k=400))
    skip = tuple(Span(start, start + 9) for start in draw.sample(range(len(text)), 5))
    found = sentences(text, skip)
    assert all(span.of(text) == span.of(text).strip() != "" for span in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    assert not any(span.overlaps(other) for span in found for other in skip)
    covered = {index for span in (*found, *skip) for index in range(*span)}
    assert not "".join(char for index, char in enumerate(text) if index not in covered).strip()


def test_lines_are_found_without_the_space_around_them() -> None:
    text = " a b \r\n\n\tc"
    assert [line.of(text) for line in lines(text)] == ["a b", "c"]


@pytest.mark.parametrize("unit", ["x", "word ", "«", "A b. ", "Gen. "])
def test_a_huge_line_takes_linear_time(unit: str) -> None:
    """The splitter alone takes minutes for a million opening quotation marks."""
    started = time.perf_counter()
    found = sentences(unit * (1_000_000 // len(unit)))
    assert time.perf_counter() - started < 10
    assert max(span.end - span.start for span in found) <= LONGEST
