"""The store: what goes in comes out, an article has one outcome, and runs do not mix."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.article import Article, Span
from extractor.batch.provenance import PROMPTS, Provenance, provenance
from extractor.batch.store import Store
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction, Rejected
from extractor.fields import Found
from extractor.models import ModelSpec, Usage
from extractor.schema import load

TEXT = "Lavrov is in Seoul.\x00\r\n He met Erdoğan \U0001f600."
ARTICLE = Article(
    id="a/1",
    text=TEXT,
    published="2024-03-05",
    published_evidence=Span(0, 3),
    language="en",
    boilerplate=(Span(7, 9),),
)
FULL = Extraction(
    ARTICLE,
    (
        {
            "visitor": (Found("Lavrov", (Span(0, 6),), "stated"),),
            "destination": (Found("KOR", (Span(13, 18), Span(0, 2)), "derived", "capital"),),
            "meets": (Found("Erdoğan", (Span(30, 37),), "stated"), Found("x", (Span(0, 1),), "judged")),
            "implied": (Found(False, (), "stated"),),
            "kind": (),
        },
        {
            "visitor": (Found("Erdoğan", (Span(30, 37),), "stated"),),
            "destination": (),
            "meets": (),
            "implied": (),
            "kind": (),
        },
    ),
    (
        Rejected("dates", "2024\ud800", "no “2024\ud800”"),
        Rejected(None, {"visitor": "Kim"}, "he stays at home"),
    ),
    Usage(100, 20, 3, 1.5),
    "It broke off.",
)
MADE = replace(
    provenance(load("visits"), ModelSpec.parse("local"), {"seed": 1}),
    fields=dict.fromkeys(["visitor", "destination", "meets", "implied", "kind"], False),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.resume(tmp_path / "new" / "run.db", MADE) as opened:
        yield opened


def test_what_goes_in_comes_out(store: Store) -> None:
    """Every part of an extraction survives; half a surrogate pair becomes an escape."""
    store.add(FULL)
    with Store.open(store.path) as opened:
        (read,) = opened.extractions()
        assert opened.provenance == MADE
        assert opened.totals() == (1, 2, 2, Usage(100, 20, 3, 1.5))
    assert read == replace(FULL, rejected=(Rejected("dates", "2024\ud800", "no “2024\\ud800”"), FULL.rejected[1]))


def test_an_article_has_one_outcome(store: Store) -> None:
    """A later outcome takes the place of an earlier one in every table."""
    store.add(FULL)
    store.add(replace(FULL, records=FULL.records[:1], rejected=(), error=None))
    assert len(list(store.extractions())) == 1
    with sqlite3.connect(store.path) as db:
        tables = ("article", "record", "value", "evidence", "rejected", "failure", "usage")
        counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608
    assert counts == {
        "article": 1,
        "record": 1,
        "value": 5,
        "evidence": 5,
        "rejected": 0,
        "failure": 0,
        "usage": 1,
    }


def test_failed_and_changed_articles_are_not_done(store: Store) -> None:
    """Only the same text with the same day of publication, and without failure, is done."""
    store.add(FULL)
    assert not store.has(ARTICLE)
    assert store.failures() == {"a/1": "It broke off."}
    store.add(replace(FULL, error=None))
    assert store.has(ARTICLE)
    assert not store.has(ARTICLE.model_copy(update={"text": "other"}))
    assert not store.has(ARTICLE.model_copy(update={"published": None}))


def test_a_person_can_read_the_file(store: Store) -> None:
    """The tables hold the words of a value, and its standard form as JSON with its letters as they are."""
    store.add(FULL)
    with sqlite3.connect(store.path) as db:
        rows = db.execute(
            "SELECT field, position, value, text, rule FROM value WHERE record = 1 ORDER BY id"
        ).fetchall()
    assert rows[1:3] == [
        ("destination", 0, '"KOR"', "La … Seoul", "capital"),
        ("meets", 0, '"Erdoğan"', "Erdoğan", None),
    ]


def test_what_cannot_be_read_is_forgotten_alone(store: Store) -> None:
    """Only what gave no text is dropped for the next run to meet anew."""
    store.add(FULL)
    store.add(Extraction(Article(id="empty", text=""), error="The text is empty."))
    store.forget_unreadable()
    assert list(store.failures()) == ["a/1"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            {"schema": "Recipe", "schema_hash": "sha256:12345678ff"},
            r"schema Visit \(\w{8}\), but .* schema Recipe \(12345678\)",
        ),
        ({"schema_hash": "sha256:12345678ff"}, r"schema Visit \(\w{8}\), but .* schema Visit \(12345678\)"),
        ({"model": "openai/gpt-4.1", "model_hash": None}, r"model qwen.* \(cc324af0\), but .* model gpt-4.1"),
        ({"prompts": {"ask": "sha256:0"}}, r"prompts \(\w{8}\), but .* prompts \(\w{8}\)"),
    ],
)
def test_runs_do_not_mix(store: Store, change: dict[str, object], named: str) -> None:
    """Another schema, prompt or model is refused in a sentence that names both and the way out."""
    store.add(replace(FULL, error=None))
    with pytest.raises(UsageError, match=rf"run\.db was made with {named}.*; give another --out"):
        Store.resume(store.path, replace(MADE, **change))  # type: ignore[arg-type]
    assert len(list(store.extractions())) == 1


def test_a_store_without_results_is_made_anew(store: Store) -> None:
    """A misspelt model must not block the path: where nothing is done, nothing can mix."""
    store.add(FULL)
    with Store.resume(store.path, other := replace(MADE, model="openai/x", model_hash=None)) as opened:
        assert opened.provenance == other
        assert not list(opened.extractions())


def test_new_versions_are_recorded_and_servers_may_move(store: Store) -> None:
    """Going on under other versions, or at another address, is allowed and leaves a trace."""
    moved = replace(MADE, model="http://b/v1#m", model_hash=None)
    assert replace(moved, model="http://a/v1#m").difference(moved) is None
    store.add(replace(FULL, error=None))
    with Store.resume(store.path, replace(MADE, versions={"extractor": "9"}, created="later")) as opened:
        assert opened.provenance.versions == {"extractor": "9"}
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT count(*) FROM run").fetchone() == (2,)


def test_going_on_with_the_same_adds_no_trace(store: Store) -> None:
    """The time of a call is no difference."""
    Store.resume(store.path, replace(MADE, created="later")).close()
    assert store.provenance == MADE


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
    with sqlite3.connect(tmp_path / "other.db") as db:
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


def test_a_full_disk_loses_nothing(store: Store) -> None:
    """What cannot be written is told, and what was written before is whole."""
    store.add(FULL)
    store._db.execute(f"PRAGMA max_page_count = {store._db.execute('PRAGMA page_count').fetchone()[0]}")
    big = Extraction(Article(id="big", text="x" * 1_000_000))
    with pytest.raises(ExtractorError, match=r"full; what was written is safe"):
        store.add(big)
    assert [extraction.article.id for extraction in store.extractions()] == ["a/1"]
    store._db.execute("PRAGMA max_page_count = 1000000")
    store.add(big)
    assert store.totals().articles == 2


def test_provenance_names_every_prompt() -> None:
    """No prompt that is sent goes without its hash."""
    assert {path.stem for path in Path("prompts").glob("*.md")} == set(PROMPTS)


def test_provenance_sees_what_changes_records(tmp_path: Path) -> None:
    """Another description makes another schema, other weights another model; the same file is the same."""

    def made(description: str, weights: bytes) -> Provenance:
        (tmp_path / "s.py").write_text(
            "from extractor.fields import Quoted\nfrom extractor.schema import Schema, field\n"
            f"class S(Schema):\n    x: Quoted = field({json.dumps(description)}, key=True)\n"
        )
        (tmp_path / "w.gguf").write_bytes(weights)
        return provenance(load(str(tmp_path / "s.py")), ModelSpec.parse(f"local:{tmp_path / 'w.gguf'}"), {})

    first = made("one", b"1")
    assert first.keys == ["x"]
    assert first.difference(made("one", b"1")) is None
    assert "schema" in str(first.difference(made("two", b"1")))
    assert "model" in str(first.difference(made("one", b"2")))
    assert first.model_hash == "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def test_weights_of_a_replay_may_be_missing() -> None:
    """No weights, no hash; opening the model complains where it needs them."""
    assert provenance(load("visits"), ModelSpec.parse("local:missing.gguf"), {}).model_hash is None


def test_reading_does_not_lock_out_the_run(store: Store) -> None:
    """Somebody who looks at a store for long does not keep the run from writing to it."""
    for number in range(300):
        store.add(Extraction(Article(id=f"a{number:03}", text="x" * 1000)))
    store._db.execute("PRAGMA busy_timeout = 0")
    with Store.open(store.path) as reader:
        extractions = reader.extractions()
        next(extractions)
        store.add(FULL)
        assert len(list(extractions)) == 299


def test_a_damaged_store_is_told(store: Store) -> None:
    """A file whose middle was overwritten is one sentence, not a traceback."""
    for number in range(50):
        store.add(Extraction(Article(id=f"a{number}", text="x" * 1000)))
    content = bytearray(store.path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    store.path.write_bytes(content)
    with (
        pytest.raises(UsageError, match=r"Cannot use .*run\.db as a store: database disk image is malformed"),
        Store.open(store.path) as opened,
    ):
        list(opened.extractions())


def test_only_the_store_is_left(store: Store) -> None:
    """One file: no journal stays beside it."""
    store.add(FULL)
    assert os.listdir(store.path.parent) == ["run.db"]
