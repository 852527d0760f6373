"""Whom a pronoun or a mere office means. The names are invented."""

from __future__ import annotations

import pytest

from extractor.fields.names import names
from extractor.fields.references import bearers, may_be, reference

TEXT = "President Ana Ruiz met Bo Berg, the Swedish foreign minister, and Ula Tamm. The president left."


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("he left", "he"),
        ("I left", "I"),
        ("in i left", None),
        ("the Swedish foreign minister left", "the Swedish foreign minister"),
        ("his Excellency left", "his"),
        ("the president said she left", "she"),
        ("the weather held", None),
        ("", None),
    ],
)
def test_the_last_reference_counts(words: str, meant: str | None) -> None:
    assert reference(words, 0, len(words)) == meant


@pytest.mark.parametrize(
    ("meant", "who"),
    [
        ("the president", ["Ana Ruiz"]),
        ("the foreign minister", ["Bo Berg"]),
        ("the minister", ["Bo Berg"]),
        ("the defence minister", []),
        ("she", []),
        ("the leader", []),
    ],
)
def test_an_office_is_borne_by_whom_the_article_gives_it(meant: str, who: list[str]) -> None:
    """Before the name or behind it; a word that fits anybody, such as “leader”, names nobody."""
    assert [name.words for name in bearers(TEXT, meant, len(TEXT))] == who


def test_nobody_bears_an_office_before_he_is_named() -> None:
    assert bearers(TEXT, "the president", 0) == []


@pytest.mark.parametrize(
    ("meant", "possible"),
    [
        ("the president", ["Ana Ruiz", "Ula Tamm"]),
        ("the foreign minister", ["Bo Berg", "Ula Tamm"]),
        ("his", ["Ana Ruiz", "Bo Berg", "Ula Tamm"]),
        ("the leader", ["Ana Ruiz", "Bo Berg", "Ula Tamm"]),
    ],
)
def test_an_office_cannot_mean_who_has_another(meant: str, possible: list[str]) -> None:
    """Who is given no office may have any."""
    assert [name.words for name in names(TEXT) if may_be(TEXT, name, meant)] == possible
