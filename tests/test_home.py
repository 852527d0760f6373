"""Whose official a person is where no country stands beside the name. The people are invented."""

from __future__ import annotations

import pytest

from extractor.article import Article, Span
from extractor.extraction.check import check, in_order, values
from extractor.extraction.records import Candidate
from extractor.fields import Country, Person, When
from extractor.fields.base import Found
from extractor.fields.home import home_of
from extractor.fields.names import named
from extractor.fields.whose import country_of, holders
from extractor.schema import Schema, field
from schemas.visits import Visit

MET = "official met in a place of the country"
TOLD = "official of whom the seat of the government tells"
MOST = "official of the country that the article is most about"


def home(text: str, unlike: str | None = None, *boilerplate: Span) -> Found | None:
    """Return where Igor Stahl is at home, after seeing that no stronger rule knows it."""
    assert country_of(text, "Igor Stahl") is None
    return home_of(Article(id="a", text=text, boilerplate=boilerplate), "Igor Stahl", unlike)


def code(found: Found | None) -> str | None:
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "country", "words"),
    [
        ("In Lima she will meet Prime Minister Igor Stahl.", "PER", "Lima"),
        ("In Lima she met the bishop and Prime Minister Igor Stahl.", "PER", "Lima"),
        ("In Lima she will have lunch with Prime Minister Igor Stahl.", "PER", "Lima"),
        ("In Lima she will be received by Prime Minister Igor Stahl.", "PER", "Lima"),
        ("In Lima she calls on Prime Minister Igor Stahl.", "PER", "Lima"),
        ("In Peru she sees Prime Minister Igor Stahl.", "PER", "Peru"),
        ("It rained. In Lima she met Prime Minister Igor Stahl.", "PER", "Lima"),
        ("“It rained.” In Lima she met Prime Minister Igor Stahl.", "PER", "Lima"),
        ("No full stop\nIn the capital Lima she met Prime Minister Igor Stahl.", "PER", "Lima"),
        ("Igor Stahl spoke.\nIn Lima she met Prime Minister Igor Stahl.", "PER", "Lima"),
    ],
)
def test_who_is_met_where_a_sentence_is_set_is_at_home_there(text: str, country: str, words: str) -> None:
    """A sentence that opens with a place has its officials met by the guest, not the other way round."""
    found = home(text)
    assert found is not None
    assert (found.value, found.verdict, found.rule) == (country, "derived", f"{MET}: Peru")
    assert found.spans[0].of(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Later in Lima she met Prime Minister Igor Stahl.",
        "They said that In Lima she met Prime Minister Igor Stahl.",
        "In Peruvian style she met Prime Minister Igor Stahl.",
        "In Lima she slept, and Prime Minister Igor Stahl left.",
        "In Lima she met friends. Prime Minister Igor Stahl left.",
        "In Lima she met friends\n\nPrime Minister Igor Stahl left",
        "In Lima she met Igor Stahl, the prime minister.",
        "In Lima she met Igor Stahl.",
        "She met Prime Minister Igor Stahl in Lima.",
    ],
)
def test_a_place_elsewhere_in_the_sentence_is_nobodys_home(text: str) -> None:
    """Not where it opens no sentence, names a people, or where nobody is met who has an office before the name."""
    assert home(text) is None


@pytest.mark.parametrize(
    ("text", "country", "name"),
    [
        ("President Igor Stahl will leave on Monday, the White House said.", "USA", "United States"),
        ("President Igor Stahl will leave on Monday, the White House has announced.", "USA", "United States"),
        ("President Igor Stahl will leave on Monday, the Kremlin confirmed.", "RUS", "Russia"),
        ("Igor Stahl came. President Igor Stahl will leave, the Kremlin told reporters.", "RUS", "Russia"),
    ],
)
def test_a_seat_of_government_tells_of_its_own(text: str, country: str, name: str) -> None:
    found = home(text)
    assert found is not None
    assert (found.value, found.verdict, found.rule) == (country, "derived", f"{TOLD}: {name}")


