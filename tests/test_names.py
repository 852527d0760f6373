"""People named in running text: where they stand, and which names are one person's."""

from __future__ import annotations

import pytest

from extractor.fields.names import is_honorific, is_title, key, names, same_person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mara Lindqvist left.", ["Mara Lindqvist"]),
        ("Foreign Minister Mara Lindqvist left.", ["Mara Lindqvist"]),
        ("the Peruvian president, Mara Lindqvist, left.", ["Mara Lindqvist"]),
        ("President-elect Bo Berg spoke.", ["Bo Berg"]),
        ("Secretary-General Ana Ruiz spoke.", ["Ana Ruiz"]),
        ("H.E. Mr. Tan Wei Ming spoke.", ["Tan Wei Ming"]),
        ("Gen. Bo Berg met Capt. Ana Ruiz here.", ["Bo Berg", "Ana Ruiz"]),
        ("Ana Ruiz and Bo Berg met.", ["Ana Ruiz", "Bo Berg"]),
        ("President Bill Berg and Park Ji-won met. Park left.", ["Bill Berg", "Park Ji-won", "Park"]),
        ("The trade minister, Sugiono, left. He spoke.", ["Sugiono"]),
        ("She met Ana Ruiz. Bo Berg left.", ["Ana Ruiz", "Bo Berg"]),
        ("Ana Ruiz, Bo Berg and Ula Tamm met.", ["Ana Ruiz", "Bo Berg", "Ula Tamm"]),
        ("“Ana Ruiz” (Bo Berg)", ["Ana Ruiz", "Bo Berg"]),
        ("Jean-Pierre N’Dour spoke", ["Jean-Pierre N’Dour"]),
        ("Étienne Leclerc met Đorđe Petrović.", ["Étienne Leclerc", "Đorđe Petrović"]),
        ("Ursula von der Lyden met Joao dos Santos", ["Ursula von der Lyden", "Joao dos Santos"]),
        ("Tamim bin Hamad Al-Nuri said", ["Tamim bin Hamad Al-Nuri"]),
        ("John F. Keane spoke.", ["John F. Keane"]),
        ("J. K. Okafor spoke.", ["J. K. Okafor"]),
        ("Sheikh Omar Nuri met Queen Ulla Strand", ["Omar Nuri", "Ulla Strand"]),
        ("Ана Руиз said so", ["Ана Руиз"]),
        ("Ana\u00a0Ruiz left.", ["Ana Ruiz"]),
        ("State Councilor Bo Berg left.", ["Bo Berg"]),
        (
            "FM Ana Ruiz met PM Bo Berg, DPM Ula Tamm and EAM Mara Lindqvist.",
            ["Ana Ruiz", "Bo Berg", "Ula Tamm", "Mara Lindqvist"],
        ),
        ("he told RIA Novosti that Ana Ruiz left", ["Ana Ruiz"]),
    ],
)
def test_a_run_of_capitalised_words_is_a_name(text: str, expected: list[str]) -> None:
    """Titles, addresses, particles, initials and accents are told from the name and kept with it."""
    assert [name.words for name in names(text)] == expected


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Mara Lindqvist's plane landed.", "Mara Lindqvist"),
        ("Mara Lindqvist’s plane landed.", "Mara Lindqvist"),
        ("the plane of Hans Jonas’ wife", "Hans Jonas"),
    ],
)
def test_the_possessive_is_no_part_of_a_name(text: str, owner: str) -> None:
    (name,) = names(text)
    assert (name.words, name.span.of(text)) == (owner, owner)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday, nobody left.",
        "However, they left.",
        "The Ministry of Foreign Affairs said so.",
        "the World Bank and the United Nations agreed",
        "New Zealand and South Africa agreed",
        "in Kuala Lumpur and Buenos Aires",
        "the Halden Peace Conference opened",
        "the Lindqvist Foundation paid",
        "the Republic of Korea",
        "Happy New Year",
        "Park Avenue, Hyde Park and the Park",
        "the Farm Bill and the Bill",
        "the president, Labour said",
        "Reuters",
        "Share Photo Menu",
        "no capitals at all",
        "",
        "ANA RUIZ VISITS PERU",
        "in January February March",
        "he told RIA Novosti so",
        "Kyodo Tsushin and Anadolu Ajansi reported",
        "as Yonhap Infomax, Xinhua Net and Interfax Zapad report",
        "according to Reuters Connect",
    ],
)
def test_places_bodies_days_and_beginnings_are_no_people(text: str) -> None:
    assert names(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("President Reagan spoke.", ["Reagan"]),
        ("Reagan spoke.", []),
        ("Mr Ruiz spoke.", ["Ruiz"]),
        ("Ana Ruiz left. Later Ruiz spoke, and Ana laughed.", ["Ana Ruiz", "Ruiz", "Ana"]),
        ("Later Ruiz spoke. So did Ana Ruiz.", ["Ruiz", "Ana Ruiz"]),
        ("Ana Ruíz left, and Ruiz spoke", ["Ana Ruíz", "Ruiz"]),
        ("Ana Ruiz met Brandt", ["Ana Ruiz"]),
    ],
)
def test_a_single_word_is_a_name_only_after_a_title_or_beside_a_fuller_form(text: str, expected: list[str]) -> None:
    assert [name.words for name in names(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Jan 5 Jan Novak spoke", ["Jan Novak"]),
        ("on Jan. 5, Ana Ruiz spoke", ["Ana Ruiz"]),
        ("Aug. 5 was hot", []),
        ("Chad Smith left Chad.", ["Chad Smith"]),
        ("they left Chad", []),
        ("Paris Hilton-Berg left Paris", ["Paris Hilton-Berg"]),
    ],
)
def test_words_that_are_names_beside_a_name_only(text: str, expected: list[str]) -> None:
    """Months, and countries that persons are called after, belong to a name only where one stands."""
    assert [name.words for name in names(text)] == expected


