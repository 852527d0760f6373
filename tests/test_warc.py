"""Web archives: each page comes out with its address and place, and damage costs no more than what is damaged."""

from __future__ import annotations

import gzip
import importlib
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import fastwarc
import pytest
from backports import zstd

from extractor.article import Article
from extractor.errors import UsageError
from extractor.readers import Unreadable, read
from extractor.readers.pages import LARGEST_PAGE
from tests.reading import articles, refused, write
from tests.test_html import STORY, html

brotli = importlib.import_module("brotli")  # it ships no types; fastwarc brings it

HEADERS = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def answer(body: str | bytes, headers: str = HEADERS) -> bytes:
    return headers.encode() + b"\r\n" + (body if isinstance(body, bytes) else body.encode())


def record(
    number: int, content: bytes, *, kind: str = "response", content_type: str = "application/http; msgtype=response"
) -> bytes:
    """Make a record as crawlers write it."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-03-08T10:00:00Z\r\n"
        f"WARC-Target-URI: https://fjord.example/{number}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def page(number: int, headers: str = HEADERS) -> bytes:
    return record(number, answer(html("", story=[f"This is the article with the number {number}.", *STORY]), headers))


PAGES = [page(number) for number in range(3)]
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "crawl.warc": lambda content: content,
    "crawl.warc.gz": gzip.compress,
    "crawl.warc.zst": zstd.compress,
}


def offsets(records: list[bytes]) -> list[int]:
    return [sum(map(len, records[:index])) for index in range(len(records))]


def numbers(found: list[Article]) -> list[int]:
    """Tell which of the pages were read, from their text; and hold that each has its own address."""
    read_as = [int(article.text.split("with the number ")[1].split(".")[0]) for article in found]
    assert [article.url for article in found] == [f"https://fjord.example/{number}" for number in read_as]
    return read_as


@pytest.mark.parametrize("name", PACKED)
def test_each_page_has_its_address_and_its_place(tmp_path: Path, name: str) -> None:
    """The place is the byte at which its record begins, where other tools find it again."""
    records = [PACKED[name](one) for one in PAGES]
    path = write(tmp_path, {name: b"".join(records)}) / name
    found = articles(path)
    assert numbers(found) == [0, 1, 2]
    assert [article.id for article in found] == [f"crawl-{offset}" for offset in offsets(records)]
    assert [article.source for article in found] == [f"{path}:{offset}" for offset in offsets(records)]
    with path.open("rb") as handle:
        handle.seek(offsets(records)[1])
        again = next(fastwarc.ArchiveIterator(handle))
        assert again.headers["WARC-Target-URI"] == found[1].url


def test_what_fastwarc_writes_is_read(tmp_path: Path) -> None:
    """An archive that was made by another hand, digests and all."""
    with (tmp_path / "crawl.warc.gz").open("wb") as handle:
        for number in range(2):
            made = fastwarc.WarcRecord()
            made.init_headers(fastwarc.WarcRecordType.response)
            made.headers["WARC-Target-URI"] = f"https://fjord.example/{number}"
            made.headers["Content-Type"] = "application/http; msgtype=response"
            made.set_bytes_content(answer(html(story=[f"This is the article with the number {number}.", *STORY])))
            with fastwarc.GzipWriter(handle) as packed:
                made.write(packed, checksum_data=True)
    assert numbers(articles(tmp_path)) == [0, 1]


OTHERS = {
    "not found": record(9, answer(html(), HEADERS.replace("200 OK", "404 Not Found"))),
    "elsewhere": record(9, answer(html(), HEADERS.replace("200 OK", "301 Moved"))),
    "picture": record(9, answer(b"\xff\xd8\xff", HEADERS.replace("text/html", "image/jpeg"))),
    "large picture": record(9, answer(b"\xff" * (LARGEST_PAGE + 100_000), HEADERS.replace("text/html", "image/png"))),
    "untyped": record(9, answer(html(), "HTTP/1.1 200 OK\r\n")),
    "request": record(9, b"GET / HTTP/1.1\r\nHost: f.example\r\n\r\n", kind="request"),
    "revisit": record(9, answer("", HEADERS), kind="revisit"),
    "metadata": record(9, b"fetchTimeMs: 5", kind="metadata", content_type="application/warc-fields"),
    "address": record(9, b"fjord.example 127.0.0.1", kind="response", content_type="text/dns"),
    "no answer": record(9, b"hello"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_page_is_passed_over(tmp_path: Path, other: bytes) -> None:
    """A crawl holds much that was never meant to be an article; that is no failure."""
    write(tmp_path, {"crawl.warc.gz": b"".join(map(gzip.compress, (PAGES[0], other, PAGES[1])))})
    assert numbers(articles(tmp_path)) == [0, 1]


SENT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("Content-Encoding: gzip", gzip.compress),
    "brotli": ("Content-Encoding: br", brotli.compress),
    "Zstandard": ("Content-Encoding: zstd", zstd.compress),
    "chunks": ("Transfer-Encoding: chunked", lambda body: b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    "declared by the server": ("Content-Type: text/html; charset=cp1252", lambda body: body.decode().encode("cp1252")),
}


@pytest.mark.parametrize(("header", "packed"), SENT.values(), ids=SENT.keys())
def test_a_page_is_unpacked_as_it_was_sent(tmp_path: Path, header: str, packed: Callable[[bytes], bytes]) -> None:
    """Whatever the server did with it on the way."""
    headers = f"HTTP/1.1 200 OK\r\n{header}\r\n" + "Content-Type: text/html\r\n" * ("Type" not in header)
    body = packed(html("", story=["Café – " + STORY[0], *STORY]).encode())
    write(tmp_path, {"crawl.warc": record(7, answer(body, headers))})
    (article,) = articles(tmp_path)
    assert "Café – " + STORY[0] in article.text


def test_texts_that_others_took_out_are_articles_too(tmp_path: Path) -> None:
    """Common Crawl's WET files; and pages that an archive holds without what a server said."""
    text = record(1, STORY[0].encode(), kind="conversion", content_type="text/plain")
    resource = record(2, html("").encode(), kind="resource", content_type="text/html; charset=utf-8")
    write(tmp_path, {"crawl.warc.wet.gz": gzip.compress(text) + gzip.compress(resource)})
    first, second = articles(tmp_path)
    assert (first.text, first.url, first.id) == (STORY[0], "https://fjord.example/1", "crawl.warc-0")
    assert STORY[1] in second.text


