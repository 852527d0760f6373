"""Choices: the words of the passage decide where they speak; else the model does, and says so."""

from __future__ import annotations

from typing import get_args

import pytest

from extractor.article import Article, Span
from extractor.fields import Choice
from extractor.fields.base import Found, View
from extractor.fields.choice import ChoiceType


class Stage(Choice):
    PLANNED = "planned", "nothing is built yet", (r"will (?:build|open)", r"plans? to"), "future"
    BUILT = "built", "it stands", (r"opened", r"built", r"was to(?! have)"), "past"
    DROPPED = "dropped", "it was called off", (r"was to have (?:opened|been)", r"will not open", r"nobody will")
    UNCLEAR = "unclear", "nobody knows"


STAGE = ChoiceType(Stage)


def view(text: str, owner: str | None = None) -> View:
    """View a passage; `owner` is the word that the choice belongs to."""
    of = Found(owner, (Span(text.index(owner), text.index(owner) + len(owner)),), "stated") if owner else None
    return View(Article(id="a", text=text), (Span(0, len(text)),), of=of)


def test_every_choice_is_offered_in_order() -> None:
    assert get_args(STAGE.ask(view("A bridge."))) == ("planned", "built", "dropped", "unclear")


def test_the_codebook_gets_values_with_meanings() -> None:
    assert STAGE.values()[0] == ("planned", "nothing is built yet")
    assert len(STAGE.values()) == 4


def test_members_are_strings_with_meaning_cues_and_tense() -> None:
    assert isinstance(Stage.PLANNED, str)
    assert str(Stage.PLANNED) == "planned"
    assert next(stage for stage in Stage if stage.value == "built") is Stage.BUILT
    assert Stage.UNCLEAR.cues == ()
    assert [choice.tense for choice in Stage] == ["future", "past", None, None]


@pytest.mark.parametrize(("value", "tense"), [("planned", "future"), ("built", "past"), ("dropped", None), ("x", None)])
def test_a_choice_tells_which_way_dates_look(value: str, tense: str | None) -> None:
    assert STAGE.tense(value) == tense


@pytest.mark.parametrize(
    ("text", "value", "cue"),
    [
        ("They will build a bridge.", "planned", "will build"),
        ("They WILL BUILD a bridge.", "planned", "WILL BUILD"),
        ("The bridge opened.", "built", "opened"),
        ("The bridge was to have opened in May.", "dropped", "was to have opened"),
        ("It will not open.", "dropped", "will not open"),
    ],
)
def test_a_cue_decides_and_is_the_evidence(text: str, value: str, cue: str) -> None:
    """The longest of overlapping cues counts, and the rule quotes it."""
    (found,) = STAGE.read(view(text))
    assert (found.value, found.verdict) == (value, "derived")
    assert found.spans[0].of(text) == cue
    assert found.rule
    assert cue in found.rule


@pytest.mark.parametrize("text", ["The bridge reopened.", "It is unbuilt", "planstone", "Nothing.", "openedness"])
def test_a_part_of_a_word_is_no_cue(text: str) -> None:
    assert STAGE.read(view(text)) == []


def test_the_cue_nearest_to_the_owner_decides() -> None:
    """Two bridges in one sentence have each its own stage."""
    text = "They opened the Lower Bridge and will build the Upper Bridge."
    assert [STAGE.read(view(text, owner))[0].value for owner in ("Lower", "Upper")] == ["built", "planned"]


def test_of_overlapping_cues_the_longer_counts_even_if_the_other_is_nearer() -> None:
    assert STAGE.read(view("Nobody will build the Upper Bridge.", "Upper"))[0].value == "dropped"


def test_a_longer_cue_of_the_same_choice_counts_wherever_it_is_listed() -> None:
    class Door(Choice):
        OPEN = "open", "it is open", ("will open",)
        SHUT = "shut", "it is shut", ("nobody", "nobody will open", "shut")

    for text in ("Nobody will open the door.", "Of doors, nobody will open one."):
        assert [found.value for found in ChoiceType(Door).read(view(text, "one" if "one" in text else "door"))] == [
            "shut"
        ]


def test_without_an_owner_in_the_passage_the_first_cue_decides() -> None:
    text = "They opened one and will build another."
    assert STAGE.read(view(text))[0].value == "built"
    elsewhere = View(Article(id="a", text=text), (Span(0, 15),), of=Found("x", (Span(20, 24),), "stated"))
    assert STAGE.read(elsewhere)[0].value == "built"


def test_only_the_passage_counts() -> None:
    """A cue of the sentence before decides nothing."""
    text = "It opened. A bridge is there."
    seen = View(Article(id="a", text=text), (Span(11, len(text)), Span(0, 10)))
    assert STAGE.read(seen) == []


def test_a_value_against_the_cue_is_refused_one_with_it_is_derived() -> None:
    seen = view("They will build a bridge.")
    assert STAGE.locate("built", seen) is None
    agreed = STAGE.locate("planned", seen)
    assert agreed is not None
    assert agreed.verdict == "derived"


def test_a_value_without_any_cue_is_judged_and_rests_on_the_passage() -> None:
    text = "A bridge."
    assert STAGE.locate("unclear", view(text)) == Found("unclear", (Span(0, len(text)),), "judged")
    assert STAGE.locate(Stage.BUILT, view(text)) == Found("built", (Span(0, len(text)),), "judged")


@pytest.mark.parametrize(
    "text",
    [
        "The city denied that it will build the bridge.",
        "The mayor denies reports that the bridge opened.",
        "The bridge has never opened.",
        "The bridge was not really built.",
    ],
)
def test_a_value_whose_cue_is_taken_back_is_refused(text: str) -> None:
    """A denial, or a negation, is no ground for the choice that it denies, and leaves room for others."""
    value = "planned" if "will" in text else "built"
    assert STAGE.read(view(text)) == []
    assert STAGE.locate(value, view(text)) is None
    assert STAGE.locate("unclear", view(text)) is not None


def test_a_denial_of_something_else_takes_nothing_back() -> None:
    assert STAGE.read(view("He denied him a seat when the bridge opened."))[0].value == "built"


@pytest.mark.parametrize("value", ["finished", "", "BUILT", None, 3])
def test_a_value_that_the_codebook_does_not_define_is_refused(value: object) -> None:
    assert STAGE.locate(value, view("A bridge.")) is None


def test_values_compare_by_what_they_are() -> None:
    assert STAGE.same("built", Stage.BUILT)
    assert not STAGE.same("built", "planned")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("A bridge is there next week.", False),
        ("A bridge is there on March 25.", False),
        ("A bridge is there on Monday.", True),
        ("A bridge, there since May, next week.", True),
        ("A bridge.", True),
    ],
)
def test_of_days_to_come_nothing_is_told_as_past(text: str, offered: bool) -> None:
    """A choice of the past is neither offered nor accepted; a mere weekday may be a past one."""
    seen = View(Article(id="a", text=text, published="2024-03-20"), (Span(0, len(text)),))
    assert ("built" in get_args(STAGE.ask(seen))) is offered
    assert (STAGE.locate("built", seen) is not None) is offered
    assert "planned" in get_args(STAGE.ask(seen))


def test_under_the_heading_of_a_day_to_come_no_verb_tells_of_the_past() -> None:
    text = "MON 18\nThe Lower Bridge opened.\nFRI 22\nThe Upper Bridge opened."
    article = Article(id="a", text=text, published="2024-03-20")
    past, future = (View(article, (Span(start, start + 24),)) for start in (7, 39))
    assert [found.value for found in STAGE.read(past)] == ["built"]
    assert STAGE.read(future) == []
