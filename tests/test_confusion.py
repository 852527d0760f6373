"""A confusion table says what was taken for what, for every field that is a choice."""

from __future__ import annotations

from typing import Any

from extractor.evaluation.articles import match_up
from extractor.evaluation.confusion import Confusion, confusion, confusions
from extractor.evaluation.labels import Label
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.fields import Choice, Person
from extractor.schema import Schema, field, fields_of, load


class Mood(Choice):
    GOOD = "good", "pleased"
    BAD = "bad", "not pleased"


class Talk(Schema):
    """Somebody speaks."""

    speaker: Person = field("who speaks", key=True)
    mood: Mood | None = field("how it sounds")
    moods: list[Mood] = field("all of them")


SPEC = fields_of(Talk)["mood"]


def test_pairs_are_counted_in_the_order_of_the_codebook() -> None:
    """Rows are labelled values and columns the run's; nothing comes last, and what no codebook allows before it."""
    pairs: list[tuple[Any, Any]] = [
        ("good", "good"), ("good", "bad"), ("good", "bad"), (None, "bad"), ("", None), (Mood.BAD, "good"),
        ("odd", "good"),
    ]  # fmt: skip
    found = confusion(SPEC, pairs)
    assert found.values == ("good", "bad", "odd", None)
    assert found.table == ((1, 1, 1, 0), (2, 0, 0, 1), (0, 0, 0, 0), (0, 0, 0, 1))
    assert found.to_json() == {"values": ["good", "bad", "odd", None], "table": [list(row) for row in found.table]}


def test_values_that_nobody_has_can_be_left_out() -> None:
    """A row and its column stay if either has a count."""
    assert confusion(SPEC, [("good", None)]).occurring() == Confusion(("good", None), ((0, 0), (1, 0)))


def test_every_choice_has_a_table_and_nothing_else() -> None:
    """Which fields are choices is for their types to say; a list of choices has no pairs to count."""
    record = Prediction({"speaker": "Ana Roca", "mood": "good"}, {})
    label = Label({"speaker": "Roca", "mood": "bad"}, {})
    scored = match_up({"a1": Outcome((record,))}, {"a1": (label,)}, Talk)
    assert {name: one.occurring().table for name, one in confusions(scored, Talk).items()} == {"mood": ((0, 0), (1, 0))}
    assert set(confusions([], load("visits"))) == {"status", "kind"}
