"""Schemas: declared with field types, loaded by name or path, and refused in one clear sentence."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel, ValidationError

from extractor.errors import UsageError
from extractor.fields import Choice, Country, Dates, Person, Quoted, When
from extractor.fields.choice import ChoiceType
from extractor.fields.country import CountryType
from extractor.fields.person import PersonType
from extractor.fields.quoted import QuotedType
from extractor.schema import Mark, Schema, field, fields_of, load, schemas_folder, tense_of

RECIPE = Path(__file__).parent / "fixtures" / "recipe.py"


class Tone(Choice):
    OLD = "old", "long ago", (), "past"
    NEW = "new", "to come", (), "future"


class Trade(Schema):
    """A trade."""

    seller: Person = field("who sells", key=True)
    buyer: Person | None = field("who buys", of="seller")
    goods: list[Quoted] = field("what is sold")
    where: Country | None = field("where", asked=False)
    tone: Tone | None = field("when roughly")
    moods: list[Tone] = field("moods")
    when: When | None = field("the words", lead=("on",), does=("sell",))
    dates: Dates | None = field("the dates", of="when")


def test_fields_come_in_the_order_of_declaration() -> None:
    assert list(fields_of(Trade)) == ["seller", "buyer", "goods", "where", "tone", "moods", "when", "dates"]


def test_a_field_is_read_off_its_annotation() -> None:
    """Plain, optional and list annotations give the type, whether it is many, and whether it may be missing."""
    specs = fields_of(Trade)
    shape = {name: (type(spec.type), spec.many, spec.optional) for name, spec in specs.items()}
    assert shape["seller"] == (PersonType, False, False)
    assert shape["buyer"] == (PersonType, False, True)
    assert shape["goods"] == (QuotedType, True, True)
    assert shape["where"] == (CountryType, False, True)
    assert shape["tone"] == (ChoiceType, False, True)
    assert shape["moods"][:2] == (ChoiceType, True)


def test_what_field_says_is_kept() -> None:
    specs = fields_of(Trade)
    assert [name for name, spec in specs.items() if spec.key] == ["seller"]
    assert (specs["buyer"].of, specs["dates"].of, specs["seller"].of) == ("seller", "when", None)
    assert specs["goods"].description == "what is sold"
    assert (specs["when"].lead, specs["when"].does) == (("on",), ("sell",))
    assert field("x", onward=True).json_schema_extra["mark"].onward
    assert not any(spec.onward for spec in specs.values())


def test_what_the_words_decide_is_not_asked() -> None:
    """A field that is not asked, that lead words introduce, or whose type reads words alone is not the model's."""
    asked = {name for name, spec in fields_of(Trade).items() if spec.asked}
    assert asked == {"seller", "buyer", "goods", "tone", "moods"}


def test_only_key_fields_are_required() -> None:
    Trade(seller="Ana Ruiz")
    with pytest.raises(ValidationError):
        Trade.model_validate({"buyer": "Ana Ruiz"})


def test_a_field_of_no_schema_is_refused() -> None:
    with pytest.raises(ValidationError):
        Trade.model_validate({"seller": "Ana Ruiz", "colour": "red"})


def test_the_tense_of_a_record_is_that_of_its_first_choice_that_tells() -> None:
    assert tense_of(Trade, {"tone": "old"}) == "past"
    assert tense_of(Trade, {"seller": "Ana Ruiz", "tone": "new"}) == "future"
    assert tense_of(Trade, {"seller": "Ana Ruiz"}) is None
    assert tense_of(Trade, {"tone": None}) is None


def test_records_with_clashing_dates_are_two() -> None:
    """By default two sets of values with one key are one record unless their dates cannot both hold."""
    assert Trade.same_record({"dates": "2024-03"}, {"dates": "2024-03-05"})
    assert Trade.same_record({"dates": "2024-03"}, {})
    assert not Trade.same_record({"dates": "2024-03"}, {"dates": "2024-05-05"})


def test_a_plain_mark_asks_and_is_no_key() -> None:
    assert Mark() == Mark(key=False, of=None, asked=True, lead=(), does=())


class Undescribed(Schema):
    name: Quoted


class Untyped(Schema):
    name: str = field("what it is called")


class TwoTypes(Schema):
    name: Person | Country = field("what it is called")


