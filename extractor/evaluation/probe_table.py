"""The table of the probes: how many records followed what was done to their article, and with what certainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from extractor.errors import UsageError
from extractor.evaluation.following import Case
from extractor.evaluation.tables import bounds, ratio, table


@dataclass(frozen=True)
class Row:
    """How one probe went: how many records followed, kept what the original says, or were lost."""

    probe: str
    followed: int
    kept: int
    lost: int

    @property
    def n(self) -> int:
        """How many records were put to the probe."""
        return self.followed + self.kept + self.lost

    @property
    def share(self) -> float | None:
        """The share of them that followed; None where there were none."""
        return self.followed / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share (E. B. Wilson, 1927), as if the records knew nothing of each other.

        >>> Row("names", 9, 1, 0).interval
        (0.596, 0.982)
        """
        if not self.n:
            return None
        try:
            from scipy.stats import binomtest  # takes longer to import than all of ours
        except ImportError:
            raise UsageError('Evaluation needs scipy; install it with: pip install "extractor[eval]".') from None
        low, high = binomtest(self.followed, self.n).proportion_ci(method="wilson")
        return round(float(low), 3), round(float(high), 3)


@dataclass(frozen=True)
class Probes:
    """What came of the probes, record by record; `failed` names the copies on which the model failed, and why."""

    probes: Sequence[str]
    cases: tuple[Case, ...]
    failed: Mapping[str, str]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The counts of each probe, in order."""
        count = Counter((case.probe, case.outcome) for case in self.cases)
        return tuple(Row(p, count[p, "followed"], count[p, "kept"], count[p, "lost"]) for p in self.probes)

    def to_json(self) -> dict[str, Any]:
        """Return the rows with their shares, every case, and what failed."""
        rows = [asdict(row) | {"n": row.n, "share": row.share, "interval": row.interval} for row in self.rows]
        return {"probes": rows, "cases": [asdict(case) for case in self.cases], "failed": dict(self.failed)}

    def table(self) -> str:
        """Render one line for each probe.

        >>> print(Probes(("names",), (Case("names", "a", "a.names", {}, {}, None, "lost"),), {}).table())
        probe  followed  kept  lost  n  share       95 %
        names         0     0     1  1   .000  .000–.793
        """
        rows = [[r.probe, r.followed, r.kept, r.lost, r.n, ratio(r.share), bounds(r.interval)] for r in self.rows]
        return table("probe followed kept lost n share 95_%", rows)
