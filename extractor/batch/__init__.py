"""Batch runs: many articles, one store."""

from extractor.batch.run import Summary, run
from extractor.batch.show import show, to_json
from extractor.batch.store import Store

__all__ = ["Store", "Summary", "run", "show", "to_json"]
