"""Tables: columns are found or named, every row comes out, and none is changed."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractor.article import Article
from extractor.errors import UsageError
from extractor.readers import Columns, Unreadable, read
from extractor.readers.days import day
from extractor.readers.raw import LARGEST
from tests.reading import TEXT, articles, listing, refused, write

ROW = {
    "ID": "n1",
    "Body": f'{TEXT}\r\nShe "left", he said; it\'s\x00 5\t€.\n\nEnd ',
    "Publish Date": "Tue, 05 Mar 2024 10:00:00 GMT",
    "link": "https://f.example/1",
    "Outlet": "The Fjord",
    "lang": "en",
    "Headline": "Bell in Oslo",
    "rating": "5",
}
KNOWN = {
    "id": "n1",
    "published": "2024-03-05",
    "publisher": "The Fjord",
    "url": "https://f.example/1",
    "language": "en",
}


def save(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as their suffix says, with the library that others would use."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_bytes(listing(*rows))
    else:
        with path.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)
    return path


FORMATS = pytest.mark.parametrize("name", ["news.csv", "news.tsv", "news.parquet", "news.jsonl"])


@FORMATS
def test_columns_are_guessed_and_the_text_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    """Whatever the format, the same row gives the same article, its title as the first paragraph."""
    path = save(tmp_path / name, [ROW, {**ROW, "ID": "n2", "Headline": "Ann Bell", "Body": TEXT}])
    first, second = articles(path)
    assert first.model_dump(include=set(KNOWN)) == KNOWN
    assert first.text == f"Bell in Oslo\n\n{ROW['Body']}"
    assert second.text == TEXT
    assert second.source == f"{path}:{2 if name.endswith(('parquet', 'jsonl')) else 6}"


@FORMATS
def test_named_columns_win_and_an_empty_name_means_none(tmp_path: Path, name: str) -> None:
    """Names are matched as written first, then without regard to case."""
    rows = [{"text": "No.", "abstract": TEXT, "date": "no date", "key": "k7", "KEY": "other", "title": "Bell"}]
    columns = Columns(text="Abstract", id="key", published="", title="")
    (article,) = articles(save(tmp_path / name, rows), columns)
    assert (article.id, article.text, article.published) == ("k7", TEXT, None)


@FORMATS
def test_an_article_without_id_gets_the_same_one_in_each_run(tmp_path: Path, name: str) -> None:
    """The name of the file and the number of the row, so that a run finds it again."""
    path = save(tmp_path / name, [{"text": f"{TEXT} {number}"} for number in range(3)])
    ids = [article.id for article in articles(path)]
    assert ids == [article.id for article in articles(path)]
    first = 2 if name.endswith("sv") else 1
    assert ids == [f"news-{number}" for number in range(first, first + 3)]


@FORMATS
def test_a_column_that_is_not_there_is_wrong_usage(tmp_path: Path, name: str) -> None:
    """The sentence lists the columns there are and names the option; in a list of lines it comes at the end."""
    path = save(tmp_path / name, [{"id": "a", "text": TEXT}])
    if name.endswith(".jsonl"):
        (bad,) = refused(path, Columns(published="when"))
        assert bad.reason == f"{path} has no line with the key 'when' (--published-column)."
        return
    with pytest.raises(UsageError) as caught:
        list(read(path, Columns(published="when")))
    assert str(caught.value) == f"{path} has no column 'when' (--published-column); there are id, text."
    first, second = read([path, Article(id="b", text=TEXT)], Columns(published="when"))
    assert isinstance(first, Unreadable)
    assert isinstance(second, Article)


@pytest.mark.parametrize("name", ["news.csv", "news.tsv", "news.parquet"])
def test_a_table_without_texts_is_wrong_usage(tmp_path: Path, name: str) -> None:
    """Where no column looks like the text, nothing is guessed."""
    path = save(tmp_path / name, [{"id": "a", "abstract\n": TEXT} | {f"c{number}": 1 for number in range(20)}])
    with pytest.raises(UsageError) as caught:
        list(read(path))
    columns = ", ".join(["id", "'abstract\\n'", *(f"c{number}" for number in range(18))])
    wanted = "has no column that looks like the text of an article; name one with --text-column"
    assert str(caught.value) == f"{path} {wanted} (there are {columns} and 2 more)."


@FORMATS
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path, name: str) -> None:
    """An empty text, a date that may be two, an id that repeats: each is refused alone."""
    texts = [TEXT, " ", TEXT, TEXT, TEXT]
    days = ["2024-03-05", "2024-03-05", "03/05/2024", "5 March 2024", None]
    ids = ["a", "b", "c", "a", "e"]
    rows = [{"id": i, "text": t, "date": d} for i, t, d in zip(ids, texts, days, strict=True)]
    path = save(tmp_path / name, rows)
    found = list(read(path))
    unit, first = ("line", 2) if name.endswith("sv") else ("row" if name.endswith("parquet") else "line", 1)
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "e"]
    assert [item.reason for item in found if isinstance(item, Unreadable)] == [
        f"{name}, {unit} {first + 1}: The text is empty.",
        f"{name}, {unit} {first + 2}, is refused: published: '03/05/2024' may be two different days, "
        "so write it as 2024-03-05 is written.",
        f"A second article at {path}:{first + 3} has the id 'a'; ids must be unique.",
    ]


BROKEN: dict[str, tuple[bytes, str]] = {
    "too few": (b"b", "has 1 cells, where the header names 2"),
    "too many": (b"b,c,d", "has 3 cells, where the header names 2"),
    "quote": (b'b,"Bell "left" Oslo"', "is no row of a table (',' expected after '\"')"),
    "latin-1": (b"b,Montr\xe9al", "is not UTF-8: byte 0xe9 in the column 'text'"),
    "long id": (b"b" * 300 + b",Text", "The id "),
}


@pytest.mark.parametrize(("line", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_of_csv_costs_that_line(tmp_path: Path, line: bytes, reason: str) -> None:
    """What cannot be read as it was meant is refused, not mended."""
    path = write(tmp_path, {"news.csv": b"id,text\na,One.\n\n" + line + b"\nz,Two.\n"}) / "news.csv"
    first, bad, last = read(path)
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith(f"news.csv, line 4, {reason}".replace("4, The", "4: The"))
    assert [item.text for item in (first, last) if isinstance(item, Article)] == ["One.", "Two."]


def test_a_quotation_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    """What would swallow the rest of the table does not become an article."""
    write(tmp_path, {"news.csv": 'id,text\na,One.\nb,"Two.\nc,Three.\n'})
    first, bad = read(tmp_path / "news.csv")
    assert isinstance(first, Article)
    assert isinstance(bad, Unreadable)
    assert bad.reason == "news.csv, line 3, is no row of a table (unexpected end of data)."


def test_other_delimiters_and_a_byte_order_mark_are_seen(tmp_path: Path) -> None:
    """Spreadsheets write semicolons in half of Europe, and a mark before the first column's name."""
    write(tmp_path, {"news.csv": '\ufeffid;text;date\r\na;"Bell; in Oslo";2024-03-05\r\n'})
    (article,) = articles(tmp_path)
    assert (article.id, article.text, article.published) == ("a", "Bell; in Oslo", "2024-03-05")


