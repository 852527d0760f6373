"""Wordings: phrases that a cue of a schema matches, so that one cue can be put in the place of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

# Private, but the only parser of all that `re` itself understands; a library of our own choice would know a part.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 3000  # phrases of one cue that are looked at
_LOOKS = (ops.ASSERT, ops.ASSERT_NOT, ops.AT)


@lru_cache(maxsize=512)
def wordings(cue: str) -> tuple[str, ...]:
    r"""Write out the phrases of a cue, as far as it spells its words out; what is optional is left out first.

    >>> wordings(r"(?:has |have )?arrived")
    ('arrived', 'has arrived', 'have arrived')
    >>> wordings(r"(?:will|may)(?: \w+)? visit(?!or)")
    ('will visit', 'may visit')
    """
    written = islice(_sequence(parser.parse(cue)), _MOST)
    return tuple(dict.fromkeys(phrase for phrase in written if re.fullmatch(cue, phrase) and phrase.strip()))


def _sequence(pattern: Iterable[Any]) -> Iterator[str]:
    """Write out what stands in a row."""
    parts = [list(islice(_part(op, value), _MOST)) for op, value in pattern]
    return ("".join(pieces) for pieces in product(*parts))


def _part(op: Any, value: Any) -> Iterator[str]:
    """Write out one part; what stands for any word has no wording."""
    if op in _LOOKS:
        yield ""
    elif op is ops.LITERAL:
        yield chr(value)
    elif op is ops.BRANCH:
        for branch in value[1]:
            yield from _sequence(branch)
    elif op is ops.SUBPATTERN:
        yield from _sequence(value[-1])
    elif op is ops.IN and all(kind is ops.LITERAL for kind, _ in value):
        yield from (chr(one) for _, one in value)
    elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and value[0] <= 1:
        if value[0] == 0:
            yield ""
        yield from _sequence(value[2])
