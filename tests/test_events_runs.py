"""Runs of events: each is one whatever it is called, none takes another's place, and nothing goes without a word."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor import Article, Extraction, Span, UsageError, cli
from extractor.batch.provenance import provenance
from extractor.batch.store import Store
from extractor.events import Claim, Event, Source, assemble, diff, merge, read_events, write_events
from extractor.events.store import about_events
from extractor.extraction import Record
from extractor.fields import Found
from extractor.models.spec import ModelSpec
from extractor.schema import load

VISITS = load("visits")


def command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def run_of(path: Path, *travellers: str) -> Path:
    """Write a run with an article on each traveller; one who is written as +NAME is added to a run that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Store.resume(path, provenance(VISITS, ModelSpec.parse("local"), {"way": "local"})) as store:
        for name in travellers:
            text = f"{name} flew to Oslo."
            nothing: Record = dict.fromkeys(VISITS.model_fields, ())
            record = nothing | {
                "visitor": (Found(name, (Span(0, len(name)),), "stated"),),
                "destination": (Found("NOR", (Span(len(text) - 5, len(text) - 1),), "derived", "a capital"),),
            }
            store.add(Extraction(Article(id=name, text=text, published="2024-03-05"), (record,)))
    return path


def visitors(events: Path | list[Event]) -> list[str]:
    found = read_events(events) if isinstance(events, Path) else events
    return sorted(event.values["visitor"].value for event in found)


def test_runs_of_one_name_in_two_folders_are_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, name in (("a", "Ana Ruiz"), ("b", "Ilse Vogt")):
        run_of(tmp_path / folder / "run.db", name)
        monkeypatch.chdir(tmp_path / folder)
        assert "Gone" not in command("merge", "run.db", "--out", "../ev.db").stderr
    assert visitors(tmp_path / "ev.db") == ["Ana Ruiz", "Ilse Vogt"]
    assert sorted(source.run for event in read_events("../ev.db") for source in event.sources) == [
        str(Path("a", "run.db")), str(Path("b", "run.db")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "named",
    [
        lambda run: run.name,
        lambda run: f"../{run.parent.name}/{run.name}",
        lambda run: str(run),
        lambda run: run.with_name("link.db"),
    ],
    ids=["relative", "a way round", "absolute", "a link"],
)
def test_a_run_is_one_by_whatever_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: Callable[[Path], str | Path]
) -> None:
    run = run_of(tmp_path / "runs" / "may.db", "Ana Ruiz")
    (tmp_path / "runs" / "link.db").symlink_to(run)
    merge(run, out=tmp_path / "ev.db")
    monkeypatch.chdir(run.parent)
    (event,) = merge([named(run), run], out=tmp_path / "ev.db")
    assert [source.run for source in event.sources] == [str(Path("runs", "may.db"))]


def test_a_run_that_has_grown_takes_the_place_of_what_it_was(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run.db", "Ana Ruiz")
    (before,) = merge(run, out=tmp_path / "ev.db")
    after = merge(run_of(run, "Ilse Vogt"), out=tmp_path / "ev.db")
    assert visitors(after) == ["Ana Ruiz", "Ilse Vogt"]
    assert after.dropped == {}
    assert before.id in {event.id for event in after}


def test_what_a_run_has_no_more_is_told_when_it_goes(tmp_path: Path) -> None:
    run, out = run_of(tmp_path / "run.db", "Ana Ruiz", "Eva Berg"), tmp_path / "ev.db"
    merge([run, run_of(tmp_path / "other.db", "Ilse Vogt")], out=out)
    run.unlink()
    run_of(run, "Eva Berg")
    told = command("merge", str(run), "--out", str(out))
    assert told.exit_code == 0
    assert f"Gone from {out}: 1 record of run.db, which that run has no more." in told.stderr
    assert visitors(out) == ["Eva Berg", "Ilse Vogt"]


def test_events_that_are_moved_do_not_take_another_run_for_their_own(tmp_path: Path) -> None:
    merge(run_of(tmp_path / "a" / "run.db", "Ana Ruiz"), out=tmp_path / "a" / "ev.db")
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "ev.db").rename(tmp_path / "b" / "ev.db")
    merge(run_of(tmp_path / "b" / "run.db", "Ilse Vogt"), out=tmp_path / "b" / "ev.db")
    found = {source.run for event in read_events(tmp_path / "b" / "ev.db") for source in event.sources}
    assert found == {"run.db", str(tmp_path.resolve() / "a" / "run.db")}
    merge(tmp_path / "a" / "run.db", out=tmp_path / "b" / "ev.db")
    assert visitors(tmp_path / "b" / "ev.db") == ["Ana Ruiz", "Ilse Vogt"]
    assert len(read_events(tmp_path / "b" / "ev.db")) == 2


