"""Countries: which are offered as goals, which one a person represents, and which places lie in them."""

from __future__ import annotations

from typing import get_args

import pytest

from extractor.article import Article, Span
from extractor.fields.base import Found, View
from extractor.fields.country import CountryType, PlaceType
from extractor.fields.goals import is_country, places_in

COUNTRY = CountryType()
TRAVEL = (
    r"visit\w*", r"travel\w*", r"arrived", r"go", r"went", r"left", r"tours?", r"trip", r"way", r"flew", r"is in\b",
    r"reached", r"will be", r"spoke", r"told", r"talks",
)  # fmt: skip


def view(text: str, *, of: Found | None = None, before: str = "", does: tuple[str, ...] = ()) -> View:
    """View `text` as the passage, after what stands before it."""
    whole = f"{before}{text}"
    where = (Span(len(before), len(whole)), *([Span(0, len(before))] if before else []))
    return View(Article(id="a", text=whole), where, of=of, does=does)


def offered(text: str, before: str = "") -> list[str]:
    return list(get_args(COUNTRY.ask(view(text, before=before, does=TRAVEL))))


def beside(text: str, name: str = "Igor Stahl") -> str | None:
    """Return the country that the words beside `name` give, after seeing that its span carries it."""
    start = text.index(name)
    found = COUNTRY.read(view(text, of=Found(name, (Span(start, start + len(name)),), "stated")))
    if not found:
        return None
    mentioned = {m.span: m.code for m in places_in(Article(id="a", text=text), Span(0, len(text)))}
    assert mentioned[found[0].spans[0]] == found[0].value
    return str(found[0].value)


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("Mara Lindqvist will travel to Peru.", ["Peru"]),
        ("Mara Lindqvist arrived in Lima.", ["Lima"]),
        ("Swedish Foreign Minister Mara Lindqvist will visit Peru and Chile.", ["Peru", "Chile"]),
        ("She will go to Peru, Chile and Bolivia.", ["Peru", "Chile", "Bolivia"]),
        ("Sweden's foreign minister will visit Peru.", ["Peru"]),
        ("Peru's president will visit Sweden.", ["Sweden"]),
        ("The foreign minister of Sweden will visit Peru.", ["Peru"]),
        ("She left Peru for Chile.", ["Peru", "Chile"]),
        ("a tour of Peru", ["Peru"]),
        ("her trip through southern Peru", ["Peru"]),
        ("on her way via Madrid to Peru", ["Madrid", "Peru"]),
        ("She will visit neighbouring Bolivia.", ["Bolivia"]),
        ("a visit to the capital of Peru", ["Peru"]),
        ("a trip to the isolated North Korea", ["North Korea"]),
        ("She flew to “Peru”", ["Peru"]),
        ("an expected visit to China by Igor Stahl", ["China"]),
        ("She is in Seoul, South Korea.", ["Seoul", "South Korea"]),
        ("She reached Tuvalu.", ["Tuvalu"]),
        ("She will be in Oslo on Friday, and in Oslo on Saturday.", ["Oslo"]),
        ("BERLIN – she meets the chancellor.", ["BERLIN"]),
        ("Lima: she meets the president.", ["Lima"]),
    ],
)
def test_goals_are_offered_as_written(text: str, goals: list[str]) -> None:
    """Countries, and cities for them, behind a word of direction; a diary's slug counts; each form once."""
    assert offered(text) == goals


@pytest.mark.parametrize(
    "text",
    [
        "The Swedish minister travelled.",
        "She spoke to Peru's president.",
        "She told Peru's foreign ministry.",
        "talks in the Peruvian ministry",
        "Peru is on her list.",
        "She flew to the United Nations.",
        "She travelled.",
        "",
    ],
)
def test_governments_peoples_and_organisations_are_no_goals(text: str) -> None:
    """What stands for a government, a people or an organisation is nowhere to go to: nothing is asked."""
    assert COUNTRY.ask(view(text, does=TRAVEL)) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("She told Peru's foreign ministry.", ["Peru"]),
        ("Swedish cheese is dear in Sweden and Norway.", ["Sweden", "Norway"]),
        ("Swedish cheese is dear.", ["Swedish"]),
        ("NATO and the United Nations differ over Chile.", ["NATO", "United Nations", "Chile"]),
        ("Nothing of the kind.", []),
    ],
)
def test_without_a_deed_all_that_is_named_is_offered_once(text: str, named: list[str]) -> None:
    """A schema that is not about going somewhere may mean any of them; a name stands before "the Swedish"."""
    assert sorted(get_args(COUNTRY.ask(view(text)))) == sorted(named)


