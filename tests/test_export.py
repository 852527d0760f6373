"""Export: what programs read back from each format is what the run holds, whatever the articles say."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from extractor import Article, Extraction, ExtractorError, Schema, Span, UsageError, export, field
from extractor.batch.export import _csv_cell
from extractor.batch.provenance import Provenance, provenance
from extractor.batch.store import Store
from extractor.cli import app
from extractor.extraction import Record
from extractor.fields import Choice, Flag, Found, Person
from extractor.fields.quoted import QuotedType
from extractor.models import ModelSpec
from extractor.schema import load

FORMATS = ("csv", "jsonl", "parquet", "duckdb")
TEXT = "Sergei Lavrov flies to Seoul on 5 March. He meets Kim and Yoon. Lavrov had been in South Korea before."


class Tone(Choice):
    WARM = "warm", "they are pleased", ("laugh",)
    COLD = "cold", "they are not", ("frown",)


class Trip(Schema):
    """One trip."""

    visitor: Person = field("who goes", key=True)
    destination: Annotated[str, QuotedType()] = field("where to", key=True)
    meets: list[Person] = field("whom")
    tone: Tone | None = field("how it sounds")
    day: Annotated[int, QuotedType()] | None = field("day of the month")
    Source: Annotated[str, QuotedType()] | None = field("who says so; its name meets a column of ours")
    first: Flag = field("whether it is the first", lead=("before",))


def found(words: str, value: object = None, rule: str | None = None, *more: str) -> Found:
    spans = tuple(Span(TEXT.index(one), TEXT.index(one) + len(one)) for one in (words, *more))
    return Found(words if value is None else value, spans, "derived" if rule else "stated", rule)


RECORD: Record = {
    "visitor": (found("Sergei Lavrov"),),
    "destination": (found("South Korea", "KOR", "country", "Seoul"),),
    "meets": (found("Kim"), found("Yoon", "Yoon Suk Yeol", "fullest form")),
    "tone": (),
    "day": (found("5 March", 5, "number"),),
    "Source": (),
    "first": (found("had been", False, "a word of it"),),
}
UNSURE: Record = dict.fromkeys(RECORD, ()) | {"visitor": (found("Yoon"),), "destination": (found("Seoul", "KOR"),)}
KNOWN = Article(id="s00", text=TEXT, published="2024-03-04", publisher="Ñandú 🙂", source="a.txt")
FULL = Extraction(KNOWN, (UNSURE, RECORD))
OTHERS = (Extraction(Article(id="s01", text="Nothing.")), Extraction(Article(id="s02", text=""), error="It is empty."))
ROW: dict[str, Any] = {
    "article": "s00", "record": 2, "published": "2024-03-04", "publisher": "Ñandú 🙂", "url": None, "source_": "a.txt",
    "visitor": "Sergei Lavrov", "destination": "KOR", "meets": ["Kim", "Yoon Suk Yeol"], "tone": None, "day": 5,
    "Source": None, "first": False,
}  # fmt: skip


MADE = provenance(Trip, ModelSpec.parse("local"), {})


def stored(path: Path, *extractions: Extraction, by: Provenance = MADE) -> Path:
    with Store.resume(path, by) as store:
        for extraction in extractions:
            store.add(extraction)
    return path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return stored(tmp_path / "run.db", FULL, *OTHERS)


def read(path: Path, table: str = "records") -> list[dict[str, Any]]:
    """Read an export back, each format as its users do; cells of CSV are text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return rows
    with duckdb.connect(path, read_only=True) as db:
        result = db.table(table)
        return [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]


def left(run: Path) -> set[str]:
    """Name what stands beside the run."""
    return {path.name for path in run.parent.iterdir() if not path.name.startswith(run.name)}


def of_csv(cell: str) -> str:
    """Take off the apostrophes that keep spreadsheets from reading formulas, as docs/export.md says."""
    return re.sub(r"""(?<![^;\t\r\n])'(?=[ '"]*[=+\-@＝＋－＠])""", "", cell)


