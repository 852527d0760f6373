"""Passages of a schema without cues: all is read, in windows that a model can hold, none of which stands alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from extractor.article import Article, Span
from extractor.extraction.passages import _windows, passages
from extractor.schema import load
from extractor.sentences import LONGEST, sentences

RECIPE = load(str(Path(__file__).parent / "fixtures" / "recipe.py"))
LONG, OVERLAP, HEAD = 4000, 500, 250


def numbered(count: int, *, to_a_line: int = 0, first: int = 0) -> str:
    """Write sentences of 40 code points, no two alike, on one line or so many to a line."""
    told = [f"Boil the egg of number {number:05}, then wait." for number in range(first, first + count)]
    if not to_a_line:
        return " ".join(told)
    return "\n".join(" ".join(told[i : i + to_a_line]) for i in range(0, count, to_a_line))


def marked(text: str, *menus: str) -> Article:
    """Make an article of a text, with the menus in it marked as boilerplate."""
    spans = tuple(Span(text.index(menu), text.index(menu) + len(menu)) for menu in menus)
    return Article(id="a", text=text, boilerplate=spans)


MENU = "Read more: " + "eggs, " * 20 + "tea"
ARTICLES = {
    "one sentence": marked("Boil the eggs."),
    "one line": marked(numbered(400)),
    "alike": marked("Boil the eggs. " * 1000),
    "paragraphs": marked(numbered(400, to_a_line=7)),
    "long paragraphs": marked(numbered(400, to_a_line=70)),
    "lines": marked(numbered(400, to_a_line=1)),
    "no sentences": marked("egg " * 5000),
    "no words": marked("x" * 20_000),
    "blank lines and marks": marked("\ufeff \n\n" + numbered(300, to_a_line=5).replace("\n", "\r\n \r\n") + "\n "),
    "emoji": marked("\U0001f95a " + numbered(300).replace("egg", "\U0001f95a")),
    "menu": marked(f"{numbered(60)}\n{MENU}\n{numbered(150, first=60)}", MENU),
    "menu in a line": marked(f"{numbered(20, to_a_line=6)} {MENU} {numbered(150, first=20)}", MENU),
    "menus at both ends": marked(f"{MENU}\n{numbered(200, to_a_line=9)}\nShare this", MENU, "Share this"),
}
EVERY = pytest.mark.parametrize("article", ARTICLES.values(), ids=ARTICLES.keys())


def windows(article: Article) -> list[Span]:
    return [where[0] for where in passages(article, RECIPE)]


def overlap(one: Span, other: Span) -> int:
    return max(0, one.end - other.start)


@EVERY
def test_every_sentence_is_in_some_window(article: Article) -> None:
    """No word is lost, and each window begins and ends with a sentence."""
    cut = sentences(article.text, article.boilerplate)
    found = windows(article)
    assert all(any(window.covers(sentence) for window in found) for sentence in cut)
    assert {window.start for window in found} <= {sentence.start for sentence in cut}
    assert {window.end for window in found} <= {sentence.end for sentence in cut}


@EVERY
def test_windows_go_on_in_order_and_overlap_little(article: Article) -> None:
    """Each brings something new, and reads again no more than a paragraph's worth of the one before."""
    for one, other in pairwise(windows(article)):
        assert one.start < other.start
        assert one.end < other.end
        assert overlap(one, other) <= OVERLAP


@EVERY
def test_windows_are_bounded(article: Article) -> None:
    """So that an article of any length fits what a model can read."""
    assert all(0 < window.end - window.start <= LONG for window in windows(article))


@EVERY
def test_windows_are_as_few_as_may_be(article: Article) -> None:
    """They are filled to the half at least, but for the last and those that boilerplate ends."""
    found = windows(article)
    for one, other in pairwise(found):
        ended = any(one.end <= menu.start <= other.start for menu in article.boilerplate)
        assert ended or one.end - one.start > LONG / 2


@EVERY
def test_windows_hold_as_offsets(article: Article) -> None:
    """A window is a stretch of the text as read, without white space around it."""
    for where in passages(article, RECIPE):
        for span in where:
            words = span.of(article.text)
            assert words
            assert words == words.strip()
            assert article.text.startswith(words, span.start)


