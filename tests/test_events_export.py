"""Export of events: the tables that the field knows hold what the events hold, and the tools of the field read them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import parquet

from extractor import ExtractorError, Schema, UsageError, field
from extractor.events import Claim, Event, Source, assemble, write_events
from extractor.events.declarations import tables_of
from extractor.events.export import ExportedEvents, export_events
from extractor.fields import Person, Quoted
from extractor.schema import load

VISITS = load("visits")
TABLES = ("leaders", "plover")


def told(
    article: str, published: str | None, status: str, dates: str | None = None, *,
    visitor: str = "Ana Ruiz", country: str | None = "PER", destination: str = "NOR", url: str | None = None,
    **more: object,
) -> Source:  # fmt: skip
    held = {"visitor": visitor, "visitor_country": country, "destination": destination, "status": status}
    values: dict[str, object] = held | {"dates": dates} | more
    claims = {
        name: tuple(Claim(one, str(one), (), "stated") for one in (value if isinstance(value, list) else [value]))
        for name, value in values.items()
        if value is not None
    }
    return Source("r", article, 1, published, f"{article} Times", url, claims)


def stored(folder: Path, *sources: Source) -> tuple[Path, list[Event]]:
    events = assemble(sources, VISITS)
    write_events(folder / "events.db", events, VISITS)
    return folder / "events.db", events


def read(path: Path) -> list[dict[str, Any]]:
    """Read a table back as its users do; cells of CSV are text."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return rows
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exported(folder: Path, to: str, *sources: Source, suffix: str = ".jsonl") -> list[dict[str, Any]]:
    db, _ = stored(folder, *sources)
    export_events(db, to=to, out=folder / f"{to}{suffix}")
    return read(folder / f"{to}{suffix}")


def coded(rows: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [(row["cameo"], row["source"], row["target"], row["date"]) for row in rows]


ANNOUNCED = told("a", "2024-03-01", "announced", "2024-03-10/2024-03-12", visitor_role="foreign minister")
COMPLETED = told("b", "2024-03-13", "completed", "2024-03-10/2024-03-12", url="https://news.example/b")
OFF = told("c", "2024-05-03", "cancelled", "2024-05-10", destination="SWE")
MAYBE = told("d", "2024-05-03", "possible", destination="FIN")


def test_leaders_holds_trips_that_took_place_and_tells_how_many_it_leaves_out(tmp_path: Path) -> None:
    db, events = stored(tmp_path, ANNOUNCED, COMPLETED, OFF, MAYBE)
    done = export_events(db, to="leaders", out=tmp_path / "leaders.csv")
    (row,) = read(tmp_path / "leaders.csv")
    assert row | {"sources": json.loads(row["sources"])} == {
        "trip_id": events[0].id, "traveller": "Ana Ruiz", "title": "foreign minister", "country": "PER",
        "destination": "NOR", "start": "2024-03-10", "end": "2024-03-12", "dates": "2024-03-10/2024-03-12",
        "status": "completed", "person": "Ana Ruiz (PER)", "disputed": "[]",
        "sources": ["a Times, 2024-03-01", "https://news.example/b"],
    }  # fmt: skip
    assert (done.rows, done.events, dict(done.left_out)) == (1, 3, {"cancelled": 1, "possible": 1})
    assert str(done) == (
        f"1 row of 3 events in {tmp_path / 'leaders.csv'}, columns described in {tmp_path / 'datapackage.json'}; "
        "no row for 2 events (cancelled 1, possible 1)."
    )


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [("2024-03", None, None), ("2024-03-10/..", "2024-03-10", None), ("2024-03-10", "2024-03-10", "2024-03-10"),
     ("XXXX-03-10", None, None), (None, None, None)],
)  # fmt: skip
def test_a_day_is_given_only_where_it_is_told(
    tmp_path: Path, dates: str | None, start: str | None, end: str | None
) -> None:
    (row,) = exported(tmp_path, "leaders", told("a", "2024-03-14", "completed", dates))
    assert (row["start"], row["end"], row["dates"]) == (start, end, dates)


def test_a_row_names_the_fields_in_which_sources_disagree(tmp_path: Path) -> None:
    other = told("c", "2024-03-14", "completed", "2024-03-11/2024-03-13")
    (row,) = exported(tmp_path, "leaders", COMPLETED, other)
    assert row["disputed"] == ["dates"]