@pytest.mark.parametrize(
    "text",
    [
        "President Igor Stahl will leave on Monday. The White House said nothing.",
        "President Igor Stahl will leave on Monday, Washington said.",
        "President Igor Stahl will leave on Monday, the Russians said.",
        "President Igor Stahl will see the White House on Monday.",
        "Igor Stahl, the president, will leave on Monday, the White House said.",
        "The White House said President Igor Stahl will leave on Monday.",
    ],
)
def test_a_seat_of_government_may_tell_of_others(text: str) -> None:
    """Not in another sentence, as a mere capital, as a place to see, or before a name."""
    assert home(text) is None


PERU = "Peru is in crisis. {office} Igor Stahl went to Chile. Peru owes it much."


@pytest.mark.parametrize("office", ["Prime Minister", "President", "Envoy"])
def test_an_official_of_no_stated_country_is_of_the_one_most_named(office: str) -> None:
    text = PERU.format(office=office)
    found = home(text)
    assert found == Found("PER", (Span(0, 4),), "derived", f"{MOST}: Peru")


def test_who_has_no_office_represents_nobody() -> None:
    assert home(PERU.format(office="Cousin")) is None
    assert home("In Lima she met Igor Stahl. Peru is calm. Peru is glad.") is None
    assert home("Igor Stahl will leave on Monday, the White House said.") is None


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Prime Minister Igor Stahl left. Peru is calm.", None),
        ("Prime Minister Igor Stahl left. Peru is calm. Lima is glad.", "PER"),
        ("Prime Minister Igor Stahl left. The Peruvians are glad in Peru.", "PER"),
        ("Peru and Chile differ. Prime Minister Igor Stahl left. Peru and Chile agree.", None),
        ("Peru and Chile differ. Prime Minister Igor Stahl left. Peru, Peru and Chile agree.", "PER"),
    ],
)
def test_a_country_must_be_named_twice_and_more_often_than_any_other(text: str, country: str | None) -> None:
    assert code(home(text)) == country


@pytest.mark.parametrize(
    ("text", "unlike", "country"),
    [
        ("Prime Minister Igor Stahl left for Chile. Chile is calm.", None, "CHL"),
        ("Prime Minister Igor Stahl left for Chile. Chile is calm.", "CHL", None),
        ("Prime Minister Igor Stahl left for Chile. Chile is calm. Peru and Peru.", "CHL", "PER"),
        ("In Lima she met Prime Minister Igor Stahl.", "PER", None),
        ("In Lima she met Prime Minister Igor Stahl. Chile, oh Chile.", "PER", "CHL"),
        ("President Igor Stahl will leave on Monday, the White House said.", "USA", None),
        ("President Igor Stahl will leave, the White House said. Chile, oh Chile.", "USA", "CHL"),
    ],
)
def test_what_the_country_cannot_be_it_never_is(text: str, unlike: str | None, country: str | None) -> None:
    """Neither by the rules of a sentence nor by the count; the next rule, or the next country, decides."""
    assert code(home(text, unlike)) == country


@pytest.mark.parametrize(
    ("holder", "country"),
    [
        ("Peru's prime minister, Ana Ruiz,", None),
        ("Peruvian Prime Minister Ana Ruiz", None),
        ("Peru's trade minister, Ana Ruiz,", "PER"),
        ("Peru's Ana Ruiz, who is prime minister,", "PER"),
        ("A Peruvian", "PER"),
    ],
)
def test_a_country_whose_office_another_holds_is_not_his(holder: str, country: str | None) -> None:
    """A country has one prime minister at a time, but a trade minister besides."""
    text = f"{holder} met Prime Minister Igor Stahl. Peru is calm. Peru is glad."
    assert code(home(text)) == country


def test_an_office_that_he_holds_himself_is_not_anothers() -> None:
    text = "Peru's prime minister, Igor Stahl, left. Peru is calm."
    assert code(home_of(Article(id="a", text=text), "Igor Stahl", None)) == "PER"


