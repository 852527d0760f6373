"""Packed files: read as if they were not, to the last good byte, and never further than an article may go."""

from __future__ import annotations

import gzip
import io
import random
import re
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import pytest
from backports import zstd

from extractor.article import Article
from extractor.errors import UsageError
from extractor.readers import Raw, Unreadable, members, read
from extractor.readers.raw import LARGEST
from tests.reading import TEXT, articles, listing, refused, write
from tests.test_html import STORY, html

Packing = Callable[[bytes], bytes]

PACKINGS: dict[str, Packing] = {
    ".gz": gzip.compress,
    ".zst": lambda content: zstd.compress(content, options={zstd.CompressionParameter.checksum_flag: 1}),
}
PACKED = pytest.mark.parametrize(("suffix", "packed"), PACKINGS.items(), ids=PACKINGS.keys())


@PACKED
def test_a_packed_file_is_read_as_if_it_were_not(tmp_path: Path, suffix: str, packed: Packing) -> None:
    """Text, pages, lists and tables, each with the id and place that it would have without."""
    files: dict[str, str | bytes] = {
        "a.txt": TEXT,
        "b.html": html(),
        "c.jsonl": listing({"text": TEXT}),
        "d.csv": f"text\n{TEXT}\n",
        "e.tsv": f"id\ttext\ne\t{TEXT}\n",
        "F.TXT": TEXT,
    }
    plain = articles(write(tmp_path / "plain", files))
    write(tmp_path / "packed", {name + suffix: packed(_bytes(content)) for name, content in files.items()})
    same = articles(tmp_path / "packed")
    assert [article.id for article in same] == ["F", "a", "b", "c-1", "d-2", "e"]
    assert [article.text for article in same] == [article.text for article in plain]
    assert same[4].source == f"{tmp_path}/packed/d.csv{suffix}:2"
    assert STORY[0] in same[2].text


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


@PACKED
def test_several_members_are_one_file(tmp_path: Path, suffix: str, packed: Packing) -> None:
    """As when packed files were put together."""
    lines = [packed(listing({"id": name, "text": TEXT})) for name in "ab"]
    write(tmp_path, {f"news.jsonl{suffix}": b"".join(lines)})
    assert [article.id for article in articles(tmp_path)] == ["a", "b"]


@PACKED
@pytest.mark.parametrize("name", ["news.jsonl", "news.csv"])
def test_what_stands_before_the_damage_is_read(tmp_path: Path, suffix: str, packed: Packing, name: str) -> None:
    """A file that ends too early, or is damaged on the way, gives its lines up to there, and one sentence."""
    letters = random.Random(7)  # noqa: S311 -- what cannot be packed much
    texts = ["".join(letters.choices(string.ascii_letters, k=6000)) for _ in range(100)]
    table = "id,text\n" + "".join(f"a{number},{text}\n" for number, text in enumerate(texts))
    lines = listing(*({"id": f"a{number}", "text": text} for number, text in enumerate(texts)))
    content = packed(table.encode() if name == "news.csv" else lines)
    half = len(content) // 2
    path = write(tmp_path, {name + suffix: content[:half]}) / (name + suffix)
    *good, bad = members(path)
    assert 20 < len(good) < 80
    assert [item.text for item in good if isinstance(item, Raw)] == texts[: len(good)]
    assert isinstance(bad, Unreadable)
    last = len(good) + (name == "news.csv")
    assert re.match(rf"{re.escape(str(path))} is damaged after line {last}, if not before: .+\.$", bad.reason)
    path.write_bytes(content[:half] + b"\xff" * 64 + content[half + 64 :])
    *_, bad = members(path)
    assert isinstance(bad, Unreadable)
    assert "is damaged after line " in bad.reason


@PACKED
def test_a_packed_text_that_is_damaged_is_refused(tmp_path: Path, suffix: str, packed: Packing) -> None:
    """Half an article is none; nor is what was never packed."""
    content = packed(TEXT.encode())
    write(tmp_path, {f"a.txt{suffix}": content[:-2], f"b.txt{suffix}": TEXT, f"c.txt{suffix}": content})
    first, second, last = read(tmp_path)
    for bad, name in ((first, "a"), (second, "b")):
        assert isinstance(bad, Unreadable)
        assert bad.reason.startswith(f"{tmp_path}/{name}.txt{suffix} cannot be read: ")
        assert bad.reason.count(".\n") == 0
    assert isinstance(last, Article)


def bomb(suffix: str, content: Iterator[bytes]) -> bytes:
    packed = io.BytesIO()
    opened = (
        gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) if suffix == ".gz" else zstd.ZstdFile(packed, "w")
    )
    with cast("IO[bytes]", opened) as handle:
        for chunk in content:
            handle.write(chunk)
    return packed.getvalue()


@PACKED
def test_a_bomb_is_defused(tmp_path: Path, suffix: str, packed: Packing) -> None:
    """Kilobytes that unpack to more than an article may have are refused, in a text, and in the line of a list."""
    large = (bytes(1_000_000) for _ in range(LARGEST // 1_000_000 + 2))
    line = (chunk for chunk in [b'{"text": "', *[bytes(1_000_000)] * 60, b'"}\n', listing({"text": TEXT})])
    write(tmp_path, {f"a.txt{suffix}": bomb(suffix, large), f"b.jsonl{suffix}": bomb(suffix, line)})
    assert max(path.stat().st_size for path in tmp_path.iterdir()) < 300_000
    text, list_line, good = read(tmp_path)
    assert isinstance(text, Unreadable)
    assert text.reason == f"{tmp_path}/a.txt{suffix} has more than 50 MB, the most that an article may have."
    assert isinstance(list_line, Unreadable)
    assert list_line.reason == f"b.jsonl{suffix}, line 1, has more than 50 MB, the most that an article may have."
    assert isinstance(good, Article)


def test_a_packed_parquet_is_of_no_format(tmp_path: Path) -> None:
    """It is packed inside already, and cannot be read in turn."""
    write(tmp_path, {"news.parquet.gz": gzip.compress(b"PAR1")})
    with pytest.raises(UsageError, match=r"news\.parquet\.gz has a suffix of no format that can be read; these are "):
        list(read(tmp_path / "news.parquet.gz"))


def test_without_its_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Zstandard is no part of the core; gzip is."""
    monkeypatch.setitem(sys.modules, "backports" if sys.version_info < (3, 14) else "compression", None)
    write(tmp_path, {"a.txt.gz": gzip.compress(TEXT.encode()), "b.txt.zst": zstd.compress(TEXT.encode())})
    assert refused(tmp_path / "a.txt.gz") == []
    message = 'Reading Zstandard needs backports.zstd; install it with: pip install "extractor[zstd]".'
    with pytest.raises(UsageError, match=re.escape(message)):
        list(read(tmp_path))
