"""The arithmetic of the evaluation against independent implementations, on random cases."""

from __future__ import annotations

import itertools
import math
import random
import warnings
from typing import Any

import krippendorff
import numpy as np
import pytest
from nervaluate import Evaluator
from scipy import stats
from sklearn import metrics

from extractor.article import Span
from extractor.evaluation.coefficients import coefficients
from extractor.evaluation.confusion import confusion
from extractor.evaluation.counts import RECORDS, VALUES, Counts, FieldScore, Ratio
from extractor.evaluation.interval import RESAMPLES, interval
from extractor.evaluation.labels import Label
from extractor.evaluation.overlap import Overlap, overlap
from extractor.evaluation.predictions import Outcome, Prediction
from extractor.evaluation.randomisation import p_value
from extractor.evaluation.score import score
from extractor.schema import fields_of, load

VISITS = load("visits")
SPECS = fields_of(VISITS)
STATUS = SPECS["status"]
CHOICES = [value for value, _ in STATUS.type.values()]
LENGTH = 60  # of a random text


def some_spans(chance: random.Random, most: int) -> list[Span]:
    starts = [chance.randrange(LENGTH - 1) for _ in range(chance.randint(0, most))]
    return [Span(start, chance.randint(start + 1, LENGTH)) for start in starts]


def characters(spans: list[Span]) -> list[int]:
    return [int(any(span.start <= i < span.end for span in spans)) for i in range(LENGTH)]


@pytest.mark.parametrize("seed", range(100))
def test_overlap_is_that_of_scikit_learn_over_characters(seed: int) -> None:
    """Each code point is a case that is or is not evidence; precision, recall and F1 are the usual ones."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    run, label = some_spans(chance, 4), some_spans(chance, 3)
    ours = overlap(run, label)
    theirs = metrics.precision_recall_fscore_support(
        characters(label), characters(run), average="binary", zero_division=np.nan
    )
    expected = [None if math.isnan(value) else pytest.approx(value) for value in theirs[:3]]
    assert [ours.precision, ours.recall, ours.f1] == expected
    ((_, extra), (lacking, both)) = metrics.confusion_matrix(characters(label), characters(run), labels=[0, 1])
    assert (ours.both, ours.extra, ours.lacking) == (both, extra, lacking)


def test_values_with_the_same_some_and_no_words_are_those_of_nervaluate() -> None:
    """Its scheme for partial matches calls one span against one correct, partial, or missed and spurious."""
    chance = random.Random(5)  # noqa: S311 -- nothing secret
    pairs = [(some_spans(chance, 1), some_spans(chance, 1)) for _ in range(600)]
    pairs = [(run, label) for run, label in pairs if run and label]
    pairs += [(label, label) for _, label in pairs[:20]]
    ours = sum((overlap(run, label) for run, label in pairs), Overlap())

    def entities(spans: list[Span]) -> list[dict[str, Any]]:  # the ends are inclusive there
        return [{"label": "X", "start": span.start, "end": span.end - 1} for span in spans]

    true, said = [entities(label) for _, label in pairs], [entities(run) for run, _ in pairs]
    theirs = Evaluator(true, said, tags=["X"], loader="dict").evaluate()["overall"]["partial"]
    assert min(ours.same, ours.some, ours.none) > 10
    assert (ours.same, ours.some, ours.none) == (theirs.correct, theirs.partial, theirs.missed)
    assert theirs.missed == theirs.spurious


@pytest.mark.parametrize("seed", range(20))
def test_record_scores_are_those_of_scikit_learn(seed: int) -> None:
    """Each traveller and country of an article is a case that the run and the labels have or have not."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    cases = [(f"a{i}", who, where) for i in range(6) for who in ("Ana Roca", "Bo Lind") for where in ("FRA", "ITA")]
    run, labels = ([chance.random() < 0.5 for _ in cases] for _ in range(2))

    def told(name: str, chosen: list[bool]) -> list[dict[str, Any]]:
        taken = [case for case, is_taken in zip(cases, chosen, strict=True) if is_taken]
        return [{"visitor": who, "destination": where} for article, who, where in taken if article == name]

    names = sorted({name for name, _, _ in cases})
    outcomes = {name: Outcome(tuple(Prediction(one, {}) for one in told(name, run))) for name in names}
    scores = score(outcomes, {name: tuple(Label(one, {}) for one in told(name, labels)) for name in names}, VISITS)
    theirs = metrics.precision_recall_fscore_support(labels, run, average="binary", zero_division=np.nan)
    of = scores.records
    assert [of.precision, of.recall, of.f1] == [pytest.approx(value) for value in theirs[:3]]