def test_a_name_over_a_wrapped_line_is_one_name_over_a_heading_two() -> None:
    """A full line may have been broken inside a name; a short one, such as a byline, ends with itself."""
    wrapped = "The delegation will be led by Foreign Minister Mara\nLindqvist and two others."
    assert [name.words for name in names(wrapped)] == ["Mara Lindqvist"]
    byline = "By Ana Ruiz\nMara Lindqvist left."
    assert [name.words for name in names(byline)] == ["Ana Ruiz", "Mara Lindqvist"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FM Qureshi Arrives In China", ["Qureshi"]),
        ("PM Ruiz Visits Peru", ["Ruiz"]),
        ("President Ana Ruiz Meets Bo Berg", ["Ana Ruiz", "Bo Berg"]),
        ("Ana Ruiz Leaves For Peru", ["Ana Ruiz"]),
        ("Premier Ruiz Travels To Chile", ["Ruiz"]),
        ("Ana Ruiz Kicks Off Tour", ["Ana Ruiz"]),
        ("Ana Ruiz Wraps Up Visit", ["Ana Ruiz"]),
        ("Ana Ruiz Invites Bo Berg", ["Ana Ruiz", "Bo Berg"]),
        ("Ana Ruiz Receives Bo Berg", ["Ana Ruiz", "Bo Berg"]),
        ("Ana Ruiz Returns Home", ["Ana Ruiz"]),
        ("Ana Ruiz Postpones Trip", ["Ana Ruiz"]),
        ("Ana Visits left.", []),
    ],
)
def test_the_verb_of_a_headline_ends_a_name(text: str, expected: list[str]) -> None:
    """Where every word is capitalised, what somebody does is no part of what he is called."""
    assert [name.words for name in names(text)] == expected


def test_too_many_capitals_are_no_name() -> None:
    """A heading in title case is not a person with seven given names."""
    assert names("Ana Bo Ula Mara Lindqvist Berg Tamm Ruiz") == ()


