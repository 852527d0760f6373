"""The schema of statements: who says what in a sentence, labels that fit it, checks that hold, and the recorded run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

import extractor
from extractor.article import Article, Span
from extractor.evaluation import evaluate
from extractor.evaluation.labels import read_labels
from extractor.evaluation.mutations import PART, Case
from extractor.evaluation.trial import kept, made_cases
from extractor.extraction import Candidate
from extractor.extraction.check import check, values
from extractor.extraction.passages import passages
from extractor.extraction.question import question
from extractor.readers import read
from extractor.schema import fields_of, load
from extractor.sentences import sentences

ROOT = Path(__file__).parents[1]
STATEMENTS = load("statements")
SETS = {"seeds": 32, "benchmarks/corpus": 27}
CASSETTES = ROOT / "cassettes" / "statements"
RECORDED = {"seeds": CASSETTES, "benchmarks/corpus": CASSETTES / "corpus"}
Pairs = list[tuple[str, str]]


def articles(folder: str) -> dict[str, Article]:
    return {article.id: article for article in read(ROOT / folder) if isinstance(article, Article)}


def labelled(folder: str) -> list[str]:
    lines = (ROOT / folder / "statements.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


def said(text: str) -> Pairs:
    """Return what a model is made to choose from, as the pairs that stand: speaker, and the whole of what is said."""
    article = Article(id="a", text=text, published="2024-03-20")
    types = {name: fields_of(STATEMENTS)[name].type for name in ("speaker", "quote")}
    found: Pairs = []
    for where in passages(article, STATEMENTS):
        if question(article, STATEMENTS, where) is None:
            continue
        view = extractor.fields.View(article, where)
        for speaker in types["speaker"].ask(view).__args__:
            for words in types["quote"].ask(view).__args__:
                checked = check(Candidate({"speaker": speaker, "quote": words}, where), article, STATEMENTS)
                if not checked.complaints:
                    found.append((checked.record["speaker"][0].value, checked.record["quote"][0].value))
    return found


SENTENCES: list[tuple[str, dict[str, list[str]]]] = [
    ("The bridge is open, Peru’s Tin Ministry said on Monday.", {"Peru’s Tin Ministry": ["The bridge is open"]}),
    ("LIMA (ATX) - The bridge is open, Trade Minister Ana Ruiz said.", {"Ana Ruiz": ["The bridge is open"]}),
    ("“It is open. Use it,” said Ana Ruiz, the trade minister.", {"Ana Ruiz": ["It is open. Use it"]}),
    ("Ana Ruiz, an expert on tin in Lima, noted that tin is dear.", {"Ana Ruiz": ["tin is dear"]}),
    ("Peru’s premier, Ana Ruiz, told parliament in May that tin was dear.", {"Ana Ruiz": ["tin was dear"]}),
    (
        "Peru accused Chile of hoarding tin, the state news agency SNX said.",
        {"Peru": ["hoarding tin"], "SNX": ["Peru accused Chile of hoarding tin"]},
    ),
    (
        "Both Peru and Chile have denied the charges, which are old.",
        {"Peru": ["the charges"], "Chile": ["the charges"]},
    ),
    (
        "Peru says the bill is paid; Chile says there is no bill.",
        {"Peru": ["the bill is paid"], "Chile": ["there is no bill"]},
    ),
    ("Peru denied the charges, but Ana Ruiz said it lied.", {"Peru": ["the charges"], "Ana Ruiz": ["it lied"]}),
    (
        "Tin is dear, the Chilean embassy in Lima said, adding that it would stay so.",
        {"Chilean embassy in Lima": ["Tin is dear", "it would stay so"]},
    ),
    (
        "The ministry of tin denied it had any. It said tin was dear.",
        {"ministry of tin": ["it had any", "tin was dear"]},
    ),
    ("Ana Ruiz went to Chile. “Tin is dear,” she told reporters in Arica.", {"Ana Ruiz": ["Tin is dear"]}),
    ("According to the Tin Board, tin will stay dear.", {"Tin Board": ["tin will stay dear"]}),
    ("Kyodo News quoted a Peruvian source as saying tin was dear.", {"Peruvian source": ["tin was dear"]}),
    ("Ana Ruiz will say on Monday that tin is dear.", {}),
    ("Peru did not confirm that tin was dear.", {}),
    ("According to the programme, she will speak.", {}),
    ("Ana Ruiz was told that tin is dear.", {}),
    ("“I told her that tin is dear.”", {}),
    ("Ana Ruiz and Bo Berg discussed tin.", {}),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_who_says_what(text: str, expected: dict[str, list[str]]) -> None:
    """Speakers and words go together as the sentence has them, and what nobody has said is no statement."""
    assert sorted(said(text)) == sorted((speaker, words) for speaker, many in expected.items() for words in many)


ACTS = {
    "said that": "said",
    "has announced that": "announced",
    "confirmed that": "announced",
    "denied that": "denied",
    "promised that": "promised",
    "demanded that": "demanded",
    "warned that": "warned",
}


@pytest.mark.parametrize(("verb", "act"), ACTS.items())
def test_the_verb_decides_what_is_done(verb: str, act: str) -> None:
    """Whatever a model says of it."""
    text = f"Peru’s premier, Ana Ruiz, {verb} tin would be dear."
    for wrong in ("accused", act):
        candidate = Candidate({"speaker": "Ana Ruiz", "quote": "tin would be dear", "act": wrong}, sentences(text))
        got = values(check(candidate, Article(id="a", text=text), STATEMENTS).record, STATEMENTS)
        assert got["act"] == act


def test_what_belongs_to_a_speaker_is_read_off_the_words() -> None:
    """Office and country, to whom it is said, and when."""
    text = "Peru’s trade minister, Ana Ruiz, told reporters on Monday that tin was dear."
    candidate = Candidate({"speaker": "Ana Ruiz", "quote": "tin was dear", "stance": "neutral"}, sentences(text))
    got = check(candidate, Article(id="a", text=text, published="2024-03-20"), STATEMENTS)
    assert got.complaints == []
    assert values(got.record, STATEMENTS) == {
        "speaker": "Ana Ruiz", "speaker_role": "trade minister", "speaker_country": "PER", "act": "said",
        "addressee": "reporters", "quote": "tin was dear", "stance": "neutral", "when": "on Monday",
        "dates": "2024-03-18",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("speaker", "country"),
    [("Peru’s Tin Ministry", "PER"), ("the Peruvian embassy in Oslo", "PER"), ("the Tin Board", None)],
)
def test_a_body_speaks_for_the_country_in_its_name(speaker: str, country: str | None) -> None:
    text = f"Tin is dear, {speaker} said."
    candidate = Candidate({"speaker": speaker.removeprefix("the "), "quote": "Tin is dear"}, sentences(text))
    got = values(check(candidate, Article(id="a", text=text), STATEMENTS).record, STATEMENTS)
    assert got.get("speaker_country") == country


def test_words_of_another_are_complained_about_by_name() -> None:
    """The message says whose words they are, and what to do."""
    text = "Peru denied the charges, but Ana Ruiz of Chile said her country had proof."
    candidate = Candidate({"speaker": "Ana Ruiz", "quote": "the charges"}, sentences(text))
    (complaint,) = check(candidate, Article(id="a", text=text), STATEMENTS).complaints
    assert complaint.field == "quote"
    assert complaint.reason == "“the charges …” is said by Peru, not by Ana Ruiz; name who says it"


def test_two_quotations_of_one_speaker_are_two_statements() -> None:
    """Speaker and words tell one record from another; a shorter cut of the same words is the same."""
    assert [name for name, spec in fields_of(STATEMENTS).items() if spec.key] == ["speaker", "quote"]
    same = fields_of(STATEMENTS)["quote"].type.same
    assert same("Tin is dear and will stay so.", "“tin is dear and will")
    assert not same("Tin is dear and will stay so", "Tin is")
    assert not same("Tin is dear", "Tin is cheap")
    with pytest.raises(ValidationError):
        STATEMENTS.model_validate({"speaker": "Ana Ruiz"})


def test_examples_quote_their_passages() -> None:
    """The model is shown nothing that is not there."""
    for example in STATEMENTS.examples:
        for record in example.records:
            assert record["quote"] in example.passage
            assert record["speaker"].split()[-1] in example.passage


@pytest.fixture(scope="module", params=SETS)
def tried(request: pytest.FixtureRequest) -> list[tuple[Case, bool]]:
    """Hold every labelled value, true and changed, against the words marked for it; say whether it stands."""
    folder = ROOT / request.param
    return [(case, kept(case, STATEMENTS)) for case in made_cases(folder, folder / "statements.jsonl", STATEMENTS)]


@pytest.mark.parametrize("folder", SETS)
def test_every_labelled_value_has_evidence(folder: str) -> None:
    """The labels of both sets fit the schema, and nothing is marked without words or empty with them."""
    told = read_labels(ROOT / folder / "statements.jsonl", STATEMENTS, articles(folder))
    assert sum(map(len, told.values())) == SETS[folder]
    for label in (label for records in told.values() for label in records):
        assert {name for name, value in label.values.items() if value} == set(label.evidence)


def test_the_evidence_of_the_labels_carries_them(tried: list[tuple[Case, bool]]) -> None:
    """Every speaker, quotation, act and date is found in its words; of offices and countries all but a few."""
    refused = [(case.field, case.value) for case, stands in tried if not case.mutated and not stands]
    assert {field for field, _ in refused} <= {"speaker_role", "speaker_country", "stance"}, refused
    assert len(refused) <= 4


@pytest.mark.parametrize("group", ["named", "worded"])
def test_the_checks_catch_changed_statements(group: str, tried: list[tuple[Case, bool]]) -> None:
    """Another speaker, country, number, day or word is refused."""
    changed = [stands for case, stands in tried if case.mutated and case.change != PART and case.group == group]
    assert changed.count(False) >= 0.98 * len(changed) > 50


MEASURED = {
    "seeds": {"speaker_country": 1.0, "stance": 0.9, "when": 1.0, "dates": 1.0},
    "benchmarks/corpus": {"speaker_country": 0.83, "stance": 0.88, "when": 0.8, "addressee": 0.83},
}


@pytest.mark.parametrize(("folder", "recall"), [("seeds", 0.96), ("benchmarks/corpus", 1.0)])
def test_the_recorded_run_is_as_good_as_measured(folder: str, recall: float, tmp_path: Path) -> None:
    """The real model's answers, replayed, give the figures of docs/statements.md or better ones."""
    place = tmp_path / "articles"
    place.mkdir()
    ids = labelled(folder)
    lines = (ROOT / folder / "articles.jsonl").read_text("utf-8").splitlines()
    listed = [line for line in lines if json.loads(line)["id"] in ids]
    (place / "articles.jsonl").write_text("\n".join(listed), "utf-8")
    for line in listed:
        shutil.copy(ROOT / folder / json.loads(line)["file"], place)
    summary = extractor.run(place, schema="statements", replay=RECORDED[folder], out=tmp_path / "run.db", cache=False)
    assert not summary.failed
    scores = evaluate(summary.store, labels=ROOT / folder / "statements.jsonl", schema="statements").to_json()
    assert scores["articles"] == len(ids)
    assert scores["evidence"] == 1
    assert scores["records"]["precision"] == 1
    assert scores["records"]["recall"] >= recall
    for name, share in ({"speaker": 1.0, "quote": 1.0, "act": 1.0} | MEASURED[folder]).items():
        assert scores["fields"][name]["accuracy"] >= share, name


def test_a_long_or_hostile_line_is_read_in_time_and_stays_text() -> None:
    """A long line without a full stop, overrides of the writing direction and combining marks do no harm to offsets."""
    text = (
        "Peru\u202e’s premier, Ána\u0301 Ruiz, said 😀 tin was dear. " + "x" * 100_000 + " “a, " * 20_000 + "he said."
    )
    article = Article(id="a", text=text)
    for where in passages(article, STATEMENTS):
        question(article, STATEMENTS, where)
    candidate = Candidate({"speaker": "Ána\u0301 Ruiz", "quote": "😀 tin was dear"}, (sentences(text)[0],))
    found = check(candidate, article, STATEMENTS).record["quote"]
    assert [span.of(text) for one in found for span in one.spans] == ["😀 tin was dear"]
    assert found[0].spans[0] == Span(text.index("😀"), text.index(" dear") + 5)
