"""What a user may point at: patterns, folders, pipes and standard input; and that none is ever held whole."""

from __future__ import annotations

import gzip
import io
import json
import os
import select
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd

from extractor.article import Article
from extractor.errors import UsageError
from extractor.readers import Columns, Raw, Unreadable, finished, members, read
from tests.reading import TEXT, articles, listing, refused, write
from tests.test_html import html


def test_a_pattern_gives_what_matches_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program expands it where the shell did not."""
    write(tmp_path, {"b-2.txt": TEXT, "b-1.txt": TEXT, "c.txt": TEXT, "deep/er/b-3.txt": TEXT})
    monkeypatch.chdir(tmp_path)
    assert [article.id for article in articles("b-*.txt")] == ["b-1", "b-2"]
    assert [article.id for article in articles([Path("c.txt"), Path("b-[2-9].txt")])] == ["c", "b-2"]
    assert [article.source for article in articles("**/b-3.txt")] == ["deep/er/b-3.txt"]
    with pytest.raises(UsageError, match=r"^There is no file that matches d-\*\.txt\.$"):
        list(read("d-*.txt"))


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    """What exists is meant."""
    write(tmp_path, {"a[1].txt": "One.", "a1.txt": "Two."})
    assert [article.text for article in articles(tmp_path / "a[1].txt")] == ["One."]


def test_what_is_wrong_in_a_pattern_does_not_stop_the_others(tmp_path: Path) -> None:
    """A table without texts, an unknown suffix: each is named."""
    write(tmp_path, {"a.md": TEXT, "b.csv": "id\n1\n", "c.txt": TEXT})
    unknown, table, good = read(str(tmp_path / "*"))
    assert isinstance(unknown, Unreadable)
    assert unknown.reason.startswith(f"{tmp_path}/a.md has a suffix of no format that can be read; these are .txt, ")
    assert isinstance(table, Unreadable)
    assert "has no column that looks like the text of an article" in table.reason
    assert isinstance(good, Article)


def test_a_folder_gives_all_formats_by_name(tmp_path: Path) -> None:
    """First what its list names, then every other file; a table without texts, such as labels, is none of them."""
    pq.write_table(pa.table({"id": ["p"], "text": [TEXT]}), tmp_path / "d.parquet")
    pq.write_table(pa.table({"id": ["p"], "value": [1]}), tmp_path / "numbers.parquet")
    write(
        tmp_path,
        {
            "articles.jsonl": listing({"file": "z.txt"}),
            "a.html": html(),
            "b.csv": f"id,text\nb,{TEXT}\n",
            "c.ndjson": listing({"id": "c", "text": TEXT}),
            "counts.csv": "id,value\nb,1\n",
            "labels.jsonl": "\n" + json.dumps({"id": "b", "visits": []}) + "\n",
            "notes.md": TEXT,
            "sub/e.md": TEXT,
            "z.txt": TEXT,
        },
    )
    assert [article.id for article in articles(tmp_path)] == ["z", "a", "b", "c", "p"]
    write(tmp_path, {"labels.jsonl": "no JSON\n"})
    assert [bad.reason.partition(" (")[0] for bad in refused(tmp_path)] == ["labels.jsonl, line 1, is not JSON"]


def test_a_folder_of_other_tables_holds_no_articles(tmp_path: Path) -> None:
    """The sentence says what is missing in the first of them."""
    write(tmp_path, {"labels.jsonl": "\n" + json.dumps({"id": "b", "visits": []}) + "\n", "notes.md": TEXT})
    message = r"^labels\.jsonl, line 2, is refused: an article needs either 'file' or 'text' \(there are id, visits;"
    with pytest.raises(UsageError, match=message):
        list(read(tmp_path))
    with pytest.raises(UsageError, match=r"^labels\.jsonl, line 2, is refused: "):
        list(read(tmp_path, Columns(text="body")))


@pytest.mark.parametrize("name", ["x.txt", "x.html", "x.csv", "x.jsonl", "x.parquet", "x.warc", "x.txt.gz"])
def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path, name: str) -> None:
    """Whoever fills a folder does not choose what else is read; nor does a pipe in it stop the run."""
    write(tmp_path, {"secret": TEXT, "in/a.txt": TEXT})
    (tmp_path / "in" / name).symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "in" / "y.csv")
    good, link, pipe = read(tmp_path / "in")
    assert isinstance(good, Article)
    assert isinstance(link, Unreadable)
    assert link.reason == f"{tmp_path}/in/{name} lies outside the folder {tmp_path}/in and is not read."
    assert isinstance(pipe, Unreadable)
    assert pipe.reason == f"{tmp_path}/in/y.csv is no regular file, not a text file."


def test_a_suffix_that_tells_nothing_is_wrong_usage(tmp_path: Path) -> None:
    """The sentence tells what can be read."""
    write(tmp_path, {"notes.docx": TEXT})
    with pytest.raises(UsageError) as caught:
        list(read(tmp_path / "notes.docx"))
    assert str(caught.value) == (
        f"{tmp_path}/notes.docx has a suffix of no format that can be read; these are "
        ".txt, .html, .jsonl, .csv, .tsv and .warc files, also packed as .gz or .zst, and .parquet."
    )


PIPED = {
    "lines": (b'\n {"id": "a", "body": "One."}\n{"text": "Two."}\n', [("a", "One."), ("stdin-3", "Two.")]),
    "text": (b" One.\r\nTwo.\n", [("stdin", " One.\r\nTwo.\n")]),
    "with a mark": (b'\xef\xbb\xbf{"id": "a", "text": "One."}', [("a", "One.")]),
}


@pytest.mark.parametrize(("content", "found"), PIPED.values(), ids=PIPED.keys())
def test_standard_input_is_lines_or_one_text(
    monkeypatch: pytest.MonkeyPatch, content: bytes, found: list[tuple[str, str]]
) -> None:
    """By its first brace; it stays open for whoever reads it next."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert [(article.id, article.text) for article in articles("-")] == found
    assert not sys.stdin.buffer.closed


