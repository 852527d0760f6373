"""Groups of what belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

K = TypeVar("K", str, int)


class Groups(Generic[K]):
    """Sets of keys that belong together (union-find); a set is known by its first key in order.

    >>> groups = Groups[str]()
    >>> groups.join(["b", "c"])
    >>> groups.join(["c", "a"])
    >>> groups.of("b"), "d" in groups
    ('a', False)
    """

    def __init__(self) -> None:
        self._above: dict[K, K] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._above

    def of(self, key: K) -> K:
        """Return what the set of a key is known by."""
        above = self._above.setdefault(key, key)
        while above != self._above[above]:
            above = self._above[above] = self._above[self._above[above]]
        self._above[key] = above
        return above

    def join(self, together: Sequence[K]) -> None:
        """Make one set of those of several keys."""
        roots = sorted({self.of(key) for key in together})
        for root in roots[1:]:
            self._above[root] = roots[0]
