"""Report: a run as one HTML file that shows everything, needs no network, and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import URL

from extractor.batch.store import Store
from extractor.errors import ExtractorError, UsageError
from extractor.fields.gazetteer import name_of
from extractor.reviewing.events_page import EventsPage
from extractor.reviewing.page import articles, embedded, field_data, run_facts
from extractor.schema import Schema

STATIC = Path(__file__).parent / "static"
STYLES = ("page.css", "report.css")
STYLES_OF_EVENTS = (*STYLES, "events.css")
SCRIPTS = (
    "vendor/d3.min.js", "vendor/plot.umd.min.js", "article.js", "data.js", "list.js", "highlight.js", "charts.js",
    "facts.js", "report.js",
)  # fmt: skip
SCRIPTS_OF_EVENTS = (
    *SCRIPTS[:-1], "vendor/topojson-client.min.js", "events_data.js", "timeline.js", "map.js", "event.js",
    "events.js", SCRIPTS[-1],
)  # fmt: skip
WORLD = "vendor/world.json"
_BEGINNING = b"<!doctype html>"
_CHUNK = 25  # articles that the page reads at a time, when the first of them is shown


class Reported(NamedTuple):
    """What was written where; `note` says what a reader of the page must know."""

    out: Path
    articles: int
    records: int
    note: str | None

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"{_count(self.records, 'record')} of {_count(self.articles, 'article')} in {self.out}."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)


def report(
    run: str | Path | URL,
    *,
    out: str | Path,
    schema: str | type[Schema] | None = None,
    events: str | Path | None = None,
) -> Reported:
    """Write the run in the store `run` as one HTML file, to be opened in a browser.

    It shows the articles with their evidence, what was rejected, charts, and what made the run. An earlier report of
    that name is replaced, another file is not. `schema` describes the fields, if none that comes with the program does.
    `events` is a file that `merge` wrote: the page then shows its events, too, with the articles that tell of each.

    Raises:
        UsageError: if there is no store, the schema is not the run's, there are no events or only of another schema, or
            `out` is there and no report.
        ExtractorError: if the file cannot be written.

    >>> import extractor
    >>> extractor.report("runs/visits.db", out="report.html")         # doctest: +SKIP
    """
    out = Path(out)
    with Store.open(run) as store:
        _refuse(store.place, out)
        fields = field_data(store.provenance, schema)
        facts = run_facts(store, schema)
        index = _Index(facts, fields)
        shown = EventsPage(events, store.provenance.schema, fields) if events else None
        passing = shown.passing(articles(store)) if shown else articles(store)
        try:
            _save(out, _pieces(facts, index, index.chunks(passing), shown))
        except OSError as error:
            raise ExtractorError(
                f"Cannot write {out}: {error.strerror or error}; make room there, or choose another --out."
            ) from None
    return Reported(out, facts["articles"], facts["records"], facts["note"])


def _refuse(run: Path | URL, out: Path) -> None:
    if out.is_dir():
        raise UsageError(f"{out} is a folder; name a file, as in --out {out / 'report.html'}.")
    if isinstance(run, Path) and out.exists() and out.samefile(run):
        raise UsageError(f"{out} is the run itself; choose another --out.")
    if out.is_file() and not _is_page(out):
        raise UsageError(f"{out} is there already and is no report; choose another --out.")


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def _save(out: Path, pieces: Iterable[str]) -> None:
    """Write the file apart, and give it its name once it is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as place:
        whole = Path(place, out.name)
        with whole.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        os.replace(whole, out)


