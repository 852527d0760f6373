"""People and their offices: who is offered, whose words carry a name, and which office stands beside it."""

from __future__ import annotations

from typing import get_args

import pytest

from extractor.article import Article, Span
from extractor.fields.base import Found, View
from extractor.fields.names import names, names_in
from extractor.fields.offices import title_after, title_before
from extractor.fields.person import OfficeType, PersonType, fullest

PERSON = PersonType()
OFFICE = OfficeType()
DOES = (r"visit\w*", r"trip", r"travel\w*")


def view(
    text: str,
    *,
    before: str = "",
    of: Found | None = None,
    lead: tuple[str, ...] = (),
    does: tuple[str, ...] = (),
) -> View:
    whole = f"{before}{text}"
    where = (Span(len(before), len(whole)), *([Span(0, len(before))] if before else []))
    return View(Article(id="a", text=whole), where, of=of, lead=lead, does=does)


def found_at(text: str, words: str) -> Found:
    return Found(words, (Span(text.index(words), text.index(words) + len(words)),), "stated")


def offered(seen: View) -> list[str]:
    return list(get_args(PERSON.ask(seen)))


def test_without_a_deed_everybody_named_is_offered() -> None:
    assert offered(view("Mara Lindqvist met Olaf Stein.")) == ["Mara Lindqvist", "Olaf Stein"]


def test_with_a_deed_only_its_agents_are_offered() -> None:
    seen = view("Olaf Stein announced a visit to Peru by Mara Lindqvist.", does=DOES)
    assert offered(seen) == ["Mara Lindqvist"]


def test_each_person_is_offered_once_in_the_fullest_form() -> None:
    """A bare surname stands for the full name that the article gives elsewhere."""
    seen = view(
        "Lindqvist will visit Peru, and Lindqvist will visit Chile.", before="Mara Lindqvist spoke. ", does=DOES
    )
    assert offered(seen) == ["Mara Lindqvist"]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Weber visited Peru with his wife, Karin Weber.",
        "President Weber and Karin Weber ate. Weber visited Peru.",
        "President Weber visited Peru; First Lady Karin Weber stayed away.",
    ],
)
def test_a_relative_lends_nobody_a_given_name(text: str) -> None:
    assert "Weber" in offered(view(text, does=DOES))


@pytest.mark.parametrize("text", ["Nobody came.", "", "Peru and Chile agreed on Monday."])
def test_a_passage_without_people_asks_nothing(text: str) -> None:
    assert PERSON.ask(view(text)) is None


def test_the_passage_decides_who_is_offered_not_the_rest_of_the_article() -> None:
    text = "Ula Tamm spoke. Mara Lindqvist left."
    seen = View(Article(id="a", text=text), (Span(16, len(text)),))
    assert offered(seen) == ["Mara Lindqvist"]


def test_a_full_name_in_place_is_stated() -> None:
    text = "Mara Lindqvist left."
    assert PERSON.locate("Mara Lindqvist", view(text)) == Found("Mara Lindqvist", (Span(0, 14),), "stated")


def test_a_shorter_form_rests_on_both_places() -> None:
    """The bare surname in the passage and the full name before it together carry the full name, by a named rule."""
    before = "Mara Lindqvist spoke. "
    found = PERSON.locate("Lindqvist", view("Lindqvist left.", before=before))
    assert found is not None
    assert (found.value, found.verdict) == ("Mara Lindqvist", "derived")
    assert set(found.spans) == {Span(0, 14), Span(len(before), len(before) + 9)}
    assert found.rule


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Choe Bo Hui", "Choe Bo-hui"),
        ("Lindqvist Mara", "Mara Lindqvist"),
        ("Mara Lindqvist", "MARA Lindqvist"),
        ("Ms. Mara Lindqvist", "Mara Lindqvist"),
        ("Jose Ruiz", "José Ruiz"),
    ],
)
def test_a_name_may_be_said_otherwise_but_stays_as_written(said: str, written: str) -> None:
    """Order, hyphen, address and accents do not matter; the value is what the article writes."""
    found = PERSON.locate(said, view(f"Then {written} left."))
    assert found is not None
    assert found.value == written