def test_bad_bytes_in_a_column_that_nobody_asked_for_do_no_harm(tmp_path: Path) -> None:
    """Only what is read must be UTF-8; a header must be, and a file of another encoding is named."""
    path = write(tmp_path, {"news.csv": b"id,text,note\na,One.,Montr\xe9al\n"}) / "news.csv"
    assert [article.text for article in articles(path)] == ["One."]
    path.write_bytes("id,text\na,One.\n".encode("utf-16"))
    with pytest.raises(UsageError, match=r"news\.csv is not UTF-8, from its first line on; save it as UTF-8\.$"):
        list(read(path))


def test_a_field_of_megabytes_is_read_and_a_monstrous_one_refused(tmp_path: Path) -> None:
    """A row may be as large as an article, over many lines; what is larger is not held."""
    path = tmp_path / "news.csv"
    large = "word\n" * 300_000
    with path.open("w", encoding="utf-8") as handle:
        handle.write(f'id,text\na,"{large}"\nb,')
        for _ in range(LARGEST // 1_000_000 + 1):
            handle.write("x" * 1_000_000)
        handle.write("\nc,One.\n")
    first, bad, last = list(members_of(path))
    assert first == large
    assert last == "One."
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith("news.csv, line 300003, has more than 50 MB, the most that an article may have;")


def members_of(path: Path) -> list[str | Unreadable]:
    """Read a file without looking for boilerplate, which takes long in megabytes."""
    from extractor.readers import Raw, members

    return [item.text if isinstance(item, Raw) else item for item in members(path) if not isinstance(item, Article)]


def test_a_huge_line_of_a_list_is_refused_without_being_held(tmp_path: Path) -> None:
    """The next line is read as if nothing had been."""
    path = tmp_path / "news.jsonl"
    with path.open("wb") as handle:
        handle.write(listing({"text": "One."}) + b'{"text": "')
        for _ in range(LARGEST // 1_000_000 + 1):
            handle.write(b"x" * 1_000_000)
        handle.write(b'"}\n' + listing({"text": "Two."}))
    first, bad, last = members_of(path)
    assert (first, last) == ("One.", "Two.")
    assert isinstance(bad, Unreadable)
    assert bad.reason == "news.jsonl, line 2, has more than 50 MB, the most that an article may have."


TIMES = {
    "naive": (pa.timestamp("ns"), datetime.datetime(2024, 3, 5, 23, 30)),
    "zoned": (pa.timestamp("us", tz="America/New_York"), datetime.datetime(2024, 3, 6, 2, 30)),  # in UTC
    "seconds": (pa.timestamp("s"), datetime.datetime(2024, 3, 5)),
    "day": (pa.date32(), datetime.date(2024, 3, 5)),
    "milliseconds": (pa.date64(), datetime.date(2024, 3, 5)),
    "epoch": (pa.int64(), 1_709_640_000),
    "float": (pa.float64(), 1_709_640_000.5),
    "words": (pa.large_string(), "March 5, 2024"),
    "categories": (pa.dictionary(pa.int32(), pa.string()), "2024-03-05T10:00:00Z"),
}


@pytest.mark.parametrize(("kind", "value"), TIMES.values(), ids=TIMES.keys())
def test_parquet_times_give_the_day_as_written(tmp_path: Path, kind: pa.DataType, value: Any) -> None:
    """Of a point in time the day in its own zone counts; a missing one is missing."""
    table = pa.table({"text": ["One.", "Two."], "date": pa.array([value, None], kind)})
    pq.write_table(table, tmp_path / "news.parquet")
    assert [article.published for article in articles(tmp_path)] == ["2024-03-05", None]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()])
