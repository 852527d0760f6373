"""The command line, for `python -m extractor`."""

from extractor.cli import app

app(prog_name="extractor")