@pytest.mark.parametrize(
    "said", ["Olaf Stein", "Mara Lind", "Lars Lindqvist", "Mara Lindquist", "Peru", "", "Mara Stein"]
)
def test_another_name_is_refused(said: str) -> None:
    assert PERSON.locate(said, view("Mara Lindqvist left.")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Mara Lindqvist visited Peru at the invitation of Olaf Stein.",
        "Olaf Stein welcomed Mara Lindqvist's visit to Peru.",
        "Olaf Stein announced a visit to Peru by Mara Lindqvist.",
        "Mara Lindqvist will visit Peru, Olaf Stein said.",
        "Mara Lindqvist will visit Peru to meet Olaf Stein.",
    ],
)
def test_who_is_named_but_does_not_do_it_is_refused(text: str) -> None:
    """Naming a person of the passage is not enough where word order makes another the agent."""
    assert PERSON.locate("Olaf Stein", view(text, does=DOES)) is None
    assert PERSON.locate("Mara Lindqvist", view(text, does=DOES)) is not None


def test_of_two_deeds_the_one_nearest_to_the_goal_counts() -> None:
    """Who goes to Rome is not who goes to Lima."""
    text = "Olaf Stein travelled to Rome after a visit to Lima by Mara Lindqvist."
    to_rome, to_lima = found_at(text, "Rome"), found_at(text, "Lima")
    assert PERSON.locate("Olaf Stein", view(text, of=to_rome, does=DOES)) is not None
    assert PERSON.locate("Mara Lindqvist", view(text, of=to_lima, does=DOES)) is not None
    assert PERSON.locate("Olaf Stein", view(text, of=to_lima, does=DOES)) is None
    assert PERSON.locate("Mara Lindqvist", view(text, of=to_rome, does=DOES)) is None


def test_a_goal_outside_the_passage_decides_nothing() -> None:
    text = "Mara Lindqvist will visit the country."
    outside = Found("PER", (Span(0, 4),), "stated")
    assert PERSON.locate("Mara Lindqvist", view(text, before="Peru is far. ", of=outside, does=DOES)) is not None


def test_a_name_that_is_no_run_of_capitals_is_found_by_its_words() -> None:
    """Where no deed binds it, a name in one word or small letters is still found exactly."""
    assert PERSON.locate("pelé", view("then Pelé sang")) == Found("Pelé", (Span(5, 9),), "stated")


LEAD = (r"(?:to )?meet(?:s)?(?: with)?", r"talks with")


def test_people_behind_the_lead_words_are_read() -> None:
    """All of the clause, each once in full, but not whom the value belongs to, nor those of the next clause."""
    text = "Mara Lindqvist will meet Olaf Stein and Lindqvist; Ula Tamm slept. In talks with Stein, all was well."
    found = PERSON.read(view(text, of=found_at(text, "Mara Lindqvist"), lead=LEAD))
    assert [one.value for one in found] == ["Olaf Stein"]
    assert found[0].spans[0].of(text) == "Olaf Stein"


MEET = (r"meets?", r"met(?: with)?", r"meetings? with")


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Mara Lindqvist met Olaf Stein.", ["Olaf Stein"]),
        ("She met Olaf Stein and Ula Tamm.", ["Olaf Stein", "Ula Tamm"]),
        ("She met Olaf Stein, who had met Ula Tamm.", ["Olaf Stein"]),
        ("She met H.E. the Prime Minister of Peru, Dr. Olaf Stein, and Ms. Ula Tamm.", ["Olaf Stein", "Ula Tamm"]),
        ("Olaf Stein met with Mara Lindqvist.", ["Olaf Stein"]),
        ("Mara Lindqvist left; Olaf Stein met Ula Tamm.", []),
        ("She met, Olaf Stein said, the press.", []),
        ("Mara Lindqvist met the press after Olaf Stein left.", []),
    ],
)
def test_who_meets_whom(text: str, met: list[str]) -> None:
    """The owner does the deed or suffers it; what others do to each other is not hers, nor is the next clause."""
    owner = Found("Mara Lindqvist", (Span(0, 0),), "stated")
    text = f"{text} Mara Lindqvist was there."
    seen = View(Article(id="a", text=text), (Span(0, len(text) - 26),), of=owner, lead=MEET)
    assert [one.value for one in PERSON.read(seen)] == met


