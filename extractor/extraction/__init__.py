"""The way of an article: ask, check, repair, resolve."""

from extractor.extraction.extract import aextract, extract
from extractor.extraction.records import Candidate, Complaint, Extraction, Record, Rejected

__all__ = ["Candidate", "Complaint", "Extraction", "Record", "Rejected", "aextract", "extract"]
