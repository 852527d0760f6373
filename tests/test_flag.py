"""Yes or no by the words of the passage: true where none of the lead words stands there."""

from __future__ import annotations

import pytest

from extractor.article import Article, Span
from extractor.fields.base import View
from extractor.fields.flag import FlagType

FLAG = FlagType()
LEAD = (r"visit\w*", r"trips?\b")


def view(text: str, before: str = "") -> View:
    whole = before + text
    where = (Span(len(before), len(whole)), Span(0, len(before)))
    return View(Article(id="a", text=whole), where, lead=LEAD)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They met in Lima.", True),
        ("They visited Lima.", False),
        ("A TRIP to Lima", False),
        ("a tripod in Lima", True),
        ("revisiting Lima", True),
        ("", True),
    ],
)
def test_true_where_no_lead_word_stands(text: str, value: bool) -> None:
    (found,) = FLAG.read(view(text))
    assert found.value is value
    assert found.verdict == "derived"
    assert found.rule
    assert found.spans == (Span(0, len(text)),)


def test_only_the_passage_decides() -> None:
    assert FLAG.read(view("They met.", before="A visit. "))[0].value is True


def test_a_value_stands_only_if_the_words_decide_so() -> None:
    """A number that equals a truth value is none."""
    seen = view("They met in Lima.")
    assert FLAG.locate(True, seen) is not None
    assert FLAG.locate(False, seen) is None
    assert FLAG.locate("true", seen) is None
    assert FLAG.locate(1, seen) is None


def test_asked_and_compared_as_truth_values() -> None:
    assert FLAG.ask(view("")) is bool
    assert FLAG.same(True, True)
    assert FLAG.same(None, False)
    assert not FLAG.same(True, False)