@pytest.mark.parametrize("seed", range(20))
def test_field_scores_are_those_of_scikit_learn(seed: int) -> None:
    """Over matched records, F1 is the micro average over all values, in which nothing is no class."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    labels, run = ([chance.choice([*CHOICES, None]) for _ in range(30)] for _ in range(2))
    named = [{"visitor": f"{chr(65 + i)}a Roca", "destination": "FRA"} for i in range(26)]
    outcome = Outcome(tuple(Prediction({**one, "status": said}, {}) for one, said in zip(named, run, strict=False)))
    told = tuple(Label({**one, "status": said}, {}) for one, said in zip(named, labels, strict=False))
    of = score({"a1": outcome}, {"a1": told}, VISITS).fields["status"]
    plain = [[value or "-" for value in side[:26]] for side in (labels, run)]
    expected = metrics.f1_score(*plain, labels=CHOICES, average="micro", zero_division=0)
    assert of.f1 == pytest.approx(expected)
    filled = [i for i, value in enumerate(plain[0]) if value != "-"]
    assert of.accuracy == pytest.approx(metrics.accuracy_score(*([side[i] for i in filled] for side in plain)))


@pytest.mark.parametrize("seed", range(20))
def test_confusion_is_that_of_scikit_learn(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    run, labels = ([chance.choice([*CHOICES, None]) for _ in range(40)] for _ in range(2))
    ours = confusion(STATUS, list(zip(run, labels, strict=True)))
    assert ours.values == (*CHOICES, None)
    plain = ([value or "-" for value in side] for side in (labels, run))
    theirs = metrics.confusion_matrix(*plain, labels=[*CHOICES, "-"])
    assert [list(row) for row in ours.table] == theirs.tolist()


def some_pairs(chance: random.Random) -> list[tuple[Any, Any]]:
    """Return what two labellers say who agree more or less, with gaps, over more or fewer values."""
    values = CHOICES[: chance.randint(1, len(CHOICES))]
    gap, noise = chance.random() / 2, chance.random()

    def said(true: str) -> str | None:
        return None if chance.random() < gap else chance.choice(values) if chance.random() < noise else true

    return [(said(true), said(true)) for true in chance.choices(values, k=chance.randint(1, 40))]


@pytest.mark.parametrize("seed", range(100))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    """With a category for nothing; where nothing varies there is none."""
    pairs = some_pairs(random.Random(seed))  # noqa: S311 -- nothing secret
    plain = [[value or "-" for value in side] for side in zip(*pairs, strict=True)]
    found = coefficients(STATUS, [pairs])
    assert found.agreed == pytest.approx(metrics.accuracy_score(*plain))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where nothing varies
        theirs = metrics.cohen_kappa_score(*plain)
    assert found.kappa == (None if math.isnan(theirs) else pytest.approx(theirs))


@pytest.mark.parametrize("seed", range(100))
def test_alpha_is_that_of_the_krippendorff_package(seed: int) -> None:
    """For nominal data, with nothing as missing; where nothing varies there is none."""
    pairs = some_pairs(random.Random(seed))  # noqa: S311 -- nothing secret
    data = [[np.nan if value is None else CHOICES.index(value) for value in side] for side in zip(*pairs, strict=True)]
    whole = {value for pair in pairs if None not in pair for value in pair}
    found = coefficients(STATUS, [pairs])
    assert found.both == sum(None not in pair for pair in pairs)
    if len(whole) < 2:  # the package refuses these, or says 1
        assert found.alpha is None
    else:
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        assert found.alpha == pytest.approx(theirs)


@pytest.mark.parametrize("seed", range(5))
def test_intervals_are_those_of_scipy(seed: int) -> None:
    """The percentile bootstrap of SciPy draws the same articles from the same seed."""
    chance = np.random.default_rng(seed)
    rows = chance.integers(1, 5, (12, 3))
    theirs = stats.bootstrap(
        tuple(rows.T),
        lambda found, spurious, missed, axis: 2 * found.sum(axis) / (2 * found + spurious + missed).sum(axis),
        paired=True, vectorized=True, n_resamples=RESAMPLES, method="percentile", rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    assert interval(rows.tolist(), RECORDS["f1"].over) == (round(theirs.low, 3), round(theirs.high, 3))


def swapped(a: list[tuple[int, ...]], b: list[tuple[int, ...]], ratio: Ratio) -> float:
    """Return the exact p-value by trying every way in which articles can change sides."""

    def difference(sides: tuple[bool, ...]) -> float:
        chosen = [(y, x) if turn else (x, y) for x, y, turn in zip(a, b, sides, strict=True)]
        shares = [ratio.of(np.sum(side, axis=0).tolist()) for side in zip(*chosen, strict=True)]
        return abs((shares[0] or 0) - (shares[1] or 0))

    every = list(itertools.product([False, True], repeat=len(a)))
    return sum(difference(sides) >= difference(every[0]) - 1e-9 for sides in every) / len(every)


@pytest.mark.parametrize("seed", range(8))
def test_p_values_are_those_of_trying_every_shuffle(seed: int) -> None:
    """Ten thousand shuffles come within chance of all 2^n; a share of records, and one of values."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    articles = chance.randint(2, 9)
    for ratio in (RECORDS["f1"], RECORDS["precision"], VALUES["accuracy"]):
        better = tuple(range(1, 1 + len(ratio.whole)))[::-1]
        a, b = (
            [tuple(chance.randint(1, 3 + top) for top in side) for _ in range(articles)]
            for side in (better, better[::-1] if seed % 2 else better)
        )
        exact = swapped(a, b, ratio)
        found = p_value(a, b, ratio.over, 10_000)
        assert found == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 10_000) + 2e-4)


