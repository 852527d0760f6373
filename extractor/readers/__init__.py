"""Readers turn what a user points at into articles."""

from extractor.readers.files import Unreadable, read

__all__ = ["Unreadable", "read"]
