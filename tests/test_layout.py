"""What keeps the code readable, measured: nothing too long, every test a claim, no gate that cannot fail."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import extractor
from tests import conftest

ROOT = Path(__file__).parent.parent
FOLDERS = ("extractor", "schemas", "tests", "scripts", "benchmarks", "docs")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts)
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(source: str) -> list[Function]:
    """Return all functions of a file, inner ones and methods included."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]


def too_long(source: str) -> list[str]:
    """Name the functions that take more than a screen."""
    lengths = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions(source)}
    return [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FUNCTION]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    """No file is over 400 lines and no function over 60."""
    source = path.read_text("utf-8")
    assert source.count("\n") <= LONGEST_FILE
    assert not too_long(source)


def test_a_long_function_would_be_seen() -> None:
    """The measure counts a function's last line, also of a method."""
    body = "        pass\n" * LONGEST_FUNCTION
    assert too_long(f"class A:\n    def f(self):\n{body}") == ["f: 61 lines"]


@pytest.mark.parametrize("path", sorted((ROOT / "tests").glob("test_*.py")), ids=lambda path: path.stem)
def test_every_test_makes_a_claim(path: Path) -> None:
    """Each test says what it holds the code to, in its name or below, so that a failure reads as a broken promise."""
    tests = [function for function in functions(path.read_text("utf-8")) if function.name.startswith("test_")]
    assert tests
    claims = [ast.get_docstring(test) or test.name.replace("_", " ").removeprefix("test ") for test in tests]
    assert [claim for claim in claims if len(claim.split()) < 3] == []


def test_every_public_name_is_there_and_documented() -> None:
    """What `extractor` exports can be imported and says what it is for."""
    assert extractor.__all__ == sorted(extractor.__all__)
    for name in extractor.__all__:
        assert getattr(extractor, name).__doc__, name


def test_the_gate_on_imports_sees_a_step_that_reaches_back(tmp_path: Path) -> None:
    """The gate on who imports whom can fail: with the two lowest lines swapped, it breaks."""
    (tmp_path / "extractor").symlink_to(ROOT / "extractor")
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"errors | fields"' in settings
    upside_down = settings.replace('"errors | fields",', "").replace('"article",', '"article",\n  "errors | fields",')
    (tmp_path / "pyproject.toml").write_text(upside_down)
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()", "--no-cache"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed words
    assert result.returncode == 1, result.stdout + result.stderr
    assert "extractor.article is not allowed to import" in result.stdout or "BROKEN" in result.stdout


def test_tests_cannot_reach_the_network() -> None:
    """Any address but the loopback is refused, by name and by number, before a packet leaves."""
    with pytest.raises(RuntimeError, match="reached for the network: example"):
        socket.create_connection(("example.invalid", 80), timeout=1)
    with socket.socket() as plain, pytest.raises(RuntimeError, match=r"reached for the network: 192\.0\.2\.1"):
        plain.connect(("192.0.2.1", 80))
    assert len(conftest._attempts) == 2
    conftest._attempts.clear()  # these two were meant
