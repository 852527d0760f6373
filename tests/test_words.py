"""Matching of words: exact after a written normalisation, with offsets that hold in the text as read."""

from __future__ import annotations

import time
import unicodedata

import pytest

from extractor.article import Span
from extractor.fields.words import find_all, find_words, level, same_words


def found(words: str, text: str) -> list[str]:
    return [span.of(text) for span in find_all(words, text, [Span(0, len(text))])]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Foreign Ministry", "FOREIGN ministry"),
        ("Foreign Ministry", "Foreign\u00a0Ministry"),
        ("Foreign Ministry", "Foreign\u202f\u2009 Ministry"),
        ("Foreign Ministry", "Foreign\r\n  Ministry"),
        ("Foreign Ministry", "Foreign\tMinistry"),
        ("Moscow's visit", "Moscow’s visit"),
        ("O'Hara", "O‘Hara"),
        ("O'Hara", "OʼHara"),
        ("O'Hara", "O`Hara"),
        ('"a bridge"', "“a bridge”"),
        ('"a bridge"', "«a bridge»"),
        ('"a bridge"', "„a bridge‟"),
        ("Oct. 18-19", "Oct. 18–19"),
        ("Oct. 18-19", "Oct. 18—19"),
        ("Son-hui", "Son‑hui"),
        ("Son-hui", "Son−hui"),
        ("Jose", "Jose"),
        ("José", "Jose\u0301"),
        ("Jose\u0301", "José"),
        ("Phú", "Phu\u0301"),
        ("visited", "vi\u00adsit\u00aded"),
        ("visited", "vis\u200bited"),
        ("visited", "\ufeffvisited"),
        ("visited", "vis\u2060ited"),
        ("visited", "v\u200di\u200csited"),
        ("Strasse", "Straße"),
        ("STRASSE", "straße"),
        ("office", "oﬃce"),
        ("five days", "ﬁve days"),
        ("1 May", "１ May"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_what_looks_alike_is_the_same(words: str, written: str) -> None:
    """Case, white space, quotes, dashes, composition and what is invisible do not matter, and the span is exact."""
    text = f"He said {written}, twice."
    span = find_words(words, text, [Span(0, len(text))])
    assert span is not None
    assert span.of(text).strip("\ufeff\u200b") == written.strip("\ufeff\u200b")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Rome", "Olaf Berg arrived in Paris."),
        ("Rome", "Re"),
        ("Olaf Berg arrived in Rome", "Olaf Berg arrived in Paris"),
        ("Olaf Berg arrived in Paris", "Olaf Berg has arrived in Paris"),
        ("Olaf Berg has arrived in Paris", "Olaf Berg arrived in Paris"),
        ("arrived in Paris", "arrived Paris"),
        ("in Paris arrived", "arrived in Paris"),
        ("Niger", "in Nigeria"),
        ("Oman", "a Roman road"),
        ("Oman", "the Oman2 group"),
        ("Jose", "José"),
        ("José", "Jose"),
        ("Jose", "Jose\u0301"),
        ("18", "on Oct. 118"),
        ("18", "on Oct. 180"),
        ("18", "in 2018"),
        ("Son-hui", "Son hui"),
        ("Sonhui", "Son-hui"),
        ("Mr Kim", "Mr. Kim"),
        ("Putins", "Putin's"),
        ("color", "colour"),
        ("visit", "vis it"),
        ("", "anything"),
        ("   ", "anything at all"),
        ("\u200b", "any\u200bthing"),
        ("anything", ""),
    ],
)
def test_nothing_fuzzy_matches(words: str, text: str) -> None:
    """A word more, a word less, another word, a part of a word, or a letter without its accent is no match."""
    assert found(words, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Straße ﬁn İzmir: Ana Ruiz left.",
        "e\u0301e\u0301e\u0301 Ana Ruiz left.",
        "\u200b\u200b\u00ad Ana Ruiz left.",
        "a \u00a0 \n b — Ana Ruiz left.",
        "😀👩\u200d🚀 “Ana Ruiz” left.",
        "ﷺ Ana Ruiz left.",  # NFKC makes eighteen characters of one
        "Z\u0301\u0323\u0308 Ana Ruiz left.",
        "İİİ Ana Ruiz İİİ",
        "Ana Ruiz",
        "\x00\x01 Ana Ruiz \x00",
    ],
)
def test_offsets_hold_in_the_text_as_read(text: str) -> None:
    """Whatever grows or vanishes before the words, the span covers them and nothing else."""
    span = find_words("ana ruiz", text, [Span(0, len(text))])
    assert span == Span(text.index("Ana"), text.index("Ana") + 8)