def test_standard_input_is_read_from_a_pipe(tmp_path: Path) -> None:
    """As it comes, from another program; its errors name the line."""
    script = (
        "from extractor.readers import read\nfor item in read('-'): print(getattr(item, 'reason', None) or item.id)"
    )
    lines = listing({"id": "a", "text": TEXT}, "{broken", {"id": "b", "text": TEXT})
    done = subprocess.run(  # noqa: S603 -- fixed words
        [sys.executable, "-c", script], input=lines, capture_output=True, check=True, cwd=Path(__file__).parents[1]
    )
    first, bad, last = done.stdout.decode().splitlines()
    assert (first, last) == ("a", "b")
    assert bad.startswith("stdin, line 2, is not JSON (")


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_standard_input_may_be_packed(monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(listing({"id": "a", "text": TEXT}, {"id": "b", "text": TEXT}))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed)))
    assert [article.id for article in articles("-")] == ["a", "b"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pack(TEXT.encode())[:-4])))
    assert [found.reason.partition(":")[0] for found in refused(["-"])] == ["stdin cannot be read"]


def test_standard_input_is_read_while_it_is_written() -> None:
    """The first line comes out before the second goes in."""
    script = "from extractor.readers import read\nfor item in read('-'): print(item.id, flush=True)"
    with subprocess.Popen(  # noqa: S603 -- fixed words
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(listing({"id": "a", "text": TEXT}))
        process.stdin.flush()
        assert select.select([process.stdout], [], [], 30)[0], "it waits for more"
        assert process.stdout.readline() == b"a\n"
        process.stdin.write(listing({"id": "b", "text": TEXT}))
        process.stdin.close()
        assert process.stdout.readline() == b"b\n"


def test_nothing_on_standard_input_is_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an empty text, not an empty list."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused(["-"]) == [Unreadable("stdin", Path("stdin"), "The text is empty.")]


def test_a_pipe_is_read_while_it_is_written(tmp_path: Path) -> None:
    """The first article comes out before the last goes in, so nothing waits for the whole."""
    os.mkfifo(tmp_path / "news.jsonl")
    goes_on = threading.Event()

    def fill() -> None:
        with (tmp_path / "news.jsonl").open("wb", buffering=0) as handle:
            handle.write(listing({"id": "a", "text": TEXT}))
            assert goes_on.wait(timeout=30)
            handle.write(listing({"id": "b", "text": TEXT}))

    thread = threading.Thread(target=fill)
    thread.start()
    found = read(tmp_path / "news.jsonl")
    assert next(found).id == "a"
    goes_on.set()
    assert [item.id for item in found] == ["b"]
    thread.join()


def test_a_file_without_a_suffix_is_guessed_as_standard_input_is(tmp_path: Path) -> None:
    """So that a pipe of the shell can be read, whose name tells nothing."""
    write(tmp_path, {"fd": listing({"id": "a", "text": TEXT}), "README": TEXT})
    assert [article.id for article in articles([tmp_path / "fd", tmp_path / "README"])] == ["a", "README"]


ROWS = 10_000
WORDS = "Ann Bell is in Oslo for talks. " * 60  # so that the whole has 19 MB


def rows(name: str) -> Iterator[bytes]:
    yield b"id,text\n" if name == "news.csv" else b""
    for number in range(ROWS):
        text = f"{WORDS}{number}"
        yield f"a{number},{text}\n".encode() if name == "news.csv" else listing({"id": f"a{number}", "text": text})


@pytest.mark.parametrize("name", ["news.csv", "news.jsonl"])
def test_memory_stays_flat(tmp_path: Path, name: str) -> None:
    """However many rows a table has, no more of it is held than one, and a few bytes for each id."""
    os.mkfifo(tmp_path / name)

    def fill() -> None:
        with (tmp_path / name).open("wb") as handle:
            handle.writelines(rows(name))

    thread = threading.Thread(target=fill)
    thread.start()
    found = members(tmp_path / name)
    assert isinstance(next(found), Raw)
    tracemalloc.start()
    count = 1 + sum(isinstance(item, Raw) for item in found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    thread.join()
    assert count == ROWS
    assert peak < 3_000_000


def test_members_are_what_is_read_before_anything_is_looked_for(tmp_path: Path) -> None:
    """A run that has an article already need not have it marked again."""
    write(tmp_path, {"a.csv": "id,text\na,One.\na,Two.\nb,\n"})
    raw = list(members(tmp_path / "a.csv", Columns()))
    assert [finished(item) if isinstance(item, Raw) else item for item in raw] == list(read(tmp_path / "a.csv"))
    assert [type(item) for item in raw] == [Raw, Unreadable, Unreadable]


def test_reading_text_imports_nothing_heavy() -> None:
    """What a format needs is imported when a file has it."""
    script = (
        "import sys\nfrom extractor.readers import read\nlist(read('seeds'))\n"
        "print([name for name in ('trafilatura', 'lxml', 'htmldate', 'pyarrow', 'fastwarc', 'backports.zstd', 'w3lib')"
        " if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 -- fixed words
        [sys.executable, "-c", script], capture_output=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert done.stdout.decode().strip() == "[]"
