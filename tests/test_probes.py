"""Probes: what counts as following, that a whole probe replays, and that it says what it could not do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.evaluation.codebook_probes import VARIANTS, definitions, relabelled, shuffled
from extractor.evaluation.counterfactuals import Copy, Edit, Shift, copied
from extractor.evaluation.following import Case, followed, unchanged, vanished
from extractor.evaluation.labels import Label
from extractor.evaluation.probe_table import Probes, Row
from extractor.evaluation.probes import PROBES, probe
from extractor.rendering import codebook
from extractor.schema import fields_of, load
from tests.fake_answers import fake_model, sales, shop

ROOT = Path(extractor.__file__).parents[1]
VISITS = load("visits")
CASSETTES = ROOT / "cassettes"

TEXT = "Ana Ruiz flew to Peru on 5 May."
TRIP = {"visitor": "Ana Ruiz", "destination": "PER", "dates": "2024-05-05", "status": "completed"}
RECORD = Label(TRIP, {"visitor": (Span(0, 8),), "destination": (Span(17, 21),), "dates": (Span(22, 30),)})
NAMES = copied(Article(id="a", text=TEXT), "names", [Edit(Span(0, 8), "Zoe Dask")])
DATES = copied(Article(id="a", text=TEXT), "dates", [Edit(Span(25, 26), "3")], shift=Shift(52, 1))


def judged(copy: Copy, *found: Mapping[str, Any]) -> list[str]:
    return [case.outcome for case in followed("x", copy, [RECORD], found, VISITS)]


def test_a_record_follows_if_it_is_what_the_copy_tells() -> None:
    """The new name follows, the old one is kept from elsewhere than the article, another or none is lost."""
    assert judged(NAMES, {**TRIP, "visitor": "Zoe Dask"}) == ["followed"]
    assert judged(NAMES, TRIP) == ["kept"]
    assert judged(NAMES, {**TRIP, "visitor": "Bo Berg"}) == judged(NAMES) == ["lost"]


def test_a_changed_value_beside_the_key_decides_too() -> None:
    """Where keys stay, the value that was altered decides: the new date, the old one, or none."""
    moved = {**TRIP, "dates": "2025-05-04"}
    assert judged(DATES, moved) == ["followed"]
    assert judged(DATES, TRIP) == ["kept"]
    assert judged(DATES, {**TRIP, "dates": None}) == judged(DATES, {**moved, "destination": "CHL"}) == ["lost"]


def test_what_the_copy_leaves_as_it_was_is_no_case() -> None:
    """A probe counts only records that it touched."""
    assert judged(copied(Article(id="a", text=TEXT), "names", []), TRIP) == []


def test_a_removed_record_must_vanish_alone() -> None:
    """It is kept if it is still there, and lost if another one went with it; a doubtful one may do as it likes."""
    other = Label({**TRIP, "destination": "CHL"}, {})
    copy = copied(Article(id="a", text=TEXT), "removed-1", [Edit(Span(0, 31), "")], gone=frozenset({0}))

    def outcome(copy: Copy, *found: Mapping[str, Any]) -> list[str]:
        return [case.outcome for case in vanished("removed", copy, [RECORD, other], found, VISITS)]

    assert outcome(copy, other.values) == ["followed"]
    assert outcome(copy, other.values, TRIP) == ["kept"]
    assert outcome(copy) == ["lost"]
    doubtful = copied(copy.original, "removed-1", copy.edits, gone=frozenset({0}), doubtful=frozenset({1}))
    assert outcome(doubtful) == ["followed"]


def test_another_codebook_must_yield_what_a_model_is_asked_for() -> None:
    """The same choice under its new label follows; the old label, another choice or no record does not."""
    variant = relabelled(VISITS, 0)
    old = variant.values(TRIP)

    def outcomes(*found: Mapping[str, Any]) -> list[str]:
        return [c.outcome for c in unchanged("labels", Article(id="a", text=TEXT), [old], found, variant.schema)]

    assert outcomes({**TRIP, "status": variant.labels["status"]["completed"]}) == ["followed"]
    assert outcomes({**TRIP, "status": variant.labels["status"]["ongoing"]}) == outcomes(TRIP) == outcomes() == ["lost"]


def test_labels_are_renamed_wherever_a_model_reads_them() -> None:
    """In the codebook, its rules and its examples no old label is left, and each definition has its new one."""
    variant = relabelled(VISITS, 0)
    page = codebook(variant.schema)
    for name, labels in variant.labels.items():
        meanings = dict(fields_of(VISITS)[name].type.values())
        assert sorted(labels.values()) == sorted(f"k{n}" for n in range(1, len(labels) + 1))
        assert all(f"  - {new}: {meanings[old]}" in page for old, new in labels.items())
    assert "not_held" not in page
    assert not any(f"status: {old}" in page for old in variant.labels["status"])


def test_a_renamed_choice_is_the_same_to_the_rules_of_the_schema() -> None:
    """What tells two records apart, and which value prevails, does not hang on how a choice is called."""
    variant = relabelled(VISITS, 0)
    for one, other in (("announced", "possible"), ("completed", "announced")):
        values = [{**TRIP, "status": status} for status in (one, other)]
        assert variant.schema.same_record(*map(variant.values, values)) == VISITS.same_record(*values)
    assert set(variant.schema.prevailing) == {variant.labels["status"][value] for value in VISITS.prevailing}
    cues = [fields_of(schema)["status"].type for schema in (VISITS, variant.schema)]
    assert cues[0].cues("completed") == cues[1].cues(variant.labels["status"]["completed"])
    assert cues[1].tense(variant.labels["status"]["completed"]) == "past"


@pytest.mark.parametrize("name", VARIANTS)
def test_another_codebook_is_another_page_with_the_same_lines(name: str) -> None:
    """Each variant changes what a model reads, and none but the renamed one says anything else."""
    pages = [codebook(schema).splitlines() for schema in (VISITS, VARIANTS[name](VISITS, 0).schema)]
    assert pages[0] != pages[1]
    if name in ("order", "examples"):
        assert sorted(pages[0]) == sorted(pages[1])


def test_an_order_is_drawn_by_the_seed() -> None:
    """The same seed shuffles alike, and never leaves the order as it was."""
    orders = [[v for v, _ in fields_of(shuffled(VISITS, seed).schema)["status"].type.values()] for seed in (0, 0, 1, 2)]
    assert orders[0] == orders[1]
    assert [v for v, _ in fields_of(VISITS)["status"].type.values()] not in orders
    assert len({tuple(order) for order in orders}) > 1


def test_every_definition_that_a_model_is_shown_is_asked_back() -> None:
    """Each question quotes one definition, and any of the field's labels may be the answer."""
    asked = definitions(VISITS)
    meanings = fields_of(VISITS)["status"].type.values()
    assert [(one.field, one.value) for one in asked] == [("status", value) for value, _ in meanings]
    for one, (value, meaning) in zip(asked, meanings, strict=True):
        assert f"“{meaning}”" in one.messages[-1]["content"]
        assert one.answer.model_validate({"value": value}).model_dump() == {"value": value}
        with pytest.raises(ValueError, match="Input should be"):
            one.answer.model_validate({"value": "k1"})


