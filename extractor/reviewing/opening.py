"""Opening a session of review: the run, the labels, and for an adjudication those of two labellers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from extractor.article import Article
from extractor.batch.dictionary import schema_of
from extractor.batch.places import parse
from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.evaluation.labels import Label
from extractor.extraction import Record
from extractor.extraction.check import values
from extractor.reviewing.drafts import Draft, proposed
from extractor.reviewing.label_file import LabelFile
from extractor.reviewing.session import Session, agreed
from extractor.schema import Schema


@contextmanager
def reviewing(
    run: str | Path | URL,
    labels: str | Path | None,
    name: str | None,
    blind: bool,
    files: tuple[str | Path, str | Path] | None,
    schema: str | type[Schema] | None,
) -> Iterator[Session]:
    """Open the session of the one who writes to the labels; see `review` for what it takes.

    Raises:
        UsageError: if there is no such run, or labels do not fit it, or are open in another session.
    """
    _imported()
    if blind and files:
        raise UsageError("--blind hides what --adjudicate compares; give one of them.")
    if name is not None and not re.fullmatch(r"\w[\w. -]*", name):
        raise UsageError(f"--as {name!r} is no name for a file; use letters, digits, - and _.")
    found, articles, records = _read(run, schema)
    place = parse(run)
    folder = place.parent if isinstance(place, Path) else Path()
    default = "labels-agreed.jsonl" if files else f"labels-{name}.jsonl" if name else "labels.jsonl"
    path = Path(labels) if labels else folder / default
    with _claimed(path):
        if files:
            yield _adjudication(path, files, found, articles, name)
            return
        proposals = {} if blind else records
        file = LabelFile(path, found, articles, name, lambda article_id: proposals.get(article_id, ()))
        if blind and (others := file.labellers - {name}):
            other = next(iter(others)) or "somebody without --as"
            raise UsageError(
                f"{path} holds labels of {other}, which --blind would show; give --labels a file of its own."
            )
        yield Session(articles, file, "blind" if blind else "review")


def _imported() -> None:
    try:
        import starlette
        import uvicorn  # noqa: F401 -- the two that an installation may lack

        del starlette
    except ImportError:
        raise UsageError(
            'Reviewing needs starlette and uvicorn; install them with: pip install "extractor[review]".'
        ) from None


def _read(
    run: str | Path | URL, schema: str | type[Schema] | None
) -> tuple[type[Schema], dict[str, Article], dict[str, tuple[Draft, ...]]]:
    """Return the schema of a run, its articles that have a text, and its records as proposals."""
    with Store.open(run) as store:
        found, _ = schema_of(store.provenance, schema)
        if found is None:
            raise UsageError(f"{run} was made with {store.provenance.schema}; name that schema with --schema.")
        articles, records = {}, {}
        for one in store.extractions():
            if one.article.text:
                articles[one.article.id] = one.article
                records[one.article.id] = tuple(_proposed(record, found) for record in one.records)
    if not articles:
        raise UsageError(f"{run} has no article to review.")
    return found, articles, records


def _proposed(record: Record, schema: type[Schema]) -> Draft:
    evidence = {name: [span for one in found for span in one.spans] for name, found in record.items()}
    return proposed(values(record, schema), evidence)


def _adjudication(
    path: Path,
    files: tuple[str | Path, str | Path],
    schema: type[Schema],
    articles: Mapping[str, Article],
    name: str | None,
) -> Session:
    """Set the labels of two people side by side, where both are done with an article."""
    paths = [Path(file) for file in files]
    if path.resolve() in [one.resolve() for one in paths]:
        raise UsageError(f"{path} is one of the two files; give --labels another for what is agreed.")
    (one, first), (other, second) = (_labels(file, schema, articles) for file in paths)
    names = (one, other) if one != other else (paths[0].stem, paths[1].stem)
    if names[0] == names[1]:
        raise UsageError(f"{paths[0]} and {paths[1]} are of one labeller; name two files with different names.")
    both = {key: article for key, article in articles.items() if key in first and key in second}
    if not both:
        raise UsageError(f"There is no article that both {paths[0]} and {paths[1]} are done with.")
    left = len(first.keys() ^ second.keys())
    if left:
        print(f"Articles with which only one of the two is done: {left}; they are left out.", file=sys.stderr)
    versions = {key: (first[key], second[key]) for key in both}
    session = Session(
        both, LabelFile(path, schema, articles, name, lambda key: agreed(versions, names, schema, key)), "adjudicate"
    )
    session.settle()
    return session


def _labels(path: Path, schema: type[Schema], articles: Mapping[str, Article]) -> tuple[str, dict[str, list[Label]]]:
    """Return who labelled, and the labels of the articles that are done."""
    if not path.is_file():
        raise UsageError(f"There are no labels at {path}; `extractor review --as NAME` makes them.")
    file = LabelFile(path, schema, articles, None, lambda _: ())
    by = {str(name) for name in file.labellers if name}
    done = {key: file.document(key) for key in articles if file.state(key) == "done"}
    name = by.pop() if len(by) == 1 else path.stem.removeprefix("labels-")
    return name, {key: [Label(one.values, one.evidence) for one in document.records] for key, document in done.items()}


@contextmanager
def _claimed(path: Path) -> Iterator[None]:
    """Keep other sessions from the labels."""
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{path}.lock", timeout=0, thread_local=False)
        lock.acquire()
    except Timeout:
        raise UsageError(f"{path} is open in another review; end that first, or give --labels another file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        yield
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)
