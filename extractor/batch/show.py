"""Show a store: a table that a person reads, article by article, or a line of JSON for each."""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractor.batch.evidence import passages
from extractor.batch.lines import to_json
from extractor.batch.store import Store
from extractor.batch.terminal import harmless, harmless_json
from extractor.extraction import Extraction, Record, Rejected

_WIDTH = 100  # columns where nobody watches, such as in a file
_WIDEST = 24  # columns that one field may take; longer values wrap
_GAP = 2


def show(run: str | Path, *, json: bool = False, evidence: bool = False, rejected: bool = False) -> None:
    """Print what the run in the store `run` has found, the articles in the order of their ids.

    `evidence` adds to each record the sentences that carry it, with the words in brackets and their spans;
    `rejected` adds what was not kept, and why. `json` prints everything as a line of JSON for each article.

    Raises:
        UsageError: if there is no store.

    >>> import extractor
    >>> extractor.show("runs/today.db", evidence=True)         # doctest: +SKIP
    """
    with Store.open(run) as opened:
        fields = opened.provenance.fields
        if json:
            for extraction in opened.extractions():
                print(harmless_json(jsonlib.dumps(to_json(extraction, fields), ensure_ascii=False)))
            return
        console = Console(highlight=False, soft_wrap=False)
        if not console.is_terminal:
            console.width = _WIDTH
        if not opened.totals().articles:
            console.print("This run has no articles yet.")
        columns = _columns(opened, console.width)
        for extraction in opened.extractions():
            with console.capture() as captured:
                for part in _article(extraction, columns, evidence=evidence, rejected=rejected):
                    console.print(part)
            for line in captured.get().splitlines():
                print(line.rstrip())


def _columns(store: Store, room: int) -> dict[str, int]:
    """Choose the fields that are columns, and their widths: the keys, then those that most records have.

    What does not fit is told below each row.
    """
    widths: dict[str, int] = {}
    filled: Counter[str] = Counter()
    for extraction in store.extractions():
        for record in extraction.records:
            for name, cell in _cells(record).items():
                filled[name] += 1
                widths[name] = max(widths.get(name, len(name)), min(len(cell), _WIDEST))
    keys = store.provenance.keys
    others = [name for name in store.provenance.fields if name in widths and name not in keys]
    others.sort(key=lambda name: (-filled[name], widths[name]))
    columns = {}
    for name in [*(key for key in keys if key in widths), *others]:
        if name in keys or widths[name] + _GAP <= room:
            columns[name] = widths[name]
            room -= widths[name] + _GAP
    return columns


def _article(
    extraction: Extraction, columns: dict[str, int], *, evidence: bool, rejected: bool
) -> Iterator[RenderableType]:
    """Yield what is printed for one article: a headline, the records as rows, and what else was asked for."""
    article = extraction.article
    known = (article.publisher, article.published)
    yield Text(harmless(" · ".join([article.id, *(part for part in known if part)])), "bold")
    if extraction.error:
        yield _indented(Text(harmless(f"failed: {extraction.error}"), "red"))
    if not extraction.records and not extraction.error:
        yield _indented(Text("no records", "dim"))
    if extraction.records:
        yield _row({name: Text(name, "dim") for name in columns}, columns)
    for record in extraction.records:
        cells = _cells(record)
        yield _row({name: Text(cells.get(name, "")) for name in columns}, columns)
        if rest := [f"{name} {cell}" for name, cell in cells.items() if name not in columns]:
            yield _indented(Text(" · ".join(rest), "dim"), 4)
        if evidence:
            for passage in passages(article, {name: record[name] for name in cells}):
                yield _indented(passage.sentence, 4)
                yield _indented(Text(", ".join(passage.carried), "dim"), 6)
    if rejected:
        yield from (_indented(_rejection(rejection)) for rejection in extraction.rejected)
    yield Text()


def _row(cells: dict[str, Text], columns: dict[str, int]) -> RenderableType:
    """Lay out a row; the widths are the same for all articles, so that columns stand below each other."""
    row = Table.grid(padding=(0, _GAP, 0, 0))
    for width in columns.values():
        row.add_column(width=width, overflow="fold")
    row.add_row(*cells.values())
    return _indented(row)


def _indented(content: RenderableType, by: int = _GAP) -> Padding:
    return Padding(content, (0, 0, 0, by), expand=False)


def _cells(record: Record) -> dict[str, str]:
    """Write the values of a record in standard form; what it lacks, and a plain no, are left out."""
    told = {name: [_plain(one.value) for one in found if one.value is not False] for name, found in record.items()}
    return {name: harmless(", ".join(values)) for name, values in told.items() if values}


def _plain(value: object) -> str:
    return "yes" if value is True else str(value)


def _rejection(rejection: Rejected) -> Text:
    field, value, reason = rejection
    if isinstance(value, dict):
        value = ", ".join(f"{name} {_plain(one)}" for name, one in value.items() if one not in (None, []))
    return Text(harmless(f"rejected {field or 'record'}: {value}: {reason}"), "yellow")
