"""Records are matched with labels one to one, by their keys, and as well as can be."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from extractor.evaluation.align import Alignment, align
from extractor.schema import load

VISITS = load("visits")
Values = Mapping[str, Any]


def visit(visitor: str = "Olaf Scholz", destination: str = "FRA", **more: Any) -> Values:
    return {"visitor": visitor, "destination": destination, **more}


MARCH = visit(dates="2024-03-05", when="on Tuesday", status="completed")
MAY = visit(dates="2024-05", when="in May", status="announced")


def test_the_trip_with_the_same_dates_is_the_same_trip() -> None:
    """Among two trips of one traveller to one country, dates, words and status tell which is which."""
    found = align([visit(dates="2024-05", status="announced"), visit(dates="2024-03-05")], [MARCH, MAY], VISITS)
    assert found.pairs == ((0, 1), (1, 0))


def test_keys_agree_by_their_field_types() -> None:
    """A surname is the traveller and a name the country; another traveller or country is no match."""
    assert align([visit("Scholz", "France")], [MAY], VISITS).pairs == ((0, 0),)
    for other in (
        visit("Angela Merkel"),
        visit(destination="ITA"),
        {"visitor": "Scholz"},
        visit(destination=""),
    ):
        assert align([other], [MAY], VISITS) == Alignment((), (), (), (0,), (0,))


def test_a_repeated_record_is_left_over_and_named_so() -> None:
    """The second record of one trip matches nothing: the one that says more takes the label."""
    assert align([visit(), MAY, visit("Angela Merkel")], [MAY], VISITS) == Alignment(((1, 0),), (), (0,), (2,), ())


def test_implied_labels_are_neither_demanded_nor_matched_as_true() -> None:
    """Nobody misses an implied label, and who finds it is excused; a second record of it is repeated."""
    implied = visit(implied=True)
    assert align([], [implied], VISITS) == Alignment((), (), (), (), ())
    assert align([visit(), visit()], [implied], VISITS) == Alignment((), ((0, 0),), (1,), (), ())


@pytest.mark.parametrize("turn", [1, -1])
def test_a_demanded_label_wins_a_tie(turn: int) -> None:
    """Where an implied and a demanded label fit alike, the demanded one is taken, whatever their order."""
    labels = [visit(implied=True), visit(implied=False)][::turn]
    found = align([visit()], labels, VISITS)
    assert len(found.pairs) == 1
    assert not found.missed
    assert not found.excused


def test_lists_weigh_by_how_much_they_share() -> None:
    """Of two trips that differ in places alone, the one with more places in common is the same."""
    labels = [visit(places=["Paris", "Lyon"]), visit(places=["Nice", "Paris"])]
    assert align([visit(places=["Nice"])], labels, VISITS).pairs == ((0, 1),)


def weight(record: Values, label: Values) -> float:
    """Say what a pair is worth, written down anew for records of words that are equal or not."""
    if (record["visitor"], record["destination"]) != (label["visitor"], label["destination"]):
        return 0.0
    named = [name for name, value in label.items() if value and name != "implied"]
    share: float = sum(record.get(name) == label[name] for name in named) / len(named)
    return share if label["implied"] else share + 1e-6


def best(records: Sequence[Values], labels: Sequence[Values]) -> float:
    """Return the greatest total weight of a matching, by trying them all."""
    padded = [*range(len(labels)), *[None] * len(records)]
    return max(
        sum(weight(record, labels[j]) for record, j in zip(records, chosen, strict=False) if j is not None)
        for chosen in itertools.permutations(padded, len(records))
    )


def test_no_other_matching_is_worth_more() -> None:
    """On random cases the total weight is that of the best of all matchings, and the counts add up."""
    chance = random.Random(7)  # noqa: S311 -- nothing secret

    def some() -> Values:
        return visit(
            chance.choice(["Olaf Scholz", "Ana Roca"]), chance.choice(["FRA", "ITA"]),
            dates=chance.choice(["2024-03", "2024-05", None]),
            status=chance.choice(["announced", "completed"]), implied=chance.random() < 0.3,
        )  # fmt: skip

    for _ in range(150):
        records, labels = (
            [some() for _ in range(chance.randint(0, 4))],
            [some() for _ in range(chance.randint(0, 3))],
        )
        found = align(records, labels, VISITS)
        matched = [*found.pairs, *found.excused]
        assert sum(weight(records[i], labels[j]) for i, j in matched) == pytest.approx(best(records, labels))
        assert sorted([*(i for i, _ in matched), *found.repeated, *found.spurious]) == list(range(len(records)))
        assert len(found.pairs) + len(found.missed) == sum(not label["implied"] for label in labels)
