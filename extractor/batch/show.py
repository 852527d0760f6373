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
from sqlalchemy import URL

from extractor.batch.evidence import passages
from extractor.batch.lines import to_json
from extractor.batch.provenance import Provenance
from extractor.batch.store import Store
from extractor.batch.terminal import harmless, harmless_json
from extractor.extraction import Extraction, Record, Rejected
from extractor.extraction.confidence import confidence

_WIDTH = 100  # columns where nobody watches, such as in a file
_WIDEST = 24  # columns that one field may take; longer values wrap
_GAP = 2


def show(
    run: str | Path | URL,
    *,
    json: bool = False,
    evidence: bool = False,
    rejected: bool = False,
    min_confidence: float = 0,
) -> None:
    """Print what the run in the store `run` has found, the articles in the order of their ids.

    `evidence` adds to each record the sentences that carry it, with the words in brackets and their spans;
    `rejected` adds what was not kept, and why. Records of less than `min_confidence` are left out. `json` prints
    everything as a line of JSON for each article.

    Raises:
        UsageError: if there is no store.

    >>> import extractor
    >>> extractor.show("runs/today.db", evidence=True)         # doctest: +SKIP
    """
    with Store.open(run) as opened:
        made = opened.provenance
        if json:
            for extraction in opened.extractions(min_confidence=min_confidence):
                told = to_json(extraction, made.fields, made.keys, made.weights)
                print(harmless_json(jsonlib.dumps(told, ensure_ascii=False)))
            return
        console = Console(highlight=False, soft_wrap=False)
        if not console.is_terminal:
            console.width = _WIDTH
        if not opened.totals().articles:
            console.print("This run has no articles yet.")
        columns = _columns(opened, console.width, min_confidence)
        for extraction in opened.extractions(min_confidence=min_confidence):
            with console.capture() as captured:
                for part in _article(extraction, made, columns, evidence=evidence, rejected=rejected):
                    console.print(part)
            for line in captured.get().splitlines():
                print(line.rstrip())


def _columns(store: Store, room: int, min_confidence: float) -> dict[str, int]:
    """Choose the fields that are columns, and their widths: the keys, then those that most records have.

    What does not fit is told below each row.
    """
    widths: dict[str, int] = {}
    filled: Counter[str] = Counter()
    made = store.provenance
    for extraction in store.extractions(min_confidence=min_confidence):
        for record in extraction.records:
            for name, cell in _cells(record, made).items():
                filled[name] += 1
                widths[name] = max(widths.get(name, len(name)), min(len(cell), _WIDEST))
    keys = made.keys
    others = [name for name in made.fields if name in widths and name not in keys]
    others.sort(key=lambda name: (-filled[name], widths[name]))
    columns = {}
    for name in [*(key for key in keys if key in widths), *others, *({"confidence"} & widths.keys())]:
        if name in keys or widths[name] + _GAP <= room:
            columns[name] = widths[name]
            room -= widths[name] + _GAP
    return columns


def _article(
    extraction: Extraction, made: Provenance, columns: dict[str, int], *, evidence: bool, rejected: bool
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
        cells = _cells(record, made)
        yield _row({name: Text(cells.get(name, "")) for name in columns}, columns)
        if rest := [f"{name} {cell}" for name, cell in cells.items() if name not in columns]:
            yield _indented(Text(" · ".join(rest), "dim"), 4)
        if evidence:
            for passage in passages(article, {name: record[name] for name in cells if name in record}):
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


def _cells(record: Record, made: Provenance) -> dict[str, str]:
    """Write the values of a record in standard form and its confidence, without what it lacks and a plain no."""
    told = {name: [_plain(one.value) for one in found if one.value is not False] for name, found in record.items()}
    cells = {name: harmless(", ".join(values)) for name, values in told.items() if values}
    share = confidence(record, made.keys, made.weights)
    return cells if share is None else cells | {"confidence": f"{share:.2f}".removeprefix("0")}


def _plain(value: object) -> str:
    return "yes" if value is True else str(value)


def _rejection(rejection: Rejected) -> Text:
    field, value, reason = rejection
    if field is None and value is None:
        return Text(harmless(f"rejected by {reason}"), "yellow")
    if isinstance(value, dict):
        value = ", ".join(f"{name} {_plain(one)}" for name, one in value.items() if one not in (None, []))
    return Text(harmless(f"rejected {field or 'record'}: {value}: {reason}"), "yellow")