@pytest.mark.parametrize("office", ["Prime Minister", "Trade Minister", "President", "Secretary-General"])
def test_nobody_is_taken_for_an_organisations(office: str) -> None:
    """A minister never is one's; of others, too, who is in an article about it may come from any of its members."""
    assert home(f"The UN met. {office} Igor Stahl spoke to the UN.") is None
    assert home(f"The UN met. {office} Igor Stahl left the UN. The UN regrets it. Peru is calm in Peru.") is None
    assert code(home(f"The UN met. {office} Igor Stahl left Peru. Peru is calm.")) == "PER"


def test_boilerplate_names_no_home() -> None:
    text = "Peru is far. Prime Minister Igor Stahl left.\nRead more: Peru wins, Peru loses"
    menu = Span(text.index("Read"), len(text))
    assert code(home(text)) == "PER"
    assert home(text, None, menu) is None


def test_a_traveller_is_never_at_home_where_he_goes() -> None:
    """The schema of visits reads the country last, so that it is not the destination, however often that is named."""
    text = "Prime Minister Igor Stahl will visit Chile. Chile is far from Peru. Chile is calm, and so is Peru."
    candidate = Candidate({"visitor": "Igor Stahl", "destination": "Chile"}, (Span(0, 43),))
    checked = check(candidate, Article(id="a", text=text), Visit)
    assert checked.complaints == []
    assert values(checked.record, Visit)["visitor_country"] == "PER"


class Deal(Schema):
    """A deal abroad, with its fields in an awkward order."""

    when: When | None = field("when", of="where", by="home")
    home: Country | None = field("whose official it is", of="who", unlike="where")
    where: Country = field("where", key=True, of="who")
    who: Person = field("who makes it", key=True)


def test_what_a_value_hangs_on_is_read_before_it() -> None:
    """What it belongs to, what it cannot be, and who does it, however the schema orders its fields."""
    assert [spec.name for spec in in_order(Deal)] == ["who", "where", "home", "when"]


FOLLOWS = "holder of an office before or after an official of the country"


@pytest.mark.parametrize(
    ("text", "country", "name"),
    [
        ("Peruvian Minister Ana Ruiz spoke. Her predecessor as head of trade, Igor Stahl, left.", "PER", "Peru"),
        ("Peruvian Premier Ana Ruiz praised her successor, Igor Stahl.", "PER", "Peru"),
        ("Peruvian Premier Ana Ruiz praised her predecessor Igor Stahl.", "PER", "Peru"),
        ("Ana Ruiz, the Peruvian premier, praised her forerunner, Igor Stahl.", "PER", "Peru"),
        ("Peru's Ana Ruiz came. Ruiz praised her predecessor, Igor Stahl.", "PER", "Peru"),
        ("Peruvian Premier Ana Ruiz and Chilean Premier Bo Berg met his predecessor, Igor Stahl.", "CHL", "Chile"),
    ],
)
def test_who_holds_an_office_before_or_after_an_official_is_of_the_same_country(
    text: str, country: str, name: str
) -> None:
    """The official whom the article named last before tells whose predecessor it is."""
    found = country_of(text, "Igor Stahl")
    assert found is not None
    assert (found.value, found.verdict, found.rule) == (country, "derived", f"{FOLLOWS}: {name}")