def test_a_visit_is_coded_as_announced_made_and_hosted(tmp_path: Path) -> None:
    rows = exported(tmp_path, "plover", ANNOUNCED, COMPLETED)
    assert coded(rows) == [
        ("036", "PER", "NOR", "2024-03-01"), ("042", "PER", "NOR", "2024-03-10"), ("043", "NOR", "PER", "2024-03-10"),
    ]  # fmt: skip
    assert [(row["event"], row["mode"], row["context"]) for row in rows] == [
        ("AGREE", None, "diplomatic"), ("CONSULT", "visit", None), ("CONSULT", "host", None),
    ]  # fmt: skip
    assert [(row["source_name"], row["target_name"], row["location"]) for row in rows] == [
        ("Ana Ruiz", None, None), ("Ana Ruiz", None, "NOR"), (None, "Ana Ruiz", "NOR"),
    ]  # fmt: skip
    assert len({row["id"] for row in rows}) == 3


def test_what_was_announced_stays_announced_when_it_is_called_off(tmp_path: Path) -> None:
    """036 codes the announcement; nothing codes the cancelling, nor what is merely possible."""
    planned = told("p", "2024-05-01", "announced", "2024-05-10", destination="SWE")
    assert coded(exported(tmp_path, "plover", planned, OFF, MAYBE)) == [("036", "PER", "SWE", "2024-05-01")]


def test_without_a_day_of_its_own_a_visit_is_dated_by_the_first_report(tmp_path: Path) -> None:
    rows = exported(tmp_path, "plover", told("a", "2024-03-14", "completed", "2024-03"))
    assert {row["date"] for row in rows} == {"2024-03-14"}


def test_a_row_without_an_actor_or_a_day_is_left_out_and_counted(tmp_path: Path) -> None:
    db, _ = stored(
        tmp_path, told("a", "2024-03-14", "completed", country=None), told("b", None, "ongoing", destination="FIN")
    )
    done = export_events(db, to="plover", out=tmp_path / "plover.csv")
    assert (done.rows, dict(done.left_out)) == (0, {"completed": 1, "ongoing": 1})


def test_a_meeting_of_two_travellers_in_a_third_country_is_coded_in_both_directions(tmp_path: Path) -> None:
    ruiz = told("a", "2024-03-13", "completed", "2024-03-10/2024-03-12", meets=["Ilse Vogt"])
    vogt = told("b", "2024-03-13", "completed", "2024-03-12/2024-03-14", visitor="Ilse Vogt", country="AUT")
    rows = exported(tmp_path, "plover", ruiz, vogt)
    assert [row for row in coded(rows) if row[0] == "044"] == [
        ("044", "PER", "AUT", "2024-03-12"), ("044", "AUT", "PER", "2024-03-12"),
    ]  # fmt: skip
    assert {row["mode"] for row in rows if row["cameo"] == "044"} == {"third-party"}
    assert len({row["id"] for row in rows}) == len(rows) == 6


@pytest.mark.parametrize(
    "other",
    [
        told("b", "2024-03-16", "completed", "2024-03-14", visitor="Ilse Vogt", country="AUT"),
        told("b", "2024-03-13", "completed", "2024-03-12", visitor="Ilse Vogt", country="PER"),
        told("b", "2024-03-13", "completed", "2024-03", visitor="Ilse Vogt", country="AUT"),
        told("b", "2024-03-13", "completed", "2024-03-12", visitor="Ilse Vogt", country="AUT", destination="SWE"),
        told("b", "2024-03-13", "completed", "2024-03-12", visitor="Eva Berg", country="AUT"),
        told("b", "2024-03-09", "announced", "2024-03-12", visitor="Ilse Vogt", country="AUT"),
    ],
    ids=["later", "a compatriot", "no day", "elsewhere", "not named", "not there yet"],
)
def test_two_travellers_who_are_not_said_to_meet_there_do_not(tmp_path: Path, other: Source) -> None:
    ruiz = told("a", "2024-03-13", "completed", "2024-03-10/2024-03-12", meets=["Ilse Vogt"])
    assert "044" not in {row["cameo"] for row in exported(tmp_path, "plover", ruiz, other)}


