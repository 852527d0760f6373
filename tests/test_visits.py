"""The schema of visits: the codebook's worked example, its rules, and messages fit to send back to a model."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from extractor.article import Article, Span
from extractor.extraction.check import check, values
from extractor.extraction.passages import passages
from extractor.extraction.question import question
from extractor.extraction.records import Candidate
from extractor.schema import fields_of
from extractor.sentences import sentences
from schemas.visits import Kind, Status, Visit

WORKED = Article(
    id="worked",
    published="2024-03-20",
    text="French President Emmanuel Macron will travel to Brazil on March 26-28 at the invitation of "
    "Luiz Inácio Lula da Silva, his office said. "
    "Lula visited Paris last June. Macron, now in Rome, may go on to Chile.",
)


def checked(article: Article, sentence: int, **said: Any) -> dict[str, Any]:
    """Check a candidate that rests on one sentence of the article; no complaint may be left."""
    cut = sentences(article.text)
    where = (cut[sentence], *reversed(cut[:sentence]))
    result = check(Candidate(said, where), article, Visit)
    assert result.complaints == []
    for name, many in result.record.items():
        for found in many:
            assert found.spans, name
            assert all(0 <= span.start < span.end <= len(article.text) for span in found.spans)
    return values(result.record, Visit)


def test_the_codebooks_first_row() -> None:
    """A planned trip with a day, an inviter and a source."""
    got = checked(WORKED, 0, visitor="Emmanuel Macron", destination="Brazil", when="on March 26-28", status="announced")
    expected = {
        "visitor": "Emmanuel Macron",
        "visitor_country": "FRA",
        "visitor_role": "President",
        "destination": "BRA",
        "when": "on March 26-28",
        "dates": "2024-03-26/2024-03-28",
        "status": "announced",
        "invited_by": "Luiz Inácio Lula da Silva",
        "reported_by": "his office",
        "implied": False,
    }
    assert {name: got.get(name) for name in expected} == expected
    assert not got.get("places")


def test_the_codebooks_second_row() -> None:
    """The surname stands for the full name, the capital for its country and for the place, June for the last one."""
    got = checked(WORKED, 1, visitor="Lula", destination="Paris", when="last June", status="completed")
    expected = {
        "visitor": "Luiz Inácio Lula da Silva",
        "destination": "FRA",
        "places": ["Paris"],
        "dates": "2023-06",
        "status": "completed",
    }
    assert {name: got.get(name) for name in expected} == expected


def test_the_codebooks_last_row() -> None:
    """“May go on” fixes nothing, and gives no date."""
    got = checked(WORKED, 2, visitor="Emmanuel Macron", destination="Chile", status="possible")
    assert (got["visitor"], got["visitor_country"]) == ("Emmanuel Macron", "FRA")
    assert (got["destination"], got["status"]) == ("CHL", "possible")
    assert "dates" not in got


def test_nobody_visits_home() -> None:
    """The message names the person and the country, and says what to give instead."""
    with pytest.raises(ValidationError) as raised:
        Visit.model_validate({"visitor": "Mara Lindqvist", "visitor_country": "SWE", "destination": "SWE"})
    (error,) = raised.value.errors()
    assert error["loc"] == ("destination",)
    assert "Mara Lindqvist" in error["msg"]
    assert "SWE" in error["msg"]
    assert "foreign" in error["msg"]


@pytest.mark.parametrize("country", ["NOR", None, "UN"])
def test_abroad_or_of_unknown_country_is_fine(country: str | None) -> None:
    visit = Visit(visitor="Mara Lindqvist", visitor_country=country, destination="SWE")
    assert visit.destination == "SWE"


def test_visitor_and_destination_make_a_visit() -> None:
    assert [name for name, spec in fields_of(Visit).items() if spec.key] == ["visitor", "destination"]
    for missing in ({"visitor": "Mara Lindqvist"}, {"destination": "SWE"}, {}):
        with pytest.raises(ValidationError):
            Visit.model_validate(missing)


def test_the_fields_are_those_of_the_codebook() -> None:
    """Names and order as a label has them."""
    listed = (
        "visitor visitor_role visitor_country destination places when dates status kind occasion invited_by meets "
        "purpose reported_by implied"
    )
    assert sorted(fields_of(Visit)) == sorted(listed.split())


def test_the_values_are_those_of_the_codebook() -> None:
    assert [s.value for s in Status] == ["announced", "ongoing", "completed", "possible", "cancelled", "not_held"]
    assert [k.value for k in Kind] == ["state", "official", "working", "private", "transit"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"status": "announced"}, {"status": "possible"}, True),
        ({"status": "announced"}, {"status": "ongoing"}, True),
        ({"status": "ongoing"}, {"status": "completed"}, True),
        ({"status": "completed"}, {"status": "announced"}, False),
        ({"status": "completed"}, {"status": "possible"}, False),
        ({"status": "not_held"}, {"status": "completed"}, False),
        ({"status": "announced"}, {}, True),
        ({}, {}, True),
        ({"status": "announced", "dates": "2024-05"}, {"status": "announced", "dates": "2024-07"}, False),
        ({"status": "announced", "dates": "2024-05"}, {"status": "announced", "dates": "2024-05-03"}, True),
        ({"dates": "2024-05"}, {}, True),
        ({"status": "possible", "when": "in May"}, {"status": "not_held"}, True),
        ({"status": "possible"}, {"status": "not_held", "when": "in May"}, False),
        ({"status": "announced", "when": "in May"}, {"status": "not_held", "when": "in July"}, False),
    ],
)
def test_one_trip_or_two(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    """Two trips to one country in different months, or one past and one to come, are two records."""
    assert Visit.same_record(one, other) is same
    assert Visit.same_record(other, one) is same


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("will visit Peru", "announced"),
        ("is set to travel to Peru", "announced"),
        ("is scheduled to visit Peru", "announced"),
        ("is expected to visit Peru", "announced"),
        ("has arrived in Peru", "ongoing"),
        ("left for Peru", "ongoing"),
        ("is visiting Peru", "ongoing"),
        ("visited Peru", "completed"),
        ("has returned from Peru", "completed"),
        ("may visit Peru", "possible"),
        ("is considering a trip to Peru", "possible"),
        ("accepted an invitation to visit Peru", "possible"),
        ("called off a visit to Peru", "cancelled"),
        ("postponed a visit to Peru", "cancelled"),
        ("will not visit Peru", "cancelled"),
        ("did not visit Peru", "not_held"),
        ("never came to Peru", "not_held"),
        ("begins an official visit to Peru on Monday", "announced"),
        ("begins an official visit to Peru", "ongoing"),
        ("has begun her visit to Peru", "ongoing"),
        ("has kicked off a tour of Peru", "ongoing"),
        ("is on a tour that also includes Peru", "announced"),
        ("spoke of a trip that takes her to Peru", "announced"),
        ("arrives in Peru tomorrow", "announced"),
        ("arrives in Peru on Marc Ruiz’s invitation", "ongoing"),
        ("is visiting Peru on Wednesday", "announced"),
        ("is making a two-day visit to Peru", "ongoing"),
        ("was due to arrive in Peru later on Tuesday", "announced"),
        ("was due to arrive in Peru on Tuesday but called it off", "cancelled"),
        ("told reporters that she had said she would visit Peru", "announced"),
        ("said she would visit Peru if she was asked", "possible"),
        ("will sign a pact during a visit to Peru", "announced"),
        ("was back at work after a visit to Peru", "completed"),
        ("spoke on the last day of her visit to Peru", "completed"),
        ("spoke on the second day of her visit to Peru", "ongoing"),
        ("wrapped up a three-day visit to Peru", "completed"),
        ("has been to Peru twice", "completed"),
        ("was the first Swede in years to visit Peru", "completed"),
        ("promised to visit Peru", "possible"),
        ("will not be going to Peru", "cancelled"),
        ("would have been the first Swede to go to Peru", "cancelled"),
        ("saw her planned trip to Peru called off: the trip to Peru was scrapped", "cancelled"),
        ("had been expected in Peru", "not_held"),
        ("flew into Peru", "ongoing"),
        ("has been in Peru since Monday", "ongoing"),
        ("left home today by air to visit Peru", "ongoing"),
        ("is due in Peru", "announced"),
        ("met the press after two days in Peru", "completed"),
        ("wound up a visit to Peru and pledged to buy more copper", "completed"),
        ("declined an invitation to visit Peru", "not_held"),
    ],
)
def test_the_tell_tale_words_of_a_status(verb: str, status: str) -> None:
    """The codebook's words decide, against whatever a model says."""
    text = f"Swedish Foreign Minister Mara Lindqvist {verb}, her office said."
    article = Article(id="a", text=text, published="2024-03-20")
    for said in ("announced", "completed", None):
        got = checked(article, 0, visitor="Mara Lindqvist", destination="Peru", status=said)
        assert got["status"] == status


