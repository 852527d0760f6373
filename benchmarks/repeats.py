"""How well repeats are found, what finding them costs, and how many questions it saves.

    python benchmarks/repeats.py

The set is built here: stories of seeds/ and benchmarks/corpus/ with copies as desks make them (repeats/copies.toml),
and articles that look like copies and are none (repeats/others.toml). Any two articles of a story are a pair, found if
they come into one group; those of a kind are the pairs that a copy of this kind is part of. The articles come in twenty
shuffled orders, since the first of a story to come is what the others are compared with. The least share in use was
chosen on this set. No model is asked: for the questions, a FAKE one that finds nothing stands in, so that questions of
repair are not counted.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from extractor.article import Article
from extractor.batch import repeats as finder
from extractor.batch.remembering import Remembering
from extractor.batch.repeats import Repeats
from extractor.evaluation.reports import ratio, table
from extractor.extraction import aextract
from extractor.models import Model, ModelSpec, Usage
from extractor.models.client import Answer
from extractor.readers import read
from extractor.readers.boilerplate import find_boilerplate

HERE = Path(__file__).parent
SHARES = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
ORDERS = 20
TYPEWRITER = str.maketrans("“”‘’–", "\"\"''-")

Story = Mapping[str, Any]


class Member(NamedTuple):
    """An article of the set, the story that it tells, and what was done to it."""

    article: Article
    story: str
    kind: str


def members() -> list[Member]:
    """Build the set."""
    told = {
        one.id: one
        for folder in (HERE.parent / "seeds", HERE / "corpus")
        for one in read(folder)
        if isinstance(one, Article)
    }
    made = [*_copies(_table("copies"), told), *_others(_table("others"), told)]
    return [
        Member(Article(id=f"{story} {kind}", text=text, boilerplate=find_boilerplate(text)), story, kind)
        for story, kind, text in made
    ]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / "repeats" / f"{name}.toml").read_text("utf-8"))


def _copies(copies: Mapping[str, Any], told: Mapping[str, Article]) -> Iterator[tuple[str, str, str]]:
    for story in copies["story"]:
        text = told[story["of"]].text
        yield story["of"], "original", text
        for kind in story["made"]:
            frame = copies["frames"].get(kind)
            yield story["of"], kind, frame.replace("{story}", text) if frame else EDITS[kind](text, story)


def _others(others: Mapping[str, Any], told: Mapping[str, Article]) -> Iterator[tuple[str, str, str]]:
    for one in others["retold"]:
        yield f"{one['of']} retold", "retold", one["text"]
    for one in others["follow_up"]:
        kept = [line for line in _lines(told[one["of"]].text) if line.startswith(tuple(one["keeps"]))]
        yield f"{one['of']} follow-up", "follow-up", one["text"].replace("{kept}", "\n\n".join(kept))
    for i, one in enumerate(others["template"]):
        for j, filling in enumerate(one["fillings"]):
            yield f"template {i} filled {j}", "template", one["text"].format(**filling)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _title(text: str) -> str:
    """Return the headline, if the article begins with one."""
    first = _lines(text)[0]
    return first if len(first) <= 100 and first[-1] not in '.”"' else ""


def _exact(text: str, story: Story) -> str:
    return text


def _typeset(text: str, story: Story) -> str:
    return "\n".join("   " + re.sub(", ", ",\u00a0", line, count=1) for line in _lines(text.translate(TYPEWRITER)))


def _headline(text: str, story: Story) -> str:
    return f"{story['headline']}\n\n{text.strip().removeprefix(_title(text)).strip()}"


def _dateline(text: str, story: Story) -> str:
    return _swapped(text, story["dateline"])


def _edited(text: str, story: Story) -> str:
    return _swapped(text, story["swaps"])


def _swapped(text: str, swaps: Sequence[tuple[str, str]]) -> str:
    for old, new in swaps:
        if old not in text:
            raise ValueError(f"copies.toml swaps {old!r}, which the story does not have")
        text = text.replace(old, new)
    return text


def _cut(text: str, story: Story) -> str:
    lines = _lines(text)
    return "\n\n".join(lines[: -(len(lines) // 3)])


def _brief(text: str, story: Story) -> str:
    lines = _lines(text)
    return "\n\n".join(lines[: max(2, len(lines) // 3)])


def _update(text: str, story: Story) -> str:
    title = _title(text)
    return f"{title}\n\n{story['lead']}\n\n{text.strip().removeprefix(title).strip()}\n\n{story['more']}"


EDITS: dict[str, Callable[[str, Story], str]] = {
    "exact": _exact,
    "typeset": _typeset,
    "headline": _headline,
    "dateline": _dateline,
    "edited": _edited,
    "cut": _cut,
    "brief": _brief,
    "update": _update,
}


class Pairs(NamedTuple):
    """Pairs of articles by the kind of their copies: those that were found, were missed, and are none."""

    found: Counter[str]
    missed: Counter[str]
    wrong: Counter[str]

    def scores(self) -> list[str]:
        """Return precision, recall and F1."""
        found, missed, wrong = (sum(counts.values()) for counts in self)
        return [ratio(found / all_) for all_ in (found + wrong, found + missed, found + (missed + wrong) / 2)]


def grouped(made: Sequence[Member], orders: int) -> Pairs:
    """Compare the groups that are found with the true ones, over several orders of the articles."""
    pairs = Pairs(Counter(), Counter(), Counter())
    for order in range(orders):
        shuffled = random.Random(order).sample(made, len(made))  # noqa: S311 -- nothing secret
        repeats = Repeats()
        firsts = [repeats.story(one.article).first for one in shuffled]
        for (one, first), (other, second) in combinations(zip(shuffled, firsts, strict=True), 2):
            kinds = {one.kind, other.kind} - {"original"} or {"original"}
            same, together = one.story == other.story, first == second
            if same or together:
                (pairs.found if same and together else pairs.missed if same else pairs.wrong).update(kinds)
    return pairs


class Silent(Model):
    """A FAKE model that finds nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.spec = ModelSpec.parse("http://127.0.0.1:9/v1#fake")
        self.asked: list[str] = []

    async def ask(self, messages: Any, answer: Any, *, max_tokens: int, context: Any = None) -> Answer[Any]:
        """Answer that there are no records."""
        self.asked.append(json.dumps([messages, answer.model_json_schema()]))
        return Answer(answer.model_validate_json('{"records": []}'), Usage())

    def on(self, article_id: str) -> AbstractContextManager[None]:
        """Take no note of the article."""
        return nullcontext()