def test_all_columns_hold_all_fields(tmp_path: Path) -> None:
    row, *_ = exported(tmp_path, "jsonl", told("a", "2024-03-01", "announced", places=["Oslo"], implied=True))
    assert set(VISITS.model_fields) < set(row)
    assert (row["places"], row["implied"], row["articles"], row["sources"], row["formerly"]) == (
        ["Oslo"], True, 1, ["a Times, 2024-03-01"], [],
    )  # fmt: skip


def test_parquet_keeps_lists_and_truth_values_and_duckdb_reads_both_formats(tmp_path: Path) -> None:
    db, events = stored(tmp_path, told("a", "2024-03-01", "announced", places=["Oslo", "Bergen"], implied=True), OFF)
    for to in ("csv", "parquet"):
        export_events(db, to=to, out=tmp_path / f"events.{to}")
    with duckdb.connect() as duck:
        query = "SELECT id, places, implied, articles FROM '{}' ORDER BY destination"
        first, second = duck.sql(query.format(tmp_path / "events.parquet")).fetchall()
        assert first == (events[0].id, ["Bergen", "Oslo"], True, 1)
        assert second[1:] == ([], None, 1)
        (again, _) = duck.sql(query.format(tmp_path / "events.csv")).fetchall()
        assert again == (events[0].id, '["Bergen", "Oslo"]', True, 1)
    meant = parquet.read_schema(tmp_path / "events.parquet").field("destination").metadata
    assert meant[b"form"].startswith(b"ISO 3166-1")


def test_a_folder_is_one_data_package_that_holds_for_every_table(tmp_path: Path) -> None:
    """The maintained library finds the description valid and every row true to it; and sees a row that is not."""
    from frictionless import validate

    db, _ = stored(tmp_path, ANNOUNCED, COMPLETED, OFF, MAYBE, told("e", None, "ongoing", "2024-03", visitor="=1+1"))
    names = ["leaders.csv", "plover.csv", "plover.jsonl", "csv.csv"]
    for name in names:
        export_events(db, to=name.partition(".")[0], out=tmp_path / name)
    package = tmp_path / "datapackage.json"
    assert [one["path"] for one in json.loads(package.read_text("utf-8"))["resources"]] == names
    report = validate(str(package))
    assert report.flatten(["type", "message"]) == []
    assert report.valid
    assert report.stats["tasks"] == len(names)
    leaders = tmp_path / "leaders.csv"
    leaders.write_text(leaders.read_text("utf-8").replace(",completed,", ",perhaps,").replace("-10,", "-40,"), "utf-8")
    assert {kind for (kind,) in validate(str(package)).flatten(["type"])} == {"constraint-error", "type-error"}


def test_exporting_again_changes_nothing_in_the_data_package_and_other_resources_stay(tmp_path: Path) -> None:
    db, _ = stored(tmp_path, COMPLETED)
    package = tmp_path / "datapackage.json"
    package.write_text(json.dumps({"name": "mine", "licenses": [{"name": "CC0-1.0"}], "resources": [{"name": "x"}]}))
    export_events(db, to="leaders", out=tmp_path / "leaders.csv")
    before = json.loads(package.read_text("utf-8"))
    assert (before["name"], before["licenses"], before["resources"][0]) == (
        "mine",
        [{"name": "CC0-1.0"}],
        {"name": "x"},
    )
    export_events(db, to="leaders", out=tmp_path / "leaders.csv", force=True)
    assert json.loads(package.read_text("utf-8")) == before
    (tmp_path / "leaders.csv").unlink()
    with pytest.raises(UsageError, match=r"datapackage.json tells otherwise of leaders.csv; add --force"):
        export_events(db, to="plover", out=tmp_path / "leaders.csv")
    assert not (tmp_path / "leaders.csv").exists()