def test_people_are_read_onward() -> None:
    """A field that goes onward is read off the sentences that go on about the record, and off no others."""
    text = "Mara Lindqvist left. She met Olaf Stein. She met Ula Tamm."
    seen = View(
        Article(id="a", text=text),
        (Span(0, 20),),
        of=found_at(text, "Mara Lindqvist"),
        lead=MEET,
        onward=(Span(21, 40),),
    )
    assert [one.value for one in PERSON.read(seen)] == ["Olaf Stein"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Lindqvist spoke.", True),
        ("Olaf Stein met Lindqvist.", True),
        ("Olaf Stein slept.", False),
        ("She met Olaf Stein.", None),
        ("The minister is accompanied by Olaf Stein.", None),
        ("It rained.", None),
    ],
)
def test_whom_a_sentence_tells_of(text: str, told: bool | None) -> None:
    """Of her if it names her, of another if that is its subject; else it leaves open whom it means."""
    before = "Mara Lindqvist left. "
    article = Article(id="a", text=before + text)
    assert PERSON.told("Mara Lindqvist", article, Span(len(before), len(article.text))) is told


def test_without_lead_words_nothing_is_read() -> None:
    assert PERSON.read(view("Mara Lindqvist will meet Olaf Stein.")) == []
    assert PERSON.read(view("Mara Lindqvist will see Olaf Stein.", lead=LEAD)) == []


def test_fullest_is_the_first_of_the_longest_forms() -> None:
    text = "Lindqvist spoke. Mara Lindqvist left. Mara Lindqvist came."
    assert fullest(names(text)[0], text) == Span(17, 31)


def test_people_in_a_stretch_stand_wholly_inside() -> None:
    assert [name.words for name in names_in("Mara Lindqvist and Olaf Stein", Span(0, 20))] == ["Mara Lindqvist"]


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Russian Foreign Minister Igor Stahl left.", "Foreign Minister"),
        ("Russia's foreign minister, Igor Stahl, left.", "foreign minister"),
        ("Igor Stahl, the Qatari foreign minister, left.", "foreign minister"),
        ("Igor Stahl, Qatar's foreign minister, left.", "foreign minister"),
        ("Igor Stahl, foreign minister of Qatar, left.", "foreign minister"),
        ("Igor Stahl, the foreign minister of Qatar, left.", "foreign minister"),
        ("Igor Stahl, who is the Kenyan prime minister, left", "prime minister"),
        ("Prime Minister Igor Stahl of Tuvalu left.", "Prime Minister"),
        ("UN Secretary-General Igor Stahl left", "Secretary-General"),
        ("US Secretary of State Igor Stahl", "Secretary of State"),
        ("Minister for Foreign Affairs Igor Stahl", "Minister for Foreign Affairs"),
        ("Kenya's Cabinet Secretary for Foreign Affairs, Dr. Igor Stahl,", "Cabinet Secretary for Foreign Affairs"),
        ("Foreign Minister Mr. Igor Stahl", "Foreign Minister"),
        ("King Igor Stahl", "King"),
        ("Ula Tamm, a spokesman, Premier Igor Stahl and others left.", "Premier"),
        ("the president, Igor Stahl, left", "president"),
        ("Stahl spoke. Later President Igor Stahl left.", "President"),
        ("The Prime Minister of Kenya, H.E. Ms Igor Stahl, left.", "Prime Minister"),
        ("the Deputy Prime Minister of Peru, the Hon. Igor Stahl,", "Deputy Prime Minister"),
        ("the Minister of Trade and Crafts, Mr. Igor Stahl,", "Minister of Trade and Crafts"),
        ("special envoy for the Andes, Igor Stahl,", "special envoy for the Andes"),
        ("minister of state in the presidency Igor Stahl", "minister of state in the presidency"),
        ("H.E. the Minister for Roads, Mr. Igor Stahl,", "Minister for Roads"),
        ("tea and H.E. the Minister for Roads and Tea, Mr. Igor Stahl,", "Minister for Roads and Tea"),
        ("Igor Stahl, the US Middle East peace envoy, left.", "Middle East peace envoy"),
        ("Presidents Igor Stahl and Ana Ruiz met.", "President"),
        ("Igor Stahl has been minister for trade for a year.", "minister for trade"),
        ("Trade chief Stahl to visit Peru\n\nTrade Minister Igor Stahl left.", "Trade Minister"),
        ("Trade chief Stahl left. Secretary of State Igor Stahl came.", "Secretary of State"),
    ],
)
def test_the_office_beside_a_name(text: str, office: str) -> None:
    """As written, before the name or behind it, without country, article or form of address."""
    (found,) = OFFICE.read(view(text, of=found_at(text, "Igor Stahl")))
    assert found.value == office
    assert found.verdict == "stated"
    assert found.spans[0].of(text) == office


