"""Where a store may be: what is wrong with a place is one sentence, which never shows a password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.batch.places import parse
from extractor.batch.store import Store
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction
from tests.postgres import PASSWORD, Server, select
from tests.test_store import FULL, MADE

OPENERS: list[Callable[[str], Store]] = [Store.open, lambda place: Store.resume(place, MADE)]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("mysql://me:secret@host/db", "No store can be at mysql://…; give a path, or postgresql://USER:PASSWORD@"),
        ("postgresql://me:secret@host", "cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"),
        ("postgresql://me:hidden@secret@host/db", "with %40 for @ in a password"),
        ("postgresql://me:hidden@sec/secret@host/db", "with %40 for @ in a password"),
        ("postgresql://me:secret@host:port/db", "The URL of the store cannot be read"),
        ("postgresql://me@host/db?password=secret", "A password among the options of a URL would be shown"),
        ("postgresql://host/db?run=Y-2024", "'Y-2024' names no run; give it small letters, digits and _"),
        ("postgresql://host/db?run=pg_toast", "'pg_toast' names no run"),
        ("postgresql://host/db?run=extractor_answers", "names no run"),
    ],
)
def test_places_that_cannot_be(place: str, sentence: str) -> None:
    """They are refused before anything is tried."""
    for opener in OPENERS:
        with pytest.raises(UsageError) as refused:
            opener(place)
        assert sentence in str(refused.value)
        assert "secret" not in str(refused.value)


def test_what_is_printed_hides_the_password_and_still_opens(postgres: Server) -> None:
    """A place goes through a summary and back."""
    with Store.resume(postgres.url("postgres", "?run=printed"), MADE) as store:
        store.add(FULL)
    assert PASSWORD not in f"{store.place} {store.place!r}"
    assert str(store.place) == f"postgresql://tester:***@127.0.0.1:{postgres.port}/postgres?run=printed"
    with Store.open(store.place) as again:
        assert again.totals().articles == 1
    assert parse(store.place) == store.place


def test_runs_live_side_by_side(postgres: Server, database: str) -> None:
    """Several runs in one database are each by themselves, and written at the same time."""
    with (
        Store.resume(postgres.url(database), MADE) as one,
        Store.resume(postgres.url(database, "?run=other"), MADE) as other,
    ):
        one.add(FULL)
        other.add(Extraction(Article(id="b", text="Other.")))
        assert [extraction.article.id for store in (one, other) for extraction in store.extractions()] == ["a/1", "b"]
    assert postgres.execute("SELECT id FROM other.article", database) == [("b",)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("tester:", "nobody:"), r'password authentication failed for user "nobody"\.'),
        (("word%3A1@", "word@"), r'password authentication failed for user "tester"\.'),
        (("/postgres?", "/nowhere?"), r'database "nowhere" does not exist\.'),
        (("?run=new", "?run=new&colour=red"), r'invalid connection option "colour"\.'),
        ((":{port}/", ":1/"), r"Connection refused\."),
    ],
)
def test_servers_that_cannot_be_reached(postgres: Server, change: tuple[str, str], sentence: str) -> None:
    """A wrong user, password, database, option or port is told at once, without the password."""
    url = postgres.url("postgres", "?run=new").replace(change[0].format(port=postgres.port), change[1])
    for opener in OPENERS:
        with pytest.raises(UsageError, match=rf"^Cannot connect to postgresql://\w+:\*\*\*@.*: {sentence}$") as refused:
            opener(url)
        assert "ss/word" not in str(refused.value)
        assert "ss%2Fword" not in str(refused.value)


def test_no_store_at_a_server(postgres: Server, database: str) -> None:
    """A database without this run, and a namespace of somebody else, are told, and left as they were."""
    with pytest.raises(UsageError, match=r"There is no store at .*\?run=none; `extractor run` makes one"):
        Store.open(postgres.url(database, "?run=none"))
    postgres.execute("CREATE SCHEMA sales", database)
    postgres.execute("CREATE TABLE sales.run (x INTEGER)", database)
    for opener in OPENERS:
        with pytest.raises(UsageError, match=r"run=sales is no store of this version"):
            opener(postgres.url(database, "?run=sales"))
    assert postgres.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'sales'", database) == [("run",)]


def test_a_database_for_other_letters(postgres: Server) -> None:
    """One that cannot hold every letter is refused before anything is written."""
    postgres.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(UsageError, match=r"its encoding is LATIN1; create a database with UTF8"):
        Store.resume(postgres.url("latin"), MADE)


def test_a_user_who_may_only_read(postgres: Server, database: str) -> None:
    """What the server forbids is told in its words, and reading goes on."""
    url = postgres.url(database)
    with Store.resume(url, MADE) as store:
        store.add(FULL)
    for statement in (
        f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
        "GRANT USAGE ON SCHEMA extractor TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA extractor TO reader",
    ):
        postgres.execute(statement, database)
    with Store.open(url.replace("tester:", "reader:")) as opened:
        assert opened.totals().articles == 1
    denied = pytest.raises(UsageError, match=r"as a store: permission denied for table \w+\.")
    with Store.resume(url.replace("tester:", "reader:"), MADE) as opened, denied:  # all was well until it writes
        opened.add(FULL)
    with pytest.raises(UsageError, match=r"as a store: permission denied for database"):
        Store.resume(url.replace("tester:", "reader:") + "?run=new", MADE)


def test_a_server_that_is_read_only(postgres: Server, database: str) -> None:
    """A standby server can be read, and says that it cannot be written."""
    url = postgres.url(database)
    Store.resume(url, MADE).close()
    postgres.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with Store.open(url) as opened:
        assert not list(opened.extractions())
    denied = pytest.raises(UsageError, match=r"as a store: cannot execute INSERT in a read-only transaction")
    with Store.resume(url, MADE) as opened, denied:
        opened.add(FULL)


def test_a_full_server_loses_nothing(postgres: Server, database: str) -> None:
    """Where the server has no room, the article is not there by halves, and can be added later."""
    with Store.resume(postgres.url(database), MADE) as store:
        store.add(FULL)
        for statement in (
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON extractor.evidence EXECUTE FUNCTION full_disk()",
        ):
            postgres.execute(statement, database)
        with pytest.raises(ExtractorError, match=r"Cannot write .*: could not extend file; what was written is safe"):
            store.add(FULL)
        assert list(store.failures()) == ["a/1"]
        postgres.execute("DROP TRIGGER full_disk ON extractor.evidence", database)
        store.add(FULL, Extraction(Article(id="b", text="Other.")))
        assert store.totals()[:3] == (2, 2, 2)


def test_a_driver_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core needs no PostgreSQL; the sentence names what to install."""
    monkeypatch.setattr("extractor.batch.postgresql.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r'install it with: pip install "extractor\[postgresql\]"\.'):
        Store.open("postgresql://host/db")


def test_a_path_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks a little like a URL is a file."""
    monkeypatch.chdir(tmp_path)
    with Store.resume("postgresql", MADE) as store:
        store.add(FULL)
    assert store.place == Path("postgresql")
    assert select(Path("postgresql"), "SELECT count(*) FROM article") == [(1,)]
