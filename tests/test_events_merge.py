"""Merging: one trip is one event, two trips are two, whatever the order in which records come."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from extractor import Schema, UsageError, field, run
from extractor.events import Claim, Event, Source, assemble, diff, merge, read_events, write_events
from extractor.fields import Person, Quoted
from extractor.schema import load

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
VISITS = load("visits")


def _script(path: Path) -> ModuleType:
    """Import a script that is in no package."""
    spec = spec_from_file_location(f"script_{path.stem}", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


benchmark = _script(ROOT / "benchmarks" / "merge.py")  # the measures that the documentation quotes


def claims(**values: object) -> dict[str, tuple[Claim, ...]]:
    listed = {
        name: value if isinstance(value, list) else [value] for name, value in values.items() if value is not None
    }
    return {name: tuple(Claim(one, str(one), (), "stated") for one in many) for name, many in listed.items()}


def told(
    article: str, published: str | None, status: str | None, dates: str | None = None, *,
    visitor: str = "Ana Ruiz", country: str = "PER", destination: str = "NOR", record: int = 1, run: str = "r",
) -> Source:  # fmt: skip
    values = claims(visitor=visitor, visitor_country=country, destination=destination, status=status, dates=dates)
    return Source(run, article, record, published, f"{article} Times", None, values)


def groups(events: Iterable[Event]) -> set[frozenset[str]]:
    return {frozenset(f"{source.article}/{source.record}" for source in event.sources) for event in events}


def together(*sources: Source) -> bool:
    return len(assemble(sources, VISITS)) == 1


def test_announced_ongoing_and_completed_are_one_visit() -> None:
    week = [
        told("a", "2024-03-04", "announced"),
        told("b", "2024-03-06", "ongoing"),
        told("c", "2024-03-08", "completed"),
    ]
    (event,) = assemble(week, VISITS)
    assert [step.value for step in event.history] == ["announced", "ongoing", "completed"]
    assert event.values["status"].value == "completed"
    assert event.disagreements == ()


def test_a_cancelled_visit_is_over_and_a_later_one_another() -> None:
    plan, off = told("a", "2024-03-01", "announced", "2024-03-10"), told("b", "2024-03-05", "cancelled")
    again = told("c", "2024-03-20", "announced", "2024-04-02/2024-04-03")
    vague = told("d", "2024-03-20", "announced")
    assert groups(assemble([plan, off, again], VISITS)) == {frozenset({"a/1", "b/1"}), frozenset({"c/1"})}
    assert groups(assemble([plan, off, vague], VISITS)) == {frozenset({"a/1", "b/1"}), frozenset({"d/1"})}
    assert assemble([plan, off], VISITS)[0].values["status"].value == "cancelled"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("a", "2024-03-12", "completed", "2024-03-01/2024-03-03"), told("b", "2024-03-25", "announced")),
        (told("a", "2024-03-12", "completed", "2024-03-01"), told("b", "2024-03-12", "completed", "2024-03-09")),
        (told("a", "2024-03-12", "completed", "2024-02"), told("b", "2024-03-12", "ongoing")),
        (told("a", "2024-03-12", "completed", "2023"), told("b", "2024-03-12", "announced", "2024")),
        (told("a", "2024-03-12", "announced"), told("b", "2023-03-12", "announced")),
        (told("a", "2024-03-12", "announced"), told("a", "2024-03-12", "announced", record=2)),
        (told("a", "2024-03-12", "announced"), told("b", "2024-03-12", "announced", destination="SWE")),
        (told("a", "2024-03-12", "announced"), told("b", "2024-03-12", "announced", visitor="Eva Ruiz")),
    ],
    ids=["over, then planned", "days apart", "last month, now", "last year, this year", "years apart", "in one article",
         "other country", "other person"],
)  # fmt: skip
def test_two_visits_never_become_one(one: Source, other: Source) -> None:
    assert not together(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("a", "2024-03-12", "announced", "2024-03-14/2024-03-15"), told("b", "2024-03-16", None, "2024-03-15")),
        (told("a", "2024-03-12", "announced", "2024-03-14"), told("b", "2024-03-16", None, "2024-03-15/2024-03-17")),
        (told("a", "2024-03-12", "announced", "2024-05"), told("b", "2024-05-16", "ongoing")),
        (told("a", "2024-03-12", "completed", "2024-03-05"), told("b", "2025-03-12", "completed", "2024")),
        (told("a", None, "announced"), told("b", "2024-03-16", "completed", "2024-03-15")),
        (told("a", None, "announced", "XXXX-03-15"), told("b", None, "completed", "XXXX-03-15/XXXX-03-16")),
        (told("a", "2024-03-12", None), told("b", "2024-03-14", None)),
        (told("a", None, None), told("b", None, None)),
        (told("a", "2024-03-12", "ongoing"), told("a", "2024-03-12", "completed", run="another model")),
    ],
    ids=["a day of it", "a day late", "a month", "a year", "no day of publication", "no year", "no status", "nothing",
         "one article in two runs"],
)  # fmt: skip
def test_reports_of_one_visit_become_one(one: Source, other: Source) -> None:
    assert together(one, other)


def test_days_far_apart_are_not_joined_by_what_lies_between() -> None:
    days = [told(f"a{day}", "2024-04-01", "completed", f"2024-03-{day:02}") for day in range(1, 15, 2)]
    for event in assemble(days, VISITS):
        dates = sorted(str(source.value("dates")) for source in event.sources)
        assert int(dates[-1][-2:]) - int(dates[0][-2:]) <= 2


def test_a_report_without_a_date_goes_to_the_nearest_visit() -> None:
    march, may = told("a", "2024-03-05", "completed", "2024-03-04"), told("b", "2024-05-05", "completed", "2024-05-04")
    found = groups(assemble([march, may, told("c", "2024-05-07", "completed")], VISITS))
    assert found == {frozenset({"a/1"}), frozenset({"b/1", "c/1"})}


def test_the_value_says_how_it_was_chosen_and_who_disagrees() -> None:
    (event,) = assemble(
        [
            told("a", "2024-03-01", "announced", "2024-03-04/2024-03-06"),
            told("b", "2024-03-04", "ongoing", "2024-03-04/2024-03-06"),
            told("c", "2024-03-09", "completed", "2024-03-05/2024-03-07"),
            told("d", "2024-06-09", "completed", "2024-03"),
        ],
        VISITS,
    )
    dates = event.values["dates"]
    assert (dates.value, dates.how, dates.support, dates.of) == (
        "2024-03-04/2024-03-06", "the most exact, 2 of 4 articles", 2, 4,
    )  # fmt: skip
    assert {(one.value, one.articles) for one in event.disagreements} == {
        ("2024-03-04/2024-03-06", ("a", "b")),
        ("2024-03-05/2024-03-07", ("c",)),
    }
    assert event.values["visitor"].how == "all 4 articles"


def test_of_two_that_disagree_the_better_supported_and_newer_counts() -> None:
    old, new = told("a", "2024-03-01", "announced"), told("b", "2024-03-04", "announced")
    old = replace(old, claims={**old.claims, "kind": (Claim("state", "", (), "judged"),)})
    new = replace(new, claims={**new.claims, "kind": (Claim("official", "", (), "derived"),)})
    (event,) = assemble([old, new], VISITS)
    assert event.values["kind"].value == "official"
    assert event.values["kind"].how == "1 of 2 articles, by verdict and recency"
    assert [one.field for one in event.disagreements] == ["kind", "kind"]


@pytest.fixture(scope="module")
def many() -> list[Source]:
    """The labelled corpus, and made-up records in which the same people travel a lot."""
    return [*benchmark.labelled().values(), *benchmark.made_up(400, seed=3)]


def test_the_events_do_not_depend_on_the_order(many: list[Source]) -> None:
    wanted = assemble(many, VISITS)
    for seed in range(4):
        shuffled = random.Random(seed).sample(many, len(many))  # noqa: S311 -- no secret
        assert assemble(shuffled, VISITS) == wanted


def test_the_events_do_not_depend_on_the_pieces(many: list[Source]) -> None:
    wanted = assemble(many, VISITS)
    for seed in range(3):
        rng = random.Random(seed)  # noqa: S311 -- no secret
        events: list[Event] = []
        rest = rng.sample(many, len(many))
        while rest:
            size = rng.randint(1, len(many) // 2)
            piece, rest = rest[:size], rest[size:]
            events = assemble([*piece, *(s for event in events for s in event.sources)], VISITS, before=events)
        assert [(e.person, e.values, e.sources, e.history, e.disagreements) for e in events] == [
            (e.person, e.values, e.sources, e.history, e.disagreements) for e in wanted
        ]
        assert len({event.id for event in events}) == len(events)


def test_an_event_keeps_its_id_when_it_grows_even_at_its_beginning() -> None:
    first = assemble([told("b", "2024-03-04", "ongoing", "2024-03-04")], VISITS)
    late = assemble(
        [told("b", "2024-03-04", "ongoing", "2024-03-04"), told("a", "2024-03-01", "announced")], VISITS, before=first
    )
    assert [event.id for event in late] == [first[0].id]


def test_of_two_events_that_join_one_id_stays_and_the_other_is_kept_as_formerly() -> None:
    two = [told("a", "2024-03-05", "completed", "2024-03-04"), told("b", "2024-03-09", "completed", "2024-03-07")]
    first = assemble(two, VISITS)
    assert len(first) == 2
    (event,) = assemble([*two, told("c", "2024-03-10", "completed", "2024-03-04/2024-03-07")], VISITS, before=first)
    assert {event.id, *event.formerly} == {one.id for one in first}
    assert event.id == first[0].id


def test_of_an_event_that_comes_apart_the_larger_part_keeps_the_id() -> None:
    spring = [told(name, "2024-03-05", "completed", "2024-03-04") for name in "ab"]
    joined = assemble([*spring, told("c", "2024-03-06", "completed", "2024-03-04")], VISITS)
    apart = assemble([*spring, told("c", "2024-03-06", "completed", "2024-02-01")], VISITS, before=joined)
    kept = next(event for event in apart if len(event.sources) == 2)
    assert kept.id == joined[0].id
    assert len({event.id for event in apart}) == 2


def test_what_is_announced_after_a_trip_is_another() -> None:
    """“She will come again”, without a day, on the morrow of her visit."""
    over = told("a", "2024-03-01", "completed", "2024-03-01")
    assert len(assemble([over, told("b", "2024-03-03", "announced", None)], VISITS)) == 2
    assert len(assemble([over, told("b", "2024-02-20", "announced", None)], VISITS)) == 1


def test_a_schema_that_declares_neither_actor_nor_course_is_merged_by_its_keys() -> None:
    class Recipe(Schema):
        """A dish."""

        dish: Quoted = field("what is cooked", key=True)
        cook: Person | None = field("who cooks")

    def cooked(article: str, dish: str) -> Source:
        return Source("r", article, 1, "2024-03-05", None, None, claims(dish=dish, cook="Ana Ruiz"))

    events = assemble([cooked("a", "the stew"), cooked("b", "stew"), cooked("c", "soup")], Recipe)
    assert groups(events) == {frozenset({"a/1", "b/1"}), frozenset({"c/1"})}
    assert all(event.person is None and event.history == () for event in events)


@pytest.mark.parametrize("folder", benchmark.SETS, ids=lambda folder: folder.name)
def test_the_labelled_sets_are_merged_better_than_by_exact_keys(folder: Path) -> None:
    sources, gold = benchmark.labelled(folder), benchmark.gold(folder=folder)
    ours = benchmark.merged(sources)
    assert benchmark.pairwise(gold, ours).f1 >= 0.95
    assert benchmark.b_cubed(gold, ours).f1 >= 0.95
    for fields in (("destination",), ("destination", "dates")):
        assert benchmark.pairwise(gold, benchmark.exact(sources, *fields)).f1 < 0.6


def of(events: Iterable[Event], person: str, destination: str) -> Iterator[list[str]]:
    for event in events:
        if str(event.person).startswith(person) and event.values["destination"].value == destination:
            yield list(event.articles)


def test_the_hand_labels_of_the_seeds_give_the_trips_that_a_reader_finds() -> None:
    events = assemble(benchmark.labelled(SEEDS).values(), VISITS)
    assert list(of(events, "Sergei Lavrov", "PRK")) == [["s00", "s01", "s04"]]
    assert list(of(events, "Kim Jong Un", "RUS")) == [["s00", "s01", "s04", "s03"], ["s04"]]  # the latter of April 2019
    assert sorted(of(events, "Choe Son", "RUS")) == [["s02"], ["s04"]]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "seeds.db"
    run(SEEDS, replay=ROOT / "cassettes", out=out)
    return out


def test_a_run_of_the_seeds_is_merged_and_merging_again_changes_nothing(replayed: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.db"
    events = merge(replayed, out=out)
    assert list(of(events, "Sergei Lavrov", "PRK")) == [["s00", "s01", "s04"]]
    assert len(list(of(events, "Kim Jong Un", "RUS"))) == 1
    assert sorted(of(events, "Choe Son", "RUS")) == [["s02"], ["s04"]]
    texts = {article["id"]: (SEEDS / article["file"]).read_text("utf-8") for article in map(json.loads, _lines(SEEDS))}
    for source in (source for event in events for source in event.sources):
        for claim in (claim for many in source.claims.values() for claim in many):
            assert claim.words == " … ".join(texts[source.article][s.start : s.end] for s in sorted(claim.spans))
    assert read_events(out, VISITS) == events
    assert merge([replayed], out=out) == events
    assert merge(replayed) == events


def _lines(folder: Path) -> list[str]:
    return (folder / "articles.jsonl").read_text("utf-8").splitlines()


def test_runs_of_different_schemas_and_of_none_are_refused(replayed: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Name at least one run"):
        merge([])
    with pytest.raises(UsageError, match="There is no store"):
        merge(tmp_path / "none.db")
    with pytest.raises(UsageError, match="is no file of events"):
        merge(replayed, out=replayed)


def test_what_changed_between_two_files_of_events_is_told(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    plan = told("a", "2024-03-01", "announced", "2024-03-10/2024-03-12")
    gone = told("g", "2024-03-01", "announced", destination="SWE")
    before = assemble([plan, gone], VISITS)
    write_events(old, before, VISITS)
    moved = [told(name, "2024-03-11", "ongoing", "2024-03-11/2024-03-13") for name in "bc"]
    after = assemble([plan, *moved, told("n", "2024-03-11", "announced", destination="FIN")], VISITS, before=before)
    write_events(new, after, VISITS)
    changes = [(one.what, one.field, one.old, one.new) for one in diff(old, new)]
    assert changes == [
        ("status", "status", "announced", "ongoing"),
        ("moved", "dates", "2024-03-10/2024-03-12", "2024-03-11/2024-03-13"),
        ("conflict", "dates", None, ["2024-03-11/2024-03-13", "2024-03-10/2024-03-12"]),
        ("new", None, None, None),
        ("gone", None, None, None),
    ]
    lines = [" ".join(str(one).split()) for one in diff(old, new)]
    assert lines[0] == f"status {before[0].id} Ana Ruiz, NOR: status announced → ongoing"
    assert lines[2].endswith("Ana Ruiz, NOR: dates 2024-03-11/2024-03-13 or 2024-03-10/2024-03-12")
    assert lines[4] == f"gone {before[1].id} Ana Ruiz, SWE"
    assert diff(new, new) == []
