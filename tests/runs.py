"""What the tests of runs share: ads of a small shop, and a run in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

import extractor
from extractor.batch.store import Store
from extractor.models import Retries
from tests.fake_answers import FakeModel

FEW = {"a": "Selling a boat for 40 euros.", "b": "Nothing here.", "c": "Selling the car for secret money."}


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Try again at once, in a folder of the test's own."""
    monkeypatch.setattr(Retries, "wait", lambda *_: 0.0)
    monkeypatch.chdir(tmp_path)


def run(source: object, model: FakeModel | str, **options: object) -> extractor.Summary:
    """Run the ads."""
    spec = model if isinstance(model, str) else model.spec
    return extractor.run(source, schema="sales.py", model=spec, **options)  # type: ignore[call-overload,no-any-return]


def outcomes(path: Path | URL) -> dict[str, extractor.Extraction]:
    """Read what came out of each article."""
    with Store.open(path) as store:
        return {extraction.article.id: extraction for extraction in store.extractions()}
