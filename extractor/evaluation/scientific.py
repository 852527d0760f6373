"""NumPy and SciPy, which only the evaluation needs; they are imported when first used, since both take long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractor.errors import UsageError

_MISSING = 'Evaluation needs scipy; install it with: pip install "extractor[eval]".'


def numpy() -> Any:
    """Return NumPy.

    Raises:
        UsageError: if it is not installed.
    """
    try:
        import numpy as np
    except ImportError:
        raise UsageError(_MISSING) from None
    return np


def assignment(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the rows and columns of the one-to-one matching of the greatest total weight.

    >>> assignment([[1, 2], [0, 3]])
    [(0, 0), (1, 1)]

    Raises:
        UsageError: if SciPy is not installed.
    """
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        raise UsageError(_MISSING) from None
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True)]