@pytest.mark.parametrize(("k", "n"), [(0, 4), (3, 7), (9, 10), (12, 12)])
def test_the_interval_is_wilsons(k: int, n: int) -> None:
    """It is the closed form of the textbook; of nothing there is none."""
    z, p = 1.959963984540054, k / n
    middle, half = (p + z * z / 2 / n), z * (p * (1 - p) / n + z * z / 4 / n / n) ** 0.5
    wanted = ((middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n))
    assert Row("x", k, n - k, 0).interval == pytest.approx(wanted, abs=6e-4)
    assert Row("x", 0, 0, 0).interval is None


def test_a_probe_without_cases_has_a_line_and_no_share() -> None:
    """Nothing is averaged over nothing, in the table and in JSON."""
    probes = Probes(("names", "dates"), (Case("names", "a", "a.names", {}, {}, None, "kept"),), {"a.dates": "no"})
    assert probes.table().splitlines()[1].split() == ["names", "0", "1", "0", "1", ".000", ".000–.793"]
    assert probes.table().splitlines()[2].split() == ["dates", "0", "0", "0", "0", "–"]
    told = probes.to_json()
    assert (told["probes"][1]["share"], told["failed"]) == (None, {"a.dates": "no"})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Replay the run that the recorded probes are of."""
    out = tmp_path_factory.mktemp("probes") / "short.db"
    extractor.run(ROOT / "benchmarks/corpus", out=out, replay=CASSETTES / "corpus", max_articles=2)
    return out


def test_the_recorded_probes_replay(run: Path) -> None:
    """Every probe has its line, no copy failed, and each recorded answer is for a copy that is still made."""
    done = probe(run, max_articles=2, replay=CASSETTES / "probes")
    assert dict(done.failed) == {}
    assert [row.probe for row in done.rows] == list(PROBES)
    assert all(row.n for row in done.rows)
    copies = {case.copy for case in done.cases if case.probe != "definitions"}
    taped = {path.stem for path in (CASSETTES / "probes").glob("d*.yaml")}
    assert taped - {"definitions"} <= copies


def test_news_of_people_whom_the_model_knows_replays(tmp_path: Path) -> None:
    """The seeds, in which Lavrov is now somebody else, and Russia another country, are read as such."""
    out = tmp_path / "news.db"
    extractor.run(ROOT / "seeds", out=out, replay=CASSETTES)
    done = probe(out, probe=["dates", "names", "countries", "removed"], replay=CASSETTES / "probes")
    assert dict(done.failed) == {}
    lines = [(row.probe, row.n) for row in done.rows]
    assert lines == [("names", 14), ("countries", 14), ("dates", 11), ("removed", 14)]
    assert not any("Lavrov" in str(case.found) for case in done.cases if case.probe == "names")


def test_copies_that_a_model_cannot_read_are_named(run: Path) -> None:
    """A copy without a recorded answer fails alone: it is named with its reason, and is no case."""
    done = probe(run, probe=["names"], seed=99, replay=CASSETTES / "probes")
    assert sorted(done.failed) == ["d01.names", "d02.names"]
    assert all("not on its cassette" in reason for reason in done.failed.values())
    assert done.cases == ()


def test_labels_serve_in_place_of_the_records(run: Path) -> None:
    """With labels the copies must yield what people wrote down."""
    done = probe(run, labels=ROOT / "benchmarks/corpus/labels.jsonl", probe=["names"], replay=CASSETTES / "probes")
    assert {case.article for case in done.cases} == {"d01", "d02"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"probe": ["nmaes"]}, "There is no probe “nmaes”; the probes are names, countries, dates, removed, turned"),
        ({"max_articles": 0}, "at least 1"),
        ({"replay": "a", "record": "b"}, "not both"),
    ],
)
def test_wrong_options_are_told_before_any_work(run: Path, options: dict[str, Any], sentence: str) -> None:
    """What cannot be meant is refused with one sentence."""
    with pytest.raises(UsageError, match=sentence):
        probe(run, **options)


def test_a_run_of_another_schema_is_refused(run: Path, tmp_path: Path) -> None:
    """The fields of the run must be those of the schema."""
    shop(tmp_path)
    with pytest.raises(UsageError, match="was made with the schema Visit"):
        probe(run, schema=f"{tmp_path / 'sales.py'}:Sale")


def test_any_schema_and_model_can_be_probed_and_stopped_probes_go_on(tmp_path: Path) -> None:
    """A schema about goods is probed over HTTP like the visits, and what was answered once is not asked again."""
    ads = shop(
        tmp_path,
        a="Selling a boat for 40 euros. Call me on Sunday, 5 May 2024.",
        b="Selling the red bike for 9 euros. Selling a lamp for 3 euros.",
    )
    schema = f"{tmp_path / 'sales.py'}:Sale"
    out = tmp_path / "ads.db"
    with fake_model(sales) as model:
        extractor.run(ads, schema=schema, out=out, model=model.spec)
        first = probe(out, schema=schema, probe=["removed", "examples", "definitions"])
        asked = len(model.asked)
        again = probe(out, schema=schema, probe=["removed", "examples", "definitions"])
        assert len(model.asked) == asked
    assert first == again
    assert [(row.probe, row.followed, row.n) for row in first.rows] == [
        ("removed", 3, 3),
        ("examples", 3, 3),
        ("definitions", 0, 0),
    ]


def test_progress_goes_to_standard_error(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each copy has its line while it is worked on, and standard output is left to the result."""
    probe(run, probe=["names"], replay=CASSETTES / "probes")
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.partition(":")[0] for line in sorted(told.err.splitlines())] == ["d01.names", "d02.names"]