@pytest.mark.parametrize("kind", ["state", "official", "working", "private"])
def test_the_kind_is_what_the_article_calls_it(kind: str) -> None:
    text = f"Swedish Foreign Minister Mara Lindqvist will pay a visit to Peru, a {kind} visit, her office said."
    assert checked(Article(id="a", text=text), 0, visitor="Mara Lindqvist", destination="Peru")["kind"] == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pays an official two-day visit to Peru", "official"),
        ("will visit Peru before the Secretary of State visits Rome", None),
    ],
)
def test_the_words_of_a_kind_stand_together(text: str, kind: str | None) -> None:
    article = Article(id="a", text=f"Swedish Foreign Minister Mara Lindqvist {text}, her office said.")
    assert checked(article, 0, visitor="Mara Lindqvist", destination="Peru").get("kind") == kind


def test_who_is_welcomed_travels_and_not_the_host() -> None:
    text = "Swedish Foreign Minister Mara Lindqvist was welcomed in Lima by Ana Ruiz, her Peruvian counterpart."
    article = Article(id="a", text=text, published="2024-03-20")
    asked = question(article, Visit, passages(article, Visit)[0])
    assert asked
    assert asked.answer.model_json_schema()["$defs"]["Record"]["properties"]["visitor"]["const"] == "Mara Lindqvist"


