"""Questions on their way to a provider, in temporary files of a size that it takes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any

_MOST_QUESTIONS = 10_000  # in one file; providers take 50,000 and 200 MB
_MOST_BYTES = 90_000_000


class Spool:
    """Collects questions, each once, and gives them back as files of JSON lines."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self._stack = ExitStack()
        self._files: list[tuple[IO[bytes], list[str]]] = []

    def add(self, key: str, question: dict[str, Any]) -> None:
        """Write a question down, unless it is there."""
        if key in self.keys:
            return
        line = json.dumps(question).encode() + b"\n"
        if not self._files or not self._takes(len(line)):
            self._files.append((self._stack.enter_context(tempfile.TemporaryFile()), []))  # noqa: SIM115 -- closed below
        file, keys = self._files[-1]
        file.write(line)
        keys.append(key)
        self.keys.add(key)

    def _takes(self, size: int) -> bool:
        file, keys = self._files[-1]
        return len(keys) < _MOST_QUESTIONS and file.tell() + size <= _MOST_BYTES

    def files(self) -> Iterator[tuple[IO[bytes], list[str]]]:
        """Yield each file, to be read from its beginning, with the keys of its questions."""
        for file, keys in self._files:
            file.seek(0)
            yield file, keys

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
