"""Readers turn what a user points at into articles."""

from extractor.readers.columns import Columns
from extractor.readers.files import members, read
from extractor.readers.raw import Raw, Unreadable, finished

__all__ = ["Columns", "Raw", "Unreadable", "finished", "members", "read"]
