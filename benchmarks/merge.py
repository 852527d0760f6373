"""Measure the merging of records into events: how right it is on labelled articles, and how much it takes.

python benchmarks/merge.py                    quality on the sets of benchmarks/events, beside exact keys
python benchmarks/merge.py --records 100000   seconds and memory for so many made-up records
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from extractor.events import Claim, Source, assemble, read_events, write_events
from extractor.fields.names import key
from extractor.schema import load

CORPUS = Path(__file__).resolve().parent / "events"
SETS = (CORPUS, CORPUS / "second", CORPUS / "third")
VISITS = load("visits")
Place = tuple[str, int]  # an article, and the number of a record in it, from 0


class Scores(NamedTuple):
    """Precision, recall and F1."""

    precision: float
    recall: float
    f1: float


def _scores(right: float, found: float, wanted: float) -> Scores:
    precision, recall = right / found if found else 1.0, right / wanted if wanted else 1.0
    return Scores(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def pairwise(gold: Mapping[Place, Hashable], found: Mapping[Place, Hashable]) -> Scores:
    """Score the pairs of records that are put into one event."""
    wanted, got = _pairs(gold), _pairs({place: found[place] for place in gold})
    return _scores(len(wanted & got), len(got), len(wanted))


def b_cubed(gold: Mapping[Place, Hashable], found: Mapping[Place, Hashable]) -> Scores:
    """Score each record by the company that it is put into (Bagga and Baldwin 1998)."""
    wanted, got = _members(gold), _members({place: found[place] for place in gold})
    shared = {place: len(wanted[gold[place]] & got[found[place]]) for place in gold}
    precision = sum(shared[place] / len(got[found[place]]) for place in gold) / len(gold)
    recall = sum(shared[place] / len(wanted[gold[place]]) for place in gold) / len(gold)
    return Scores(precision, recall, 2 * precision * recall / (precision + recall))


def _members(of: Mapping[Place, Hashable]) -> dict[Hashable, set[Place]]:
    members: defaultdict[Hashable, set[Place]] = defaultdict(set)
    for place, event in of.items():
        members[event].add(place)
    return members


def _pairs(of: Mapping[Place, Hashable]) -> set[tuple[Place, ...]]:
    return {pair for members in _members(of).values() for pair in combinations(sorted(members), 2)}


def labelled(folder: Path = CORPUS) -> dict[Place, Source]:
    """Return the labels of a corpus as sources by their place in it."""
    articles = {article["id"]: article for article in _lines(folder / "articles.jsonl")}
    return {
        (line["id"], number): Source(
            "labels", line["id"], number + 1, articles[line["id"]].get("published"),
            articles[line["id"]].get("publisher"), articles[line["id"]].get("url"), _claims(label),
        )
        for line in _lines(folder / "labels.jsonl")
        for number, label in enumerate(line[VISITS.unit])
    }  # fmt: skip


def gold(split: str | None = None, folder: Path = CORPUS) -> dict[Place, str]:
    """Return the event that each labelled record belongs to."""
    events = [event for event in _lines(folder / "events.jsonl") if split in (None, event["split"])]
    return {(article, number): event["id"] for event in events for article, number in event["mentions"]}


def _claims(label: Mapping[str, object]) -> dict[str, tuple[Claim, ...]]:
    many = {name: value if isinstance(value, list) else [value] for name, value in label.items() if name != "evidence"}
    kept = {name: [one for one in values if one not in (None, "")] for name, values in many.items()}
    return {name: tuple(Claim(one, "", (), "stated") for one in values) for name, values in kept.items() if values}


def _lines(path: Path) -> Iterator[dict[str, object]]:
    return map(json.loads, path.read_text("utf-8").splitlines())


def merged(sources: Mapping[Place, Source]) -> dict[Place, str]:
    """Return the event into which each source is merged."""
    places = {source.key: place for place, source in sources.items()}
    return {places[source.key]: event.id for event in assemble(sources.values(), VISITS) for source in event.sources}


def exact(sources: Mapping[Place, Source], *fields: str) -> dict[Place, Hashable]:
    """Return the event of each source if the same name and the same values make one."""
    return {place: (key(str(source.value("visitor"))), *map(source.value, fields)) for place, source in sources.items()}


def quality() -> None:
    """Print how right the merging is, beside exact keys, for each set and the parts of the first."""
    for folder in SETS:
        sources = labelled(folder)
        ways: dict[str, Mapping[Place, Hashable]] = {
            "extractor": merged(sources),
            "exact name, country, dates": exact(sources, "destination", "dates"),
            "exact name, country": exact(sources, "destination"),
        }
        articles, events = {article for article, _ in sources}, set(gold(folder=folder).values())
        print(f"{folder.name}: {len(sources)} records of {len(articles)} articles, {len(events)} events")
        print(f"{'':8}{'':28}{'pairwise P  R  F1':24}B-cubed P  R  F1")
        for split in (None, "dev", "held") if folder == CORPUS else (None,):
            for name, found in ways.items():
                pairs, cubed = (measure(gold(split, folder), found) for measure in (pairwise, b_cubed))
                numbers = ["  ".join(f"{one:.3f}" for one in scores) for scores in (pairs, cubed)]
                print(f"{split or 'all':8}{name:28}{numbers[0]:24}{numbers[1]}")


def made_up(count: int, seed: int = 6) -> Iterator[Source]:
    """Yield records of trips of made-up officials, each trip told by several articles from before it until after."""
    rng = random.Random(seed)  # noqa: S311 -- no secret
    syllables = "ba de ki lo mu na po ri sa te vu zo han mir tal gor ben".split()
    names = [f"{_word(rng, syllables)} {_word(rng, syllables)}" for _ in range(2000)]
    codes = "FRA DEU ITA ESP RUS UKR PRK KOR JPN CHN EGY IRN SAU BRA CHL PER KEN GHA USA GBR".split()
    home = {name: rng.choice(codes) for name in names}
    offices = ("President", "Foreign Minister", "Prime Minister", None)
    told, start = 0, date(2015, 1, 1)
    while told < count:
        name = rng.choice(names[:200] if rng.random() < 0.5 else names)
        first = start + timedelta(rng.randrange(3650))
        last = first + timedelta(rng.randrange(4))
        goal = rng.choice([code for code in codes if code != home[name]])
        for _ in range(min(count - told, rng.choice((1, 2, 3, 5, 8, 13)))):
            told += 1
            day = first + timedelta(rng.randint(-20, 30))
            status = "announced" if day < first else "ongoing" if day <= last else "completed"
            dates = rng.choice((f"{first}/{last}", f"{first}", f"{first:%Y-%m}", None))
            values = {
                "visitor": name if rng.random() < 0.9 else name.split()[-1], "visitor_country": home[name],
                "visitor_role": rng.choice(offices), "destination": goal, "dates": dates, "status": status,
                "when": "on those days", "places": goal.title(), "reported_by": f"agency {told % 50}",
            }  # fmt: skip
            yield Source("made up", f"a{told}", 1, str(day), f"paper {told % 90}", None, _claims(values))


def _word(rng: random.Random, syllables: list[str]) -> str:
    return "".join(rng.choices(syllables, k=rng.randint(2, 3))).title()


def scale(count: int) -> None:
    """Print what merging, writing and reading so many records takes."""
    sources = list(made_up(count))
    begun, worked = time.perf_counter(), time.process_time()
    events = assemble(sources, VISITS)
    merged_in, worked = time.perf_counter() - begun, time.process_time() - worked
    with TemporaryDirectory() as folder:
        path = Path(folder, "events.db")
        write_events(path, events, VISITS)
        written_in = time.perf_counter() - begun - merged_in
        megabytes = path.stat().st_size / 1e6
        read = read_events(path)
        read_in = time.perf_counter() - begun - merged_in - written_in
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{count:,} records, {len(events):,} events, merged in {merged_in:.1f} s ({worked:.1f} s of work)")
    print(f"written in {written_in:.1f} s ({megabytes:.0f} MB), read in {read_in:.1f} s, the same: {read == events}")
    print(f"at most {peak:.2f} GiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, help="measure time and memory with so many made-up records")
    arguments = parser.parse_args()
    scale(arguments.records) if arguments.records else quality()