def test_parquet_text_may_be_of_any_textual_type(tmp_path: Path, kind: pa.DataType) -> None:
    """Some programs write text as bytes; what is no UTF-8 among them is refused alone."""
    texts = [b"One.", b"Montr\xe9al", None] if pa.types.is_binary(kind) else ["One.", "Two.", None]
    pq.write_table(pa.table({"text": pa.array(texts, kind), "id": [7, 8, 9]}), tmp_path / "news.parquet")
    first, second, empty = read(tmp_path)
    assert isinstance(first, Article)
    assert (first.id, first.text) == ("7", "One.")
    assert empty == Unreadable("9", tmp_path / "news.parquet", "news.parquet, row 3: The text is empty.")
    if isinstance(second, Unreadable):
        assert second.reason == "news.parquet, row 2, is not UTF-8: byte 0xe9 at position 5 in the column 'text'."


@pytest.mark.parametrize(
    ("column", "values", "option"),
    [
        ("text", [1], "news.parquet has int64 in the column 'text', which cannot be the text; "
                      "name another with --text-column."),
        ("date", [["2024"]], "news.parquet has list<element: string> in the column 'date', which cannot be the "
                             "published; name another with --published-column."),
    ],
)  # fmt: skip
def test_a_parquet_column_of_a_wrong_type_is_named(tmp_path: Path, column: str, values: list[Any], option: str) -> None:
    """Before anything is read."""
    pq.write_table(pa.table({"text": ["One."], column: values}), tmp_path / "news.parquet")
    with pytest.raises(UsageError) as caught:
        list(read(tmp_path / "news.parquet"))
    assert str(caught.value) == f"{tmp_path}/{option}"