@pytest.mark.parametrize("told", ["left Lima on Thursday", "stopped over in Lima"])
def test_a_sentence_that_tells_of_a_stay_is_a_passage(told: str) -> None:
    assert passages(Article(id="a", text=f"Swedish Foreign Minister Mara Lindqvist {told}."), Visit)


@pytest.mark.parametrize(
    ("told", "when", "dates"),
    [
        ("concluded a three-day visit to Peru on Monday", "on Monday", "2024-03-16/2024-03-18"),
        ("wound up a visit to Peru on Monday", "on Monday", "2024-03-18"),
        ("landed in Peru yesterday and leaves this evening", "yesterday", "2024-03-19/2024-03-20"),
        ("arrived in Peru on Monday. She met the king. She leaves on Thursday", "on Monday", "2024-03-18/2024-03-21"),
        ("arrived in Peru on Monday. The minister is to travel home on Thursday", "on Monday", "2024-03-18/2024-03-21"),
        ("arrived in Peru on Monday. Lena Berg of Norway leaves on Thursday", "on Monday", "2024-03-18"),
    ],
)  # fmt: skip
def test_the_end_of_a_stay_completes_its_date(told: str, when: str, dates: str) -> None:
    """Its last day and its length; or the day on which the same traveller leaves, also in a later sentence."""
    article = Article(id="a", text=f"Swedish Foreign Minister Mara Lindqvist {told}.", published="2024-03-20")
    assert checked(article, 0, visitor="Mara Lindqvist", destination="Peru", when=when)["dates"] == dates