@pytest.mark.parametrize("there", ["She will visit the country.", "She went there.", "a tour of the island nation"])
def test_the_country_means_one_named_before(there: str) -> None:
    """A passage that only says “the country” or “there” is offered what the sentences before name."""
    assert offered(there, before="Peru and Chile disagree. ") == ["Peru", "Chile"]


def test_what_the_passage_names_needs_nothing_from_before() -> None:
    assert offered("She will visit Peru.", before="Chile disagrees. ") == ["Peru"]


def test_there_is_offered_beside_a_goal_of_the_passage() -> None:
    """Where both may be meant, both are offered, the passage's own first."""
    assert offered("Via Peru she went there.", before="Chile is cold. ") == ["Peru", "Chile"]


def test_offers_are_bounded() -> None:
    """A list of twenty countries does not make an enumeration of twenty."""
    listed = "Peru, Chile, Bolivia, Kenya, Ghana, Togo, Benin, Mali, Niger, Norway, Finland and Iceland"
    assert 1 <= len(offered(f"She will visit {listed}.")) <= 8


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Russian Foreign Minister Igor Stahl left.", "RUS"),
        ("Russia's foreign minister, Igor Stahl, left.", "RUS"),
        ("Russia’s Foreign Minister Igor Stahl left.", "RUS"),
        ("former Russian Foreign Minister Igor Stahl", "RUS"),
        ("Igor Stahl, the Qatari foreign minister, left.", "QAT"),
        ("Igor Stahl, Qatar's foreign minister, left.", "QAT"),
        ("Igor Stahl, foreign minister of Qatar, left.", "QAT"),
        ("Igor Stahl, the foreign minister of Qatar, left.", "QAT"),
        ("Igor Stahl of Tuvalu left.", "TUV"),
        ("Prime Minister Igor Stahl of Tuvalu left.", "TUV"),
        ("the President of Sri Lanka, H.E. Mr Igor Stahl, left", "LKA"),
        ("the President of Sri Lanka Igor Stahl left", "LKA"),
        ("the president of the Philippines, Igor Stahl, left", "PHL"),
        ("South Korean President Igor Stahl", "KOR"),
        ("Igor Stahl, president of the Republic of Korea,", "KOR"),
        ("US Secretary of State Igor Stahl", "USA"),
        ("U.S. President Igor Stahl", "USA"),
        ("UN Secretary-General Igor Stahl left", "UN"),
        ("NATO chief Igor Stahl", "NATO"),
        ("Sweden's Igor Stahl", "SWE"),
        ("Kenya's Cabinet Secretary for Foreign Affairs, Dr. Igor Stahl,", "KEN"),
        ("Igor Stahl, Sweden's ambassador to Peru, left", "SWE"),
        ("Igor Stahl, the Swedish ambassador to Peru, left", "SWE"),
        ("the Swedish ambassador to Peru, Igor Stahl, left", "SWE"),
        ("Igor Stahl, the US special envoy for North Korea,", "USA"),
        ("Olaf Berg of Peru met Russian President Igor Stahl", "RUS"),
        ("Igor Stahl met the press. Later the Kenyan leader, Igor Stahl, left", "KEN"),
        ("Stahl left. Russian President Igor Stahl came back.", "RUS"),
        ("Igor Stahl, the US Middle East peace envoy, left", "USA"),
        ("the first Peruvian president since Igor Stahl", "PER"),
        ("Peru does things differently. Its vice-president, Igor Stahl, left.", "PER"),
        ("A Peruvian goodwill mission led by trade minister Igor Stahl left.", "PER"),
        ("Minister Igor Stahl left for Chile at the head of Peru’s delegation.", "PER"),
        ("Igor Stahl was sworn in on Friday as Peru's president.", "PER"),
        ("Peru's trade minister has left. Trade Minister Igor Stahl said so.", "PER"),
        ("Peru’s trade minister on tea\n\nIgor Stahl has been minister for trade for a year.", "PER"),
        ("The Americans are keen. The secretary of energy, Igor Stahl, left.", "USA"),
        ("Washington, Monday. Treasury Secretary Igor Stahl left.", "USA"),
        ("Republic of Peru\nMinistry of Trade\n\nTrade Minister Igor Stahl left.", "PER"),
    ],
)
def test_the_country_beside_a_name(text: str, code: str) -> None:
    """Before the name with its office, behind it as an apposition, or wherever the article has either."""
    assert beside(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Igor Stahl left.",
        "Igor Stahl arrived in Peru.",
        "Igor Stahl, in Peru, spoke",
        "She left Peru. Foreign Minister Igor Stahl stayed.",
        "She told Peru that Igor Stahl would come",
        "Olaf Berg of Peru met Igor Stahl",
        "Peruvian wool delighted Igor Stahl",
        "Igor Stahl said the Peruvian minister left",
        "Igor Stahl, who met the Peruvian minister, left",
        "Igor Stahl, Peru and Chile agreed",
        "Russia-backed leader Igor Stahl",
        "Igor Stahl, ambassador to Peru,",
        "Peru and Chile differ. Its president, Igor Stahl, left.",
        "Peru does things differently.\n\nIts president, Igor Stahl, left.",
        "Igor Stahl, leading his party, met Peru's delegation.",
        "Igor Stahl was named in Peru as a witness.",
        "Igor Stahl was elected as Peru watched.",
        "Peru's trade minister and Chile's trade minister left. Trade Minister Igor Stahl said so.",
        "Trade Minister Igor Stahl met Peru's trade minister.",
        "Peru's trade minister left. Peru's trade minister, Ana Ruiz, met Trade Minister Igor Stahl.",
        "Pro-Peru trade minister left. Trade Minister Igor Stahl said so.",
        "Peru's leader left. The leader, Igor Stahl, said so.",
        "Peru's foreign minister left. Trade Minister Igor Stahl said so.",
        "The Americans and Mexico are keen. The secretary of energy, Igor Stahl, left.",
        "The secretary of energy, Igor Stahl, left.",
        "Republic of Peru\n\nAna Ruiz met Trade Minister Igor Stahl.",
        "Republic of Peru\n\nIgor Stahl left.",
    ],
)
def test_a_country_nearby_is_not_the_country_of_a_person(text: str) -> None:
    """Where one goes, of whom one speaks, or where one is posted says not whom one represents."""
    assert beside(text) is None


