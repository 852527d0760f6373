"""Repeats: which articles tell a story that an earlier one told in the same words.

An exact copy is known by its hash, another by the runs of words that it shares (MinHash). A copy may be shorter or
longer than the first, as copies lose paragraphs and gain frames: what counts is how much of the shorter stands in the
longer.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections import OrderedDict
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from extractor.article import Article
from extractor.errors import ExtractorError

if TYPE_CHECKING:
    from rensa import RMinHash

SHARE = 0.8
"""The share of the shorter text's runs of words that must stand in the longer one."""

_RUN = 5  # words; templates with other names share many shorter runs
_SLOTS, _BANDS = 128, 64  # of a sketch; more bands find more of the short cuts, and take more memory
_SEED = 42  # any fixed number, so that a run finds the same repeats again
_WINDOW = 3000  # stories, of some 10 kB each
_COMPARED = 50  # of the newest that may be alike; where more are, they follow a template, and are as many stories
_QUESTIONS = 500  # of one story; a template that goes on for ever must not fill the memory


class Sketch(NamedTuple):
    """The runs of words of a text, boiled down to what tells how many of them another text has."""

    minhash: RMinHash
    size: int

    @classmethod
    def of(cls, words: list[str]) -> Sketch:
        """Sketch a text of these words."""
        from rensa import RMinHash

        runs = {" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))}
        minhash = RMinHash(num_perm=_SLOTS, seed=_SEED)
        minhash.update(list(runs))
        return cls(minhash, len(runs))

    def share(self, other: Sketch) -> float:
        """Estimate how much of the shorter text stands in the longer."""
        alike: float = self.minhash.jaccard(other.minhash)
        return alike / (1 + alike) * (self.size + other.size) / min(self.size, other.size)


class Asked:
    """A question of a story. Whoever holds the lock asks it, while the others wait for the answer.

    `put_off` is the article that asked, and why it got no answer yet: a provider's batch may bring it.
    """

    __slots__ = ("answer", "lock", "put_off")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.answer: bytes | None = None
        self.put_off: tuple[str, ExtractorError] | None = None


class Story:
    """What several articles tell in the same words: the id of the first of them, and what has been asked."""

    def __init__(self, first: str, words: bytes, sketch: Sketch) -> None:
        self.first = first
        self.words = words  # their hash
        self.sketch = sketch
        self._asked: dict[bytes, Asked] = {}

    def asked(self, key: bytes) -> Asked:
        """Return the question with this key, a new one if nobody has asked it yet."""
        if key not in self._asked and len(self._asked) >= _QUESTIONS:
            del self._asked[next(iter(self._asked))]
        return self._asked.setdefault(key, Asked())


class Repeats:
    r"""The stories of a run, as far back as memory allows: those that no copy has come of for longest are forgotten.

    >>> report = "Mara Lindqvist will visit Peru on Friday, her office said, to open a bridge over the river Ucayali."
    >>> repeats = Repeats()
    >>> for name, text in ("a", report), ("b", "Lindqvist in Peru\n\n" + report), ("c", "It rained in Peru."):
    ...     print(name, repeats.story(Article(id=name, text=text)).first)
    a a
    b a
    c c
    """

    def __init__(self, *, window: int = _WINDOW) -> None:
        from rensa import RMinHashLSH

        self.saved = 0  # answers that a copy did not ask for again
        self._window = window
        self._stories: OrderedDict[int, Story] = OrderedDict()  # by a number that grows; the newest copied is last
        self._numbers: dict[bytes, int] = {}  # by the hash of the first article's words
        self._index = RMinHashLSH(threshold=SHARE, num_perm=_SLOTS, num_bands=_BANDS)
        self._next = count()

    def story(self, article: Article) -> Story:
        """Return the story that an article repeats, or else a new one that begins with it."""
        text = unicodedata.normalize("NFKC", article.without_boilerplate().text).casefold()
        words = re.findall(r"\w+", text)
        hashed = blake2b(" ".join(words).encode(), digest_size=16).digest()
        number = self._numbers.get(hashed)
        if number is None:
            sketch = Sketch.of(words)
            number = self._most_alike(sketch)
            if number is None:
                number = self._add(Story(article.id, hashed, sketch))
        self._stories.move_to_end(number)
        return self._stories[number]

    def _most_alike(self, sketch: Sketch) -> int | None:
        """Return the story that shares most with a text, if that is enough."""
        found = sorted(self._index.query(sketch.minhash))[-_COMPARED:]
        share, best = max(((self._stories[n].sketch.share(sketch), n) for n in found), default=(0.0, None))
        return best if share >= SHARE else None

    def _add(self, story: Story) -> int:
        number = self._numbers[story.words] = next(self._next)
        self._stories[number] = story
        self._index.insert(number, story.sketch.minhash)
        if len(self._stories) > self._window:
            oldest, forgotten = self._stories.popitem(last=False)
            del self._numbers[forgotten.words]
            self._index.remove(oldest)
        return number