def test_the_date_looks_the_way_of_the_status() -> None:
    """“On Monday” of something to come lies ahead, of something over behind the day of publication."""
    for verb, day in (("will visit Peru", "2024-03-25"), ("visited Peru", "2024-03-18")):
        text = f"Swedish Foreign Minister Mara Lindqvist {verb} on Monday, her office said."
        article = Article(id="a", text=text, published="2024-03-20")
        assert checked(article, 0, visitor="Mara Lindqvist", destination="Peru", when="on Monday")["dates"] == day


def test_a_country_that_the_passage_does_not_name_is_complained_about() -> None:
    text = "Swedish Foreign Minister Mara Lindqvist will visit Peru."
    for wrong in ("Chile", "Atlantis"):
        candidate = Candidate({"visitor": "Mara Lindqvist", "destination": wrong}, (Span(0, len(text)),))
        (complaint,) = check(candidate, Article(id="a", text=text), Visit).complaints
        assert complaint.field == "destination"
        assert wrong in complaint.reason


def test_her_own_country_is_complained_about_by_name() -> None:
    """“Swedish” is in the passage, so only the rule tells that Sweden is not where she goes."""
    text = "Swedish Foreign Minister Mara Lindqvist left Sweden to visit Peru."
    candidate = Candidate({"visitor": "Mara Lindqvist", "destination": "Sweden"}, (Span(0, len(text)),))
    (complaint,) = check(candidate, Article(id="a", text=text), Visit).complaints
    assert complaint.field == "destination"
    assert "Mara Lindqvist represents SWE" in complaint.reason


@pytest.mark.parametrize("host", ["Olaf Stein", "Ula Tamm"])
def test_a_host_is_no_visitor(host: str) -> None:
    text = f"Swedish Foreign Minister Mara Lindqvist visited Peru at the invitation of President {host}."
    candidate = Candidate({"visitor": host, "destination": "Peru"}, (Span(0, len(text)),))
    assert [c.field for c in check(candidate, Article(id="a", text=text), Visit).complaints] == ["visitor"]


@pytest.mark.parametrize(
    "office",
    [
        "former President",
        "ex-President",
        "opposition leader",
        "the mayor of Oslo,",
        "spokesman",
        "Foreign Ministry spokeswoman",
        "government spokesperson",
    ],
)
def test_who_holds_no_office_is_no_visitor(office: str) -> None:
    text = f"Last week {office} Olaf Stein visited Peru."
    candidate = Candidate({"visitor": "Olaf Stein", "destination": "Peru"}, (Span(0, len(text)),))
    assert "visitor" in [c.field for c in check(candidate, Article(id="a", text=text), Visit).complaints]


@pytest.mark.parametrize(
    "office",
    [
        "State Councillor",
        "State Councilor",
        "Foreign Minister",
        "former rebel and Foreign Minister",
    ],
)
def test_who_holds_an_office_of_state_is_a_visitor(office: str) -> None:
    text = f"Last week {office} Olaf Stein visited Peru."
    candidate = Candidate({"visitor": "Olaf Stein", "destination": "Peru"}, (Span(0, len(text)),))
    assert check(candidate, Article(id="a", text=text), Visit).complaints == []


def test_nobody_is_his_own_host() -> None:
    text = "President Olaf Stein visited Peru at the invitation of Olaf Stein."
    candidate = Candidate({"visitor": "Olaf Stein", "destination": "Peru"}, (Span(0, len(text)),))
    assert [c.field for c in check(candidate, Article(id="a", text=text), Visit).complaints] == ["invited_by"]


