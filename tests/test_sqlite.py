"""A store in a file: other files are left alone, nothing stays beside it, and a bad disk is one sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.batch.sqlite import SQLite
from extractor.batch.store import Store
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction
from tests.postgres import select
from tests.test_store import FULL, MADE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.db"


@pytest.fixture
def file(path: Path) -> Iterator[Store]:
    with Store.resume(path, MADE) as opened:
        yield opened


@pytest.mark.parametrize("content", [b"", b"id,text\n" * 100, b"SQLite format 3\x00 and then nonsense" * 50])
def test_other_files_are_no_stores(tmp_path: Path, content: bytes) -> None:
    """A file of another kind is named as such, and left as it was."""
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"notes\.db is no store of this version"):
        Store.open(path)
    if content:
        with pytest.raises(UsageError, match=r"notes\.db is no store"):
            Store.resume(path, MADE)
    assert path.read_bytes() == content


def test_another_database_is_no_store(tmp_path: Path) -> None:
    """SQLite files of other programs are told by their header."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE run (x)")
    for open_it in (Store.open, lambda path: Store.resume(path, MADE)):
        with pytest.raises(UsageError, match="is no store"):
            open_it(tmp_path / "other.db")


def test_paths_that_cannot_be(tmp_path: Path) -> None:
    """A missing store, a folder, and a file where a folder must be, are each one sentence."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match=r"There is no store at .*missing\.db; `extractor run` makes one"):
        Store.open(tmp_path / "missing.db")
    with pytest.raises(UsageError, match="as a store: unable to open"):
        Store.open(tmp_path)
    with pytest.raises(UsageError, match=r"Cannot write .*choose another --out"):
        Store.resume(tmp_path / "file" / "run.db", MADE)
    assert not (tmp_path / "missing.db").exists()


def test_a_full_disk_loses_nothing(file: Store) -> None:
    """What cannot be written is told, and what was written before is whole."""
    file.add(FULL)
    database = file._database
    assert isinstance(database, SQLite)
    (pages,) = select(file.place, "PRAGMA page_count")
    database._set(f"max_page_count = {pages[0] + 5}")
    big = Extraction(Article(id="big", text="x" * 1_000_000))
    with pytest.raises(ExtractorError, match=r"full; what was written is safe"):
        file.add(big)
    assert [extraction.article.id for extraction in file.extractions()] == ["a/1"]
    assert file.totals().articles == 1
    database._set("max_page_count = 1000000")
    file.add(big)
    assert file.totals().articles == 2


def test_a_damaged_store_is_told(file: Store, path: Path) -> None:
    """A file whose middle was overwritten is one sentence, not a traceback."""
    for number in range(50):
        file.add(Extraction(Article(id=f"a{number}", text="x" * 1000)))
    file.close()
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(content)
    with (
        pytest.raises(UsageError, match=r"Cannot use .*run\.db as a store: database disk image is malformed"),
        Store.open(path) as opened,
    ):
        list(opened.extractions())


def test_only_the_store_is_left(file: Store, path: Path) -> None:
    """One file: neither journal nor lock stays beside it, also when somebody has read it meanwhile."""
    file.add(FULL)
    reader = Store.open(path)
    next(reader.extractions())
    reader.close()
    file.close()
    assert os.listdir(path.parent) == ["run.db"]


def test_a_finished_store_can_be_read_only(file: Store, path: Path) -> None:
    """Neither the file nor its folder need be writable for those who only read."""
    file.add(FULL)
    file.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with Store.open(path) as reader:
            assert reader.totals().articles == 1
        assert os.listdir(path.parent) == ["run.db"]
    finally:
        path.parent.chmod(0o755)
