"""Two labellers agree as far as their field types say that they mean the same."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.errors import UsageError
from extractor.evaluation import Agreement, report
from extractor.evaluation.coefficients import coefficients
from extractor.evaluation.counts import FieldScore
from extractor.evaluation.overlap import Overlap
from extractor.schema import fields_of, load

SPECS = fields_of(load("visits"))
Articles = dict[str, list[dict[str, Any]]]


def visit(visitor: str = "Olaf Scholz", destination: str = "FRA", **more: Any) -> dict[str, Any]:
    return {"visitor": visitor, "destination": destination, **more}


def write(path: Path, articles: Articles) -> Path:
    lines = ({"id": name, "visits": visits} for name, visits in articles.items())
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def agreed(folder: Path, a: Articles, b: Articles) -> Agreement:
    return extractor.agree(write(folder / "a.jsonl", a), write(folder / "b.jsonl", b))


def test_records_are_matched_and_counted(tmp_path: Path) -> None:
    """Both, only the first, only the second; articles that one labelled alone are counted beside."""
    done = agreed(
        tmp_path,
        {"a1": [visit(), visit(destination="ITA")], "a2": [visit()], "a3": []},
        {
            "a1": [visit("Scholz", "France"), visit(destination="ESP"), visit(destination="PRT")],
            "a2": [visit()],
            "a4": [],
        },
    )
    assert (done.articles, done.alone) == (2, 2)
    assert (done.records.found, done.records.missed, done.records.spurious) == (2, 1, 2)
    assert done.records.f1 == 4 / 7
    assert done.fields["visitor"].agreed == done.fields["destination"].agreed == 1
    assert done.to_json()["records"]["only_b"] == 2


def test_what_both_are_lenient_on_counts_for_nothing(tmp_path: Path) -> None:
    """An implied record is excused unless the other labeller demands it; whether it is implied is a field as well."""
    implied = visit(implied=True)
    done = agreed(
        tmp_path, {"a1": [implied], "a2": [implied], "a3": [implied]}, {"a1": [implied], "a2": [], "a3": [visit()]}
    )
    of = done.records
    assert (of.found, of.missed, of.spurious, of.excused) == (1, 0, 0, 1)
    assert (done.fields["implied"].both, done.fields["implied"].agreed) == (2, 1 / 2)


def test_values_that_mean_the_same_are_one_category(tmp_path: Path) -> None:
    """A country by name and by code, a date written as an interval, a list in another order."""
    done = agreed(
        tmp_path,
        {
            "a1": [visit(visitor_country="DEU", dates="2024-03-05/2024-03-05", places=["Paris", "Lyon"])],
            "a2": [visit()],
        },
        {"a1": [visit(visitor_country="Germany", dates="2024-03-05", places=["Lyon", "paris"])], "a2": [visit()]},
    )
    for name in ("visitor_country", "dates", "places"):
        assert (done.fields[name].agreed, done.fields[name].both) == (1, 1)
    assert done.fields["visitor_country"].kappa == 1  # one category, and nothing in the other article
    assert done.fields["visitor_country"].alpha is None  # of what both filled in, nothing varies


def test_a_missing_value_is_a_category_for_kappa_and_missing_for_alpha() -> None:
    """As worked out by hand: both agree on one, differ on one, and one labeller leaves two empty."""
    found = coefficients(
        SPECS["status"], [[("ongoing", "ongoing"), ("ongoing", "completed"), ("ongoing", None), ("", [])]]
    )
    assert (found.both, found.agreed) == (2, 2 / 4)
    chance = (3 * 1 + 0 * 1 + 1 * 2) / 16
    assert found.kappa == pytest.approx((2 / 4 - chance) / (1 - chance))
    assert found.alpha == pytest.approx(1 - (1 / 2) / (2 * 3 * 1 / (4 * 3)))


def test_lists_agree_as_sets_and_score_by_element(tmp_path: Path) -> None:
    done = agreed(tmp_path, {"a1": [visit(places=["Paris", "Lyon"])]}, {"a1": [visit(places=["Paris"])]})
    assert (done.fields["places"].agreed, done.fields["places"].both) == (0, 1)
    assert done.fields["places"].score == FieldScore(right=1, missing=1)


def test_a_flag_that_is_not_set_is_no() -> None:
    """Where somebody says yes or no, silence is no; where nobody does, there is nothing to agree on."""
    found = coefficients(SPECS["implied"], [[(True, True), (False, None), (None, None), (True, None)]])
    assert (found.both, found.agreed) == (4, 3 / 4)
    assert coefficients(SPECS["implied"], [[(None, None)]])[:4] == (0, 1, None, None)
    assert coefficients(SPECS["implied"], [[]])[:4] == (0, None, None, None)


def test_evidence_overlaps_where_both_marked_it(tmp_path: Path) -> None:
    done = agreed(
        tmp_path,
        {"a1": [visit(status="ongoing", evidence={"visitor": [[0, 11]], "status": [[3, 5]]})]},
        {"a1": [visit(status="ongoing", evidence={"visitor": [[5, 11]], "destination": [[12, 18]]})]},
    )
    assert done.fields["visitor"].overlap == Overlap(both=6, lacking=5, some=1)
    assert done.overlap == done.fields["visitor"].overlap


def test_neither_file_is_the_measure(tmp_path: Path) -> None:
    """The other way round, all shares are the same."""
    chance = random.Random(3)  # noqa: S311 -- nothing secret

    def some() -> Articles:
        def one(who: str, where: str) -> dict[str, Any]:
            status, country = chance.choice(["ongoing", "completed", None]), chance.choice(["DEU", "PRT", None])
            return visit(who, where, status=status, visitor_country=country, implied=chance.random() < 0.2)

        cases = [(who, where) for who in ("Ana Roca", "Bo Lind") for where in ("FRA", "ITA")]
        return {f"a{i}": [one(*case) for case in cases if chance.random() < 0.7] for i in range(8)}

    a, b = some(), some()
    there, back = agreed(tmp_path, a, b), agreed(tmp_path, b, a)
    assert there.records.f1 == back.records.f1
    assert there.intervals == back.intervals
    for name, one in there.fields.items():
        other = back.fields[name]
        assert (one.both, one.agreed, one.score.f1) == (other.both, other.agreed, other.score.f1)
        assert one.kappa == pytest.approx(other.kappa)
        assert one.alpha == pytest.approx(other.alpha)
        assert one.intervals == other.intervals


def test_one_article_has_no_interval_and_two_have(tmp_path: Path) -> None:
    """The intervals are over articles, and lie about the figure."""
    a = {f"a{i}": [visit(status="ongoing"), visit("Ana Roca", status="completed")] for i in range(6)}
    b = {
        name: [visit(status="ongoing"), visit("Ana Roca", status="ongoing" if name > "a3" else "completed")]
        for name in a
    }
    of = agreed(tmp_path, a, b).fields["status"]
    for name, value in (("kappa", of.kappa), ("alpha", of.alpha), ("agreed", of.agreed), ("f1", of.score.f1)):
        bounds = of.intervals[name]
        assert bounds is not None
        assert value is not None
        assert bounds[0] < value < bounds[1]
    first = {"a0": a["a0"]}
    assert set(agreed(tmp_path, first, first).fields["status"].intervals.values()) == {None}


def test_the_table_has_every_field_and_the_json_every_figure(tmp_path: Path) -> None:
    done = agreed(tmp_path, {"a1": [visit()]}, {"a1": [visit()], "a2": []})
    shown = report(done)
    assert shown.startswith("articles labelled by both 1, by one alone 1\n")
    assert [line.split()[0] for line in shown.split("\n\n")[2].splitlines()] == ["field", *SPECS]
    assert {"kappa", "alpha", "agreed", "f1", "overlap", "kappa_interval"} <= done.to_json()["fields"]["status"].keys()
    json.dumps(done.to_json(), allow_nan=False)


def test_files_without_an_article_in_common_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="label no article in common"):
        agreed(tmp_path, {"a1": []}, {"a2": []})


def test_a_label_that_the_schema_does_not_allow_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"b\.jsonl, line 1, visits\[0\]: there is no field “colour”"):
        agreed(tmp_path, {"a1": []}, {"a1": [visit(colour="red")]})