@pytest.mark.parametrize(
    "text",
    [
        "Peruvian Premier Ana Ruiz met her counterpart, Igor Stahl.",
        "Peruvian Premier Ana Ruiz spoke of her predecessor at a lunch with Igor Stahl.",
        "Peruvian Premier Ana Ruiz met Bo Berg and her predecessor, Igor Stahl.",
        "Ana Ruiz praised her predecessor, Igor Stahl.",
        "Her predecessor, Igor Stahl, met Peruvian Premier Ana Ruiz.",
    ],
)
def test_who_follows_nobody_of_a_known_country_is_left_open(text: str) -> None:
    assert country_of(text, "Igor Stahl") is None


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Igor Stahl returned to Lima after talks in Oslo.", "PER"),
        ("Igor Stahl then returned home to Peru on Friday.", "PER"),
        ("Igor Stahl, who slept. Stahl went back to Peru from Oslo.", "PER"),
        ("Igor Stahl arrived back in the Philippines after a tour.", "PHL"),
        ("Igor Stahl left here for home in Peru.", "PER"),
        ("Igor Stahl flew home to Peru.", "PER"),
        ("Chilean Premier Igor Stahl returned to Peru.", "CHL"),
        ("Igor Stahl arrived in Peru.", None),
        ("Igor Stahl flew to Peru.", None),
        ("Igor Stahl left, and Ana Ruiz returned to Peru.", None),
        ("Ana Ruiz returned to Peru after Igor Stahl.", None),
    ],
)
def test_who_goes_back_goes_home(text: str, country: str | None) -> None:
    """Where nothing else tells whose official he is, and he is the subject of the clause."""
    assert code(country_of(text, "Igor Stahl")) == country


@pytest.mark.parametrize(
    ("text", "office", "countries"),
    [
        ("Peru's trade minister, Ana Ruiz, left.", "Trade Minister", {"PER"}),
        ("Peru's trade minister Ana Ruiz left.", "Trade Minister", {"PER"}),
        ("Peru's minister for trade, Ana Ruiz, left.", "Trade Minister", {"PER"}),
        ("Peru's foreign minister, Ana Ruiz, left.", "Minister for Foreign Affairs", {"PER"}),
        ("Peru's trade minister, Ana Ruiz, met Chile's trade minister, Bo Berg.", "Trade Minister", {"PER", "CHL"}),
        ("Peru's trade minister, Ana Ruiz, met Chile's trade minister.", "Trade Minister", {"PER"}),
        ("Peru's trade minister, Ana Ruiz, left.", "Foreign Minister", set()),
        ("Peru's trade minister, who met Ana Ruiz, left.", "Trade Minister", set()),
        ("The trade minister, Ana Ruiz, left Peru.", "Trade Minister", set()),
        ("The pro-Peru trade minister, Ana Ruiz, left.", "Trade Minister", set()),
    ],
)
def test_the_holders_of_an_office_are_who_is_named_behind_it(text: str, office: str, countries: set[str]) -> None:
    assert holders(text, office, []) == countries


def test_who_is_asked_about_is_no_other_holder() -> None:
    text = "Peru's trade minister, Ana Ruiz, met Trade Minister Igor Stahl."
    spans = [name.span for name in named(text, "Ana Ruiz")]
    assert holders(text, "trade minister", spans) == set()
    assert holders(text, "trade minister", [name.span for name in named(text, "Igor Stahl")]) == {"PER"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Chile's premier, my old friend Igor Stahl, left.", "CHL"),
        ("Chile’s premier, our friend Igor Stahl, left.", "CHL"),
        ("The Chilean president, her host Igor Stahl, left.", "CHL"),
        ("The Chilean premier met my old friend Igor Stahl.", None),
        ("In Chile, my old friend Igor Stahl left.", None),
        ("Chile's premier, the host of a small dinner for Igor Stahl, left.", None),
        ("Igor Stahl, the newly appointed Peruvian foreign minister, left.", "PER"),
        ("Igor Stahl, the newly-appointed Peruvian president, left.", "PER"),
        ("Igor Stahl, the newly appointed foreign minister of Peru, left.", "PER"),
        ("Igor Stahl, newly named Peruvian premier, left.", "PER"),
        ("Igor Stahl, the newly opened Peruvian embassy and tea left.", None),
        ("Igor Stahl, the much loved Peruvian premier said, left.", None),
    ],
)
def test_words_of_esteem_and_of_appointment_hide_no_country(text: str, country: str | None) -> None:
    """ "My old friend" may stand between an office and a name, "newly appointed" between a name and its country."""
    assert code(country_of(text, "Igor Stahl")) == country