async def questions(made: Sequence[Member], repeats: Repeats | None) -> list[str]:
    """Read the set and return what was asked."""
    model = Silent()
    for one in made:
        await aextract(one.article, model=Remembering(model, one.article, repeats) if repeats else model)
    return model.asked


def cost(count: int) -> tuple[float, float]:
    """Return the microseconds and bytes that an article costs: of 400 words, each a story of its own."""
    rng = random.Random(1)  # noqa: S311 -- nothing secret
    texts = (" ".join(f"word{rng.randrange(20_000)}" for _ in range(400)) for _ in range(count))
    articles = [Article(id=str(i), text=text) for i, text in enumerate(texts)]
    repeats = Repeats(window=count)
    before, started = _resident(), time.process_time()
    for one in articles:
        repeats.story(one)
    return (time.process_time() - started) / count * 1e6, (_resident() - before) / count


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main() -> None:
    """Print the quality of the groups, what they save, and what they cost."""
    micros, size = cost(2000)
    made = members()
    print(f"articles {len(made)}, stories {len({one.story for one in made})}\n")
    used, rows = finder.SHARE, []
    for share in sorted({*SHARES, used}):
        finder.SHARE = share
        rows.append([f"{share:.2f}{' in use' if share == used else ''}", *grouped(made, ORDERS).scores()])
    finder.SHARE = used
    print(table("share precision recall F1", rows), end="\n\n")
    found, missed, _ = grouped(made, ORDERS)
    print(table("kind recall", [[kind, ratio(found[kind] / (found[kind] + missed[kind]))] for kind in sorted(found)]))
    asked = asyncio.run(questions(made, None))
    left = asyncio.run(questions(made, Repeats()))
    print(f"\nquestions {len(asked)}, different ones {len(set(asked))}, with repeats {len(set(left))}")
    print(f"an article takes {micros:.0f} µs of processor time, a story {size:.0f} bytes")


if __name__ == "__main__":
    main()