class ForeignMetadata(Schema):
    name: Annotated[str, "a note"] | None = field("what it is called")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (Undescribed, "Undescribed.name has no description"),
        (Untyped, "Untyped.name has no field type"),
        (TwoTypes, "TwoTypes.name has no field type"),
        (ForeignMetadata, "ForeignMetadata.name has no field type"),
    ],
)
def test_a_field_that_says_too_little_is_named(schema: type[Schema], words: str) -> None:
    """The author learns which field lacks what, and how to write it."""
    with pytest.raises(UsageError) as raised:
        fields_of(schema)
    assert words in str(raised.value)
    assert one_sentence(str(raised.value))


def one_sentence(message: str) -> bool:
    return message.endswith(".") and "\n" not in message and len(message) < 400


def test_a_schema_loads_by_name() -> None:
    assert load("visits").unit == "visits"


def test_a_schema_loads_by_path() -> None:
    assert load(str(RECIPE)).__name__ == "Recipe"


def test_by_path_and_name() -> None:
    assert load(f"{RECIPE}:Recipe").unit == "recipes"


def test_as_it_is() -> None:
    assert load(Trade) is Trade


def test_a_relative_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(RECIPE.parent)
    assert load("recipe.py:Recipe").__name__ == "Recipe"


def test_the_shipped_schemas_are_found() -> None:
    assert (schemas_folder() / "visits.py").is_file()


HEAD = "from extractor.fields import Quoted\nfrom extractor.schema import Schema, field\n"
ONE = HEAD + "class One(Schema):\n    name: Quoted = field('its name', key=True)\n"
TWO = ONE + "class Two(Schema):\n    name: Quoted = field('its name', key=True)\n"


@pytest.mark.parametrize(
    ("code", "wanted", "words"),
    [
        (None, "", "No schema"),
        ("", "", "holds 0 schemas"),
        (HEAD, "", "holds 0 schemas"),
        (TWO, "", "holds 2 schemas; name one"),
        (ONE, ":Three", "has no schema 'Three'; it has One"),
        (HEAD, ":Three", "it has none"),
        (ONE, ":Schema", "has no schema 'Schema'"),
        (ONE, ":Quoted", "has no schema 'Quoted'"),
        ("def (:", "", "does not import: SyntaxError"),
        ("import no_such_module_at_all", "", "does not import: ModuleNotFoundError"),
        ("1 / 0", "", "does not import: ZeroDivisionError"),
        (HEAD + "class One(Schema):\n    name: Quoted\n", "", "has no description"),
        (HEAD + "class One(Schema):\n    name: str = field('its name')\n", "", "has no field type"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, code: str | None, wanted: str, words: str) -> None:
    path = tmp_path / "mine.py"
    if code is not None:
        path.write_text(code)
    with pytest.raises(UsageError) as raised:
        load(f"{path}{wanted}")
    assert words in str(raised.value)
    assert one_sentence(str(raised.value))


@pytest.mark.parametrize("name", ["visit", "", "Visits.txt", "../visits2", "no such thing", "visits:Nothing"])
def test_an_unknown_name_is_refused_and_the_known_ones_listed(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        load(name)
    assert one_sentence(str(raised.value))
    assert "visit" in str(raised.value).lower()


def test_a_folder_is_no_schema(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(UsageError, match="No schema"):
        load(str(tmp_path / "folder.py"))


def test_two_files_of_one_name_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    """Nor does a schema file that is called like a module of the standard library."""
    for folder, unit in (("a", "apples"), ("b", "pears")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "json.py").write_text(ONE + f"    unit = '{unit}'\n")
    first, second = (load(str(tmp_path / folder / "json.py")) for folder in "ab")
    assert (first.unit, second.unit) == ("apples", "pears")
    assert "apples" in inspect.getsource(sys.modules[first.__module__]), "the run keeps the code of its schema"
    import json

    assert json.dumps(1) == "1"


def test_a_schema_that_is_derived_in_its_file_counts_as_its_own(tmp_path: Path) -> None:
    """Of a base and what derives from it, one must be named."""
    (tmp_path / "two.py").write_text(ONE + "class Two(One):\n    more: Quoted | None = field('more')\n")
    assert list(fields_of(load(f"{tmp_path / 'two.py'}:Two"))) == ["name", "more"]


def test_field_is_for_any_annotation() -> None:
    """`field` type-checks beside each field type, and gives None to what need not be there."""

    class Loose(BaseModel):
        key_field: ClassVar[Any] = field("x", key=True)
        other: ClassVar[Any] = field("y")

    assert Loose.key_field.is_required()
    assert Loose.other.default is None
