"""Where a deed leads, where somebody is posted, and what is a mere dateline. The names are invented."""

from __future__ import annotations

import pytest

from extractor.article import Article, Span
from extractor.fields.gazetteer import mentions
from extractor.fields.goals import goals, is_dateline, posting, reached

WENT = (r"visit\w*", r"tour\w*", r"flew", r"went", r"head\w*")


def led_to(text: str) -> list[str]:
    return [m.span.of(text) for m in goals(Article(id="a", text=text), Span(0, len(text)), WENT)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She flew to the sisterly Kingdom of Jordan.", ["Jordan"]),
        ("a tour of Peru", ["Peru"]),
        ("She flew to Peru from Chile.", ["Peru"]),
        ("She flew in from Chile, where she had met the king.", ["Chile"]),
        ("She toured Peru.", ["Peru"]),
        ("She visited Peru, Chile and Bolivia.", ["Peru", "Chile", "Bolivia"]),
        ("She went to Peru after a dispute about trade with the neighbours in Chile.", ["Peru"]),
        ("She visited a factory, radio reported from Lima.", []),
        ("She visited a factory, radio reported in Lima.", []),
        ("The visit changed many ties and Peru's trade.", []),
        ("She went for talks in the Peruvian capital.", ["Peruvian"]),
        ("The visit by Premier Ana Ruiz of Norway to Chile ends her tour of Peru.", ["Chile", "Peru"]),
        ("The visit was announced at length by officials in Peru.", ["Peru"]),
    ],
)
def test_goals_stand_behind_the_deed(text: str, expected: list[str]) -> None:
    """What a deed reaches wins over what only stands behind a word of direction."""
    assert led_to(text) == expected


def test_only_what_a_deed_reaches_is_reached() -> None:
    text = "Prices rose in Peru. She flew to Chile."
    article = Article(id="a", text=text)
    assert reached(article, Span(0, 20), WENT) == []
    assert [m.code for m in reached(article, Span(21, len(text)), WENT)] == ["CHL"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The Swedish ambassador to Peru, Mara Lindqvist, left.", "PER"),
        ("Sweden's ambassador in Lima, Mara Lindqvist, left.", "PER"),
        ("Mara Lindqvist, the Swedish ambassador to Peru, left.", "PER"),
        ("Mara Lindqvist, foreign minister of Sweden, left.", None),
        ("The ambassador to Peru met Mara Lindqvist.", None),
        ("Mara Lindqvist met the ambassador to Peru.", None),
        ("Mara Lindqvist went to Peru.", None),
    ],
)
def test_where_somebody_is_posted(text: str, code: str | None) -> None:
    start = text.index("Mara")
    assert posting(text, Span(start, start + len("Mara Lindqvist"))) == code


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("Lima, 26 January (ANA) – The minister left.", True),
        ("LIMA - The minister left.", True),
        ("Lima is cold.", False),
        ("Lima, where it was cold, was full of people who waited for spring – and waited.", False),
        ("He flew to Lima – and slept.", False),
    ],
)
def test_a_dateline_opens_a_report(text: str, dateline: bool) -> None:
    place = next(m for m in mentions(text) if m.code == "PER")
    assert is_dateline(text, place) is dateline