@pytest.mark.parametrize("to", FORMATS)
def test_a_row_for_each_record(run: Path, to: str) -> None:
    """Every format holds each record in standard form, as lists, numbers and truth values; fields keep their names."""
    out = run.parent / f"trips.{to}"
    exported = export(run, out=out, schema=Trip)
    first, row = read(out)
    if to == "csv":
        row |= {"record": int(row["record"]), "day": int(row["day"]), "meets": json.loads(row["meets"])}
        row |= {"first": {"false": False}[row["first"]]} | {name: None for name in row if row[name] == ""}
    else:
        assert (first["first"], first["meets"], first["day"]) == (None, [], None)
    assert row["first"] is False
    assert row == ROW
    assert (exported.records, exported.articles, exported.empty, exported.failed) == (2, 1, 1, 1)


@pytest.mark.parametrize("to", FORMATS)
def test_evidence_holds_in_the_text(run: Path, to: str) -> None:
    """The offsets of each value cut its words out of the article's text; verdict and rule stand beside."""
    out = run.parent / f"trips.{to}"
    export(run, out=out, evidence=True, schema=Trip)
    row = read(out)[1]
    if to == "csv":
        row = {name: json.loads(cell) if cell.startswith("[") else cell or None for name, cell in row.items()}
    places = zip(row["destination_start"], row["destination_end"], strict=True)
    assert " … ".join(TEXT[start:end] for start, end in places) == row["destination_words"] == "Seoul … South Korea"
    assert (row["destination_verdict"], row["destination_rule"]) == ("derived", "country")
    for words, starts, ends in zip(row["meets_words"], row["meets_start"], row["meets_end"], strict=True):
        assert [TEXT[start:end] for start, end in zip(starts, ends, strict=True)] == [words]
    assert (row["meets_verdict"], row["meets_rule"]) == (["stated", "derived"], [None, "fullest form"])
    assert (row["tone_words"], row["tone_start"], row["tone_verdict"]) == (None, None, None)
    assert list(row)[6:10] == ["visitor", "visitor_words", "visitor_start", "visitor_end"]


HOSTILE = [
    "=1+1", "＝1", "+44", "-5", "@who", "\t=1", "  =1", "'=1", "''=1", "'", "a;=cmd|' /C calc'!A0", "a\r\n=1\n-b",
    'he "said" so, and; left', "", "[", '["=1"]', "\x00=1", "a\x00b", "\x1b[31m\u202e\u2028\x85end", "\ud800", "🙂",
]  # fmt: skip


def hostile(value: str, number: int = 0) -> Extraction:
    article = Article(id=f"a{number:02}", text=f"{value} x", publisher=value)
    one = Found(value, (Span(0, len(value)),), "stated", value.replace("\ud800", ""))
    return Extraction(article, (dict.fromkeys(RECORD, ()) | {"visitor": (one,), "meets": (one, one)},))


@pytest.mark.parametrize("to", FORMATS)
def test_hostile_values_come_back_as_they_were(tmp_path: Path, to: str) -> None:
    """Line ends, quotes, formulas and control codes survive; half a surrogate pair is written out, as in the store."""
    run = stored(tmp_path / "run.db", *map(hostile, HOSTILE, range(99)))
    out = tmp_path / f"trips.{to}"
    export(run, out=out, schema=Trip)
    for value, row in zip(HOSTILE, read(out), strict=True):
        whole = value.replace("\ud800", "\\ud800")
        if to == "csv":
            row = {"visitor": of_csv(row["visitor"]), "meets": json.loads(of_csv(row["meets"]))}
        assert row["visitor"] == whole.replace("\x00", "\ufffd" if to == "csv" else "\x00")
        assert row["meets"] == [whole, whole]


