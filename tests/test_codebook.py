"""The codebook: the schema rendered for people and for the model, from the schema alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.extraction.question import preamble
from extractor.fields import Quoted
from extractor.rendering import codebook, guide
from extractor.schema import Schema, field, fields_of, load

RECIPE = str(Path(__file__).parent / "fixtures" / "recipe.py")


@pytest.fixture(params=["visits", RECIPE], ids=["visits", "recipe"])
def schema(request: pytest.FixtureRequest) -> type[Schema]:
    return load(request.param)


def test_it_holds_every_field_with_its_description_and_form(schema: type[Schema]) -> None:
    page = codebook(schema)
    for name, spec in fields_of(schema).items():
        (line,) = [line for line in page.splitlines() if line.startswith(f"- {name}: ")]
        assert spec.description in line
        assert spec.type.form in line
        assert ("list" in line.rpartition("(")[2]) == spec.many or spec.many


def test_it_says_what_may_be_null() -> None:
    page = codebook(RECIPE).splitlines()
    (dish,) = [line for line in page if line.startswith("- dish:")]
    (heat,) = [line for line in page if line.startswith("- heat:")]
    assert "null" not in dish
    assert "or null" in heat


def test_it_holds_every_choice_with_its_meaning_in_order(schema: type[Schema]) -> None:
    page = codebook(schema)
    place = 0
    for spec in fields_of(schema).values():
        for value, meaning in spec.type.values():
            place = page.index(f"- {value}: {meaning}", place)


def test_it_holds_the_definition_every_rule_and_every_example(schema: type[Schema]) -> None:
    page = codebook(schema)
    assert schema.unit in page.splitlines()[0]
    assert " ".join((schema.__doc__ or "").split()[:6]) in page
    for rule in schema.rules:
        assert f"- {rule}" in page
    for example in schema.examples:
        assert example.passage in page
        for record in example.records:
            for value in record.values():
                assert str(value) in page if value is not None else True


def test_an_example_without_a_record_says_so() -> None:
    page = codebook(RECIPE)
    assert "no record" in page[page.index("She remembered the pears.") :]


def test_what_an_example_leaves_empty_is_not_printed() -> None:
    assert "None" not in codebook(RECIPE)


def test_by_name_path_or_class_it_is_the_same_page() -> None:
    assert codebook("visits") == codebook(load("visits"))
    assert codebook(RECIPE) == codebook(load(RECIPE))


def test_it_depends_on_the_schema_alone(tmp_path: Path) -> None:
    """A word changed in the schema is changed in the page; nothing of another schema is in it."""
    path = tmp_path / "other.py"
    path.write_text(Path(RECIPE).read_text("utf-8").replace("what is made", "the finished thing"))
    assert "the finished thing" in codebook(str(path))
    assert "visit" not in codebook(RECIPE).lower()


def test_the_model_reads_the_same_words(schema: type[Schema]) -> None:
    """The prompt holds the definition, the rules and each asked field exactly as the codebook has them."""
    system = preamble(schema)[0]["content"]
    asked = [spec for spec in fields_of(schema).values() if spec.asked]
    for line in guide(schema, asked):
        assert line.strip() in system
        assert line.strip() in codebook(schema)


def test_a_schema_without_docstring_rules_or_examples_has_a_page_too() -> None:
    class Bare(Schema):
        name: Quoted = field("its name", key=True)

    page = codebook(Bare)
    assert "- name: its name (as written)" in page


@pytest.mark.parametrize("wrong", ["nothing", "nothing.py"])
def test_an_unknown_schema_is_a_usage_error(wrong: Any) -> None:
    with pytest.raises(UsageError):
        codebook(wrong)
