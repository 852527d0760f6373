"""The store: what goes in comes out, an article has one outcome, and runs do not mix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from extractor.article import Article, Span
from extractor.batch.digests import Digests
from extractor.batch.provenance import provenance
from extractor.batch.sqlite import SQLite
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.extraction import Extraction, Rejected
from extractor.extraction.gate import CLOSED
from extractor.fields import Found
from extractor.models import ModelSpec, Usage
from extractor.schema import load
from tests.postgres import Server, select

TEXT = "Lavrov is in Seoul.\x00\r\n He met Erdoğan \U0001f600."
ARTICLE = Article(
    id="a/1",
    text=TEXT,
    published="2024-03-05",
    published_evidence=Span(0, 3),
    language="en",
    boilerplate=(Span(7, 9),),
    source="crawl.warc.gz:10234",
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
def store(place: str) -> Iterator[Store]:
    with Store.resume(place, MADE) as opened:
        yield opened


def test_what_goes_in_comes_out(store: Store) -> None:
    """Every part of an extraction survives; in a reason, half a surrogate pair becomes an escape."""
    store.add(FULL)
    with Store.open(store.place) as opened:
        (read,) = opened.extractions()
        assert opened.provenance == MADE
        assert opened.totals() == (1, 2, 2, Usage(100, 20, 3, 1.5))
    assert read == replace(FULL, rejected=(Rejected("dates", "2024\ud800", "no “2024\\ud800”"), FULL.rejected[1]))


def test_whether_there_is_a_store(place: str) -> None:
    """Asking makes none."""
    assert not Store.exists(place)
    assert not Store.exists(place)
    Store.resume(place, MADE).close()
    assert Store.exists(place)


def test_an_article_has_one_outcome(store: Store) -> None:
    """A later outcome takes the place of an earlier one in every table."""
    store.add(FULL)
    store.add(replace(FULL, records=FULL.records[:1], rejected=(), error=None))
    assert len(list(store.extractions())) == 1
    tables = ("article", "outcome", "record", "value", "evidence", "rejected")
    counts = {table: select(store.place, f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608
    assert counts == {"article": 1, "outcome": 1, "record": 1, "value": 5, "evidence": 5, "rejected": 0}


def test_the_database_itself_refuses_a_second_outcome(store: Store) -> None:
    """Whatever a later program does, neither an article nor its outcome can be there twice."""
    store.add(FULL)
    columns = {
        "article": "2, id, published, published_evidence, publisher, url, language, source, boilerplate, escaped, text",
        "outcome": "*",
        "record": "99, article, position",
        "value": "99, record, field, position, value, text, verdict, rule",
        "evidence": "*",
    }
    for table, copied in columns.items():
        with pytest.raises(Exception, match=r"UNIQUE constraint failed|duplicate key value"):
            select(store.place, f"INSERT INTO {table} SELECT {copied} FROM {table}")  # noqa: S608


def test_several_are_added_together_or_not_at_all(store: Store) -> None:
    """One transaction for all; of two with the same id, the later one counts."""
    other = Extraction(Article(id="b", text="Other."))
    store.add(FULL, other, replace(FULL, error=None))
    assert [extraction.article.id for extraction in store.extractions()] == ["a/1", "b"]
    assert store.has(ARTICLE)
    assert store.totals() == (2, 2, 2, Usage(100, 20, 3, 1.5))
    broken = replace(other, records=({"visitor": (Found("x", (Span(0, 2**70),), "stated"),)},))
    with pytest.raises((OverflowError, DBAPIError)):  # no text is that long: a bug, which must not leave half
        store.add(Extraction(Article(id="c", text="New.")), broken)
    assert [extraction.article.id for extraction in store.extractions()] == ["a/1", "b"]
    store.add(Extraction(Article(id="c", text="New.")))
    assert store.totals().articles == 3


@pytest.mark.parametrize("text", ["zero \x00.", "half \ud83d pair", "“\x00\ud800” \U0001f600 \\ud800", '"\\"'])
def test_no_character_of_a_text_is_lost(store: Store, text: str) -> None:
    """What no database holds as such comes out as it went in, so that all offsets hold."""
    article = Article(id=f"id {text}", text=text)
    store.add(Extraction(article))
    (read,) = store.extractions()
    assert read.article.text == text
    assert store.has(article)
    store.add(Extraction(article))
    assert store.totals().articles == 1
    read.article.id.encode()


def test_very_long_ids(store: Store) -> None:
    """An id that no index can hold is cut, and not taken for another one with the same beginning."""
    articles = [Article(id="https://" + "ü" * 20_000 + end, text="Text.") for end in "ab"]
    store.add(*(Extraction(article, error=article.id[-1]) for article in articles))
    assert {name[:500] for name in store.failures()} == {articles[0].id[:500]}
    assert sorted(store.failures().values()) == ["a", "b"]
    store.add(Extraction(articles[0]))
    assert list(store.failures().values()) == ["b"]
    assert [store.has(article) for article in articles] == [True, False]


def test_the_order_is_the_same_everywhere(postgres: Server, tmp_path: Path) -> None:
    """Articles come by the code points of their ids, however a server sorts words, and over many pages."""
    ids = [letter + str(number) for letter in "aBäZ" for number in range(40)]
    postgres.execute("CREATE DATABASE sorted TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")
    for place in (tmp_path / "run.db", postgres.url("sorted")):
        with Store.resume(place, MADE) as store:
            store.add(*(Extraction(Article(id=name, text="Text."), error="no") for name in ids))
            assert [extraction.article.id for extraction in store.extractions()] == sorted(ids)
            assert list(store.failures()) == sorted(ids)


def test_totals_are_counted_along(store: Store) -> None:
    """What the run counts by itself is what a reader counts, whatever was replaced or forgotten."""
    empty = Extraction(Article(id="empty", text=""), error="The text is empty.")
    for step in (
        FULL,
        empty,
        replace(FULL, records=(), usage=Usage(1, 1, 1, 0.1)),
        replace(empty, usage=Usage(calls=2)),
    ):
        store.totals()
        store.add(step, replace(FULL, article=ARTICLE.model_copy(update={"id": "other"})))
        with Store.open(store.place) as reader:
            assert store.totals() == reader.totals()
    store.forget_unreadable()
    assert store.totals() == (2, 2, 4, Usage(101, 21, 4, 1.6))


def test_failed_and_changed_articles_are_not_done(store: Store) -> None:
    """Only the same text with the same day of publication, and without failure, is done."""
    store.add(FULL)
    assert not store.has(ARTICLE)
    assert store.failures() == {"a/1": "It broke off."}
    store.add(replace(FULL, error=None))
    assert store.has(ARTICLE)
    assert not store.has(ARTICLE.model_copy(update={"text": "other"}))
    assert not store.has(ARTICLE.model_copy(update={"published": None}))
    store.add(FULL)
    assert not store.has(ARTICLE)


def test_what_only_a_gate_judged(store: Store) -> None:
    """It is done for a run with a gate, and open for one without; also after the store was closed."""
    store.add(Extraction(ARTICLE, rejected=(Rejected(None, None, CLOSED),)))
    assert (store.has(ARTICLE), store.has(ARTICLE, gate=True)) == (False, True)
    with Store.open(store.place) as reader:
        assert (reader.has(ARTICLE), reader.has(ARTICLE, gate=True)) == (False, True)
    store.add(replace(FULL, error=None))
    assert (store.has(ARTICLE), store.has(ARTICLE, gate=True)) == (True, True)


def test_digests_are_compared_whole() -> None:
    """The end of one and the start of the next, in the same bucket, are not a third."""
    first, second = b"ab" + b"x" * 6 + b"ab" + b"y" * 6, b"ab" + b"z" * 14
    done = Digests([first, second])
    assert first in done
    assert second in done
    assert b"ab" + b"y" * 6 + b"ab" + b"z" * 6 not in done
    done.replace([first, b"ab" + b"y" * 14], [b"ac" + b"z" * 14])
    assert [one in done for one in (first, second, b"ac" + b"z" * 14)] == [False, True, True]


def test_a_person_can_read_it(store: Store) -> None:
    """The tables hold the words of a value, and its standard form as JSON with its letters as they are."""
    store.add(FULL)
    rows = select(store.place, "SELECT field, position, value, text, rule FROM value WHERE record = 1 ORDER BY id")
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
    store.close()
    with pytest.raises(UsageError, match=rf"(run\.db|run=test_\d+) was made with {named}.*; give another --out"):
        Store.resume(store.place, replace(MADE, **change))  # type: ignore[arg-type]
    with Store.resume(store.place, MADE) as again:
        assert len(list(again.extractions())) == 1


def test_a_store_without_results_is_made_anew(store: Store) -> None:
    """A misspelt model must not block the path: where nothing is done, nothing can mix."""
    store.add(FULL)
    store.close()
    with Store.resume(store.place, other := replace(MADE, model="openai/x", model_hash=None)) as opened:
        assert opened.provenance == other
        assert not list(opened.extractions())


def test_new_versions_are_recorded_and_servers_may_move(store: Store) -> None:
    """Going on under other versions, or at another address, is allowed and leaves a trace."""
    moved = replace(MADE, model="http://b/v1#m", model_hash=None)
    assert replace(moved, model="http://a/v1#m").difference(moved) is None
    store.add(replace(FULL, error=None))
    store.close()
    with Store.resume(store.place, replace(MADE, versions={"extractor": "9"}, created="later")) as opened:
        assert opened.provenance.versions == {"extractor": "9"}
    assert select(store.place, "SELECT count(*) FROM run") == [(2,)]


def test_going_on_with_the_same_adds_no_trace(store: Store) -> None:
    """The time of a call is no difference."""
    store.close()
    with Store.resume(store.place, replace(MADE, created="later")) as again:
        assert again.provenance == MADE


def test_reading_does_not_lock_out_the_run(store: Store) -> None:
    """Somebody who looks at a store for long does not keep the run from writing to it."""
    for number in range(120):
        store.add(Extraction(Article(id=f"a{number:03}", text="x" * 1000)))
    if isinstance(store._database, SQLite):
        store._database._set("busy_timeout = 0")
    with Store.open(store.place) as reader:
        extractions = reader.extractions()
        next(extractions)
        store.add(FULL)
        assert len(list(extractions)) == 119


def test_a_store_is_read_while_it_is_written(store: Store) -> None:
    """The run itself may read and write in turns, and what it adds in front is not read."""
    store.add(*(Extraction(Article(id=f"b{number:03}", text="Text.")) for number in range(120)))
    for number, _ in enumerate(store.extractions()):
        store.add(Extraction(Article(id=f"a{number:03}", text="Text.")))
    assert store.totals().articles == 240


def test_only_one_process_writes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run is refused in one sentence until the first ends; others may read."""
    monkeypatch.setattr("extractor.batch.postgresql._PATIENCE", "SET lock_timeout = '1ms'")
    with pytest.raises(UsageError, match=r"Another process is writing to .*(run\.db|run=test_\d+); wait until it ends"):
        Store.resume(store.place, MADE)
    with Store.open(store.place) as reader:
        assert not reader.totals().articles
        with pytest.raises(UsageError, match="is open for reading"):
            reader.add(FULL)
    store.add(FULL)
    store.close()
    with Store.resume(store.place, MADE) as again:
        assert again.totals().articles == 1