@pytest.mark.parametrize(
    "text",
    [
        "Igor Stahl left",
        "Mr Igor Stahl left",
        "Igor Stahl (left) met the Kenyan minister.",
        "Igor Stahl met President Olaf Berg.",
        "Igor Stahl said, the minister left",
        "Igor Stahl's minister left",
        "PRESIDENT\n\nIgor Stahl left",
        "Igor Stahl, whom the minister met, left",
        "Igor Stahl, Peru and Chile agreed",
    ],
)
def test_an_office_nearby_is_not_his(text: str) -> None:
    assert OFFICE.read(view(text, of=found_at(text, "Igor Stahl"))) == []


def test_an_office_without_a_person_is_none() -> None:
    assert OFFICE.read(view("The president left.")) == []


def test_an_office_is_located_by_its_words_or_beside_the_name() -> None:
    text = "The prime minister slept."
    assert OFFICE.locate("Prime Minister", view(text)) == Found("prime minister", (Span(4, 18),), "stated")
    assert OFFICE.locate("foreign minister", view(text)) is None
    before = "Foreign Minister Igor Stahl left. "
    seen = view("Stahl slept.", before=before, of=Found("Igor Stahl", (Span(17, 27),), "stated"))
    located = OFFICE.locate("the Foreign Minister", View(seen.article, seen.where[:1], of=seen.of))
    assert located is not None
    assert located.spans == (Span(0, 16),)
    assert OFFICE.ask(seen) is str
    assert OFFICE.same("the Foreign Minister", "foreign minister")
    assert not OFFICE.same("Foreign Minister", "Prime Minister")


def test_titles_before_and_after_are_spans_of_the_article() -> None:
    text = "“Foreign\u00a0Minister Igor Stahl” and Olaf Berg, the Kenyan prime minister,"
    igor, olaf = (Span(text.index(n), text.index(n) + len(n)) for n in ("Igor Stahl", "Olaf Berg"))
    before = title_before(text, igor)
    assert before is not None
    assert before.of(text) == "Foreign\u00a0Minister"
    after = title_after(text, olaf)
    assert after is not None
    assert after.of(text) == "prime minister"
    assert title_after(text, igor) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Lindqvist", "Mara Lindqvist", True), ("Mara Lindqvist", "Lars Lindqvist", False), ("José", "JOSE", True)],
)
def test_names_compare_as_the_codebook_says(one: str, other: str, same: bool) -> None:
    assert PERSON.same(one, other) is same
