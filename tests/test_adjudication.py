"""Two labellers' records are paired as the evaluation pairs them; what they differ in is listed and then decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.evaluation.labels import Label, read_labels
from extractor.reviewing.actions import parse
from extractor.reviewing.adjudication import Difference, adjudicate, differences
from extractor.reviewing.drafts import Document, Draft, Version, stands
from extractor.reviewing.labelling import act
from extractor.schema import load

VISITS = load("visits")
NAMES = ("ann", "ben")
ARTICLE = Article(id="a1", text="Olaf Scholz arrived in Paris on Tuesday. Mr Ruiz will visit Chile.")
SCHOLZ = {"visitor": "Olaf Scholz", "destination": "FRA", "status": "ongoing"}
RUIZ = {"visitor": "Ruiz", "destination": "CHL", "status": "announced"}


def label(values: dict[str, Any], **evidence: tuple[int, int]) -> Label:
    return Label(values, {name: (Span(*one),) for name, one in evidence.items()})


def both(one: list[Label], other: list[Label]) -> list[Draft]:
    return adjudicate(one, other, NAMES, VISITS)


def test_what_both_agree_on_is_settled_in_its_fuller_form_and_order_does_not_matter() -> None:
    drafts = both([label(SCHOLZ), label(RUIZ)], [label(RUIZ), label(SCHOLZ | {"visitor": "Scholz"})])
    assert [draft.values for draft in drafts] == [SCHOLZ, RUIZ]
    assert all(stands(draft, VISITS) for draft in drafts)
    assert differences(drafts) == []


def test_a_value_that_only_one_gave_and_one_that_both_gave_differently_are_undecided() -> None:
    [draft] = both([label(SCHOLZ | {"when": "on Tuesday"}, when=(29, 39))], [label(SCHOLZ | {"status": "completed"})])
    assert draft.values == {"visitor": "Olaf Scholz", "destination": "FRA"}
    when = (Version(by="ann", value="on Tuesday", evidence=(Span(29, 39),)), Version(by="ben"))
    status = (Version(by="ann", value="ongoing"), Version(by="ben", value="completed"))
    assert differences([draft]) == [Difference(0, "when", when), Difference(0, "status", status)]
    assert not stands(draft, VISITS)


def test_marks_that_overlap_agree_and_marks_elsewhere_do_not() -> None:
    """Nobody has to choose between "arrived" and "has arrived"; words in another place are another reading."""
    one = label(SCHOLZ, visitor=(0, 11), status=(12, 19))
    near, far = label(SCHOLZ, visitor=(5, 11), status=(12, 28)), label(SCHOLZ, visitor=(0, 11), status=(29, 39))
    assert both([one], [near])[0].evidence == {"visitor": (Span(0, 11),), "status": (Span(12, 28),)}
    assert both([one], [label(SCHOLZ)])[0].evidence == {"visitor": (Span(0, 11),), "status": (Span(12, 19),)}
    assert [difference.field for difference in differences(both([one], [far]))] == ["status"]


def test_lists_with_other_members_differ() -> None:
    drafts = both([label(SCHOLZ | {"places": ["Paris"]})], [label(SCHOLZ | {"places": ["Paris", "Orly"]})])
    assert [difference.field for difference in differences(drafts)] == ["places"]


def test_a_record_that_only_one_has_is_kept_or_dropped_as_a_whole() -> None:
    drafts = both([label(SCHOLZ)], [label(RUIZ), label(SCHOLZ)])
    assert [draft.only for draft in drafts] == [None, "ben"]
    assert differences(drafts) == [Difference(1, None, (Version(by="ben"),))]
    kept = act(Document(id="a1", records=tuple(drafts)), parse({"action": "accept", "record": 1}), ARTICLE, VISITS)
    assert differences(kept.records) == []
    assert stands(kept.records[1], VISITS)


def test_a_lenient_label_is_paired_too() -> None:
    implied = SCHOLZ | {"implied": True}
    assert len(both([label(implied)], [label(implied)])) == 1
    assert [one.only for one in both([label(implied)], [])] == ["ann"]
    assert [one.only for one in both([], [label(implied)])] == ["ben"]


def test_a_decision_takes_one_version_with_its_words_and_typing_decides_too() -> None:
    far = [label(SCHOLZ, status=(29, 39))], [label(SCHOLZ | {"status": "completed"}, status=(12, 19))]
    document = Document(id="a1", records=tuple(both(*far)))
    decide = {"action": "decide", "record": 0, "field": "status", "by": "ben"}
    decided = act(document, parse(decide), ARTICLE, VISITS)
    assert decided.records[0].values["status"] == "completed"
    assert decided.records[0].evidence["status"] == (Span(12, 19),)
    assert stands(decided.records[0], VISITS)
    typed = {"action": "correct", "record": 0, "field": "status", "value": "cancelled"}
    assert act(document, parse(typed), ARTICLE, VISITS).records[0].values["status"] == "cancelled"
    nothing = act(document, parse(typed | {"value": None}), ARTICLE, VISITS)
    assert differences(nothing.records) == []
    with pytest.raises(UsageError, match="Record 1 is not finished: status: ann gave ongoing and ben gave completed"):
        act(document, parse({"action": "finish"}), ARTICLE, VISITS)
    with pytest.raises(UsageError, match="nothing to decide about status between eve and another"):
        act(document, parse(decide | {"by": "eve"}), ARTICLE, VISITS)


def test_labels_against_themselves_have_no_difference() -> None:
    """The hand labels of the seeds, each with its evidence, come through whole."""
    seeds = Path(__file__).parent.parent / "seeds" / "labels.jsonl"
    ids = [json.loads(line)["id"] for line in seeds.read_text("utf-8").splitlines()]
    for labels in read_labels(seeds, VISITS, dict.fromkeys(ids)).values():
        drafts = both(list(labels), list(labels))
        assert differences(drafts) == []
        assert all(stands(draft, VISITS) for draft in drafts)
        for draft, own in zip(drafts, labels, strict=True):
            assert draft.values == {name: value for name, value in own.values.items() if value not in (None, [], False)}
