"""The task that every peer gets: description, worked example, reading articles, writing answers.

Only the wrapping differs between peers. Countries are asked for by name, because the scorer resolves
names and codes alike and a small model knows names better; the dates keep the codebook's form.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from openai.resources.chat.completions import AsyncCompletions, Completions

DESCRIPTION = """\
Find the international visits by officials that a news article reports. The unit is the visit: one traveller,
one destination country, one trip.

A visit is a named official (head of state or government, minister, deputy minister, ambassador-at-large,
special envoy, speaker of parliament, military chief, head of an international organisation) who goes, went,
will go, may go, or was to go and did not, to a country that is not the one they represent.
- One record per traveller and destination country and trip. However often the article mentions a trip, one
record.
- Background trips count ("Kim, who visited Russia last month"), and so do possible ones and expected ones of
third parties ("an expected visit to China by Putin").
- A meeting is not a visit by itself. Residents and hosts at home do not visit.
- Delegations without a named member, states, companies and aircraft are not travellers.
- Text that is not the article (menus, donation appeals, "read more" headlines, author biographies) yields
nothing.

For every visit give, with null for what the article does not say:
- quote: the passage of the article that reports the visit, exactly as written, one clause
- visitor: the traveller's name, without title, in the fullest form that the article uses
- destination: the country visited, its English name
- when: the words that date the visit, as written, preposition included
- dates: those words resolved against the publication date, in EDTF: an interval 2023-10-18/2023-10-19, a day
2023-10-18, a month 2023-09, year unknown XXXX-10-18, not datable null
- status: announced (it will happen and has not begun), ongoing (it has begun and has not ended), completed
(it is over), possible (it may happen, nobody has fixed it), cancelled (it was planned and is off or
postponed), not_held (a visit that was proposed or expected earlier did not come about)"""

EXAMPLE_PUBLISHED = "2024-03-20"
EXAMPLE_TEXT = (
    "French President Emmanuel Macron will travel to Brazil on March 26-28 at the invitation of Luiz Inácio "
    "Lula da Silva, his office said. Lula visited Paris last June. Macron, now in Rome, may go on to Chile."
)
EXAMPLE_VISITS: tuple[dict[str, str | None], ...] = (
    {
        "quote": "French President Emmanuel Macron will travel to Brazil on March 26-28",
        "visitor": "Emmanuel Macron",
        "destination": "Brazil",
        "when": "on March 26-28",
        "dates": "2024-03-26/2024-03-28",
        "status": "announced",
    },
    {
        "quote": "Lula visited Paris last June",
        "visitor": "Luiz Inácio Lula da Silva",
        "destination": "France",
        "when": "last June",
        "dates": "2023-06",
        "status": "completed",
    },
    {
        "quote": "Macron, now in Rome",
        "visitor": "Emmanuel Macron",
        "destination": "Italy",
        "when": "now",
        "dates": None,
        "status": "ongoing",
    },
    {
        "quote": "may go on to Chile",
        "visitor": "Emmanuel Macron",
        "destination": "Chile",
        "when": None,
        "dates": None,
        "status": "possible",
    },
)


@dataclass(frozen=True)
class Article:
    """One text as read, with its publication date if known."""

    id: str
    text: str
    published: str | None


@dataclass
class Usage:
    """What an article cost: requests, tokens, and the seconds that answers took, one added to the other."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def add(self, response: Any, seconds: float) -> None:
        """Count one answer."""
        self.calls += 1
        self.prompt_tokens += response.usage.prompt_tokens
        self.completion_tokens += response.usage.completion_tokens
        self.seconds = round(self.seconds + seconds, 3)


_usage: ContextVar[Usage] = ContextVar("usage")


@contextmanager
def counted() -> Iterator[Usage]:
    """Count the calls of the openai client that this thread or task makes, whatever library makes them."""
    usage = Usage()
    token = _usage.set(usage)
    try:
        yield usage
    finally:
        _usage.reset(token)


def count_calls() -> None:
    """Let the openai client, which both peers call, tell `counted` what each answer cost."""
    create, acreate = Completions.create, AsyncCompletions.create

    def timed(self: Completions, **request: Any) -> Any:
        start = time.perf_counter()
        response = create(self, **request)
        _usage.get().add(response, time.perf_counter() - start)
        return response

    async def atimed(self: AsyncCompletions, **request: Any) -> Any:
        start = time.perf_counter()
        response = await acreate(self, **request)
        _usage.get().add(response, time.perf_counter() - start)
        return response

    Completions.create, AsyncCompletions.create = timed, atimed  # type: ignore[method-assign, assignment]


@dataclass(frozen=True)
class Prediction:
    """What a peer found in one article, what that cost, and why it found nothing."""

    id: str
    visits: list[dict[str, Any]]
    error: str | None = None
    usage: Usage = field(default_factory=Usage)

    def as_json(self) -> str:
        """One line of the output file."""
        return json.dumps(asdict(self), ensure_ascii=False)


def published_line(published: str | None) -> str:
    """Tell a peer the publication date."""
    return f"The article was published on {published}." if published else "The publication date is unknown."


def read_articles(folder: Path, only: Iterable[str] = ()) -> list[Article]:
    """Read `articles.jsonl` of the folder and the texts it names (or holds inline); `only` picks ids."""
    wanted = set(only)
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [_article(folder, row) for row in rows if not wanted or row["id"] in wanted]


def _article(folder: Path, row: dict[str, Any]) -> Article:
    text = row["text"] if "text" in row else (folder / row["file"]).read_bytes().decode("utf-8")
    return Article(row["id"], text, row.get("published"))


def parser(peer: str) -> argparse.ArgumentParser:
    """Make the arguments that every runner takes."""
    args = argparse.ArgumentParser(description=f"Run {peer} over a folder of articles.")
    args.add_argument("folder", type=Path, help="folder with articles.jsonl and the texts")
    args.add_argument("--url", required=True, help="OpenAI-compatible server, with /v1")
    args.add_argument("--key", required=True, help="its API key")
    args.add_argument("--model", required=True, help="the model's name on that server")
    args.add_argument("--workers", type=int, default=4, help="requests in flight at most (default 4)")
    args.add_argument("--max-tokens", type=int, default=2048, help="bound on one answer (default 2048)")
    args.add_argument("--only", nargs="*", default=[], metavar="ID", help="only these articles")
    args.add_argument("--out", type=Path, required=True, help="predictions, one JSON line per article")
    return args


def write_predictions(path: Path, predictions: Iterable[Prediction], peer: str, seconds: float) -> None:
    """Write one line per article, and the wall time with a summary to standard error."""
    done = list(predictions)
    path.write_text("".join(p.as_json() + "\n" for p in done), "utf-8")
    visits = sum(len(p.visits) for p in done)
    failed = sum(p.error is not None for p in done)
    summary = {
        "peer": peer,
        "wall_seconds": round(seconds, 2),
        "articles": len(done),
        "visits": visits,
        "failed": failed,
    }
    print(json.dumps(summary), file=sys.stderr)
