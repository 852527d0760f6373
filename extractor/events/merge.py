"""Merge: records of several articles and runs that tell of one happening become one event."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL

from extractor.batch.dictionary import schema_of
from extractor.batch.lines import words
from extractor.batch.places import parse
from extractor.batch.rows import plain
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.events.blocking import Block, blocks
from extractor.events.choose import by_publication, choose, history
from extractor.events.clusters import clusters
from extractor.events.event import Claim, Event, Source
from extractor.events.gazetteer_file import Gazetteer, read_gazetteer
from extractor.events.mentions import Mention, mention
from extractor.events.romanisation import folded
from extractor.events.store import about_events, read_events, write_events
from extractor.schema import Schema


class Merged(list[Event]):
    """The events, and by run how many records the file held before that the run has no more."""

    def __init__(self, events: Iterable[Event], dropped: Mapping[str, int]) -> None:
        super().__init__(events)
        self.dropped = dropped


def merge(
    runs: str | Path | URL | Iterable[str | Path | URL],
    *,
    out: str | Path | None = None,
    schema: str | type[Schema] | None = None,
    people: str | Path | None = None,
) -> Merged:
    """Return the events that the records of one or more runs tell of, by their first publication.

    `out` is a file of events to write. If it is there, the sources that it holds of other runs are merged, too, and
    its events keep their ids. `people` is a gazetteer that says who is who, as CSV or JSON lines, in place of the one
    that `out` holds; `schema` is needed if the runs were made with none that comes with the program.

    Raises:
        UsageError: if a run, the schema, the gazetteer or the events cannot be read, or the schemas differ.
        ExtractorError: if the events cannot be written.

    >>> import extractor
    >>> extractor.merge(["runs/may.db", "runs/june.db"], out="events.db")              # doctest: +SKIP
    """
    several = [runs] if isinstance(runs, str | Path | URL) else runs
    held = about_events(out) if out and os.path.exists(out) else None
    entries = read_gazetteer(people).entries if people else held["people"] if held else ()
    folder = Path(os.path.realpath(out)).parent if out else Path.cwd()
    sources: dict[str, list[Source]] = {}
    known: type[Schema] | None = None
    for place in map(parse, several):
        run = _named(place, folder)
        if run in sources:
            continue
        made_with, sources[run] = _read(run, place, schema)
        if known and made_with.__name__ != known.__name__:
            raise UsageError(
                f"{place} was made with the schema {made_with.__name__}, the runs before it with {known.__name__}."
            )
        known = known or made_with
    if known is None:
        raise UsageError("Name at least one run, as in extractor merge runs/visits.db --out events.db.")
    before = _moved(read_events(out, known), Path(held["folder"]), folder) if out and held else []
    others = [source for event in before for source in event.sources if source.run not in sources]
    found = [*(source for many in sources.values() for source in many), *others]
    events = assemble(found, known, Gazetteer(entries), before)
    if out:
        write_events(out, events, known, entries)
    still = {source.key for source in found}
    gone = (source.run for event in before for source in event.sources if source.key not in still)
    return Merged(events, Counter(gone))


def _named(place: Path | URL, folder: Path) -> str:
    """Return what a run is known by, from wherever it is named: its URL or path, from `folder` if it lies in there."""
    if isinstance(place, URL):
        return str(place)
    path = Path(os.path.realpath(place))
    return plain(str(path.relative_to(folder) if path.is_relative_to(folder) else path))


def _moved(events: Sequence[Event], was: Path, folder: Path) -> Sequence[Event]:
    """Return events whose paths of runs counted from the folder `was`, as seen from `folder`."""
    if was == folder:
        return events
    runs = {source.run for event in events for source in event.sources}
    names = {run: run if "://" in run else _named(was / run, folder) for run in runs}
    return [
        replace(event, sources=tuple(replace(source, run=names[source.run]) for source in event.sources))
        for event in events
    ]


def assemble(
    sources: Iterable[Source],
    schema: type[Schema],
    gazetteer: Gazetteer | None = None,
    before: Sequence[Event] = (),
) -> list[Event]:
    """Return the events that sources tell of, whatever their order.

    An event takes over the id of that among the events `before` with which it shares most sources; ids of others that
    have become part of it are kept as `formerly`. Where one has come apart, the larger part keeps the id.
    """
    mentions = [mention(source, schema) for source in {source.key: source for source in sources}.values()]
    groups = [
        (block, sorted(group, key=lambda one: by_publication(one.source)))
        for block, members in blocks(mentions, schema, gazetteer).items()
        for group in clusters(members)
    ]
    groups.sort(key=lambda group: by_publication(group[1][0].source))
    ids = _ids(groups, schema, before)
    return [
        Event(
            own,
            block[0],
            *choose(group, schema),
            history(group, schema),
            tuple(one.source for one in group),
            formerly,
        )
        for (own, formerly), (block, group) in zip(ids, groups, strict=True)
    ]


def _read(run: str, place: Path | URL, schema: str | type[Schema] | None) -> tuple[type[Schema], list[Source]]:
    """Return the schema of a run, and its records as sources."""
    with Store.open(place) as store:
        made = store.provenance
        known, _ = schema_of(made, schema)
        if known is None:
            raise UsageError(
                f"{place} was made with the schema {made.schema}, which is not at hand; name it with --schema."
            )
        found = [
            Source(
                run,
                extraction.article.id,
                number,
                extraction.article.published,
                extraction.article.publisher,
                extraction.article.url,
                {
                    name: tuple(
                        Claim(one.value, words(one.spans, extraction.article.text), one.spans, one.verdict, one.rule)
                        for one in many
                    )
                    for name, many in record.items()
                    if many
                },
            )
            for extraction in store.extractions()
            for number, record in enumerate(extraction.records, start=1)
        ]
    return known, found


def _ids(
    groups: Sequence[tuple[Block, Sequence[Mention]]], schema: type[Schema], before: Sequence[Event]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the id of each group, and those that it had before."""
    old = {source.key: event.id for event in before for source in event.sources}
    formerly = {event.id: event.formerly for event in before}
    shared = sorted(
        (-count, number, known)
        for number, (_, group) in enumerate(groups)
        for known, count in Counter(old[one.source.key] for one in group if one.source.key in old).items()
    )
    kept: dict[int, str] = {}
    others: defaultdict[int, list[str]] = defaultdict(list)
    taken: set[str] = set()
    for _, number, known in shared:
        if known not in taken:
            taken.add(known)
            others[number] += [known, *formerly[known]]
            kept.setdefault(number, known)
    taken |= {one for ids in others.values() for one in ids}
    for number, (block, group) in enumerate(groups):
        if number not in kept:
            kept[number] = _new_id(block, group[0].source, schema, taken)
            taken.add(kept[number])
    return [(kept[n], tuple(sorted({*others[n]} - {kept[n]}))) for n in range(len(groups))]


def _new_id(block: Block, first: Source, schema: type[Schema], taken: set[str]) -> str:
    """Make an id of what the first article told: who, the other keys, and where it said so."""
    actor = schema.event_actor
    who = folded(str(first.value(actor.name) or ""), first.value(actor.country)) if actor else ()
    for again in range(len(taken) + 1):
        told = json.dumps([schema.__name__, first.article, sorted(who), block[1], again], ensure_ascii=True)
        made = hashlib.blake2b(told.encode(), digest_size=6).hexdigest()
        if made not in taken:
            return made
    raise AssertionError("there is one more number than there are ids")