@pytest.mark.parametrize("content", ["no JSON", "[]", '{"resources": 5}', '{"resources": [5]}', "\ud800"])
def test_what_is_no_data_package_is_left_alone(tmp_path: Path, content: str) -> None:
    db, _ = stored(tmp_path, COMPLETED)
    (tmp_path / "datapackage.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(UsageError, match=r"datapackage.json is no Data Package"):
        export_events(db, to="leaders", out=tmp_path / "leaders.csv", force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datapackage.json", "events.db"]


@pytest.mark.parametrize("to", ["csv", *TABLES])
def test_no_cell_of_csv_is_a_formula_and_hostile_text_comes_back(tmp_path: Path, to: str) -> None:
    nasty = '=HYPERLINK("http://x")\n<script>\u202e🛫;@SUM(1)'
    source = told("a", "2024-03-13", "completed", "2024-03-10", visitor=nasty, purpose=nasty, url="+http://x")
    exported(tmp_path, to, source, suffix=".csv")
    rows = read(tmp_path / f"{to}.csv")
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]
    plain = re.sub(r"""(?<![^;\t\r\n])'(?=[ '"]*[=+\-@])""", "", rows[0]["visitor" if to == "csv" else _name_of(to)])
    assert plain == nasty


def _name_of(table: str) -> str:
    return {"leaders": "traveller", "plover": "source_name"}[table]


async def test_datasette_opens_the_events_and_facets_them(tmp_path: Path) -> None:
    from datasette.app import Datasette

    db, events = stored(tmp_path, ANNOUNCED, COMPLETED, OFF, MAYBE)
    datasette = Datasette([str(db)], immutables=[])
    await datasette.invoke_startup()
    answer = await datasette.client.get("/events/events.json?_shape=objects&_facet=status&_sort=first_published")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert [row["id"] for row in shown["rows"]] == [event.id for event in events]
    assert shown["primary_keys"] == ["id"]
    facets = shown["facet_results"]
    facets = facets.get("results", facets)
    assert {one["value"] for one in facets["status"]["results"]} == {"completed", "cancelled", "possible"}
    sources = (await datasette.client.get(f"/events/sources.json?_shape=array&event={events[0].id}")).json()
    assert [one["article"] for one in sources] == ["a", "b"]
    page = await datasette.client.get(f"/events/events/{events[0].id}")
    assert "Ana Ruiz" in page.text
    for database in datasette.databases.values():
        database.close()


def test_files_that_are_there_are_kept_without_force(tmp_path: Path) -> None:
    db, _ = stored(tmp_path, COMPLETED)
    before, out = db.read_bytes(), tmp_path / "leaders.csv"
    out.write_text("mine")
    with pytest.raises(UsageError, match="is there already; add --force"):
        export_events(db, to="leaders", out=out)
    assert out.read_text() == "mine"
    for wrong, message in ((db, "holds the events themselves"), (tmp_path / "datapackage.json", "what describes")):
        with pytest.raises(UsageError, match=message):
            export_events(db, to="csv", out=wrong, force=True)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match="is no file"):
        export_events(db, to="csv", out=tmp_path / "folder.csv", force=True)
    assert export_events(db, to="leaders", out=out, force=True).rows == 1
    assert db.read_bytes() == before


def test_what_cannot_be_written_or_understood_is_told_in_a_sentence(tmp_path: Path) -> None:
    db, _ = stored(tmp_path, COMPLETED)
    with pytest.raises(
        UsageError, match="'xlsx' is no table of Visit; give one of csv, jsonl, parquet, leaders, plover"
    ):
        export_events(db, to="xlsx", out=tmp_path / "a.xlsx")
    with pytest.raises(UsageError, match=r"does not tell a format; let it end in \.csv, \.jsonl, \.parquet"):
        export_events(db, to="leaders", out=tmp_path / "leaders")
    with pytest.raises(
        UsageError, match=r"--to csv does not fit the name .*a\.Parquet; let it end in \.csv, or give --to par"
    ):
        export_events(db, to="csv", out=tmp_path / "a.Parquet")
    assert export_events(db, to="csv", out=tmp_path / "a.txt").rows == 1
    with pytest.raises(UsageError, match="There are no events at"):
        export_events(tmp_path / "none.db", to="csv", out=tmp_path / "a.csv")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ExtractorError, match=r"Cannot write .*a\.csv: .*file is no folder; choose another --out"):
        export_events(db, to="csv", out=tmp_path / "file" / "a.csv")


@pytest.mark.parametrize("to", ["csv", "jsonl", "parquet"])
def test_half_a_surrogate_pair_is_escaped_in_lists_as_in_text(tmp_path: Path, to: str) -> None:
    half = told("a", "2024-03-01", "announced", places=["Os\ud83dlo"], purpose="a\ud83db")
    (row,) = exported(tmp_path, to, half, suffix=f".{to}")
    places = json.loads(row["places"]) if to == "csv" else row["places"]
    assert (places, row["purpose"]) == (["Os\\ud83dlo"], "a\\ud83db")


