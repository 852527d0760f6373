"""Parquet: a row for each article, read a batch at a time, and of each only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import ArticleError, UsageError
from extractor.readers.columns import Columns, row
from extractor.readers.raw import Place, Raw, Unreadable, cause, needs, shown

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH = 8_000_000  # bytes of a batch, more or less
_MOST_ROWS = 4096  # of a batch
_BUFFER = 1 << 20


def read_parquet(path: Path, columns: Columns) -> Iterator[Raw | Unreadable]:
    """Read a Parquet file; what is damaged costs the rest of its row group.

    Raises:
        UsageError: if a column that is needed is not there, or of the wrong type.
        ArticleError: if it is no Parquet file.
    """
    with needs("pyarrow", "parquet", "Parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True) as file:
            found = _found(file.schema_arrow, columns, path)
            first = 1
            for group in range(file.num_row_groups):
                yield from _group(file, group, found, Place(path, "row", first))
                first += file.metadata.row_group(group).num_rows
    except (pa.ArrowException, OSError) as error:
        raise ArticleError(f"{shown(path)} cannot be read: {cause(error)}.") from None


def _found(schema: pa.Schema, columns: Columns, path: Path) -> dict[str, str]:
    """Return the names of the columns by what they hold, if they can hold it."""
    found = columns.found([name for name in schema.names if schema.names.count(name) == 1], shown(path))
    for field, name in found.items():
        kind = schema.field(name).type
        if not (_is_text(kind) or (field != "text" and _is_number(kind)) or (field == "published" and _is_time(kind))):
            complaint = f"has {kind} in the column {name!r}, which cannot be the {field}"
            raise UsageError(f"{shown(path)} {complaint}; name another with --{field}-column.")
    return found


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return _is_text(kind.value_type)
    likes = (types.is_string, types.is_large_string, types.is_string_view, types.is_binary, types.is_large_binary)
    return any(is_like(kind) for is_like in likes)


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow.types as types

    return bool(types.is_integer(kind) or types.is_floating(kind))


def _is_time(kind: pa.DataType) -> bool:
    import pyarrow.types as types

    return bool(types.is_timestamp(kind) or types.is_date(kind))


def _group(file: pq.ParquetFile, group: int, found: dict[str, str], place: Place) -> Iterator[Raw | Unreadable]:
    """Read a row group, whose first row is at `place`."""
    import pyarrow as pa

    known = file.metadata.row_group(group)
    rows = min(_MOST_ROWS, max(1, _BATCH * known.num_rows // max(1, known.total_byte_size)))
    last = place.number + known.num_rows - 1
    names = list(found.values())
    try:
        for batch in file.iter_batches(rows, row_groups=[group], columns=names, use_threads=False):
            cells = {field: _cells(batch.column(name)) for field, name in found.items()}
            for index in range(batch.num_rows):
                yield _row({field: column[index] for field, column in cells.items()}, found, place)
                place = place._replace(number=place.number + 1)
    except (pa.ArrowException, OSError) as error:
        yield place.unreadable(f"cannot be read, and what follows up to row {last} is lost with it ({cause(error)})")


def _cells(column: pa.Array) -> list[Any]:
    """Return plain values: text as bytes, since it may be no UTF-8, and times as the day, as written."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if _is_time(column.type):
        return list(pc.strftime(column, format="%Y-%m-%d").to_pylist())
    return list((column.cast(pa.large_binary()) if _is_text(column.type) else column).to_pylist())


def _row(cells: dict[str, Any], found: dict[str, str], place: Place) -> Raw | Unreadable:
    values: dict[str, Any] = {}
    for field, cell in cells.items():
        try:
            values[field] = (cell.decode() if isinstance(cell, bytes) else cell) or None
        except UnicodeDecodeError as error:
            byte = f"byte 0x{cell[error.start]:02x} at position {error.start}"
            return place.unreadable(f"is not UTF-8: {byte} in the column {found[field]!r}")
    return row({**values, "text": values["text"] or ""}, place)
