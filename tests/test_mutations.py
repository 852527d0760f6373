"""Mutations change what they say and nothing else, and the test of the checks counts what comes through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.evaluation import mutate, report
from extractor.evaluation.alterations import negated, reworded, shifted
from extractor.evaluation.labels import Label
from extractor.evaluation.mutations import Case, cases, passages
from extractor.evaluation.trial import kept
from extractor.schema import fields_of, load

VISITS = load("visits")
SPECS = fields_of(VISITS)
TEXT = (
    "Chancellor Olaf Scholz of Germany will visit Paris with Mark Rutte on March 5-6, 2024.\n"
    "Ana Roca of Spain went to Rome in May."
)


def span(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


ARTICLES = {
    "a1": Article(id="a1", text=TEXT, published="2024-03-01"),
    "a2": Article(id="a2", text="Jane Doe left for Peru."),
}
LABELS = {
    "a1": (
        Label(
            {
                "visitor": "Olaf Scholz", "destination": "FRA", "places": ["Paris"],
                "when": "on March 5-6, 2024", "dates": "2024-03-05/2024-03-06", "status": "announced",
                "implied": False,
            },
            {
                "visitor": span("Olaf Scholz"), "destination": span("Paris"), "places": span("Paris"),
                "when": span("on March 5-6, 2024"), "status": span("will visit"),
            },
        ),
    ),
    "a2": (
        Label(
            {"visitor": "Jane Doe", "destination": "PER"},
            {"visitor": (Span(0, 8),), "destination": (Span(18, 22),)},
        ),
    ),
}  # fmt: skip
MADE = list(cases(ARTICLES, LABELS, VISITS))


def changes(field: str) -> dict[str, object]:
    return {case.change: case.value for case in MADE if case.field == field and case.article.id == "a1"}


def test_every_change_is_a_change() -> None:
    """A changed value differs from the true one in meaning; each value is there untouched too."""
    for case in MADE:
        same = SPECS[case.field].type.same(case.value, case.true)
        assert same == (not case.mutated or case.change.startswith(("negation", "denial"))), case
    untouched = [case.field for case in MADE if not case.mutated and case.article.id == "a1"]
    assert sorted(untouched) == ["dates", "destination", "places", "status", "visitor", "when"]


def test_other_values_come_from_where_they_say() -> None:
    """One other person of the passage, one of the rest of the article, one whom it does not name."""
    kinds = ("of the passage", "of the article", "of neither")
    assert {kind: changes("visitor")[kind] for kind in kinds} == {
        "of the passage": "Mark Rutte", "of the article": "Ana Roca", "of neither": "Jane Doe",
    }  # fmt: skip
    assert changes("destination")["of neither"] == "Peru"


def test_words_and_dates_change_in_one_thing() -> None:
    """Numbers, months and years of the words, and days, months and years of the date."""
    assert {changes("when")[kind] for kind in ("number", "month", "year")} == {
        "on March 4-6, 2024", "on April 5-6, 2024", "on March 5-6, 2023",
    }  # fmt: skip
    assert {kind: changes("dates")[kind] for kind in ("day", "month", "year")} == {
        "day": "2024-03-04/2024-03-05", "month": "2024-02-05/2024-02-06", "year": "2023-03-05/2023-03-06",
    }  # fmt: skip


def test_the_same_seed_makes_the_same_cases() -> None:
    """Cases follow from labels and seed alone."""
    assert list(cases(ARTICLES, LABELS, VISITS, seed=5)) == list(cases(ARTICLES, LABELS, VISITS, seed=5))
    assert any(list(cases(ARTICLES, LABELS, VISITS, seed=seed)) != MADE for seed in range(1, 9))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("on Oct. 18-19", {"number": "on Oct. 17-19", "month": "on Nov. 18-19"}),
        ("from Sat 1 to Sun 2", {"number": "from Sat 2 to Sun 2", "weekday": "from Sun 1 to Sun 2"}),
        (
            "for a three-day trip from Sunday",
            {"number": "for a four-day trip from Sunday", "weekday": "for a three-day trip from Monday"},
        ),
        ("last December 2023", {"month": "last January 2023", "year": "last December 2022"}),
        ("at the G20 summit, 9.30 am, may be", {}),
    ],
)
def test_rewording(words: str, expected: dict[str, str]) -> None:
    """The first number, weekday, month and year are changed, and nothing that only looks like one."""
    assert dict(reworded(words)) == expected


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2023-09", {"month": "2023-08", "year": "2022-09"}),
        ("2024", {"year": "2023"}),
        ("XXXX-10-18/XXXX-10-19", {"day": "XXXX-10-17/XXXX-10-18", "month": "XXXX-09-18/XXXX-09-19"}),
        ("2024-01-31/2024-02-01", {"year": "2023-01-31/2023-02-01"}),
        ("2024-02-29", {"day": "2024-02-28", "month": "2024-01-29"}),
        ("2023-21", {"month": "2023-22", "year": "2022-21"}),
    ],
)
def test_shifting(edtf: str, expected: dict[str, str]) -> None:
    """A date moves by a day, a month and a year, as far as it has them."""
    assert dict(shifted(edtf)) == expected


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        (
            "Lavrov will visit Oslo.",
            "will visit",
            {
                "negation in": "Lavrov will not visit Oslo.",
                "denial": "Officials denied that Lavrov will visit Oslo.",
            },
        ),
        (
            "Lavrov visited Oslo.",
            "visited",
            {
                "negation in": "Lavrov never visited Oslo.",
                "denial": "Officials denied that Lavrov visited Oslo.",
            },
        ),
        (
            "Lavrov is to visit Oslo.",
            "to visit",
            {
                "negation in": "Lavrov is not to visit Oslo.",
                "denial": "Officials denied that Lavrov is to visit Oslo.",
            },
        ),
        ("Lavrov may visit Oslo.", "may visit", {"denial": "Officials denied that Lavrov may visit Oslo."}),
        (
            "Lavrov returned after he visited Oslo.",
            "visited",
            {"negation in": "Lavrov returned after he never visited Oslo."},
        ),
        (
            "A possible trip to Oslo is near.",
            "possible trip",
            {"denial": "Officials denied that A possible trip to Oslo is near."},
        ),
        ("Nor did Lavrov visit Oslo.", "Nor did", {}),
        ("Lavrov did not go to Oslo.", "did not go", {"negation out": "Lavrov did go to Oslo."}),
    ],
)
def test_negation(text: str, verb: str, expected: dict[str, str]) -> None:
    """A verb gets a negation or loses it, and the spans of a changed article still hold their words."""
    start = text.index(verb)
    city = Span(text.index("Oslo"), text.index("Oslo") + 4)
    found = dict(negated(Article(id="a", text=text, boilerplate=(city,)), Span(start, start + len(verb))))
    assert {kind: altered.article.text for kind, altered in found.items()} == expected
    for altered in found.values():
        assert altered.move(city).of(altered.article.text) == "Oslo"
        assert altered.article.boilerplate == (altered.move(city),)
        assert altered.seen.of(altered.article.text).endswith(verb.replace(" not", "").split()[-1])


def test_passages_are_the_sentences_with_evidence() -> None:
    """Each sentence that holds evidence of a record comes in front once, and the others follow."""
    evidence = {"a": span("Olaf Scholz"), "b": span("Paris"), "c": span("Rome")}
    found = passages(ARTICLES["a1"], evidence)
    assert [[s.of(TEXT)[:4] for s in where] for where in found] == [["Chan", "Ana "], ["Ana ", "Chan"]]


def case(**changes: object) -> Case:
    label = LABELS["a2"][0]
    given = {
        "group": "named", "kind": "country", "change": "", "field": "destination", "value": "PER", "true": "PER",
        "article": ARTICLES["a2"], "values": label.values, "evidence": label.evidence,
    } | changes  # fmt: skip
    return Case(**given)  # type: ignore[arg-type]


def test_what_comes_through() -> None:
    """A true value is kept, and one that the words do not say is not."""
    values = dict(LABELS["a2"][0].values)
    assert kept(case(), VISITS)
    assert not kept(case(value="CHL", values={**values, "destination": "CHL"}), VISITS)
    assert not kept(case(value="CHL", values={**values, "destination": "CHL"}), VISITS, whole=True)


def test_mutates_the_seeds() -> None:
    """The test runs over a folder, counts both ways, and its totals are in the report."""
    done = mutate("seeds", labels="seeds/labels.jsonl")
    named = [row for row in done.stated if row.group == "named" and row.change not in ("", "part of it")]
    assert sum(row.dropped for row in named) >= 0.97 * sum(row.n for row in named) > 100
    assert {row.change for row in done.stated if row.kind == "choice"} >= {
        "",
        "another",
        "denial",
        "negation in",
    }
    assert "NAMES, PLACES, COUNTRIES, NUMBERS, DATES" in report(done)
    json.dumps(done.to_json())


def test_labels_without_evidence_give_no_test(tmp_path: Path) -> None:
    """Where nothing can be changed there is no number."""
    (tmp_path / "articles.jsonl").write_text('{"id": "a1", "text": "Nothing."}', "utf-8")
    (tmp_path / "labels.jsonl").write_text('{"id": "a1", "visits": []}', "utf-8")
    with pytest.raises(UsageError, match="nothing to change"):
        mutate(tmp_path, labels=tmp_path / "labels.jsonl")
