"""Web pages: trafilatura takes the text of the article out of the HTML, and the page says what is known about it.

No script runs, nothing is fetched, and what a page hides from people is not text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from extractor.errors import ArticleError
from extractor.readers.raw import Place, Raw, cause, needs
from extractor.readers.streams import whole

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST_PAGE = 10_000_000
"""A page with more bytes than this is refused."""

_MOST_ELEMENTS = 40_000  # trafilatura takes quadratic time; with these, seconds
_BYLINE = 120  # code points that a byline has at most
_STANDFIRST = 300  # code points of paragraphs between a headline and its byline, at most
_HEAD = 1000  # code points of the text in which its headline stands, if anywhere
_HIDDEN = [
    "//*[@hidden]",
    "//template",
    "//*[contains(translate(@style, ' ', ''), 'display:none')]",
    "//*[contains(translate(@style, ' ', ''), 'visibility:hidden')]",
]
_OF_A_DATE = re.compile(r"date|time|publish|posted|byline", re.IGNORECASE)
_OF_ANOTHER_DATE = re.compile(r"image|video|thumb|modif|updat|copyright|expir", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def read_page(handle: IO[bytes], path: Path) -> Raw:
    """Read a file that is one page. Raises `ArticleError`."""
    return page(whole(handle, path, LARGEST_PAGE), Place(path))


def page(
    content: bytes, place: Place, *, content_type: str | None = None, url: str | None = None, seen: date | None = None
) -> Raw:
    """Take the article out of a page that was served as `content_type` from `url` and `seen` on a day, or today.

    It was published no later than that.

    Raises:
        ArticleError: if the page has no article.
    """
    with needs("trafilatura", "html", "HTML"):
        from trafilatura import extract, extract_metadata
        from trafilatura.utils import load_html
        from w3lib.encoding import html_to_unicode

    try:
        html = html_to_unicode(content_type, content, auto_detect_fun=_undeclared)[1]
        tree = load_html(html)
        if tree is not None and sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
            raise ArticleError(place.says(f"has more than {_MOST_ELEMENTS} elements, which no article has"))
        text = None if tree is None else extract(tree, include_comments=False, prune_xpath=list(_HIDDEN))
        if tree is None or not text:
            raise ArticleError(place.says("is a page without an article"))
        statements = _statements(tree)
        last = (seen or datetime.now(UTC).date()) + timedelta(days=1)  # it may be that day elsewhere
        dating = {"original_date": True, "extensive_search": False, "max_date": last.isoformat()}
        known = extract_metadata(statements, default_url=url, date_config=dating)
        day = known.date if known.date and _states(statements, known.url, known.date) else None
    except ArticleError:
        raise
    except Exception as error:  # a page can be broken in more ways than its parsers foresee
        raise ArticleError(place.says(f"cannot be read as a page ({type(error).__name__}: {cause(error)})")) from None
    return Raw(
        place.id,
        _with_headline(_paragraphs(text), known.title or "", known.sitename or "", tree),
        place,
        day,
        known.sitename,
        url or known.url,
        _language(tree),
        day_of_page=day is not None,
    )


def _undeclared(content: bytes) -> str:
    try:
        content.decode()
    except UnicodeDecodeError:
        return "cp1252"  # what browsers take
    return "utf-8"


def _statements(tree: HtmlElement) -> HtmlElement:
    """Return a page of what this one says about itself: metadata, headlines, and the dates below the headline.

    Other dates, of the story, of pictures, other stories or changes, would be taken for the day of publication too.
    """
    from lxml.html import Element

    statements, head, body = Element("html"), Element("head"), Element("body")
    statements.extend([head, body])
    for element in tree.iter("meta", "link", "title", "script"):
        of = " ".join(element.get(name, "") for name in ("name", "property", "itemprop", "http-equiv"))
        if element.tag == "script" and element.get("type") != "application/ld+json":
            continue
        if element.tag != "meta" or not _OF_ANOTHER_DATE.search(of):
            head.append(_alone(element))
    body.extend([*map(_alone, tree.iter("h1")), *map(_alone, _dates(tree))])
    return statements


def _dates(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what looks like a date between the first headline and the first paragraphs below it."""
    below, read = False, 0
    for element in tree.iter("h1", "p", "time", "abbr", "span", "div", "a", "li", "em", "small"):
        if element.tag == "h1":
            below = True
        if not below:
            continue
        words = " ".join("".join(islice(element.itertext(), 50)).split())
        read += len(words) if element.tag == "p" else 0
        if read > _STANDFIRST:
            break
        marks = " ".join(element.get(name, "") for name in ("class", "id", "itemprop"))
        dated = element.tag in ("time", "abbr") or _OF_A_DATE.search(marks)
        if dated and len(words) <= _BYLINE and not _OF_ANOTHER_DATE.search(marks):
            yield element


def _states(statements: HtmlElement, url: str | None, day: str) -> bool:
    """Say whether a page states a day, and not only its month, to which `htmldate` adds a day of its own."""
    from lxml.html import tostring

    year, month, date = map(int, day.split("-"))
    forms = (
        rf"{year}{month:02}{date:02}",
        rf"{year}\W0?{month}\W0?{date}(?!\d)",  # 2024-03-05
        rf"(?<!\d)0?{month}\W0?{date}\W{year}|(?<!\d)0?{date}\W0?{month}\W{year}",
        rf"(?<!\d)0?{date}(?:st|nd|rd|th|\.)?\W{{1,3}}(?:\w{{1,15}}\W{{1,3}}){{0,4}}{year}",  # 5 March 2024
    )
    return bool(re.search("|".join(forms), f"{url}\n{tostring(statements, encoding='unicode')}"))


def _alone(element: HtmlElement) -> HtmlElement:
    copy = deepcopy(element)
    copy.tail = None
    return copy


def _paragraphs(text: str) -> str:
    r"""Part paragraphs by a blank line, as `boilerplate` and `sentences` read them; rows and items stay together.

    >>> _paragraphs("One.\n- a\n- b\nTwo.")
    'One.\n- a\n- b\n\nTwo.'
    """
    return re.sub(r"\n+(?![-|] )", "\n\n", text.strip())


def _with_headline(text: str, title: str, site: str, tree: HtmlElement) -> str:
    """Put the headline first where the text has none: the one on the page that its title repeats, if there is one."""
    large = (" ".join(one.text_content().split()) for one in tree.iter("h1"))
    headlines = [words for words in large if words and words.casefold() != site.casefold()]
    head = " ".join(text[:_HEAD].split()).casefold()
    if any(words.casefold() in head for words in [*headlines, title] if words):
        return text
    repeated = [words for words in headlines if words.casefold() in title.casefold()]
    headline = max(repeated, key=len, default=title or next(iter(headlines), ""))
    return f"{headline}\n\n{text}" if headline else text


def _language(tree: HtmlElement) -> str | None:
    locales = (meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:locale")
    language = (tree.get("lang") or next(locales, None) or "").strip().replace("_", "-")
    return language if _LANGUAGE.fullmatch(language) else None
