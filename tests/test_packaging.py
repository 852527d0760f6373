"""What is delivered: the wheel's files and metadata, the locks, the version, the licence."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import extractor

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
HOST = re.compile(r"://|\bpython" + r"hosted\b|\bpy" + r"pi\.org\b|--(?:extra-)?index-url|--find-links")


def files(folder: str) -> set[str]:
    """Name the files of a folder as they must lie in the wheel; what the interpreter leaves there is no part."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    inside = "" if folder == "extractor" else "extractor/"
    return {inside + path.relative_to(ROOT).as_posix() for path in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel, without network and without isolation."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 -- fixed words
    (path,) = out.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    """Read what the wheel says of itself."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_string(wheel.read(name).decode())


def test_wheel_holds_the_package_its_prompts_and_schemas_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """All of `extractor/`, data and type marker included; `prompts/` and `schemas/` below it; no tests, no seeds."""
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == files("extractor") | files("prompts") | files("schemas")
    assert {"extractor/py.typed", "extractor/prompts/ask.md", "extractor/schemas/visits.py"} < held
    assert any(name.startswith("extractor/data/") for name in held)


def test_wheel_is_called_and_licensed_as_the_project(wheel: zipfile.ZipFile, metadata: Message) -> None:
    """Name, version, licence with its text, extras and the command are in the metadata."""
    assert (metadata["Name"], metadata["Version"]) == ("extractor", extractor.__version__)
    assert metadata["License-Expression"] == "Apache-2.0"
    names = wheel.namelist()
    (licence,) = (name for name in names if name.endswith("licenses/LICENSE"))
    assert "Apache License" in wheel.read(licence).decode()
    assert {"local", "eval", "replay", "dev"} <= set(metadata.get_all("Provides-Extra", []))
    (commands,) = (name for name in names if name.endswith("entry_points.txt"))
    assert "extractor = extractor.cli:app" in wheel.read(commands).decode()


def test_core_stays_light(metadata: Message) -> None:
    """What everybody installs has neither a data frame, nor a compiled model, nor a numeric library."""
    needed = {Requirement(text) for text in metadata.get_all("Requires-Dist", [])}
    core = {requirement.name for requirement in needed if requirement.marker is None}
    assert core == {Requirement(text).name for text in PROJECT["dependencies"]}
    assert not core & {"numpy", "pandas", "scipy", "torch", "transformers", "xllamacpp"}


def test_version_is_in_the_changelog() -> None:
    """A release cannot go out unexplained."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(extractor.__version__)}\]", changelog, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_pin_everything_with_hashes_and_name_no_host(lock: Path) -> None:
    """Each requirement has one version and at least one SHA-256; where it comes from is up to the user's settings."""
    text = lock.read_text("utf-8")
    assert not HOST.search(text)
    pins = re.split(r"\n(?=\S)", text.strip())
    assert pins
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==[^\s;]+( ;.+?)? \\\n +--hash=sha256:[0-9a-f]{64}", pin), pin


def test_locks_hold_what_the_project_asks_for() -> None:
    """Every dependency and extra is locked at a version that it allows; run.txt is a part of dev.txt."""
    locked = {lock.name: _pins(lock) for lock in LOCKS}
    assert locked["run.txt"].items() <= locked["dev.txt"].items()
    optional = PROJECT["optional-dependencies"]
    for name, asked in {
        "run.txt": [*PROJECT["dependencies"], *optional["local"], *optional["eval"], *optional["replay"]],
        "dev.txt": optional["dev"],
    }.items():
        for requirement in map(Requirement, asked):
            if requirement.name != "extractor":
                assert all(requirement.specifier.contains(v) for v in locked[name][requirement.name]), requirement


def _pins(lock: Path) -> dict[str, tuple[str, ...]]:
    """Return the versions of each locked package; there are several where they depend on Python's."""
    pins: dict[str, tuple[str, ...]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE):
        pins[name] = (*pins.get(name, ()), version)
    return pins