@EVERY
def test_windows_do_not_reach_over_boilerplate(article: Article) -> None:
    found = windows(article)
    assert not any(window.overlaps(menu) for window in found for menu in article.boilerplate)


@EVERY
def test_the_head_of_the_article_follows_a_window_that_does_not_hold_it(article: Article) -> None:
    """It says what the article is about; in reading order, and never twice."""
    cut = sentences(article.text, article.boilerplate)
    head = [sentence for sentence in cut if sentence.start - cut[0].start < HEAD]
    first, *others = passages(article, RECIPE)
    assert first[0].covers(head[0])
    for window, *rest in (first, *others):
        assert rest == [sentence for sentence in head if not window.covers(sentence)]
        assert not any(window.covers(sentence) for sentence in rest)
    if others:
        assert list(others[-1][1:]) == head


def test_neighbours_share_their_last_sentences() -> None:
    """What a window breaks off in the middle of stands whole in the next, as far as the overlap reaches."""
    for name in ("one line", "alike", "paragraphs", "lines"):
        found = windows(ARTICLES[name])
        assert len(found) > 2
        assert all(overlap(one, other) > OVERLAP / 2 for one, other in pairwise(found))


def test_sentences_longer_than_the_overlap_are_not_read_again() -> None:
    text = " ".join(f"Boil {'the brown egg and ' * 30}the egg of number {number:05}." for number in range(40))
    cut = sentences(text)
    assert min(sentence.end - sentence.start for sentence in cut) > OVERLAP
    found = windows(marked(text))
    assert len(found) > 2
    assert all(overlap(one, other) == 0 for one, other in pairwise(found))


def test_nothing_is_shared_over_boilerplate() -> None:
    found = windows(ARTICLES["menu"])
    (menu,) = ARTICLES["menu"].boilerplate
    assert [overlap(one, other) for one, other in pairwise(found) if one.end <= menu.start < other.start] == [0]


def ends_a_paragraph(text: str, window: Span) -> bool:
    return text[window.end : window.end + 1] in ("\n", "")


@pytest.mark.parametrize("name", ["paragraphs", "lines"])
def test_a_window_ends_with_a_paragraph(name: str) -> None:
    """With the last one that fits."""
    article = ARTICLES[name]
    found = windows(article)
    assert all(ends_a_paragraph(article.text, window) for window in found)
    for window in found[:-1]:
        following = article.text.find("\n", window.end + 1)
        assert following < 0 or following - window.start > LONG


@pytest.mark.parametrize(("sentences_before", "ends_there"), [(30, False), (44, False), (60, True), (80, True)])
def test_only_a_paragraph_in_the_second_half_ends_a_window(sentences_before: int, ends_there: bool) -> None:
    """One that ends sooner would make the windows many; then they end in the middle of the next."""
    first = numbered(sentences_before)
    text = f"{first}\n{numbered(200, first=sentences_before)}"
    assert (len(first) > LONG / 2) is ends_there
    window, *_ = windows(marked(text))
    assert (window.end == len(first)) is ends_there
    assert window.end - window.start > LONG / 2


def test_a_short_article_is_one_window_whatever_its_paragraphs() -> None:
    text = numbered(80, to_a_line=7)
    assert len(text) < LONG
    assert passages(marked(text), RECIPE) == [(Span(0, len(text)),)]


@pytest.mark.parametrize("text", ["", " \n\t", "\ufeff"])
def test_without_words_there_is_no_window(text: str) -> None:
    assert passages(marked(text), RECIPE) == []


def test_what_is_all_boilerplate_has_no_window() -> None:
    assert passages(marked(MENU, MENU), RECIPE) == []


def test_only_a_single_sentence_may_be_longer_than_a_window() -> None:
    """Sentences are bounded far below, but a window relies on no such bound."""
    assert LONGEST < LONG
    text = "x" * 10_000
    cut = (Span(0, 100), Span(101, 5101), Span(5102, 5200), Span(5201, 5300))
    assert list(_windows(text, cut, ())) == [Span(0, 100), Span(101, 5101), Span(5102, 5300)]
