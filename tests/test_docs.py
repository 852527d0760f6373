"""What the documentation says is so: its output is real, its commands, links and options exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from extractor import fields
from extractor.cli import app
from scripts.update_docs import PAGES, PICTURE, ROOT, picture, refreshed

ALL_PAGES = (*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "peers" / "README.md")
RECORDED = sorted((ROOT / "cassettes").rglob("*.yaml"))


def commands(group: Any, name: str = "extractor") -> Iterator[tuple[str, Any]]:
    """Yield every command of the tree with its full name."""
    yield name, group
    for part, command in getattr(group, "commands", {}).items():
        yield from commands(command, f"{name} {part}")


TREE = dict(commands(get_command(app)))


def written_commands(page: Path) -> list[list[str]]:
    """Return the `extractor …` commands of a page's shell and console blocks, in words."""
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = (re.sub(r"^\$ ", "", line) for block in blocks for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines if line.startswith("extractor ")]


def test_there_is_something_recorded_to_show() -> None:
    """Both the seeds and the recipes of the docs have recorded answers."""
    folders = {path.parent.relative_to(ROOT).as_posix() for path in RECORDED}
    assert {"cassettes", "cassettes/recipes"} <= folders, "record them with `make record`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_output_is_what_the_program_prints(page: Path) -> None:
    """Every snippet of a page runs on the recorded answers, and prints what the page says; else run `make docs`."""
    assert page.read_text("utf-8") == refreshed(page)


def test_picture_is_what_the_program_prints() -> None:
    """The picture of the README is the terminal's output; else run `make docs`."""
    assert PICTURE.read_text("utf-8") == picture()
    assert "http" not in PICTURE.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_only_named_exist(page: Path) -> None:
    """Each option in a shell block is one of its command."""
    for words in written_commands(page):
        name = max((n for n in TREE if words[: len(n.split())] == n.split()), key=len)
        assert not hasattr(TREE[name], "commands"), words
        options = {flag for parameter in TREE[name].params for flag in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


@pytest.mark.parametrize("name", [name for name in TREE if name != "extractor"])
def test_every_command_is_documented(name: str) -> None:
    """Each command says what it does, and so does each of its options; a page names it."""
    command = TREE[name]
    assert command.help, name
    assert all(getattr(parameter, "help", "") for parameter in command.params), name
    assert any(name in page.read_text("utf-8") for page in PAGES), name


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file of the project, and each file that is named in passing, is there."""
    text = page.read_text("utf-8")
    linked = {link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link}
    assert {link for link in linked if not (page.parent / link).exists()} == set()
    named = set(re.findall(r"`((?:extractor|scripts|tests|benchmarks|docs|requirements)/[\w./-]+)`", text))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_field_type_is_documented() -> None:
    """The page on schemas has a row for each type that a schema can use."""
    page = (ROOT / "docs" / "writing-a-schema.md").read_text("utf-8")
    helpers = {"FieldType", "Found", "Verdict", "View"}
    assert {name for name in fields.__all__ if f"| `{name}` |" not in page} == helpers


def test_no_figure_is_left_open() -> None:
    """Tables whose figures come from a benchmark are filled in."""
    assert [page.name for page in PAGES if "TBD" in page.read_text("utf-8")] == []
