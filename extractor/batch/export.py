"""Export: a run as a table that other programs read, a row for each record, with a dictionary of its columns."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from extractor.batch.dictionary import Column, Row, columns, schema_of
from extractor.batch.provenance import Provenance
from extractor.batch.store import Store
from extractor.batch.terminal import harmless, harmless_json
from extractor.errors import ExtractorError, UsageError
from extractor.extraction import Extraction
from extractor.extraction.confidence import confidence
from extractor.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy import URL

FORMATS = ("csv", "jsonl", "parquet", "duckdb")

_TEXT = ("csv", "jsonl")
_BATCH = 1000  # rows that are handed over at a time
_GROUP = 32 * 2**20  # bytes of a row group of Parquet

# What a spreadsheet takes for a formula: at the start of a cell, and behind what starts one in a country that
# separates cells by semicolons.
_FORMULA = re.compile(r"""(?<![^;\t\r\n])(?=[ '"]*[=+\-@＝＋－＠])""")

Cells = dict[str, Any]


class Exported(NamedTuple):
    """What was written where: to `out` and `dictionary`, or to standard output if they are None.

    `records` are those of `articles`; `empty` counts the articles without any, `failed` those that failed.
    `note` says what a reader of the dictionary must know.
    """

    out: Path | None
    dictionary: Path | None
    records: int
    articles: int
    empty: int
    failed: int
    note: str | None

    def __str__(self) -> str:
        """Say it in a sentence."""
        told = f"{_count(self.records, 'record')} of {_count(self.articles, 'article')}"
        told += f" in {self.out}" if self.out else ""
        told += f", dictionary in {self.dictionary}" if self.dictionary else ""
        told += f"; {_count(self.empty, 'article')} without records" if self.empty else ""
        told += f"; {_count(self.failed, 'article')} failed" if self.failed else ""
        return f"{told}."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)


def export(
    run: str | Path | URL,
    *,
    to: str | None = None,
    out: str | Path | None = None,
    schema: str | type[Schema] | None = None,
    evidence: bool = False,
    min_confidence: float = 0,
    force: bool = False,
) -> Exported:
    """Write the run in the store `run` as a table with a row for each record, and a dictionary of its columns.

    `to` is csv, jsonl, parquet or duckdb; unless given, the suffix of `out` tells. Without `out`, or if that is
    ``-``, csv and jsonl go to standard output. The dictionary goes beside `out`, as ``NAME.dictionary.csv``, or into
    the database. `evidence` adds to each field the words that carry it, where they start and end, verdict and rule.
    Records of less than `min_confidence` are left out. `schema` describes the columns, if it is none that comes with
    the program. A file that is there is replaced with `force` alone, and only once the new one is whole.

    Raises:
        UsageError: if there is no store, or the format, file or schema is wrong.
        ExtractorError: if the file cannot be written.

    >>> import extractor
    >>> extractor.export("runs/visits.db", out="visits.parquet", evidence=True)         # doctest: +SKIP
    """
    out = None if out is None or str(out) == "-" else Path(out)
    to = _format(to, out)
    with Store.open(run) as store:
        made = store.provenance
        known, note = schema_of(made, schema)
        table = columns(made, known, store.extractions(), evidence=evidence)
        rows = _Rows(store.extractions(), table, made, min_confidence)
        dictionary = None
        if out is None:
            _print(to, rows, table)
        else:
            dictionary = out.parent / f"{out.stem}.dictionary.csv" if to != "duckdb" else None
            try:
                _refuse(store.place, out, dictionary, table, force=force)
                _save(to, rows, table, out, dictionary)
            except OSError as error:
                raise ExtractorError(
                    f"Cannot write {out}: {error.strerror or error}; make room there, or choose another --out."
                ) from None
    return Exported(out, dictionary, rows.records, rows.articles, rows.empty, rows.failed, note if out else None)


def _format(to: str | None, out: Path | None) -> str:
    if to is None and out is None:
        raise UsageError(f"Name a format ({', '.join(FORMATS)}), as in --to csv, or a file, as in --out visits.csv.")
    name = to or (out.suffix.removeprefix(".").lower() if out else "")
    if name not in FORMATS:
        wrong = f"{to!r} is no format" if to else f"The name {out} does not tell a format"
        raise UsageError(f"{wrong}; give one with --to: {', '.join(FORMATS)}.")
    if out is None and name not in _TEXT:
        raise UsageError(f"{name} is no text for standard output; name a file, as in --out visits.{name}.")
    return name


class _Rows:
    """The rows of a table as cells by column; counts what it has gone through."""

    def __init__(
        self, extractions: Iterable[Extraction], table: Sequence[Column], made: Provenance, least: float
    ) -> None:
        self._extractions, self._table, self._made, self._least = extractions, table, made, least
        self.records = self.articles = self.empty = self.failed = 0

    def __iter__(self) -> Iterator[Cells]:
        # The unsure are left out here, after all are numbered: a number is the same whatever confidence is asked for.
        for extraction in self._extractions:
            before = self.records
            for number, record in enumerate(extraction.records, start=1):
                share = confidence(record, self._made.keys, self._made.weights)
                if share is None or share >= self._least:
                    self.records += 1
                    row = Row(extraction.article, number, record, share)
                    yield {column.name: column.cell(row) for column in self._table}
            self.failed += extraction.error is not None
            self.articles += self.records > before
            self.empty += self.records == before and extraction.error is None


def _print(to: str, rows: Iterable[Cells], table: Sequence[Column]) -> None:
    """Write to standard output, in UTF-8 and with the line ends of the format on any system."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a notebook takes text alone
        _write_text(to, rows, table, sys.stdout)
        return
    sys.stdout.flush()
    text = io.TextIOWrapper(buffer, encoding="utf-8", newline="")
    try:
        _write_text(to, rows, table, text)
    finally:
        text.detach()


def _write_text(to: str, rows: Iterable[Cells], table: Sequence[Column], file: TextIO) -> None:
    if to == "jsonl":
        for row in rows:
            file.write(harmless_json(json.dumps(row, ensure_ascii=False)) + "\n")
        return
    screen = file.isatty()
    lines = csv.writer(file)
    lines.writerow([column.name for column in table])
    for row in rows:
        cells = [_csv_cell(value) for value in row.values()]
        lines.writerow([harmless(cell) for cell in cells] if screen else cells)


def _csv_cell(value: object) -> str:
    r"""Write a value as a cell that no spreadsheet takes for a formula; NUL, which CSV cannot hold, becomes U+FFFD.

    >>> _csv_cell("=1+1"), _csv_cell(["a", None]), _csv_cell(True), _csv_cell(-5), _csv_cell(None)
    ("'=1+1", '["a", null]', 'true', '-5', '')
    """
    if value is None:
        return ""
    if not isinstance(value, str | list):
        return json.dumps(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _FORMULA.sub("'", text.replace("\0", "\ufffd"))


def _dictionary(table: Sequence[Column]) -> str:
    """Return the data dictionary as CSV."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    entries = [column.entry() for column in table]
    lines.writerow(entries[0])
    lines.writerows([_csv_cell(cell) for cell in entry.values()] for entry in entries)
    return text.getvalue()


def _batches(rows: Iterable[Cells]) -> Iterator[list[Cells]]:
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _write_parquet(rows: Iterable[Cells], table: Sequence[Column], path: Path) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise _needs("Parquet", "pyarrow", "parquet") from None
    kinds = {"text": pa.string(), "boolean": pa.bool_(), "integer": pa.int64(), "number": pa.float64()}
    fields = []
    for column in table:
        kind = kinds[column.kind]
        for _ in range(column.lists):
            kind = pa.list_(kind)
        fields.append(pa.field(column.name, kind, metadata=column.entry()))
    schema = pa.schema(fields)
    with parquet.ParquetWriter(path, schema) as writer:
        group: list[Any] = []
        for batch in _batches(rows):
            group.append(pa.RecordBatch.from_pylist(batch, schema=schema))
            if sum(one.nbytes for one in group) >= _GROUP:
                writer.write_table(pa.Table.from_batches(group))
                group = []
        if group:
            writer.write_table(pa.Table.from_batches(group))


def _write_duckdb(rows: Iterable[Cells], table: Sequence[Column], path: Path) -> None:
    try:
        import duckdb
    except ImportError:
        raise _needs("DuckDB", "duckdb", "duckdb") from None
    kinds = {"text": "VARCHAR", "boolean": "BOOLEAN", "integer": "BIGINT", "number": "DOUBLE"}
    types = ", ".join(f'"{column.name}" {kinds[column.kind]}{"[]" * column.lists}' for column in table)
    entries = [column.entry() for column in table]
    try:
        with duckdb.connect(path) as db:
            db.execute(f"CREATE TABLE records ({types})")
            db.execute(f"CREATE TABLE dictionary ({', '.join(f'{name} VARCHAR' for name in entries[0])})")
            for name, content in (("dictionary", entries), ("records", rows)):
                with db.appender(name) as appender:
                    for batch in _batches(content):
                        appender.append_rows([list(row.values()) for row in batch])
                        appender.flush()
    except duckdb.OperationalError as error:
        raise OSError(str(error).partition("\n")[0]) from None


def _needs(what: str, package: str, extra: str) -> UsageError:
    return UsageError(f'Writing {what} needs {package}; install it with: pip install "extractor[{extra}]".')


def _refuse(run: Path | URL, out: Path, dictionary: Path | None, table: Sequence[Column], *, force: bool) -> None:
    """Keep what is there: the run in any case, other files unless `force` says otherwise."""
    if isinstance(run, Path) and out.exists() and out.samefile(run):
        raise UsageError(f"{out} is the run itself; choose another --out.")
    for path in filter(None, (out, dictionary)):
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is no file; choose another --out.")
    if force:
        return
    if out.exists():
        raise UsageError(f"{out} is there already; add --force to replace it, or choose another --out.")
    if dictionary and dictionary.exists() and dictionary.read_bytes() != _dictionary(table).encode():
        raise UsageError(
            f"{dictionary} is there already and tells of other columns; add --force, or choose another --out."
        )


def _save(to: str, rows: Iterable[Cells], table: Sequence[Column], out: Path, dictionary: Path | None) -> None:
    """Write both files apart, and give them their names once they are whole and on the disk."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as place:
        if dictionary:
            Path(place, dictionary.name).write_text(_dictionary(table), "utf-8", newline="")
        write_table(to, rows, table, Path(place, out.name))
        for final in filter(None, (dictionary, out)):
            with Path(place, final.name).open("rb+") as written:
                os.fsync(written.fileno())
            os.replace(written.name, final)


def write_table(to: str, rows: Iterable[Cells], table: Sequence[Column], path: Path) -> None:
    """Write rows to a file at `path`, in the format that `to` names."""
    if to == "duckdb":
        _write_duckdb(rows, table, path)
    elif to == "parquet":
        _write_parquet(rows, table, path)
    else:
        with path.open("w", encoding="utf-8", newline="") as text:
            _write_text(to, rows, table, text)
