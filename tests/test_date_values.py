"""Dates in EDTF compared: which are the same, and which cannot be of one happening."""

from __future__ import annotations

import pytest

from extractor.fields.dates import clash, same


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("2023-10-18/2023-10-18", "2023-10-18", True),
        (" xxxx-01-26", "XXXX-01-26", True),
        ("2023-10-18", "2023-10-19", False),
        ("2023-10", "2023-10-18", False),
        ("2023-10-18/2023-10-19", "2023-10-18", False),
        (None, None, True),
        ("", None, True),
        ("2023", None, False),
    ],
)
def test_same(a: str | None, b: str | None, equal: bool) -> None:
    """Dates are equal when they are written alike after normalisation."""
    assert same(a, b) is equal
    assert same(b, a) is equal


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("2024-03-05", "2024-03-05", False),
        ("2024-03-05", "2024-03-06", True),
        ("2024-03", "2024-03-31", False),
        ("2024-03", "2024-04-01", True),
        ("2024", "2024-12-31", False),
        ("2023", "2024-01-01", True),
        ("199X", "1999-12-31", False),
        ("199X", "2000", True),
        ("2024-03-05/2024-03-07", "2024-03-07/2024-03-09", False),
        ("2024-03-05/2024-03-07", "2024-03-08/2024-03-09", True),
        ("2023-21", "2023-05-31", False),
        ("2023-21", "2023-06-01", True),
        ("2023-24", "2024-02-29", False),
        ("2024-07/2024-12", "2024-06", True),
        ("XXXX-01-26", "2024-01-26", False),
        ("XXXX-01-26", "2024-01-27", True),
        ("XXXX-01-26", "2024-01", False),
        ("XXXX-01-26", "2024", False),
        ("XXXX-12-30/XXXX-01-02", "2024-01-01", False),
        ("XXXX-12-30/XXXX-01-02", "2023-12-31", False),
        ("XXXX-12-30/XXXX-01-02", "XXXX-01-03", True),
        ("XXXX-09", "2022/2024", False),
        ("XXXX-12-05", "2022-05/2024-06", False),
        ("XXXX-02-29", "2023-02", False),
        ("nonsense", "2024", False),
        ("2024-02-30", "2024", False),
    ],
)
def test_clash(a: str, b: str, apart: bool) -> None:
    """Two dates clash when they share no day; what cannot be read clashes with nothing."""
    assert clash(a, b) is apart
    assert clash(b, a) is apart
