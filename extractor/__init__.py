"""News articles in, rows you can trust out: every value is checked against the words of the article.

The whole public interface is here; field types for schemas of one's own are in `extractor.fields`. A name is
imported when it is first used, since a language model's client takes a second to import.

>>> import extractor
>>> extractor.Span(0, 6).of("Lavrov is in Seoul.")
'Lavrov'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from extractor.article import Article, Span
    from extractor.batch.export import Exported, export
    from extractor.batch.run import Estimate, Summary, run
    from extractor.batch.show import show
    from extractor.batch.store import Store
    from extractor.errors import ExtractorError, UsageError
    from extractor.evaluation import evaluate
    from extractor.evaluation.agreement import agree
    from extractor.evaluation.comparison import compare
    from extractor.evaluation.probes import probe
    from extractor.evaluation.trial import mutate
    from extractor.events.diff import diff
    from extractor.events.event import Event
    from extractor.events.export import ExportedEvents, export_events
    from extractor.events.merge import merge
    from extractor.events.store import read_events
    from extractor.extraction.extract import aextract, extract
    from extractor.extraction.records import Extraction
    from extractor.models import open_model
    from extractor.readers import Columns, read
    from extractor.rendering import codebook
    from extractor.reviewing.report import Reported, report
    from extractor.reviewing.review import review
    from extractor.schema import Actor, Course, Schema, field

__all__ = [
    "Actor", "Article", "Columns", "Course", "Estimate", "Event", "Exported", "ExportedEvents", "Extraction",
    "ExtractorError", "Reported", "Schema", "Span", "Store", "Summary", "UsageError", "aextract", "agree", "codebook",
    "compare", "diff", "evaluate", "export", "export_events", "extract", "field", "merge", "mutate", "open_model",
    "probe", "read", "read_events", "report", "review", "run", "show",
]  # fmt: skip

_HOMES = {
    "article": ("Article", "Span"),
    "batch.export": ("Exported", "export"),
    "batch.run": ("Estimate", "Summary", "run"),
    "batch.show": ("show",),
    "batch.store": ("Store",),
    "rendering": ("codebook",),
    "errors": ("ExtractorError", "UsageError"),
    "evaluation": ("evaluate",),
    "evaluation.agreement": ("agree",),
    "evaluation.comparison": ("compare",),
    "evaluation.probes": ("probe",),
    "evaluation.trial": ("mutate",),
    "events.diff": ("diff",),
    "events.event": ("Event",),
    "events.export": ("ExportedEvents", "export_events"),
    "events.merge": ("merge",),
    "events.store": ("read_events",),
    "extraction.extract": ("aextract", "extract"),
    "extraction.records": ("Extraction",),
    "models": ("open_model",),
    "readers": ("Columns", "read"),
    "reviewing.report": ("Reported", "report"),
    "reviewing.review": ("review",),
    "schema": ("Actor", "Course", "Schema", "field"),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"extractor.{home}"), name)
    raise AttributeError(f"module 'extractor' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
