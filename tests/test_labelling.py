"""What a labeller does is done to the very record and words that they mean, saved at once, and can be undone."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.errors import ExtractorError, UsageError
from extractor.evaluation.labels import read_labels
from extractor.reviewing.actions import parse
from extractor.reviewing.drafts import Document, Draft, problems, stands
from extractor.reviewing.label_file import LabelFile
from extractor.reviewing.labelling import act
from extractor.schema import load

VISITS = load("visits")
RECIPE = load(str(Path(__file__).parent.parent / "docs" / "examples" / "recipe.py"))
SEEDS = Path(__file__).parent.parent / "seeds"
TEXT = (
    "Olaf Scholz arrived in Paris on Tuesday 🇫🇷 for talks.\nHe met Emmanuel Macron and Jose\u0301 Ruiz.\n"
    "Scholz will visit Chile in May."
)
NAME = "Jose\u0301 Ruiz"  # with a combining accent
ARTICLE = Article(id="a1", text=TEXT, published="2024-03-06")
VALUES = {"visitor": "Olaf Scholz", "destination": "FRA", "status": "ongoing"}


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def document(*drafts: Draft) -> Document:
    return Document(id="a1", records=drafts)


def after(before: Document, *actions: dict[str, Any]) -> Document:
    for action in actions:
        before = act(before, parse(action), ARTICLE, VISITS)
    return before


def correct(field: str, value: object, **more: object) -> dict[str, Any]:
    return {"action": "correct", "record": 0, "field": field, "value": value, **more}


def mark(field: str, words: str) -> dict[str, Any]:
    start, end = span(words)
    return {"action": "mark", "record": 0, "field": field, "start": start, "end": end}


PROPOSED = document(Draft(values=VALUES))
ADDED = document(Draft(settled=True))


def test_a_proposal_is_no_label_until_it_is_accepted() -> None:
    assert not stands(PROPOSED.records[0], VISITS)
    assert stands(after(PROPOSED, {"action": "accept", "record": 0}).records[0], VISITS)
    assert stands(after(PROPOSED, {"action": "accept"}).records[0], VISITS)


def test_what_is_typed_takes_its_standard_form_and_finds_its_words() -> None:
    """The field type decides: a country becomes its code, a short name the full one, with the words of both."""
    told = after(ADDED, correct("destination", "Chile"), correct("visitor", " Scholz "))
    assert told.records[0].values == {"destination": "CHL", "visitor": "Olaf Scholz"}
    assert told.records[0].evidence["destination"] == (span("Chile"),)
    assert TEXT[slice(*told.records[0].evidence["visitor"][0])] == "Olaf Scholz"
    exact = after(told, correct("visitor", "Scholz", exact=True))
    assert exact.records[0].values["visitor"] == "Scholz"


def test_words_are_looked_for_in_the_sentence_of_the_record_first() -> None:
    told = after(ADDED, mark("destination", "Chile"), correct("visitor", "Scholz", exact=True))
    assert told.records[0].evidence["visitor"][-1] == Span(TEXT.rindex("Scholz"), TEXT.rindex("Scholz") + 6)


def test_marked_words_give_a_value_and_then_replace_marks_that_they_overlap() -> None:
    told = after(ADDED, mark("destination", "Paris"))
    assert told.records[0].values == {"destination": "FRA"}
    wider = after(told, mark("destination", "in Paris "))
    assert wider.records[0].evidence == {"destination": (span("in Paris"),)}  # the blank at its end is none of it
    assert wider.records[0].values == {"destination": "FRA"}
    start, end = span("in Paris")
    bare = after(wider, {"action": "unmark", "record": 0, "field": "destination", "start": start, "end": end})
    assert bare.records[0].evidence == {}
    assert bare.records[0].values == {"destination": "FRA"}


def test_offsets_behind_emoji_and_combining_marks_are_code_points() -> None:
    told = after(ADDED, mark("meets", NAME))
    assert told.records[0].evidence["meets"] == (span(NAME),)
    typed = after(ADDED, correct("meets", ["José Ruiz"]))  # composed, where the article has a combining accent
    assert typed.records[0].evidence["meets"] == (span(NAME),)


def test_a_list_grows_by_marking_and_loses_the_marks_of_what_is_dropped() -> None:
    told = after(ADDED, mark("meets", "Emmanuel Macron"), mark("meets", NAME))
    assert told.records[0].values["meets"] == ["Emmanuel Macron", NAME]
    less = after(told, correct("meets", ["Emmanuel Macron"]))
    assert less.records[0].evidence["meets"] == (span("Emmanuel Macron"),)
    assert after(less, correct("meets", [])).records[0] == ADDED.records[0]


def test_a_judged_choice_takes_no_whole_passage_for_evidence() -> None:
    told = after(PROPOSED, correct("status", "completed"), correct("implied", True))
    assert told.records[0].values["status"] == "completed"
    assert told.records[0].values["implied"] is True
    assert told.records[0].evidence == {}


def test_a_value_that_the_schema_forbids_is_kept_but_is_no_label() -> None:
    """Nothing typed is lost; the record stands again once the schema's complaint is answered."""
    accepted = after(PROPOSED, {"action": "accept", "record": 0})
    wrong = after(accepted, correct("visitor_country", "FRA", exact=True))
    assert "cannot be the country visited" in problems(wrong.records[0], VISITS)["destination"]
    assert not stands(wrong.records[0], VISITS)
    assert stands(after(wrong, correct("visitor_country", "DEU", exact=True)).records[0], VISITS)
    assert problems(ADDED.records[0], VISITS) == {"visitor": "is needed", "destination": "is needed"}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "accept what is unfinished": ({"action": "accept", "record": 1}, "Record 2 cannot be accepted: visitor: is needed"),
    "finish with an open record": ({"action": "finish"}, "Record 1 is neither accepted nor deleted"),
    "no such record": ({"action": "delete", "record": 7}, "no record 8"),
    "a record before the first": ({"action": "delete", "record": -1}, "no record 0"),
    "no such field": (correct("colour", "red"), "no field “colour”"),
    "evidence out of the text": (
        {"action": "mark", "record": 0, "field": "visitor", "start": 0, "end": 10_000},
        "inside 0 to",
    ),
    "evidence of blanks": ({"action": "mark", "record": 0, "field": "visitor", "start": 4, "end": 5}, "must be words"),
    "words that give no value": (mark("dates", "arrived"), "“arrived” gives no value for dates"),
    "nothing to decide": ({"action": "decide", "record": 0, "field": "status", "by": "ann"}, "nothing to decide"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence(name: str) -> None:
    action, reason = REFUSED[name]
    with pytest.raises(UsageError, match=reason):
        after(document(*PROPOSED.records, *ADDED.records), action)


@pytest.mark.parametrize("told", [None, [], {}, {"action": "burn"}, {"action": "note", "text": "\ud83d"}])
def test_what_is_no_action_is_refused(told: object) -> None:
    with pytest.raises(UsageError, match="This is no action"):
        parse(told)


def test_a_schema_of_ones_own_needs_no_other_code() -> None:
    """Labelling knows nothing of visits: a recipe is labelled by the same actions."""
    text = "Barley broth. A starter for six, ready in 50 minutes. Simmer 200 g of barley with two carrots."
    article = Article(id="a1", text=text)
    told = document(Draft(settled=True))
    for field, value in {"dish": "barley broth", "course": "starter", "ingredients": ["barley", "carrots"]}.items():
        told = act(told, parse(correct(field, value)), article, RECIPE)
    assert told.records[0].values["dish"] == "Barley broth"
    assert [text[slice(*one)] for one in told.records[0].evidence["ingredients"]] == ["Barley", "carrots"]
    assert stands(told.records[0], RECIPE)


def file(folder: Path, by: str | None = "ann", **texts: str) -> LabelFile:
    articles = {key: Article(id=key, text=text) for key, text in ({"a1": TEXT} | texts).items()}
    return LabelFile(folder / "labels.jsonl", VISITS, articles, by, lambda _: PROPOSED.records)


def lines(labels: LabelFile) -> list[dict[str, Any]]:
    return [json.loads(line) for line in labels.path.read_text("utf-8").splitlines()]


def test_every_action_is_on_disk_at_once_as_labels_that_eval_reads(tmp_path: Path) -> None:
    labels = file(tmp_path, a2="Nothing.")
    labels.do("a1", parse({"action": "accept"}))
    assert lines(labels) == [{"id": "a1", "visits": [VALUES], "done": False, "by": "ann"}]
    labels.do("a1", parse({"action": "note", "text": "Which Tuesday?"}))
    labels.do("a1", parse({"action": "add"}))
    assert lines(labels)[0]["open"] == [{"at": 1, "settled": True}]
    labels.do("a1", parse({"action": "delete", "record": 1}))
    labels.do("a1", parse({"action": "finish"}))
    assert lines(labels) == [{"id": "a1", "visits": [VALUES], "note": "Which Tuesday?", "by": "ann"}]
    assert read_labels(labels.path, VISITS, {"a1": ARTICLE})["a1"][0].values == VALUES
    assert [labels.state(one) for one in ("a1", "a2")] == ["done", "open"]


def test_an_article_without_a_record_is_a_label_too(tmp_path: Path) -> None:
    labels = file(tmp_path)
    labels.do("a1", parse({"action": "delete", "record": 0}))
    labels.do("a1", parse({"action": "finish"}))
    assert lines(labels) == [{"id": "a1", "visits": [], "by": "ann"}]


def test_undo_and_redo_walk_the_steps_also_after_a_restart(tmp_path: Path) -> None:
    labels = file(tmp_path)
    labels.do("a1", parse({"action": "accept"}))
    labels.do("a1", parse(correct("status", "announced")))
    again = file(tmp_path)
    assert again.undo() == "a1"
    assert again.document("a1").records[0].values["status"] == "ongoing"
    again.undo()
    assert lines(again) == []
    assert again.document("a1") == PROPOSED
    with pytest.raises(UsageError, match="nothing to undo"):
        again.undo()
    again.redo()
    again.redo()
    assert lines(again)[0]["visits"][0]["status"] == "announced"
    with pytest.raises(UsageError, match="nothing to redo"):
        again.redo()


def test_a_file_that_somebody_changed_meanwhile_is_not_undone_over(tmp_path: Path) -> None:
    labels = file(tmp_path)
    labels.do("a1", parse({"action": "accept"}))
    labels.path.write_text(json.dumps({"id": "a1", "visits": []}) + "\n", "utf-8")
    with pytest.raises(UsageError, match="nothing to undo"):
        file(tmp_path).undo()


def test_lines_that_nobody_touches_stay_to_the_byte_and_so_do_foreign_keys(tmp_path: Path) -> None:
    seeds = (SEEDS / "labels.jsonl").read_bytes()
    path = tmp_path / "labels.jsonl"
    path.write_bytes(seeds + b'{"id": "a1", "visits": [], "checked": "yes"}\n')
    texts = {f"s0{n}": next(SEEDS.glob(f"00{n}_*.txt")).read_text("utf-8") for n in range(5)}
    labels = file(tmp_path, **texts)
    labels.do("a1", parse({"action": "note", "text": "empty"}))
    assert path.read_bytes().startswith(seeds)
    assert lines(labels)[-1] == {"id": "a1", "visits": [], "note": "empty", "by": "ann", "checked": "yes"}


def test_a_finished_line_read_and_written_is_the_same_line(tmp_path: Path) -> None:
    """Nothing of the seeds' labels is lost on the way through the page."""
    (tmp_path / "labels.jsonl").write_bytes((SEEDS / "labels.jsonl").read_bytes())
    texts = {f"s0{n}": next(SEEDS.glob(f"00{n}_*.txt")).read_text("utf-8") for n in range(5)}
    labels = file(tmp_path, by=None, **texts)
    before = lines(labels)
    for key in texts:
        labels.do(key, parse({"action": "note", "text": "x"}))
        labels.do(key, parse({"action": "note", "text": ""}))
    assert lines(labels) == before


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_the_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "real.jsonl"
    real.write_text("", "utf-8")
    real.chmod(0o640)
    (tmp_path / "labels.jsonl").symlink_to(real)
    file(tmp_path).do("a1", parse({"action": "accept"}))
    assert (tmp_path / "labels.jsonl").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labels.jsonl", "labels.jsonl.undo", "real.jsonl"]


def test_what_cannot_be_saved_is_said_and_changes_nothing(tmp_path: Path) -> None:
    labels = file(tmp_path / "gone")
    with pytest.raises(ExtractorError, match=r"labels\.jsonl cannot be written: No such file"):
        labels.do("a1", parse({"action": "accept"}))
    assert labels.document("a1") == PROPOSED
    assert labels.steps == (0, 0)


def test_labels_that_do_not_fit_are_refused_by_line(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"id": "a1", "visits": [{"visitor": "Kim"}]}\n', "utf-8")
    with pytest.raises(UsageError, match=r"line 1, visits.0.: the field “destination” is missing"):
        file(tmp_path)
    (tmp_path / "labels.jsonl").write_text('{"id": "a1", "visits": [], "open": [{"colour": 1}]}\n', "utf-8")
    with pytest.raises(UsageError, match="line 1: “open” or “note” is not as `extractor review` writes it"):
        file(tmp_path)