def test_without_a_person_no_country_is_read() -> None:
    assert COUNTRY.read(view("Russian Foreign Minister Igor Stahl left.")) == []


def test_the_verdict_says_how_a_country_is_carried() -> None:
    """Its name states it; a demonym, a capital or a city gives it by a named rule."""
    stated = COUNTRY.locate("PER", view("She is in Peru."))
    assert stated == Found("PER", (Span(10, 14),), "stated")
    for text, words in [("a Peruvian", "Peruvian"), ("in Lima", "Lima"), ("in Cusco", "Cusco")]:
        found = COUNTRY.locate("Peru", view(text))
        assert found is not None
        assert (found.value, found.verdict, found.spans[0].of(text)) == ("PER", "derived", words)
        assert found.rule
        assert "Peru" in found.rule


@pytest.mark.parametrize("value", ["Chile", "CHL", "Santiago", "Atlantis", "", "per capita", "Per"])
def test_another_country_is_not_found(value: str) -> None:
    assert COUNTRY.locate(value, view("She went from Peru to Bolivia.")) is None


def test_the_words_given_are_preferred_then_the_countrys_name() -> None:
    """Of several mentions, the one that the value names carries it, else a stated one."""
    text = "Peruvian voters in Lima, Peru, cheered"
    by_words = COUNTRY.locate("Lima", view(text))
    assert by_words is not None
    assert by_words.spans[0].of(text) == "Lima"
    stated = COUNTRY.locate("PER", view(text))
    assert stated is not None
    assert stated.spans[0].of(text) == "Peru"