def test_no_cell_of_csv_is_a_formula(tmp_path: Path) -> None:
    """A spreadsheet finds no cell that starts a formula, whether it separates cells by commas or by semicolons."""
    run = stored(tmp_path / "run.db", *map(hostile, HOSTILE, range(99)))
    out = tmp_path / "trips.csv"
    export(run, out=out, evidence=True)
    text = out.read_text("utf-8")
    for separator in ",;\t":
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
        assert [cell for cell in cells if cell.lstrip(' \t\r\n"')[:1] in {*"=+-@＝"}] == []
    assert "\x00" not in text


def test_the_apostrophes_of_csv_can_be_taken_off_again() -> None:
    """Whatever a cell holds, the rule of the docs gives it back."""
    chance = random.Random(4)  # noqa: S311 -- a test that is the same each time
    for _ in range(5000):
        text = "".join(chance.choices("=-'\";\t\n ab", k=chance.randint(0, 9)))
        assert of_csv(_csv_cell(text)) == text


def test_standard_output(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file, or for -, text is printed as a file would hold it, whatever encoding the console has."""
    for to, out in (("csv", None), ("jsonl", "-")):
        printed = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii", newline="\r\n"))
        exported = export(run, to=to, out=out, schema=Trip)
        print("bye", flush=True)
        export(run, out=run.parent / f"trips.{to}", schema=Trip)
        assert printed.getvalue() == (run.parent / f"trips.{to}").read_bytes() + b"bye\r\n"
        assert (exported.out, exported.dictionary, exported.records) == (None, None, 2)
    assert not (run.parent / "-").exists()


def test_command_prints_the_table_and_nothing_else(run: Path) -> None:
    """Standard output can be piped into a file; what was exported is told on standard error."""
    done = CliRunner().invoke(app, ["export", str(run), "--to", "csv"])
    assert (done.exit_code, done.stdout.count("\n"), done.stdout[:15]) == (0, 3, "article,record,")
    assert done.stderr == "2 records of 1 article; 1 article without records; 1 article failed.\n"
    done = CliRunner().invoke(app, ["export", str(run), "--out", str(run.parent / "trips.csv")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.endswith("no descriptions: name the schema Trip with --schema.\n")


def test_a_screen_is_not_steered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, control codes of the articles are shown and not obeyed."""
    run = stored(tmp_path / "run.db", hostile("\x1b[31m\nred"))
    for to, shown in (("csv", "<1B>[31m red"), ("jsonl", r"\u001b[31m\nred")):
        screen = io.StringIO()
        monkeypatch.setattr(screen, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdout", screen)
        export(run, to=to)
        assert shown in screen.getvalue()
        assert "\x1b" not in screen.getvalue()


@pytest.mark.parametrize("to", FORMATS)
def test_dictionary_describes_every_column(run: Path, to: str) -> None:
    """There is one row for each column, with type, form, description and the meanings of what is allowed."""
    out = run.parent / f"trips.{to}"
    exported = export(run, out=out, evidence=True, schema=Trip)
    assert exported.dictionary == (None if to == "duckdb" else run.parent / "trips.dictionary.csv")
    rows = read(exported.dictionary or out, "dictionary")
    assert [row["name"] for row in rows] == list(read(out)[0])
    by_name = {row["name"]: row for row in rows}
    assert (by_name["visitor"]["description"], by_name["day"]["form"]) == ("who goes", "as written")
    assert json.loads(by_name["tone"]["allowed"]) == {"warm": "they are pleased", "cold": "they are not"}
    assert set(json.loads(by_name["tone_verdict"]["allowed"])) == {"stated", "derived", "judged"}
    kinds = {name: by_name[name]["type"].partition(" (")[0] for name in ("day", "first", "meets", "meets_start")}
    assert list(kinds.values()) == ["integer", "boolean", "list of text", "list of list of integer"]
    if to == "parquet":
        assert parquet.read_schema(out).field("visitor").metadata[b"description"] == b"who goes"


def test_schema_that_comes_with_the_program_is_found(tmp_path: Path) -> None:
    """A run tells its schema by name and hash, so its columns are described without a word about it."""
    run = stored(tmp_path / "run.db", by=provenance(load("visits"), ModelSpec.parse("local"), {}))
    assert export(run, out=tmp_path / "visits.csv").note is None
    described = {row["name"]: row for row in read(tmp_path / "visits.dictionary.csv")}
    assert described["destination"]["form"] == "ISO 3166-1 alpha-3; organisations by acronym"
    assert "cancelled" in json.loads(described["status"]["allowed"])
    assert described["implied"]["type"] == "boolean"


def test_schema_that_is_gone(run: Path) -> None:
    """Without the schema, the export holds the same rows and types; the dictionary lacks descriptions, and says so."""
    with_it, without = run.parent / "with.parquet", run.parent / "without.parquet"
    export(run, out=with_it, schema=Trip)
    note = export(run, out=without).note
    assert note == "The dictionary has no descriptions: name the schema Trip with --schema."
    assert read(without) == read(with_it)
    assert parquet.read_schema(without).remove_metadata() == parquet.read_schema(with_it).remove_metadata()
    assert {row["description"] for row in read(run.parent / "without.dictionary.csv") if row["name"] in RECORD} == {""}


def test_schema_that_has_changed(tmp_path: Path) -> None:
    """A schema with the run's fields describes them, and that it is another version is told; another one is refused."""
    run = stored(tmp_path / "run.db", FULL, by=replace(MADE, schema_hash="sha256:0"))
    note = export(run, out=tmp_path / "trips.csv", schema=Trip).note
    assert note == "The schema Trip has changed since the run; the dictionary tells what it says now."
    with pytest.raises(UsageError, match="The run was made with the schema Trip, and visits has other fields"):
        export(run, out=tmp_path / "more.csv", schema="visits")


def test_a_value_of_another_type_is_told(tmp_path: Path) -> None:
    """What a schema calls a number and is none stops the export with the article and field, and leaves no file."""
    run = stored(tmp_path / "run.db", replace(FULL, records=(RECORD | {"day": (found("5 March", "five"),)},)))
    with pytest.raises(ExtractorError, match="s00: day holds 'five', which is no integer"):
        export(run, out=tmp_path / "trips.duckdb", schema=Trip)
    assert left(run) == set()
    export(run, out=tmp_path / "trips.duckdb")
    assert read(tmp_path / "trips.duckdb")[0]["day"] == "five"


def test_unsure_records_are_left_out(tmp_path: Path) -> None:
    """With weights there is a confidence; what is below the one asked for goes, and the others keep their numbers."""
    run = stored(tmp_path / "run.db", FULL, *OTHERS, by=replace(MADE, weights={"base": -1.0, "support": 1.0}))
    export(run, out=tmp_path / "all.jsonl", schema=Trip)
    assert [(row["record"], row["confidence"]) for row in read(tmp_path / "all.jsonl")] == [(1, 0.27), (2, 0.88)]
    exported = export(run, out=tmp_path / "sure.jsonl", schema=Trip, min_confidence=0.5)
    assert [row["record"] for row in read(tmp_path / "sure.jsonl")] == [2]
    assert str(exported) == (
        f"1 record of 1 article in {tmp_path}/sure.jsonl, dictionary in {tmp_path}/sure.dictionary.csv; "
        "1 article without records; 1 article failed."
    )


@pytest.mark.parametrize("to", FORMATS)
def test_an_empty_run_has_columns_and_no_rows(tmp_path: Path, to: str) -> None:
    """A program that reads the export of a run without records finds an empty table, and the dictionary."""
    out = tmp_path / f"trips.{to}"
    exported = export(stored(tmp_path / "run.db", *OTHERS), out=out, schema=Trip)
    assert (read(out), exported.records) == ([], 0)
    if to == "csv":
        assert out.read_text("utf-8").strip().split(",") == list(ROW)


def test_more_rows_than_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that come in several batches and row groups are all there, in order."""
    monkeypatch.setattr("extractor.batch.export._BATCH", 2)
    monkeypatch.setattr("extractor.batch.export._GROUP", 1)
    run = stored(tmp_path / "run.db", replace(FULL, records=(RECORD,) * 5))
    for to in ("parquet", "duckdb"):
        export(run, out=tmp_path / f"trips.{to}", schema=Trip)
        assert [row["record"] for row in read(tmp_path / f"trips.{to}")] == [1, 2, 3, 4, 5]
    assert parquet.ParquetFile(tmp_path / "trips.parquet").num_row_groups == 3


def test_nothing_is_replaced_unasked(run: Path) -> None:
    """A file stays unless `force` is given, so does a dictionary of other columns, and the run in any case."""
    out = run.parent / "trips.csv"
    export(run, out=out, schema=Trip)
    before = out.read_bytes()
    with pytest.raises(UsageError, match=r"trips\.csv is there already; add --force"):
        export(run, out=out)
    export(run, out=run.parent / "trips.jsonl", schema=Trip)  # the same columns, so the same dictionary
    with pytest.raises(UsageError, match=r"trips\.dictionary\.csv is there already and tells of other columns"):
        export(run, out=run.parent / "trips.parquet", schema=Trip, evidence=True)
    assert out.read_bytes() == before
    export(run, out=out, schema=Trip, evidence=True, force=True)
    assert len(out.read_bytes()) > len(before)
    for path, why in ((run, "is the run itself"), (run.parent, "is no file"), (Path(os.devnull), "is no file")):
        with pytest.raises(UsageError, match=why):
            export(run, to="duckdb", out=path, force=True)
    assert run.read_bytes().startswith(b"SQLite format 3")


def test_a_full_disk_leaves_what_was_there(run: Path) -> None:
    """Where writing fails half-way there is one sentence, no half file, and the old file is unharmed."""
    code = (
        "import duckdb, pyarrow.parquet, resource, sys; from extractor import ExtractorError, export\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "for out in sys.argv[2:]:\n"
        "    try: export(sys.argv[1], out=out, force=True)\n"
        "    except ExtractorError as error: print(error)"
    )
    outs = [run.parent / f"trips.{to}" for to in FORMATS]
    for out in outs:
        out.write_text("old")
    command = [sys.executable, "-c", code, str(run), *map(str, outs)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)  # noqa: S603 -- ours
    told = [line.partition(": ") for line in done.stdout.splitlines()]
    assert [start for start, _, _ in told] == [f"Cannot write {out}" for out in outs]
    assert all(end.endswith("; make room there, or choose another --out.") for _, _, end in told)
    assert {path.read_text() for path in outs} == {"old"}
    assert left(run) == {out.name for out in outs}


def test_what_cannot_be_is_told(run: Path) -> None:
    """A run that is not there, a place that cannot be written, and a format that is unknown, missing or unfit."""
    with pytest.raises(UsageError, match="There is no store at"):
        export(run.parent / "missing.db", out=run.parent / "new" / "trips.csv")
    assert left(run) == set()
    for out in (run / "trips.csv", run.parent / ("x" * 300 + ".csv")):
        with pytest.raises(ExtractorError, match=r"Cannot write .*choose another --out"):
            export(run, out=out)
    for to, name, complaint in (
        (None, None, r"Name a format \(csv, jsonl, parquet, duckdb\), as in --to csv, or a file"),
        ("xlsx", None, r"'xlsx' is no format; give one with --to: csv, jsonl, parquet, duckdb"),
        (None, "trips.xlsx", r"The name trips.xlsx does not tell a format"),
        ("parquet", None, r"parquet is no text for standard output; name a file, as in --out visits.parquet"),
        ("duckdb", "-", r"duckdb is no text for standard output"),
    ):
        with pytest.raises(UsageError, match=complaint):
            export(run, to=to, out=name)


@pytest.mark.parametrize(("to", "package"), [("parquet", "pyarrow"), ("duckdb", "duckdb")])
def test_a_missing_package_is_named(run: Path, to: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, one sentence says what to install, and nothing is left behind."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=rf'needs {package}; install it with: pip install "extractor\[{to}\]"'):
        export(run, out=run.parent / f"trips.{to}")
    assert left(run) == set()
