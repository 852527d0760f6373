"""Which articles are done: a set of digests that is small enough for millions of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_SIZE = 16  # bytes; nobody can make two articles with the same 128 bits
_BUCKETS = 4096  # few enough to take no memory of their own, and enough to be short with ten million digests


def digest(article_id: str, published: str | None, text: str) -> bytes:
    """Return the digest of an article by id, day of publication and text.

    >>> digest("a", None, "Text.") == digest("a", "None", "Text.")
    False
    """
    whole = f"{len(article_id)} {article_id} {published!r} {text}"
    return hashlib.blake2b(whole.encode("utf-8", "backslashreplace"), digest_size=_SIZE).digest()


class Digests:
    """A set of digests. A million of them take 20 MB, where a `set` takes 100.

    The first bytes of a digest choose a bucket, which holds its digests one after the other.

    >>> one, other = digest("a", None, "x"), digest("b", None, "x")
    >>> done = Digests([one])
    >>> one in done, other in done
    (True, False)
    """

    def __init__(self, digests: Iterable[bytes] = ()) -> None:
        self._buckets = [bytearray() for _ in range(_BUCKETS)]
        for one in digests:
            self.add(one)

    def add(self, one: bytes) -> None:
        """Add a digest that is not in the set."""
        self._bucket(one).extend(one)

    def replace(self, old: Iterable[bytes], new: Iterable[bytes]) -> None:
        """Take those of `old` out that are in the set, and add `new`."""
        for one in old:
            self._discard(one)
        for one in new:
            self.add(one)

    def _discard(self, one: bytes) -> None:
        if (place := self._place(one)) >= 0:
            del self._bucket(one)[place : place + _SIZE]

    def __contains__(self, one: bytes) -> bool:
        return self._place(one) >= 0

    def _place(self, one: bytes) -> int:
        """Return where in its bucket a digest stands, or -1."""
        bucket = self._bucket(one)
        place = bucket.find(one)
        while place > 0 and place % _SIZE:  # the end of one digest and the start of the next
            place = bucket.find(one, place + 1)
        return place

    def _bucket(self, one: bytes) -> bytearray:
        return self._buckets[int.from_bytes(one[:2]) % _BUCKETS]
