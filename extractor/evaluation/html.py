"""The scores of a run as one web page, which needs no script and no network."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from extractor.batch.terminal import harmless
from extractor.evaluation.mistakes import KINDS, by_kind
from extractor.evaluation.score import Scores
from extractor.evaluation.tables import bounds, ratio

_TEMPLATES = Path(__file__).parent / "templates"


def page(scores: Scores, title: str) -> str:
    """Return a page with the tables and all mistakes; what articles and labels say shows as text.

    >>> from extractor.evaluation.counts import Counts
    >>> "<h1>Evaluation of &lt;b&gt;.db</h1>" in page(Scores(1, 0, 0, Counts(found=1), 0, 0), "Evaluation of <b>.db")
    True
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # a command that writes no page needs none

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(ratio=ratio, bounds=bounds, harmless=lambda value: harmless(str(value)))
    style = (_TEMPLATES / "evaluation.css").read_text("utf-8")
    return environment.get_template("evaluation.html").render(
        title=harmless(title),
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
        scores=scores,
        kinds=by_kind(scores.mistakes),
        listed=[(kind, [one for one in scores.mistakes if one.kind == kind]) for kind in KINDS],
    )