@pytest.mark.parametrize("seed", range(5))
def test_p_values_are_those_of_scipy(seed: int) -> None:
    """The permutation test of paired samples of SciPy, on a difference of sums, gives the same within chance."""
    chance = np.random.default_rng(seed)
    a, b = chance.integers(0, 6, (14, 1)), chance.integers(1, 7, (14, 1))
    theirs = stats.permutation_test(
        (a[:, 0], b[:, 0]), lambda x, y, axis: abs(x.sum(axis) - y.sum(axis)), permutation_type="samples",
        vectorized=True, alternative="greater", n_resamples=20_000, rng=chance,
    ).pvalue  # fmt: skip
    ours = p_value(a.tolist(), b.tolist(), lambda sums: sums[:, 0], 10_000)
    assert ours == pytest.approx(theirs, abs=0.02)


def test_shares_are_those_of_their_counts() -> None:
    """What is worked out for one run and for many draws at once is the same."""
    rows = np.array([(3, 1, 2), (0, 0, 0), (1, 0, 0)])
    for name, ratio in RECORDS.items():
        one_by_one = [getattr(Counts(*map(int, row)), name) for row in rows]
        assert [None if math.isnan(value) else value for value in ratio.over(rows)] == one_by_one
    for name, ratio in VALUES.items():
        assert ratio.over(np.array([(4, 1, 2, 3)]))[0] == getattr(FieldScore(4, 1, 2, 3), name)
