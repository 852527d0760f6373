"""Provenance: what made a run is seen in full, so that a store never mixes two makers."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from extractor.batch.provenance import PROMPTS, Provenance, provenance
from extractor.batch.tables import run
from extractor.models import ModelSpec
from extractor.schema import load


def test_every_part_of_the_provenance_has_its_column() -> None:
    """A new part needs a column, and with it a new version of the tables."""
    assert [column.name for column in run.columns] == ["number", *(field.name for field in fields(Provenance))]


def test_provenance_names_every_prompt() -> None:
    """No prompt that is sent goes without its hash."""
    assert {path.stem for path in Path("prompts").glob("*.md")} == set(PROMPTS)


def test_provenance_sees_what_changes_records(tmp_path: Path) -> None:
    """Another description makes another schema, other weights another model; the same file is the same."""

    def made(description: str, weights: bytes) -> Provenance:
        (tmp_path / "s.py").write_text(
            "from extractor.fields import Quoted\nfrom extractor.schema import Schema, field\n"
            f"class S(Schema):\n    x: Quoted = field({json.dumps(description)}, key=True)\n"
        )
        (tmp_path / "w.gguf").write_bytes(weights)
        return provenance(load(str(tmp_path / "s.py")), ModelSpec.parse(f"local:{tmp_path / 'w.gguf'}"), {})

    first = made("one", b"1")
    assert first.keys == ["x"]
    assert first.difference(made("one", b"1")) is None
    assert "schema" in str(first.difference(made("two", b"1")))
    assert "model" in str(first.difference(made("one", b"2")))
    assert first.model_hash == "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def test_weights_of_a_replay_may_be_missing() -> None:
    """No weights, no hash; opening the model complains where it needs them."""
    assert provenance(load("visits"), ModelSpec.parse("local:missing.gguf"), {}).model_hash is None
