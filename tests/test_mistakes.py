"""Whatever costs a run its score is listed once, by kind, with the words of the article."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.evaluation.excerpt import told
from extractor.evaluation.labels import Label
from extractor.evaluation.mistakes import KINDS, Mistake, by_kind
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.evaluation.score import Scores, score
from extractor.evaluation.score_report import mistakes_report
from extractor.schema import load

VISITS = load("visits")
TEXT = "Olaf Scholz arrived in Paris on Tuesday. He went on to Rome, and Paris was far."
ARTICLE = Article(id="a1", text=TEXT)
VISITOR, PARIS, TUESDAY, FAR_PARIS = Span(0, 11), Span(23, 28), Span(32, 39), Span(65, 70)


def run(**more: tuple[Any, Span | None]) -> Prediction:
    said: dict[str, tuple[Any, Span | None]] = {
        "visitor": ("Olaf Scholz", VISITOR),
        "destination": ("FRA", PARIS),
        **more,
    }
    evidence = {name: ((span,),) if span else () for name, (_, span) in said.items()}
    return Prediction({name: value for name, (value, _) in said.items()}, evidence)


def label(evidence: dict[str, tuple[Span, ...]] | None = None, **more: Any) -> Label:
    return Label({"visitor": "Scholz", "destination": "FRA", **more}, evidence or {})


def scored(records: list[Prediction], labels: list[Label], error: str | None = None) -> Scores:
    return score({"a1": Outcome(tuple(records), error, ARTICLE)}, {"a1": tuple(labels)}, VISITS)


def only(records: list[Prediction], labels: list[Label]) -> Mistake:
    (one,) = scored(records, labels).mistakes
    return one


def test_a_missed_record_shows_what_the_labeller_marked() -> None:
    one = only([], [label({"visitor": (VISITOR,), "destination": (PARIS,)})])
    assert (one.kind, one.field, one.run, one.record) == ("missed", None, None, "Scholz, FRA")
    assert one.label
    assert told(one.label.words).startswith("[Olaf Scholz] arrived in [Paris] on")


def test_a_spurious_record_shows_what_it_rests_on() -> None:
    one = only([run(destination=("ITA", Span(55, 59)))], [])
    assert (one.kind, one.field, one.label, one.record) == ("spurious", None, None, "Olaf Scholz, ITA")
    assert one.run
    assert "went on to [Rome], and" in told(one.run.words)


def test_the_second_record_of_one_label_is_repeated() -> None:
    assert (one := only([run(), run()], [label()])).kind == "repeated"
    assert one.field is None


@pytest.mark.parametrize(
    ("more", "labelled", "kind"),
    [
        ({"status": ("ongoing", TUESDAY)}, {"status": "completed"}, "wrong value"),
        ({"status": ("ongoing", TUESDAY)}, {}, "spurious"),
        ({}, {"status": "completed"}, "missed"),
        ({"status": ("ongoing", None)}, {"status": "ongoing"}, "unsupported"),
        ({"status": ("ongoing", Span(70, 500))}, {"status": "ongoing"}, "unsupported"),
    ],
)
def test_a_value_of_a_matched_record(more: dict[str, Any], labelled: dict[str, Any], kind: str) -> None:
    """A value differs, is one too many, lacks, or stands on nothing; the field is named."""
    one = only([run(**more)], [label(**labelled)])
    assert (one.kind, one.field) == (kind, "status")


def test_a_right_value_with_other_words_has_a_wrong_span() -> None:
    """One that shares a code point with what the labeller marked does not."""
    one = only([run(destination=("FRA", FAR_PARIS))], [label({"destination": (PARIS,)})])
    assert (one.kind, one.field) == ("wrong span", "destination")
    assert one.run
    assert one.label
    assert (one.run.spans, one.label.spans) == ((FAR_PARIS,), (PARIS,))
    assert not scored([run()], [label({"destination": (Span(27, 40),)})]).mistakes


def test_elements_of_a_list_are_told_apart() -> None:
    """Of two lists, what only one has is spurious or missed, with the words of that element alone."""
    record = run(places=(["Paris"], PARIS))
    marked: dict[str, tuple[Span, ...]] = {"places": (Span(55, 59), PARIS)}
    assert (one := only([record], [label(marked, places=["Rome", "Paris"])])).kind == "missed"
    assert one.label
    assert one.label.value == "Rome"
    assert told(one.label.words).count("[") == 1
    assert [one.kind for one in scored([record], [label(places=["Rome"])]).mistakes] == ["missed", "spurious"]


def test_a_failed_article_is_named_with_its_reason() -> None:
    """Its labels are missed besides."""
    found = scored([], [label()], "the model gave no answer").mistakes
    assert [(one.kind, one.reason) for one in found] == [("missed", None), ("failed", "the model gave no answer")]
    assert by_kind(found)["failed"] == {"records": 0, "values": 0, "articles": 1}


def test_what_is_implied_or_excused_is_no_mistake() -> None:
    assert scored([run()], [label(implied=True)]).mistakes == ()
    assert scored([], [label(implied=True)]).mistakes == ()


def test_mistakes_add_up_to_the_scores() -> None:
    """By kind they are the counts of the tables, in records and in values, and JSON has them all."""
    records = [run(status=("ongoing", TUESDAY), places=(["Paris"], PARIS)), run(), run(destination=("ITA", PARIS))]
    labels = [label(status="completed", places=["Lyon"], when="on Tuesday"), label(destination="ESP")]
    scores = scored(records, labels)
    kinds = by_kind(scores.mistakes)
    assert kinds["spurious"]["records"] + kinds["repeated"]["records"] == scores.records.spurious == 2
    assert kinds["missed"]["records"] == scores.records.missed == 1
    for kind, count in (("wrong value", "wrong"), ("missed", "missing"), ("spurious", "spurious")):
        assert kinds[kind]["values"] == sum(getattr(of, count) for of in scores.fields.values())  # type: ignore[index]
    told_json = scores.to_json()
    assert told_json["mistakes_by_kind"] == kinds
    assert [one["kind"] for one in told_json["mistakes"]] == sorted(
        (one.kind for one in scores.mistakes), key=KINDS.index
    )
    assert told_json["mistakes"][0]["label"]["value"] == "Scholz, ESP"


def test_the_list_names_article_record_field_and_both_sides() -> None:
    lines = mistakes_report(scored([run(status=("ongoing", TUESDAY))], [label(status="completed")]).mistakes)
    assert lines.splitlines() == [
        "wrong value · a1 · Olaf Scholz, FRA · status",
        "  run    ongoing: “Olaf Scholz arrived in Paris on [Tuesday]. He went on to Rome, and Paris was far.”",
        "  label  completed",
    ]
    assert mistakes_report(()) == "no mistakes"


def test_hostile_words_steer_no_terminal() -> None:
    """Control characters and marks of direction are shown as codes, line ends as spaces."""
    article = Article(id="a1", text="\x1b[2JOlaf\u202e Scholz\nin Paris")
    record = Prediction(
        {"visitor": "Olaf\u202e Scholz", "destination": "FRA"},
        {"visitor": ((Span(4, 16),),), "destination": ((Span(20, 25),),)},
    )
    found = score({"a1": Outcome((record,), None, article)}, {"a1": ()}, VISITS).mistakes
    shown = mistakes_report(found)
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "<1B>[2J[Olaf<202E> Scholz] in [Paris]" in shown