def test_the_nearest_stretch_comes_first() -> None:
    before = "Peru is far. "
    found = COUNTRY.locate("PER", view("In Lima, she slept.", before=before))
    assert found is not None
    assert found.spans[0].start == len(before) + 3


@pytest.mark.parametrize(("one", "other"), [("PER", "Peru"), ("Peru", "PER"), ("UN", "United Nations"), ("X", "X")])
def test_codes_and_names_compare(one: str, other: str) -> None:
    assert COUNTRY.same(one, other)


@pytest.mark.parametrize(("one", "other"), [("PER", "CHL"), ("PRK", "KOR"), ("X", "Y"), ("COD", "COG")])
def test_different_countries_differ(one: str, other: str) -> None:
    assert not COUNTRY.same(one, other)


def test_organisations_are_no_countries() -> None:
    assert is_country("PER")
    assert not is_country("UN")
    assert not is_country("NATO")


def of_country(code: str) -> Found:
    return Found(code, (Span(0, 0),), "stated")


def test_the_places_of_a_visit_are_the_cities_of_its_country() -> None:
    """Cities of the country visited, each once and as written; other countries' cities and the country itself not."""
    text = "She flew from Oslo to Lima, then to Cusco and back to Lima, Peru."
    found = PlaceType().read(view(text, of=of_country("PER")))
    assert [place.value for place in found] == ["Lima", "Cusco"]
    assert [place.spans[0].of(text) for place in found] == ["Lima", "Cusco"]
    assert {place.verdict for place in found} == {"stated"}


def test_a_capital_that_stands_for_its_government_is_no_place() -> None:
    text = "Lima’s foreign ministry said she would go to Cusco."
    assert [place.value for place in PlaceType().read(view(text, of=of_country("PER")))] == ["Cusco"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("They supply Lima with tea.", []),
        ("LIMA, May 2 - She left.", []),
        ("LIMA – She is here.\nOSLO – Nobody is.", ["LIMA"]),
        ("She saw the towns of Cusco, Arequipa and Lima", ["Cusco", "Arequipa", "Lima"]),
        ("She spoke at the Casa de las Garzas in Lima.", ["Lima", "Casa de las Garzas"]),
        ("In Lima she will visit the Andes Salt Museum.", ["Lima", "Andes Salt Museum"]),
        ("She spoke at the University of the Andes", ["University of the Andes"]),
        ("She spoke at a museum.", []),
    ],
)
def test_a_place_is_where_something_happens(text: str, places: list[str]) -> None:
    """A city behind a word of place, a diary's slug, and a venue by its proper name; no dateline, no government."""
    text = text.replace("the towns of", "the cities of")
    assert [place.value for place in PlaceType().read(view(text, of=of_country("PER")))] == places


def test_places_are_read_onward() -> None:
    """A venue in a sentence that goes on about the visit counts where the sentence names the country."""
    text = "She will go to Peru. In Cusco she will tour Inca Palace. She spoke at Oslo Castle."
    seen = View(Article(id="a", text=text), (Span(0, 20),), of=of_country("PER"), onward=(Span(21, 56), Span(57, 82)))
    assert [place.value for place in PlaceType().read(seen)] == ["Cusco", "Inca Palace"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("In Lima she slept.", True),
        ("Peruvian tea", True),
        ("She is in Oslo.", False),
        ("Oslo says no.", None),
        ("No.", None),
    ],
)
def test_which_country_a_sentence_tells_of(text: str, told: bool | None) -> None:
    """Of this one if it mentions it, of another if it is set there."""
    assert COUNTRY.told("PER", Article(id="a", text=text), Span(0, len(text))) is told


def test_places_without_a_country_are_none() -> None:
    assert PlaceType().read(view("She flew to Lima.")) == []


def test_a_place_is_found_exactly_or_not_at_all() -> None:
    place = PlaceType()
    text = "at the Plaza\u00a0Mayor in Lima"
    found = place.locate("plaza mayor", view(text))
    assert found == Found("Plaza\u00a0Mayor", (Span(7, 18),), "stated")
    assert place.locate("Plaza Major", view(text)) is None
    assert place.ask(view(text)) is str
    assert place.same("the Plaza Mayor", "Plaza Mayor")
    assert not place.same("Lima", "Limatambo")
