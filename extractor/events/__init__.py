"""Events: records of several articles and runs that tell of one happening, as one row with all its sources."""

from extractor.events.diff import Change, diff
from extractor.events.event import Chosen, Claim, Disagreement, Event, Source, Step
from extractor.events.merge import assemble, merge
from extractor.events.store import read_events, write_events

__all__ = [
    "Change", "Chosen", "Claim", "Disagreement", "Event", "Source", "Step", "assemble", "diff", "merge", "read_events",
    "write_events",
]  # fmt: skip