@pytest.mark.parametrize(
    "text",
    [
        "😀 Ana Ruiz\u200b left; \x00 Mr Berg",
        "«Ana Ruiz» — Mr Berg’s",
        "a\u0301 Ana\u00a0Ruiz\r\nand Mr\u00a0Berg",
        "\u202eAna Ruiz\u202c Mr Berg",
        "{{ 7*7 }} <b>Ana Ruiz</b> <script>Mr Berg</script>",
    ],
)
def test_spans_hold_in_the_text_as_read(text: str) -> None:
    """Whatever stands around a name, its span covers its words."""
    found = names(text)
    assert [" ".join(name.span.of(text).split()) for name in found] == [name.words for name in found]
    assert [name.words for name in found] == ["Ana Ruiz", "Berg"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lindqvist", "Mara Lindqvist"),
        ("Mara Lindqvist", "MARA LINDQVIST"),
        ("Mara Lindqvist", "Lindqvist Mara"),
        ("Mara Lindqvist", "Ms. Mara Lindqvist"),
        ("Mara Lindqvist’s", "Mara Lindqvist"),
        ("Choe Bo Hui", "Choe Bo-hui"),
        ("Choe Bo Hui", "Choe Bohui"),
        ("Ana Maria Ruiz", "Ana Ruiz"),
        ("John F. Keane", "John Keane"),
        ("José Ruiz", "Jose\u0301 Ruiz"),
        ("José Ruiz", "Jose Ruiz"),
        ("Jiří Novák", "Jiri Novak"),
        ("Al-Nuri", "Tamim Al Nuri"),
        ("Ana\u00a0Ruiz", "Ana Ruiz"),
        ("Ana\n Ruiz", "Ana Ruiz"),
        ("N’Dour", "Jean N'Dour"),
        ("Sir Bo Berg", "Bo Berg"),
    ],
)
def test_ways_to_write_one_persons_name(one: str, other: str) -> None:
    """Order, case, accents, hyphens, addresses and a name left out do not matter."""
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mara Lindqvist", "Mara Lind"),
        ("Mara Lindqvist", "Lars Lindqvist"),
        ("Mara Lindqvist", "Mara Lindquist"),
        ("Ana", "Anna"),
        ("Kim Jong Un", "Kim Yo Jong"),
        ("Kim Jong Un", "Kim Jong Il"),
        ("John F. Keane", "John G. Keane"),
        ("Ana Ruiz", "Ruiz Vega"),
        ("General Ruiz", "Ana Ruiz"),
        ("", "Ana"),
        ("Ana", ""),
        ("", ""),
        ("-", "Ana"),
        ("Mr", "Ms"),
    ],
)
def test_different_names_are_different_people(one: str, other: str) -> None:
    """One letter, or a word that only one of them has beside another that only the other has, tells two apart."""
    assert not same_person(one, other)
    assert not same_person(other, one)


def test_an_address_alone_is_not_nothing() -> None:
    """A name that looks like an address ("Sen") is still compared by what it says."""
    assert key("Sen") == "sen"
    assert same_person("Lady", "lady")


@pytest.mark.parametrize(
    "word", ["Minister", "president's", "Secretary-General", "vice-chairman", "Councilor", "FM", "PM", "Mr.", "H.E."]
)
def test_offices_and_addresses_are_titles(word: str) -> None:
    assert is_title(word)


@pytest.mark.parametrize("word", ["Lindqvist", "Peru", "ministry", "visited", "Ministerio", "Berg-Minister"])
def test_names_and_words_are_no_titles(word: str) -> None:
    assert not is_title(word)


def test_a_form_of_address_is_no_office() -> None:
    assert is_honorific("Mr.")
    assert is_honorific("Dame")
    assert not is_honorific("Minister")


def test_a_long_line_of_capitals_takes_seconds() -> None:
    """Finding names stays linear in the length of a line."""
    assert names("Ana " * 50_000) == ()
    assert len(names("Ana Ruiz, " * 20_000)) == 20_000


def test_a_pronoun_behind_a_title_that_ends_a_sentence_is_no_name() -> None:
    assert [name.words for name in names("Olaf Stein came with the First Lady. He left.")] == ["Olaf Stein"]
