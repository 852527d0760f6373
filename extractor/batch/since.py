"""Since: which articles a run leaves out, because an earlier run has them or they are older than a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL

from extractor.article import Article
from extractor.batch.store import Store
from extractor.readers import Raw


@contextmanager
def since(what: str | Path | URL | None, *, gate: bool) -> Iterator[Callable[[Article | Raw], bool]]:
    """Yield what says of an article that it is not new since a run, by its store, or since a day (``2024-03-05``).

    What the earlier run failed on counts as new, and so does an article without a day of publication.

    Raises:
        UsageError: if there is no such store.
    """
    if what is None:
        yield lambda _: False
    elif isinstance(what, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", what):
        day = what
        yield lambda article: article.published is not None and article.published < day
    else:
        with Store.open(what) as earlier:
            yield partial(earlier.has, gate=gate)