def test_no_page_was_published_after_it_was_fetched(tmp_path: Path) -> None:
    """What claims so is not believed; but where it was written it may be the next day already."""
    claims = [html(f'<meta property="article:published_time" content="2024-03-{day}T03:00">') for day in ("09", "10")]
    write(tmp_path, {"crawl.warc": b"".join(record(number, answer(claim)) for number, claim in enumerate(claims))})
    assert [article.published for article in articles(tmp_path)] == ["2024-03-09", None]


DAMAGED: dict[str, tuple[Callable[[list[bytes]], bytes], int, list[int], str]] = {
    "cut": (lambda r: b"".join(r)[:-100], 2, [0, 1], "ends after "),
    "bits": (lambda r: r[0] + r[1][:300] + bytes(40) + r[1][340:] + r[2], 1, [0, 2], "begins no whole record ("),
    "between": (lambda r: r[0] + b"garbage" * 9 + r[1] + r[2], 0, [0, 1, 2], "is followed by what is no record ("),
    "at the end": (lambda r: b"".join(r) + b"garbage", 2, [0, 1, 2], "is followed by what is no record ("),
    "too long": (lambda r: r[0] + gzip.compress(stretched(PAGES[1])) + r[2], 1, [0, 2], "ends after "),
}  # fmt: skip


def stretched(one: bytes) -> bytes:
    """Make a record say that it is longer than it is."""
    length = one.split(b"Content-Length: ")[1].split(b"\r\n")[0]
    return one.replace(b"Content-Length: " + length, b"Content-Length: " + length + b"0", 1)