def test_the_examples_are_answers_to_their_own_passages() -> None:
    """Every value of a worked example is carried by its passage: the model is shown nothing that check refuses."""
    for example in Visit.examples:
        words = " ".join(example.passage.split())
        for record in example.records:
            for name in ("visitor", "destination", "when"):
                assert record[name] is None or str(record[name]) in words
            assert record["status"] in {s.value for s in Status}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("arrived in Peru on Monday and leaves on Friday.", "2024-03-18/2024-03-22"),
        ("arrived in Peru on Monday; on Friday she goes home.", "2024-03-18/2024-03-22"),
        ("arrived in Peru on Monday and leaves on Friday for Rome.", "2024-03-18"),
        ("arrived in Peru on Monday for a visit, which ends on March 29.", "2024-03-18/2024-03-29"),
        ("arrived in Peru on Monday for a visit, which ends on June 29.", "2024-03-18"),
    ],
)
def test_the_day_of_leaving_ends_the_visit(text: str, dates: str) -> None:
    """Where it is near, and no journey to another place begins with it."""
    article = Article(id="a", text=f"Swedish Foreign Minister Mara Lindqvist {text}", published="2024-03-20")
    got = checked(article, 0, visitor="Mara Lindqvist", destination="Peru", when="on Monday", status="ongoing")
    assert got["dates"] == dates


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("will visit Peru to boost trade ties", "purpose", "boost trade ties"),
        ("will visit Peru for talks on tin, her office said", "purpose", "talks on tin"),
        ("will visit Peru for talks with President Olaf Stein", "purpose", None),
        ("agreed to sign a treaty and will visit Peru", "purpose", None),
        ("will visit Peru. The visit is aimed at ending a row", "purpose", "ending a row"),
        ("will visit Peru. The main topics of the visit are tin, tea and wool", "purpose", "tin, tea and wool"),
        ("will visit Peru for the Andes Trade (ATX) Forum on Friday", "occasion", "Andes Trade (ATX) Forum"),
        ("will visit Peru for the Forum on Tin and Tea", "occasion", "Forum on Tin and Tea"),
        ("will visit Peru. She is due to attend the Tin Summit", "occasion", "Tin Summit"),
        ("will visit Peru, she told reporters at a news conference", "occasion", None),
        ("will visit Peru at Olaf Stein’s invitation", "invited_by", "Olaf Stein"),
        ("accepted Olaf Stein’s invitation to visit Peru", "invited_by", "Olaf Stein"),
        ("accepted an invitation from Olaf Stein to visit Peru", "invited_by", "Olaf Stein"),
        ("will visit Peru. She will meet Olaf Stein, at whose invitation she goes", "invited_by", "Olaf Stein"),
        ("will visit Peru as the guest of Peru’s premier, Olaf Stein", "invited_by", "Olaf Stein"),
        ("has been invited to visit Peru", "invited_by", None),
        ("will visit Peru, Sweden’s state news agency SNX said", "reported_by", "SNX"),
        ("will visit Peru, she said", "reported_by", None),
        ("will visit Peru, according to a schedule", "reported_by", None),
        (
            "will visit Peru to take part in a meeting of Andean trade ministers",
            "occasion",
            "meeting of Andean trade ministers",
        ),
        ("will visit Peru. She will sit down with Olaf Stein", "meets", ["Olaf Stein"]),
        ("will visit Peru, where Olaf Stein met Ula Tamm", "meets", None),
        ("will visit Peru. She will be received on Friday by Olaf Stein", "meets", ["Olaf Stein"]),
        ("will visit Peru. In Lima, talks are planned with Olaf Stein", "places", ["Lima"]),
    ],
)
def test_the_words_that_introduce_a_field(said: str, name: str, value: Any) -> None:
    """In the passage, or in the sentences that go on about the visit."""
    article = Article(id="a", text=f"Swedish Foreign Minister Mara Lindqvist {said}.", published="2024-03-20")
    assert checked(article, 0, visitor="Mara Lindqvist", destination="Peru").get(name) == value


def test_an_ambassador_does_not_visit_where_he_is_posted() -> None:
    text = "The Swedish ambassador to Peru, Olaf Stein, travelled to Lima."
    candidate = Candidate({"visitor": "Olaf Stein", "destination": "Lima"}, (Span(0, len(text)),))
    (complaint,) = check(candidate, Article(id="a", text=text), Visit).complaints
    assert "posted in PER" in complaint.reason
