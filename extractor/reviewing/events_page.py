"""The events beside a run, as its page shows them: who, where and when at once, the sources when one is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from extractor.batch.lines import words
from extractor.batch.rows import plain as storable
from extractor.errors import UsageError
from extractor.events import Event, Source, read_events
from extractor.events.mentions import window_of
from extractor.events.store import about_events
from extractor.fields import Found
from extractor.fields.base import Verdict
from extractor.fields.date_values import UNKNOWN_YEAR
from extractor.fields.gazetteer import name_of
from extractor.reviewing.page import embedded, plain, value_data

_CHUNK = 25  # events that the page reads at a time, when the first of them is shown


class EventsPage:
    """The events in the file at `path`, with the fields of the run beside them as `field_data` has them.

    The articles of the run must pass by first: a source is linked to an article if its words stand in it.

    Raises:
        UsageError: if they cannot be read, or are of another schema than the run.
    """

    def __init__(self, path: str | Path, schema: str, fields: list[dict[str, Any]]) -> None:
        self._path, self._fields, self._about = Path(path), fields, about_events(path)
        if self._about["schema"] != schema:
            raise UsageError(
                f"{path} holds events of the schema {self._about['schema']}, and the run is of {schema}; name the "
                "events of this run."
            )
        self._events = read_events(path)
        self._told: dict[str, list[Source]] = {}
        self._numbers: dict[tuple[str, str, int], int] = {}
        keys = self._about["keys"]
        self._names: dict[str | None, str] = {}
        for event in self._events:
            if keys and keys[0] in event.values:
                self._names[event.person] = plain(event.values[keys[0]].value)
            for source in event.sources:
                self._told.setdefault(source.article, []).append(source)

    def passing(self, articles: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the articles as they are, and note which sources they are."""
        for number, article in enumerate(articles):
            for source in self._told.get(storable(article["id"]), ()):
                if _stands(source, article["text"]):
                    self._numbers[source.key] = number
            yield article

    def chunks(self) -> Iterator[str]:
        """Yield the events as JSON, some at a time, once all articles have passed."""
        for start in range(0, len(self._events), _CHUNK):
            yield embedded([self._event(event) for event in self._events[start : start + _CHUNK]])

    def index(self) -> str:
        """Return as JSON what the page must know of every event at once."""
        places = self._places()
        dated = [name for name in self._about["dated"] if name in {field["name"] for field in self._fields}][:1]
        rows = [self._row(event, places, dated) for event in self._events]
        codes = {code for row in rows for code in (row["from"], row["to"]) if code}
        return embedded(
            {
                "store": self._path.name,
                "chunk": _CHUNK,
                "course": self._about["course"],
                "keys": self._about["keys"],
                "pair": places if len(places) > 1 else None,
                "names": {code: name_of(code) for code in sorted(codes)},
                "rows": rows,
            }
        )

    def _places(self) -> list[str]:
        """Return the first two fields that name countries, as the charts find them."""
        found = []
        for field in self._fields:
            if not field["many"] and not field["choices"]:
                values = [event.values[field["name"]].value for event in self._events if field["name"] in event.values]
                if values and all(isinstance(value, str) and name_of(value) for value in values):
                    found.append(field["name"])
        return found[:2]

    def _row(self, event: Event, places: list[str], dated: list[str]) -> dict[str, Any]:
        def value(name: str | None) -> Any:
            return event.values[name].value if name and name in event.values else None

        keys = [_shown(value(name)) for name in self._about["keys"] if value(name) is not None]
        pair = [value(name) for name in places] if len(places) > 1 else [None, None]
        days = [source.published for source in event.sources if source.published]
        when = value(dated[0]) if dated else None
        publishers = dict.fromkeys(source.publisher or source.article for source in event.sources)
        return {
            "id": event.id,
            "who": self._who(event),
            "called": [key.get("meaning", key["shown"]) for key in keys] or [event.id],
            "from": pair[0],
            "to": pair[1],
            "when": when,
            "days": _days(when),
            "published": min(days, default=None),
            "status": value(self._about["course"]),
            "articles": len(event.articles),
            "disagreements": len({one.field for one in event.disagreements}),
            "more": " · ".join([*(key["shown"] for key in keys), *publishers, *event.articles]),
        }

    def _who(self, event: Event) -> str:
        """Return the identity of whom an event is about, with a name before the bare id of a gazetteer."""
        name = self._names.get(event.person, event.id)
        if event.person is None or " " in event.person:
            return event.person or name
        return f"{name} ({event.person})"

    def _event(self, event: Event) -> dict[str, Any]:
        return {
            "person": event.person,
            "formerly": event.formerly,
            "values": {
                name: _shown(one.value) | {"how": one.how}
                for name, one in event.values.items()
                if one.value is not False and one.value != []
            },
            "disagreements": [
                {"field": one.field, **_shown(one.value), "articles": one.articles} for one in event.disagreements
            ],
            "history": event.history,
            "sources": [self._source(source) for source in event.sources],
        }

    def _source(self, source: Source) -> dict[str, Any]:
        values = {
            name: [
                value_data(Found(claim.value, claim.spans, cast(Verdict, claim.verdict), claim.rule))
                | {"words": claim.words}
                for claim in claims
            ]
            for name, claims in source.claims.items()
        }
        return {
            "run": source.run,
            "article": source.article,
            "published": source.published,
            "publisher": source.publisher,
            "url": source.url,
            "number": self._numbers.get(source.key),
            "values": values,
        }


def _stands(source: Source, text: str) -> bool:
    """Say whether the words of a source are those of the text: ids alone may be shared by two collections."""
    claims = [claim for claims in source.claims.values() for claim in claims if claim.spans]
    return bool(claims) and all(storable(words(claim.spans, text)) == claim.words for claim in claims)


def _shown(value: Any) -> dict[str, str]:
    told = {"shown": plain(value)}
    if isinstance(value, str) and (meaning := name_of(value)) and meaning != value:
        told["meaning"] = meaning
    return told


def _days(edtf: Any) -> list[Any] | None:
    """Return the first and the last day of a date, and whether these are exact; None if no calendar has them.

    >>> _days("2023-10-18/2023-10-19"), _days("2024-02"), _days("XXXX-03-15"), _days(None)
    (['2023-10-18', '2023-10-19', True], ['2024-02-01', '2024-02-29', False], None, None)
    """
    window = window_of(edtf) if isinstance(edtf, str) and UNKNOWN_YEAR not in edtf.upper() else None
    if window is None or not 1 <= window.first <= window.last <= date.max.toordinal():
        return None
    return [date.fromordinal(window.first).isoformat(), date.fromordinal(window.last).isoformat(), window.sharp]
