"""Check: every value is held against the words, in the order in which values belong to each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import field_validator, model_validator

from extractor.article import Article, Span
from extractor.extraction.check import Checked, check, in_order, values
from extractor.extraction.records import Candidate
from extractor.fields import Choice, Country, Dates, Found, Person, Quoted, When
from extractor.schema import Schema, field, load

RECIPE = load(str(Path(__file__).parent / "fixtures" / "recipe.py"))


class Tense(Choice):
    PAST = "past", "it was", (r"went",), "past"
    NEXT = "next", "it will be", (r"will go",), "future"


class Trip(Schema):
    """A trip."""

    who: Person = field("who goes", key=True, of="where")
    where: Country = field("where to", key=True)
    of_whom: Country | None = field("whose official", of="who", asked=False)
    dates: Dates | None = field("when exactly", of="when")
    when: When | None = field("when", of="where")
    tense: Tense | None = field("past or future")
    bags: list[Quoted] = field("what is carried")
    with_whom: list[Person] = field("companions", of="who", lead=(r"with",))
    meets: list[Person] = field("whom she meets", of="who", lead=(r"meets?",), onward=True)

    @field_validator("where")
    @classmethod
    def _not_chile(cls, where: str) -> str:
        if where == "CHL":
            raise ValueError("nobody goes to Chile; name another country")
        return where

    @model_validator(mode="after")
    def _not_alone(self) -> Trip:
        if self.bags and self.who == "Bo Berg":
            raise ValueError("Bo Berg carries no bags")
        return self


def held(text: str, said: dict[str, Any], **evidence: tuple[Span, ...]) -> Checked:
    article = Article(id="a", text=text, published="2024-03-20")
    return check(Candidate(said, (Span(0, len(text)),), evidence), article, Trip)


GOOD = "On Friday Peruvian President Ana Ruiz will go to Kenya with Olaf Stein, a red case and a hat."
SAID: dict[str, Any] = {"who": "Ana Ruiz", "where": "Kenya", "when": "on Friday", "tense": "next", "bags": ["a hat"]}


def test_a_true_record_stands_and_each_span_slices_to_its_words() -> None:
    record, complaints, _ = held(GOOD, SAID)
    assert complaints == []
    carried = {
        name: [(f.value, *(s.of(GOOD) for s in f.spans), f.verdict) for f in many] for name, many in record.items()
    }
    assert carried == {
        "who": [("Ana Ruiz", "Ana Ruiz", "stated")],
        "where": [("KEN", "Kenya", "stated")],
        "of_whom": [("PER", "Peruvian", "derived")],
        "dates": [("2024-03-22", "On Friday", "derived")],
        "when": [("On Friday", "On Friday", "stated")],
        "tense": [("next", "will go", "derived")],
        "bags": [("a hat", "a hat", "stated")],
        "with_whom": [("Olaf Stein", "Olaf Stein", "stated")],
        "meets": [],
    }


def test_every_field_is_there_in_the_order_of_the_schema() -> None:
    assert list(held(GOOD, SAID).record) == list(Trip.model_fields)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("who", "Ula Tamm"),
        ("who", "Ana Reyes"),
        ("where", "Ghana"),
        ("when", "on Monday"),
        ("when", "on March 22"),
        ("bags", ["a blue case"]),
        ("bags", ["a hat", "a cat"]),
    ],
)
def test_one_changed_value_is_complained_about_and_left_out(name: str, wrong: Any) -> None:
    """The complaint names field and value; the other fields stand."""
    record, complaints, _ = held(GOOD, {**SAID, name: wrong})
    assert [c.field for c in complaints] == [name]
    assert (wrong[-1] if isinstance(wrong, list) else wrong) in complaints[0].reason
    assert all(found.value in ("a hat",) for found in record["bags"])
    assert name == "bags" or record[name] == ()
    assert all(record[other] for other in ("who", "where", "bags") if other != name)


def test_what_belongs_to_a_refused_value_is_refused_with_it() -> None:
    """Without its words a date does not stand, nor a country without its person."""
    record, _, _ = held(GOOD, {**SAID, "who": "Ula Tamm", "when": "on Monday"})
    assert record["dates"] == ()
    assert record["of_whom"] == ()


def test_words_overrule_the_model() -> None:
    """Where the words decide, what the model says is not asked about."""
    record, complaints, _ = held(GOOD, {**SAID, "tense": "past"})
    assert complaints == []
    assert record["tense"][0].value == "next"


def test_null_and_an_empty_list_are_no_complaint() -> None:
    record, complaints, _ = held(GOOD, {"who": "Ana Ruiz", "where": "Kenya", "when": None, "bags": []})
    assert complaints == []
    assert record["when"] == ()
    assert record["bags"] == ()


@pytest.mark.parametrize("name", ["who", "where"])
def test_a_missing_key_field_is_complained_about(name: str) -> None:
    _, complaints, _ = held(GOOD, {key: value for key, value in SAID.items() if key != name})
    (complaint,) = complaints
    assert complaint.field == name
    assert name in complaint.reason


def test_a_rule_of_the_schema_speaks_for_itself() -> None:
    """A validator's message goes out as it is written, about values in standard form."""
    (complaint,) = held(GOOD.replace("Kenya", "Chile"), {**SAID, "where": "Chile"}).complaints
    assert complaint == ("where", "Chile", "nobody goes to Chile; name another country")


