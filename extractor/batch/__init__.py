"""Batch runs: many articles, one store."""
