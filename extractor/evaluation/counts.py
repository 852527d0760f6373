"""Counts: what is right, wrong, missing and spurious, and the shares that are made of these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.evaluation.scientific import numpy


def share(part: float, whole: float) -> float | None:
    """Divide, unless there is nothing to divide by: nothing is averaged over nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


class Ratio(NamedTuple):
    """A share of counts: how often each count is taken in the part, and how often in the whole."""

    part: tuple[int, ...]
    whole: tuple[int, ...]

    def of(self, counts: Sequence[float]) -> float | None:
        """Return the share; None of nothing.

        >>> RECORDS["f1"].of((3, 1, 2))
        0.6666666666666666
        """
        return share(_dot(self.part, counts), _dot(self.whole, counts))

    def over(self, sums: Any) -> Any:
        """Return the share for each row of an array; NaN of nothing."""
        np = numpy()
        part, whole = sums @ np.array(self.part), sums @ np.array(self.whole)
        return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


def _dot(weights: Sequence[int], counts: Sequence[float]) -> float:
    return sum(weight * count for weight, count in zip(weights, counts, strict=True))


RECORDS: Mapping[str, Ratio] = {
    "precision": Ratio((1, 0, 0), (1, 1, 0)),
    "recall": Ratio((1, 0, 0), (1, 0, 1)),
    "f1": Ratio((2, 0, 0), (2, 1, 1)),
}
"""What is made of found, spurious and missed."""

VALUES: Mapping[str, Ratio] = {
    "accuracy": Ratio((1, 0, 0, 0), (1, 1, 1, 0)),
    "f1": Ratio((2, 0, 0, 0), (2, 2, 1, 1)),
}
"""What is made of right, wrong, missing and spurious."""


class Shares(ABC):
    """Precision, recall and F1 of whatever is found, made up or missed: records, or code points of evidence."""

    @property
    @abstractmethod
    def row(self) -> tuple[int, int, int]:
        """How much is found, made up and missed."""

    @property
    def precision(self) -> float | None:
        """The share of what the run has that is right."""
        return RECORDS["precision"].of(self.row)

    @property
    def recall(self) -> float | None:
        """The share of what the labels have that the run has too."""
        return RECORDS["recall"].of(self.row)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return RECORDS["f1"].of(self.row)


@dataclass(frozen=True)
class Counts(Shares):
    """Records found, made up and missed. `repeated` are among the `spurious`; `excused` count for nothing."""

    found: int = 0
    spurious: int = 0
    missed: int = 0
    repeated: int = 0
    excused: int = 0

    @property
    def row(self) -> tuple[int, int, int]:
        """What the shares are made of."""
        return self.found, self.spurious, self.missed

    def __add__(self, other: Counts) -> Counts:
        """Add the counts."""
        return Counts(
            self.found + other.found,
            self.spurious + other.spurious,
            self.missed + other.missed,
            self.repeated + other.repeated,
            self.excused + other.excused,
        )


@dataclass(frozen=True)
class FieldScore:
    """The values of one field in the matched records; for a list, its elements, of which none is `wrong`."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    spurious: int = 0

    @property
    def row(self) -> tuple[int, int, int, int]:
        """What the shares are made of."""
        return self.right, self.wrong, self.missing, self.spurious

    @property
    def labelled(self) -> int:
        """How many values the labels have."""
        return self.right + self.wrong + self.missing

    @property
    def accuracy(self) -> float | None:
        """The share of the labelled values that the run has."""
        return VALUES["accuracy"].of(self.row)

    @property
    def f1(self) -> float | None:
        """The same, with what the run says besides held against it."""
        return VALUES["f1"].of(self.row)

    def __add__(self, other: FieldScore) -> FieldScore:
        """Add the counts."""
        return FieldScore(*(one + two for one, two in zip(self.row, other.row, strict=True)))