def test_a_rule_about_the_whole_record_names_the_record() -> None:
    (complaint,) = held(GOOD.replace("Ana Ruiz", "Bo Berg"), {**SAID, "who": "Bo Berg"}).complaints
    assert (complaint.field, complaint.reason) == ("record", "Bo Berg carries no bags")


def test_a_field_is_complained_about_once() -> None:
    """A value that is not there is not said to be missing as well."""
    assert [c.field for c in held(GOOD, {**SAID, "where": "Ghana"}).complaints] == ["where"]


def test_the_value_rests_on_the_evidence_given_for_it_alone() -> None:
    """A labeller's span is taken at its word: the same value elsewhere does not help."""
    text = "Ana Ruiz will go to Kenya. Kenya is hot."
    span, other = Span(20, 25), Span(27, 32)
    here = held(text, {"who": "Ana Ruiz", "where": "Kenya"}, where=(other,))
    assert here.record["where"][0].spans == (other,)
    assert held(text, {"who": "Ana Ruiz", "where": "Kenya"}, where=(span,)).record["where"][0].spans == (span,)
    elsewhere = held(text, {"who": "Ana Ruiz", "where": "Kenya"}, where=(Span(0, 8),))
    assert [c.field for c in elsewhere.complaints] == ["where"]


def test_order_owners_before_what_belongs_to_them_and_dates_last() -> None:
    order = [spec.name for spec in in_order(Trip)]
    assert order.index("where") < order.index("who") < order.index("of_whom")
    assert order.index("when") < order.index("dates")
    assert order.index("tense") < order.index("dates")
    assert sorted(order) == sorted(Trip.model_fields)


def test_check_is_pure() -> None:
    """Twice the same candidate gives twice the same, and the candidate is unchanged."""
    said = dict(SAID)
    assert held(GOOD, said) == held(GOOD, said)
    assert said == SAID


def test_values_are_the_standard_forms_without_what_is_missing() -> None:
    found = Found("x", (Span(0, 1),), "stated")
    record = {"dish": (found,), "with_what": (found, found), "heat": (), "cook": ()}
    assert values(record, RECIPE) == {"dish": "x", "with_what": ["x", "x"]}


@pytest.mark.parametrize(
    ("said", "field_name"),
    [
        ({"dish": "tart", "with_what": ["pears"]}, None),
        ({"dish": "tart", "with_what": ["tart"]}, "with_what"),
        ({"dish": "cake", "with_what": []}, "dish"),
        ({"dish": "tart", "with_what": [], "heat": "raw"}, None),
    ],
)
def test_a_schema_of_another_world_is_checked_alike(said: dict[str, Any], field_name: str | None) -> None:
    text = "A tart is baked with pears, as made by Ana Ruiz."
    checked = check(Candidate(said, (Span(0, len(text)),)), Article(id="a", text=text), RECIPE)
    assert [c.field for c in checked.complaints] == ([field_name] if field_name else [])
    assert checked.record["heat"][0].value == "baked"
    assert checked.record["cook"][0].value == "Ana Ruiz"


@pytest.mark.parametrize(
    ("after", "met"),
    [
        ("She will meet Ula Tamm.", ["Ula Tamm"]),
        ("In Nairobi, Ruiz will meet Ula Tamm.", ["Ula Tamm"]),
        ("It rained. It poured. In Nairobi, she will meet Ula Tamm.", ["Ula Tamm"]),
        ("In Oslo, she will meet Ula Tamm.", []),
        ("In Oslo, she will sleep. She will meet Ula Tamm.", []),
        ("In Oslo, she will sleep. In Nairobi, she will meet Ula Tamm.", ["Ula Tamm"]),
        ("Olaf Stein slept. He will meet Ula Tamm.", []),
        ("It rained. It poured. It snowed. It froze. She will meet Ula Tamm.", []),
    ],
)
def test_what_goes_on_about_the_record_is_read_onward(after: str, met: list[str]) -> None:
    """The sentences behind the passage, until they tell of somebody or of somewhere else, or of nothing for long."""
    first = "Peruvian President Ana Ruiz will go to Kenya."
    article = Article(id="a", text=f"{first} {after}")
    said = {"who": "Ana Ruiz", "where": "Kenya"}
    record = check(Candidate(said, (Span(0, len(first)),)), article, Trip).record
    assert [found.value for found in record["meets"]] == met
    assert all(span.of(article.text) == found.value for found in record["meets"] for span in found.spans)


def test_what_stands_before_the_passage_is_not_read_onward() -> None:
    before = "Ana Ruiz will meet Ula Tamm in Nairobi. "
    text = f"{before}Peruvian President Ana Ruiz will go to Kenya."
    where = (Span(len(before), len(text)),)
    record = check(Candidate({"who": "Ana Ruiz", "where": "Kenya"}, where), Article(id="a", text=text), Trip).record
    assert record["meets"] == ()
