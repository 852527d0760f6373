"""Pages for people: a report of a run to read, and a review of it to correct and label.

`report` writes the first as one file that needs no network.
"""

from extractor.reviewing.report import report

__all__ = ["report"]