def test_who_is_who_is_kept_with_the_events_until_it_is_given_anew(tmp_path: Path) -> None:
    out, people = tmp_path / "ev.db", tmp_path / "people.csv"
    may, june = run_of(tmp_path / "may.db", "Ana Ruiz"), run_of(tmp_path / "june.db", "La Jefa")
    people.write_text("id,names,country,from,to\nQ1,Ana Ruiz;La Jefa,PER,2020-02,\n", "utf-8")
    merge(may, out=out, people=people)
    people.unlink()
    assert [event.person for event in merge(june, out=out)] == ["Q1"]
    (entry,) = about_events(out)["people"]
    assert (entry.names, entry.country, entry.since, entry.until) == (("Ana Ruiz", "La Jefa"), "PER", "2020-02", None)
    people.write_text("id,names\nQ2,Ana Ruiz\n", "utf-8")
    assert {event.person for event in merge(june, out=out, people=people)} == {"Q2", "La Jefa"}


def test_events_that_hold_neither_people_nor_a_folder_are_merged_on(tmp_path: Path) -> None:
    """So were they written at first."""
    run, out = run_of(tmp_path / "run.db", "Ana Ruiz"), tmp_path / "ev.db"
    first = merge(run, out=out)
    with closing(sqlite3.connect(out)) as db, db:
        db.execute("DELETE FROM about WHERE name IN ('people', 'folder')")
    assert merge(run, out=out) == first


@pytest.mark.parametrize(
    ("out", "wanted"),
    [
        ("folder", "folder is a folder; name a file of events."),
        ("text.txt", "text.txt is no file of events; name one that `extractor merge` made, or a new one."),
        ("text.txt/e.db", "Cannot write text.txt/e.db: text.txt is no folder; choose another --out."),
        ("text.txt/x/e.db", "Cannot write text.txt/x/e.db: Not a directory; choose another --out."),
    ],
)
def test_an_out_that_cannot_be_one_is_told_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, wanted: str
) -> None:
    run_of(tmp_path / "run.db", "Ana Ruiz")
    (tmp_path / "text.txt").write_text("mine")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    told = command("merge", "run.db", "--out", out)
    assert (told.exit_code, told.stderr) == (2, f"Error: {wanted}\n")
    assert (tmp_path / "text.txt").read_text() == "mine"


def told_by(article: str, run: str = "r", **values: object) -> Source:
    held = {"visitor": "Ana Ruiz", "visitor_country": "PER", "destination": "NOR", "dates": "2024-03-04"} | values
    claims = {name: (Claim(value, str(value), (), "stated"),) for name, value in held.items()}
    return Source(run, article, 1, "2024-03-05", None, None, claims)


def test_a_status_is_chosen_for_what_is_said_of_it_and_not_of_another_field() -> None:
    """The article that tells of the end also has a purpose that reads like the earlier status."""
    over = told_by("a", run="another model", status="completed", purpose="announced")
    told = [told_by("a", status="announced"), told_by("b", status="announced"), over]
    (event,) = assemble(told, VISITS)
    assert event.values["status"].value == "completed"


def test_events_of_two_schemas_are_not_compared(tmp_path: Path) -> None:
    statements = load("statements")
    write_events(tmp_path / "old.db", [], VISITS)
    write_events(tmp_path / "new.db", [], statements)
    with pytest.raises(UsageError, match=r"old\.db holds events of the schema Visit, and .*new\.db of Statement; name"):
        diff(tmp_path / "old.db", tmp_path / "new.db")


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_that_nothing_has_changed_is_said(tmp_path: Path, option: tuple[str, ...]) -> None:
    write_events(tmp_path / "e.db", assemble([told_by("a")], VISITS), VISITS)
    told = command("events", "diff", str(tmp_path / "e.db"), str(tmp_path / "e.db"), *option)
    assert (told.stdout, told.stderr) == ("", "No changes.\n")
