"""Pages: the article comes out, with what the page says about it, and nothing else of what a page may hold."""

from __future__ import annotations

import gzip
import re
import time
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.errors import UsageError
from extractor.readers import Unreadable, read
from extractor.readers.pages import LARGEST_PAGE
from tests.reading import articles, listing, refused, write

STORY = [
    "The minister Ann Bell arrived in Oslo on Monday for talks with her counterpart on fishing rights, officials said.",
    "She will stay until Thursday and then fly to Bergen, where a summit of the coastal states is to be held in April.",
    "The talks had been put off twice since the storm of 12 January 2019, which destroyed most of the old harbour.",
]
META = """
<meta property="og:title" content="Bell in Oslo | The Fjord"><meta property="og:site_name" content="The Fjord">
<link rel="canonical" href="https://fjord.example/news/bell-in-oslo">
<meta property="article:published_time" content="2024-03-05T23:10:00+01:00">
<meta property="article:modified_time" content="2024-03-09T08:00:00+01:00">
<meta property="og:image" content="https://fjord.example/2021/07/01/bell.jpg">
"""


def html(head: str = META, above: str = "<h1>Bell in Oslo</h1>", story: list[str] = STORY, below: str = "") -> str:
    """Make a page with menus, scripts and comments around a story."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Bell in Oslo - The Fjord</title>{head}'
        "<script>document.write('<p>Evil words of a script.</p>')</script><style>p { color: red }</style></head><body>"
        f"<nav><a href='/'>Home</a> <a href='/'>World</a></nav><main>"
        f"<article>{above}{paragraphs}{below}</article></main>"
        "<div class='comments'><p>Nice one, says a reader who comments on it.</p></div>"
        "<footer><p>© 2020 The Fjord. All rights reserved.</p></footer><script>var a = 'Evil';</script></body></html>"
    )


def one(tmp_path: Path, page: str | bytes) -> Article:
    write(tmp_path, {"bell.html": page})
    (article,) = articles(tmp_path / "bell.html")
    return article


def test_a_page_gives_its_article_and_what_it_says_of_it(tmp_path: Path) -> None:
    """The story in paragraphs, and of the metadata those that an article has."""
    article = one(tmp_path, html())
    assert article.text == "\n\n".join(["Bell in Oslo", *STORY])
    known = article.model_dump(include={"id", "url", "publisher", "language", "published", "source"})
    assert known == {
        "id": "bell",
        "url": "https://fjord.example/news/bell-in-oslo",
        "publisher": "The Fjord",
        "language": "en-GB",
        "published": "2024-03-05",
        "source": f"{tmp_path}/bell.html",
    }


DATELINE = (
    "OSLO, 5 March 2024 (FNS) - The minister Ann Bell arrived here for talks with her counterpart on fishing rights."
)


def test_the_day_of_a_page_has_evidence_where_the_text_states_it(tmp_path: Path) -> None:
    """The day that the page gives stands; the words of the text that give the same are its evidence."""
    article = one(tmp_path, html(story=[DATELINE, *STORY]))
    assert article.published == "2024-03-05"
    assert article.published_evidence is not None
    assert article.published_evidence.of(article.text) == "5 March 2024"
    article = one(tmp_path, html(story=[DATELINE.replace("5", "6"), *STORY]))
    assert (article.published, article.published_evidence) == ("2024-03-05", None)


DATED = {
    "in the address": ('<link rel="canonical" href="https://f.example/2024/03/05/bell">', ""),
    "linked data": ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
                    '"2024-03-05T10:00:00Z", "dateModified": "2024-03-09T10:00:00Z"}</script>', ""),
    "in the evening": ('<meta property="article:published_time" content="2024-03-05T23:30:00-05:00">', ""),
    "mail": ('<meta name="date" content="Tue, 05 Mar 2024 10:00:00 GMT">', ""),
    "figures": ('<meta name="date" content="20240305">', ""),
    "French": ("", "<p class='date'>le 5 mars 2024 à 10h30</p>"),
    "time": ("", '<p>By Sam Lee <time datetime="2024-03-05T10:00:00Z">Tuesday</time></p>'),
    "byline": ("", '<div class="byline">By Sam Lee <span class="entry-date">March 5, 2024</span></div>'),
}  # fmt: skip


@pytest.mark.parametrize(("head", "byline"), DATED.values(), ids=DATED.keys())
def test_a_page_may_state_its_day_in_many_places(tmp_path: Path, head: str, byline: str) -> None:
    """In its address, its linked data, or what stands between its headline and its first paragraph."""
    assert one(tmp_path, html(head, f"<h1>Bell in Oslo</h1>{byline}")).published == "2024-03-05"


UNDATED = {
    "of the story": html(""),
    "of a change": html('<meta property="article:modified_time" content="2024-03-09T08:00:00+01:00">'),
    "of a picture": html('<meta property="og:image" content="https://f.example/2021/07/01/bell.jpg">'),
    "of another story": html("", below='<aside><a href="/x"><time datetime="2022-02-02">2 Feb</time> Else</a></aside>'),
    "of today": html("").replace("<nav>", '<div class="date">Friday, 8 March 2024</div><nav>'),
    "of a month": html('<meta property="article:published_time" content="2024-03">'),
    "of a month in words": html("", above="<h1>Bell in Oslo</h1><p class='date'>March 2024</p>"),
    "of a year": html('<meta itemprop="copyrightYear" content="2023">'),
    "in the future": html('<meta property="article:published_time" content="2190-01-01">'),
}


@pytest.mark.parametrize("page", UNDATED.values(), ids=UNDATED.keys())
def test_other_dates_are_no_day_of_publication(tmp_path: Path, page: str) -> None:
    """In doubt there is none, since a wrong one makes every date of the story wrong."""
    assert one(tmp_path, page).published is None


HEADLINES = {
    "kept": ("<h1>Bell in Oslo</h1>", "Bell in Oslo"),
    "of the site": ("<h1>The Fjord</h1><h2>News</h2>", "Bell in Oslo | The Fjord"),
    "none": ("", "Bell in Oslo | The Fjord"),
    "in a header": ("</article><header><h1>Bell in Oslo</h1></header><article>", "Bell in Oslo"),
}


@pytest.mark.parametrize(("above", "headline"), HEADLINES.values(), ids=HEADLINES.keys())
def test_the_headline_is_the_first_paragraph_and_stands_there_once(tmp_path: Path, above: str, headline: str) -> None:
    """Whether trafilatura keeps it or not."""
    text = one(tmp_path, html(above=above)).text
    assert text.startswith(headline + "\n\n")
    assert text.count("Bell in Oslo") == 1
    assert STORY[0] in text


HIDDEN = [
    '<p hidden>Evil {}.</p>',
    '<div style="display: none"><p>Evil {}.</p></div>',
    '<p style="color: red; VISIBILITY:hidden">Evil {}.</p>',
    "<template><p>Evil {}.</p></template>",
    "<!-- <p>Evil {}.</p> -->",
    "<script>Evil {}.</script>",
    "<noscript><p>Evil {}.</p></noscript>",
    '<iframe srcdoc="<p>Evil {}.</p>"></iframe>',
    '<img alt="Evil {}." onerror="Evil()">',
]  # fmt: skip


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_people_do_not_see_is_no_text(tmp_path: Path, hidden: str) -> None:
    """Scripts never run, and neither they nor what is hidden is part of the article."""
    text = one(tmp_path, html(below=hidden.format("words that nobody sees on the page " * 5))).text
    assert "Evil" not in text
    assert STORY[2] in text


ENCODED = {
    "declared": html(story=["Café – " + STORY[0], *STORY]).replace("utf-8", "windows-1252").encode("cp1252"),
    "latin-1 means windows-1252": html(story=["Café – " + STORY[0], *STORY])
    .replace("utf-8", "latin1")
    .encode("cp1252"),
    "undeclared": html(story=["Café – " + STORY[0], *STORY]).replace('<meta charset="utf-8">', "").encode("cp1252"),
    "undeclared UTF-8": html(story=["Café – " + STORY[0], *STORY]).replace('<meta charset="utf-8">', "").encode(),
    "with a mark": b"\xef\xbb\xbf" + html(story=["Café – " + STORY[0], *STORY]).replace("utf-8", "latin1").encode(),
    "UTF-16": html(story=["Café – " + STORY[0], *STORY]).encode("utf-16"),
}


@pytest.mark.parametrize("page", ENCODED.values(), ids=ENCODED.keys())
def test_a_page_is_read_in_the_encoding_that_browsers_take(tmp_path: Path, page: bytes) -> None:
    """The mark at its beginning, else what it declares, else UTF-8 if it is that."""
    assert "Café – " + STORY[0] in one(tmp_path, page).text


def test_lists_and_rows_stay_together(tmp_path: Path) -> None:
    """A blank line parts paragraphs, and not the items of a list, so that sentences and headings are seen as such."""
    items = "<ul><li>Talks with the foreign minister</li><li>A dinner at the castle</li></ul>"
    text = one(tmp_path, html(below=f"{items}<p>{STORY[0][::-1]}</p>")).text
    assert f"{STORY[2]}\n- Talks with the foreign minister\n- A dinner at the castle\n\n{STORY[0][::-1]}" in text


NO_ARTICLES = {
    "empty": "",
    "words": "just words, and no page at all",
    "an address, which is not fetched": "http://fjord.example/bell",
    "only markup": "<html><head><title>Bell</title></head><body></body></html>",
    "binary": "\x00\x01\x02\xff" * 1000,
    "nesting": "<html><body>" + "<div>" * 100_000 + "Bell" + "</div>" * 100_000 + "</body></html>",
}


@pytest.mark.parametrize("page", NO_ARTICLES.values(), ids=NO_ARTICLES.keys())
def test_a_page_without_an_article_is_named(tmp_path: Path, page: str) -> None:
    """One sentence, and no traceback, whatever the file holds."""
    path = write(tmp_path, {"bell.html": page}) / "bell.html"
    (bad,) = refused(path)
    assert bad == Unreadable("bell", path, f"{path} is a page without an article.")


def test_entities_expand_to_no_file_and_to_no_bomb(tmp_path: Path) -> None:
    """The definitions of a document type count for nothing in HTML."""
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = one(tmp_path, html(story=[*STORY, "Then &b; and &f; too."]).replace("<!DOCTYPE html>", bomb)).text
    assert STORY[0] in text
    assert "root:" not in text
    assert "aaaa" not in text


def test_a_page_out_of_all_proportion_is_refused(tmp_path: Path) -> None:
    """By its bytes, or by its elements, since taking the text out of very many would take hours."""
    links = "<a href='x'>link</a> " * 60_000
    write(tmp_path, {"large.html": b"<p>" * (LARGEST_PAGE // 3 + 1), "links.html": html(below=links)})
    started = time.monotonic()
    large, many = refused(tmp_path)
    assert time.monotonic() - started < 60
    assert large.reason == f"{tmp_path}/large.html has more than 10 MB, the most that an article may have."
    assert many.reason == f"{tmp_path}/links.html has more than 40000 elements, which no article has."


def test_a_list_may_name_pages_and_knows_better(tmp_path: Path) -> None:
    """What a line says of a page counts more than what the page says of itself."""
    lines = [{"file": "a.html", "id": "s1", "published": "2024-03-07"}, {"file": "b.htm.gz", "publisher": "Gulf"}]
    dated = html(story=[DATELINE, *STORY])
    write(tmp_path, {"articles.jsonl": listing(*lines), "a.html": dated, "b.htm.gz": gzip.compress(dated.encode())})
    first, second = articles(tmp_path)
    assert (first.id, first.published, first.publisher) == ("s1", "2024-03-07", "The Fjord")
    assert (second.id, second.published, second.publisher) == ("b", "2024-03-05", "Gulf")
    assert first.published_evidence is None
    assert second.published_evidence is not None
    assert first.text == second.text == "\n\n".join(["Bell in Oslo", DATELINE, *STORY])


def test_nulls_and_control_codes_do_not_stop_a_page(tmp_path: Path) -> None:
    """They are no part of HTML."""
    assert STORY[1] in one(tmp_path, html(story=["\x00\x1b[2J \x07 Bell has control.", *STORY])).text


def test_without_its_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and not for each of a thousand pages."""
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    write(tmp_path, {"a.html": html(), "b.html": html()})
    message = re.escape('Reading HTML needs trafilatura; install it with: pip install "extractor[html]".')
    for source in (tmp_path, [tmp_path / "a.html"]):
        with pytest.raises(UsageError, match=message):
            list(read(source))
