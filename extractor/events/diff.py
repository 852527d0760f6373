"""Differences between two files of events: what is new, has changed its status, moved, or is in dispute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from extractor.errors import UsageError
from extractor.events.event import Event
from extractor.events.store import about_events, read_events

What = Literal["new", "gone", "joined", "status", "moved", "conflict"]


class Change(NamedTuple):
    """What is different about one event, `called` by its keys; `old` and `new` are values of `field`, if any."""

    what: What
    event: Event
    called: str
    field: str | None = None
    old: Any = None
    new: Any = None

    def to_json(self) -> dict[str, Any]:
        """Return it with the id of the event in place of the event."""
        return self._asdict() | {"event": self.event.id}

    def __str__(self) -> str:
        """Say it in a line."""
        line = f"{self.what:8}  {self.event.id}  {self.called}"
        if self.what == "conflict":
            return f"{line}: {self.field} " + " or ".join(map(str, self.new))
        if self.what == "joined":
            return f"{line}: now part of {self.new}"
        return f"{line}: {self.field} {_told(self.old)} → {_told(self.new)}" if self.field else line


def diff(old: str | Path, new: str | Path) -> list[Change]:
    """Return what has changed from one file of events to a later one, event by event.

    An event is new or gone; it has joined another (`new` is that one's id); its course has changed (status), its dates
    have moved, or its sources have come to contradict each other (conflict).

    Raises:
        UsageError: if one of the files cannot be read, or they are of two schemas.
    """
    was, about = about_events(old), about_events(new)
    if was["schema"] != about["schema"]:
        raise UsageError(
            f"{old} holds events of the schema {was['schema']}, and {new} of {about['schema']}; name two of one schema."
        )
    before = {event.id: event for event in read_events(old)}
    after = read_events(new)
    now = {event.id for event in after}
    heirs = {was: event.id for event in after for was in event.formerly}
    changes: list[Change] = []
    for event in after:
        known = before.get(event.id) or next((before[was] for was in event.formerly if was in before), None)
        changes += [Change("new", event, _called(event, about))] if known is None else _changes(known, event, about)
    for event in before.values():
        if event.id not in now:
            called, heir = _called(event, about), heirs.get(event.id)
            changes.append(Change("joined", event, called, new=heir) if heir else Change("gone", event, called))
    return changes


def _changes(old: Event, new: Event, about: dict[str, Any]) -> Iterator[Change]:
    called = _called(new, about)
    watched: list[tuple[What, str]] = [("moved", field) for field in about["dated"]]
    if about["course"]:
        watched.insert(0, ("status", about["course"]))
    for what, field in watched:
        was, now = (event.values[field].value if field in event.values else None for event in (old, new))
        if was != now:
            yield Change(what, new, called, field, was, now)
    told = {(one.field, str(one.value)) for one in old.disagreements}
    for field in dict.fromkeys(one.field for one in new.disagreements):
        values = [one.value for one in new.disagreements if one.field == field]
        if any((field, str(value)) not in told for value in values):
            yield Change("conflict", new, called, field, None, values)


def _called(event: Event, about: dict[str, Any]) -> str:
    return ", ".join(str(event.values[key].value) for key in about["keys"] if key in event.values)


def _told(value: Any) -> str:
    return "nothing" if value is None else str(value)