def test_a_damaged_parquet_file_costs_what_is_damaged(tmp_path: Path) -> None:
    """A file that is no Parquet is named; in one with a bad row group the others are read."""
    path = tmp_path / "news.parquet"
    path.write_bytes(b"PAR1 no table PAR1")
    (bad,) = refused(tmp_path)
    assert bad.reason.startswith(f"{path} cannot be read: ")
    rows = [{"id": str(number), "text": f"Number {number}. " * 50} for number in range(300)]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=100, write_page_checksum=True)
    column = pq.read_metadata(path).row_group(1).column(1)
    content = bytearray(path.read_bytes())
    middle = column.dictionary_page_offset + column.total_compressed_size // 2
    content[middle : middle + 20] = b"\xff" * 20
    path.write_bytes(content)
    found = list(read(path))
    (bad,) = (item for item in found if isinstance(item, Unreadable))
    assert bad.reason.startswith(
        "news.parquet, row 101, cannot be read, and what follows up to row 200 is lost with it ("
    )
    assert [item.id for item in found if isinstance(item, Article)] == [str(n) for n in (*range(100), *range(200, 300))]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2024-03-05 10:00:00", "2024-03-05"),
        ("2024-03-05T23:30:00.000Z", "2024-03-05"),
        ("Tue, 05 Mar 2024 23:30:00 -0500", "2024-03-05"),
        ("5 March 2024", "2024-03-05"),
        ("Mar 5th, 2024 at 10pm", "2024-03-05"),
        ("March 5, 2024 10:00 PST", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("20240305103000", "2024-03-05"),
        ("13/05/2024", "2024-05-13"),
        ("5/5/2024", "2024-05-05"),
        ("1709640000", "2024-03-05"),
        ("1709640000123", "2024-03-05"),
        ("March 2024", "2024-03"),
        ("5 March", "XXXX-03-05"),
        ("NaT", None),
        ("null", None),
    ],
)
def test_days_are_read_in_many_forms(written: str, kept: str | None) -> None:
    """What states a day, a month or a year, in words or figures."""
    assert day(written) == kept


@pytest.mark.parametrize("written", ["03/05/2024", "5.3.2024", "05-MAR-24", "24-03-05"])
def test_no_day_is_guessed_of_two(written: str) -> None:
    """Neither order of day and month, nor of day and year, is taken for granted."""
    with pytest.raises(ValueError, match="may be two different days, so write it as 2024-03-05 is written"):
        day(written)


@pytest.mark.parametrize("written", ["yesterday", "Tuesday", "10:30", "12", "March", "2023-02-30", "9" * 5000, "\x00"])
def test_what_is_no_day_is_refused(written: str) -> None:
    """Neither a time, nor a weekday, nor a day that never was."""
    with pytest.raises(ValueError, match="is no date such as 2024-03-05, 2024-03 or XXXX-03-05"):
        day(written)


def test_a_key_that_was_guessed_wrong_is_left_alone(tmp_path: Path) -> None:
    """A structure where a name is expected was not meant; but a key that says so, or was named, must hold it."""
    line = {"content": {"rendered": "No."}, "body": TEXT, "source": {"name": "Fjord"}, "url": ["x"], "link": "l"}
    path = (
        write(tmp_path, {"news.jsonl": listing(line, {**line, "url": None}, {**line, "body": [TEXT]})}) / "news.jsonl"
    )
    first, second, third = read(path, Columns(text="body"))
    assert isinstance(first, Unreadable)
    assert first.reason == "news.jsonl, line 1, is refused: url: Input should be a valid string."
    assert isinstance(second, Article)
    assert (second.text, second.publisher) == (TEXT, None)
    assert isinstance(third, Unreadable)


def test_files_beside_a_list_keep_their_own_text(tmp_path: Path) -> None:
    """A line that names a file takes nothing but what is known about it from its other keys."""
    line = {"file": "b.txt", "title": "A title", "body": "Other words.", "uuid": "u1", "date": "5 March 2024"}
    write(tmp_path, {"articles.jsonl": json.dumps(line), "b.txt": TEXT})
    (article,) = articles(tmp_path)
    assert (article.id, article.text, article.published) == ("u1", TEXT, "2024-03-05")