@pytest.mark.parametrize("name", ["Sa\u0301", "Nguyễn", unicodedata.normalize("NFD", "Nguyễn"), "İ", "ﬁ", "ß"])
def test_a_cluster_is_never_cut(name: str) -> None:
    """A span that ends in a combining mark or in a letter that grows covers the whole of it."""
    text = f"x {name} y"
    assert found(name, text) == [name]


def test_half_of_a_ligature_or_of_an_expansion_is_no_word() -> None:
    """“f” is not found in “ﬁ”, nor “s” in “ß”: the rest of the letter is a letter too."""
    assert found("f", "a ﬁ b") == []
    assert found("s", "a ß b") == []


def test_soft_hyphens_at_the_edges_stay_outside() -> None:
    """What is invisible behind the words does not belong to them."""
    text = "in Rome\u200b \u00a0, he"
    assert found("Rome", text) == ["Rome"]


def test_every_occurrence_is_found_in_order() -> None:
    text = "Lima, LIMA and lima; Limassol"
    assert found("Lima", text) == ["Lima", "LIMA", "lima"]


def test_only_the_stretches_count_and_in_their_order() -> None:
    """What stands outside is not found, and the first stretch comes first wherever it lies in the text."""
    text = "Lima one. Lima two. Lima three."
    stretches = [Span(20, 31), Span(0, 9)]
    assert list(find_all("Lima", text, stretches)) == [Span(20, 24), Span(0, 4)]
    assert find_words("two", text, stretches) is None
    assert find_words("Lima", text, []) is None


@pytest.mark.parametrize(("start", "end"), [(0, 10), (0, 13), (5, 14), (10, 30)])
def test_words_that_leave_the_stretch_are_not_in_it(start: int, end: int) -> None:
    """A stretch that holds but a part of the words does not hold them."""
    text = "He saw Mara Lindqvist there."  # 7 to 21
    assert find_words("Mara Lindqvist", text, [Span(start, end)]) is None


def test_a_stretch_that_begins_inside_a_word_does_not_make_a_word_of_its_rest() -> None:
    text = "in Nigeria"
    assert find_words("geria", text, [Span(5, 10)]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("on Oct. 18–19", "Oct. 18-19"),
        ("the KCNA", "KCNA"),
        ("From  Sunday to Tuesday", "from sunday to tuesday"),
        ("“Unity” Summit", '"Unity" Summit'),
        ("in the Gulf", "Gulf"),
        ("his office.", "his office"),
        ("for a week", "week"),
    ],
)
def test_compared_as_the_codebook_says(one: str, other: str) -> None:
    """Case, white space, quotes, dashes and a leading article or preposition do not matter."""
    assert same_words(one, other)
    assert same_words(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Monday", "Tuesday"),
        ("last month", "month"),
        ("from Sunday to Tuesday", "from Sunday"),
        ("Theme Park", "me Park"),
        ("Anna", "na"),
        ("Ministry of Oil", "Ministry Oil"),
    ],
)
def test_other_words_are_not_the_same(one: str, other: str) -> None:
    assert not same_words(one, other)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "Straße", "İ", "e\u0301", "A  \u00a0B", "«Ça va ?»", "ﬃ"])
def test_levelling_twice_changes_nothing(text: str) -> None:
    assert level(level(text)) == level(text)


@pytest.mark.parametrize(
    "line",
    ["Lorem ipsum " * 430_000, "x" * 300_000, "’" * 300_000, "e\u0301" * 150_000, " " * 300_000],
    ids=["words of 5 MB", "letters", "quotes", "accents", "blanks"],
)
def test_a_huge_line_takes_seconds(line: str) -> None:
    """Levelling and searching stay linear: no line of an article can hold up a run."""
    started = time.monotonic()
    assert found("mara lindqvist", line + " Mara Lindqvist") == ["Mara Lindqvist"]
    assert time.monotonic() - started < 120  # it takes 6; with coverage on a busy machine, 35