def _pieces(facts: Mapping[str, Any], index: _Index, chunks: Iterator[str], events: EventsPage | None) -> Iterator[str]:
    """Yield the page; the data of the articles goes straight from the store into the file."""
    environment = Environment(loader=PackageLoader("extractor.reviewing"), autoescape=True, undefined=StrictUndefined)
    styles = "".join((STATIC / name).read_text("utf-8") for name in (STYLES_OF_EVENTS if events else STYLES))
    scripts = [_script(name) for name in (SCRIPTS_OF_EVENTS if events else SCRIPTS)]
    template = environment.get_template("report.html")
    yield from template.generate(
        facts=facts,
        policy=content_security_policy(styles, scripts),
        styles=Markup(styles),  # noqa: S704 -- a file of ours
        scripts=[Markup(script) for script in scripts],  # noqa: S704 -- files of ours and of the libraries
        chunks=map(Markup, chunks),
        index=lambda: Markup(index.finished()),  # noqa: S704 -- `embedded` has escaped it
        events=events,
        event_chunks=lambda: map(Markup, events.chunks() if events else ()),
        event_index=lambda: Markup(events.index() if events else ""),  # noqa: S704 -- the same
        world=Markup(_script(WORLD)),  # noqa: S704 -- a file of ours
    )


def _script(name: str) -> str:
    """Return a script that goes inside HTML as it is: none of ours or theirs may end its element early."""
    text = (STATIC / name).read_text("utf-8").replace("\r\n", "\n")
    if "</script" in text.lower() or "<!--" in text:
        raise ExtractorError(f"{name} cannot stand inside HTML; install extractor anew.")
    return text


def content_security_policy(styles: str, scripts: Iterable[str]) -> str:
    """Return a policy under which a page loads nothing, sends nothing, and runs these scripts alone."""
    hashes = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_hash(styles)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Index:
    """What the page must know of every article at once, to list, filter and draw; made while the articles pass by.

    Its records are rows: number of the article, confidence, verdicts, key values in a line, then those of the
    fields that have choices, are dated or name countries, as ``columns`` says.
    """

    def __init__(self, facts: Mapping[str, Any], fields: list[dict[str, Any]]) -> None:
        self._facts, self._fields = facts, fields
        self._articles: list[list[Any]] = []
        self._records: list[tuple[int, float | None, list[str], str, dict[str, Any]]] = []
        self._places = {field["name"]: 0 for field in fields if not field["many"] and not field["choices"]}

    def chunks(self, passing: Iterable[dict[str, Any]]) -> Iterator[str]:
        """Yield the articles as JSON, some at a time."""
        rest = iter(passing)
        while some := list(islice(rest, _CHUNK)):
            for article in some:
                self._note(article)
            yield embedded(some)

    def _note(self, article: Mapping[str, Any]) -> None:
        number = len(self._articles)
        known = [article[name] for name in ("id", "title", "published", "publisher")]
        self._articles.append([*known, len(article["rejected"]), int(article["error"] is not None)])
        for record in article["records"]:
            values = record["values"]
            verdicts = sorted({one["verdict"] for found in values.values() for one in found})
            firsts = {name: found[0]["value"] for name, found in values.items()}
            keys = " · ".join(values[field["name"]][0]["shown"] for field in self._fields if self._tells(field, values))
            self._records.append((number, record["confidence"], verdicts, keys, firsts))
            for name in self._places.keys() & firsts.keys():
                # A field names countries if each of its values is the code of one, whatever its type is called.
                if name_of(str(firsts[name])) is None:
                    del self._places[name]
                else:
                    self._places[name] += 1

    @staticmethod
    def _tells(field: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        return field["key"] and field["name"] in values

    def finished(self) -> str:
        """Return the index as JSON, once all articles have passed."""
        places = [name for name, count in self._places.items() if count]
        chosen = [field["name"] for field in self._fields if field["choices"] and not field["many"]]
        dated = [field["name"] for field in self._fields if field["dated"] and not field["many"]][:1]
        columns = [*chosen, *dated, *places[:2]]
        codes = {str(row[4][name]) for row in self._records for name in places[:2] if name in row[4]}
        records = [
            [number, share, verdicts, keys, *(values.get(name) for name in columns)]
            for number, share, verdicts, keys, values in self._records
        ]
        return embedded(
            {
                "run": self._facts,
                "fields": self._fields,
                "chunk": _CHUNK,
                "articles": self._articles,
                "records": records,
                "columns": columns,
                "chosen": chosen,
                "dated": dated[0] if dated else None,
                "pair": places[:2] if len(places) > 1 else None,
                "names": {code: name_of(code) for code in sorted(codes)},
            }
        )