RECIPE = '''
from extractor import Schema, field
from extractor.fields import Person, Quoted


class Recipe(Schema):
    """A dish."""

    dish: Quoted = field("what is cooked", key=True)
    id: Person | None = field("who cooks; its name meets a column of ours")
'''


def cookery(folder: Path, tables: str | None) -> ExportedEvents:
    """Export events of a schema of the user's own, with tables beside it."""
    (folder / "recipe.py").write_text(RECIPE)
    if tables is not None:
        (folder / "recipe.tables.toml").write_text(tables)
    recipe = load(str(folder / "recipe.py"))
    held = {"dish": (Claim("stew", "stew", (), "stated"),), "id": (Claim("Ana Ruiz", "Ana", (), "stated"),)}
    write_events(folder / "e.db", assemble([Source("r", "a", 1, None, None, None, held)], recipe), recipe)
    to = "csv" if tables is None else "menu"
    return export_events(folder / "e.db", to=to, out=folder / "e.csv", schema=str(folder / "recipe.py"))


def test_a_schema_of_the_users_own_is_exported_and_may_declare_tables(tmp_path: Path) -> None:
    for folder in ("with", "without"):
        (tmp_path / folder).mkdir()
    cookery(tmp_path / "without", None)
    (row,) = read(tmp_path / "without" / "e.csv")
    assert (row["dish"], row["id_"]) == ("stew", "Ana Ruiz")
    declared = '[Recipe.menu]\nabout = "x"\ncolumns = [{ name = "meal", of = "dish", about = "it" }]\nrows = [{}]\n'
    cookery(tmp_path / "with", declared)
    assert read(tmp_path / "with" / "e.csv") == [{"meal": "stew"}]
    with pytest.raises(UsageError, match="holds events of the schema Recipe, which is not at hand; name it with --sch"):
        export_events(tmp_path / "with" / "e.db", to="csv", out=tmp_path / "f.csv")
    with pytest.raises(UsageError, match="holds events of the schema Recipe, and not of Visit"):
        export_events(tmp_path / "with" / "e.db", to="csv", out=tmp_path / "f.csv", schema="visits")


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        ("[Recipe", "is no TOML"),
        ("Recipe = 1", r"Recipe is no table; write \[Recipe.NAME\]"),
        ("[Recipe.menu]\nabout = ''\nrows = [{}]", "columns: "),
        (
            '[Recipe.menu]\nabout = ""\ncolumns = [{name="a", about="", of="x"}]\nrows = [{}]',
            "asks for x, which is no f",
        ),
        ('[Recipe.menu]\nabout = ""\ncolumns = [{name="a", about=""}]\nrows = [{status=["b"]}]', "asks for a status"),
        ('[Recipe.menu]\nabout = ""\ncolumns = [{name="a", about=""}]\nrows = [{meeting="id"}]', "asks for a meeting"),
        ('[Recipe.menu]\nabout = ""\ncolumns = [{name="a", about=""}]\nrows = [{text={b=""}}]', "asks for a column b"),
    ],
)
def test_tables_that_cannot_be_filled_are_told_in_a_sentence(tmp_path: Path, tables: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted) as caught:
        cookery(tmp_path, tables)
    assert str(caught.value).count("\n") == 0


def test_a_schema_that_stands_in_no_file_of_its_own_has_no_tables() -> None:
    class Dish(Schema):
        """A dish."""

        dish: Quoted = field("what is cooked", key=True)
        cook: Person | None = field("who cooks")

    assert tables_of(Dish) == {}
    assert tuple(tables_of(VISITS)) == TABLES


def test_the_page_names_every_column_and_code() -> None:
    page = (Path(__file__).parents[1] / "docs" / "events-export.md").read_text("utf-8")
    tables = tables_of(VISITS)
    assert [one.name for one in tables["leaders"].columns if f"`{one.name}`" not in page] == []
    assert [rows.code for rows in tables["plover"].rows] == re.findall(r"^\| (0\d\d) \|", page, re.MULTILINE)