@pytest.mark.parametrize(("damage", "where", "left", "reason"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damage_costs_what_is_damaged(
    tmp_path: Path, damage: Callable[[list[bytes]], bytes], where: int, left: list[int], reason: str
) -> None:
    """Reading goes on with the next record, and the damage is named once, with its place."""
    records = [gzip.compress(one) for one in PAGES]
    path = write(tmp_path, {"crawl.warc.gz": damage(records)}) / "crawl.warc.gz"
    found = list(read(path))
    assert numbers([item for item in found if isinstance(item, Article)]) == left
    (bad,) = (item for item in found if isinstance(item, Unreadable))
    assert bad.reason.startswith(f"crawl.warc.gz, byte {offsets(records)[where]}, {reason}")


def test_damage_in_an_archive_that_is_not_packed_costs_no_more(tmp_path: Path) -> None:
    """The next record is found by its first words."""
    broken = PAGES[1].replace(b"Content-Length: ", b"Content-Length: x", 1)
    write(tmp_path, {"crawl.warc": PAGES[0] + broken + PAGES[2]})
    found = list(read(tmp_path))
    assert numbers([item for item in found if isinstance(item, Article)]) == [0, 2]
    assert len(found) == 3


UNREADABLE = {
    "packing": (record(1, answer(b"hello", HEADERS + "Content-Encoding: gzip\r\n")),
                "holds no answer of a server that can be read ("),
    "unknown packing": (record(1, answer(b"hello", HEADERS + "Content-Encoding: rot13\r\n")),
                        "holds no answer of a server that can be read ("),
    "no article": (record(1, answer("<html><body></body></html>")), "is a page without an article."),
    "not UTF-8": (record(1, b"Montr\xe9al", kind="conversion", content_type="text/plain"),
                  "is not UTF-8: byte 0xe9 at position 5."),
    "large text": (record(1, b"word " * (LARGEST_PAGE // 4), kind="conversion", content_type="text/plain"),
                   "has more than 10 MB, the most that an article may have."),
    "bomb": (record(1, answer(gzip.compress(bytes(LARGEST_PAGE + 1)), HEADERS + "Content-Encoding: gzip\r\n")),
             "has more than 10 MB, the most that an article may have."),
    "large": (record(1, answer(b"<p>" * (LARGEST_PAGE // 2))),
              "has more than 10 MB, the most that an article may have."),
}  # fmt: skip


@pytest.mark.parametrize(("bad", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_page_that_cannot_be_read_is_named(tmp_path: Path, bad: bytes, reason: str) -> None:
    """And the pages around it are read."""
    records = [gzip.compress(PAGES[0]), gzip.compress(bad), gzip.compress(PAGES[2])]
    write(tmp_path, {"crawl.warc.gz": b"".join(records)})
    first, second, third = read(tmp_path)
    assert isinstance(second, Unreadable)
    assert second.reason.startswith(f"crawl.warc.gz, byte {len(records[0])}, {reason}")
    assert numbers([item for item in (first, third) if isinstance(item, Article)]) == [0, 2]


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    """Whatever its name says."""
    write(tmp_path, {"crawl.warc.gz": b"hello", "empty.warc": b""})
    (bad,) = refused(tmp_path)
    assert bad.reason.startswith("crawl.warc.gz, byte 0, begins no whole record (")
    with pytest.raises(UsageError, match=r"empty\.warc holds no articles; what can be read are "):
        list(read(tmp_path / "empty.warc"))


def test_a_bomb_of_an_archive_is_not_held(tmp_path: Path) -> None:
    """A member that unpacks to a hundred times its size is read to the limit and passed over."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as member:
        length = b"Content-Length: %d" % (len(answer(b"")) + 100_000_000)
        member.write(record(1, b"").replace(b"Content-Length: 0", length).removesuffix(b"\r\n\r\n") + answer(b""))
        for _ in range(100):
            member.write(bytes(1_000_000))
    write(tmp_path, {"crawl.warc.gz": packed.getvalue()})
    tracemalloc.start()
    (bad,) = refused(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert bad.reason == "crawl.warc.gz, byte 0, has more than 10 MB, the most that an article may have."
    assert peak < 60_000_000
