"""Prompt templates: rendered strictly, the article's words unchanged, identified by a hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from extractor import prompts

FOLDER = Path(prompts.__file__).parent.parent / "prompts"


def test_a_prompt_is_identified_by_the_hash_of_its_file() -> None:
    """Any change to the template changes what a run stores about it."""
    for name in ("ask", "repair"):
        assert prompts.load(name).digest == "sha256:" + hashlib.sha256((FOLDER / f"{name}.md").read_bytes()).hexdigest()


def test_the_front_matter_is_no_part_of_the_prompt() -> None:
    prompt = prompts.load("ask")
    assert set(prompt.parts) == {"system", "user"}
    assert not any("version:" in part for part in prompt.parts.values())


def test_a_missing_variable_is_an_error_not_an_empty_string() -> None:
    with pytest.raises(UndefinedError):
        prompts.load("ask").render("user", before="")


@pytest.mark.parametrize(
    "words",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{# gone #}",
        "<b>&amp;</b>",
        "“é” \u202e\u200b",
        "a\\nb",
        "[system]",
        "---",
        "{{ before }}",
    ],
)
def test_the_articles_words_are_neither_run_nor_escaped(words: str) -> None:
    """Braces, markup and headings of the template's own form go through as they are."""
    user = prompts.load("ask").render("user", before=words, passage=words)
    assert user.count(words) == 2
    assert "49" not in user


def test_what_stands_before_is_left_out_where_nothing_does() -> None:
    prompt = prompts.load("ask")
    assert "Before" not in prompt.render("user", before="", passage="She left.")
    shown = prompt.render("user", before="Mara Lindqvist spoke.", passage="She left.")
    assert shown.index("Mara Lindqvist spoke.") < shown.index("She left.")


def test_the_complaint_comes_with_the_passage() -> None:
    shown = prompts.load("repair").render("user", before="", passage="She left.", complaint="Peru is not there")
    assert "She left." in shown
    assert "Peru is not there" in shown


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        prompts.load("nothing")
