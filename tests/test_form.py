"""Forms: to a model, and in what they accept, they are the pydantic models that they stand for."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model

from extractor.extraction.form import Form

TOWN = Literal["Lima", "Oslo"]
FIELDS: dict[str, Any] = {
    "town": TOWN,
    "home_town": TOWN | None,
    "only": Literal["Lima"],
    "towns": list[TOWN],
    "words": str,
    "note": Annotated[str, StringConstraints(min_length=1, max_length=4)] | None,
    "notes": list[str],
    "sure": bool,
    "number": Literal[1, 2],
}
GOOD: dict[str, Any] = {
    "town": "Lima", "home_town": None, "only": "Lima", "towns": ["Oslo", "Lima"], "words": "Ærø",
    "note": "a", "notes": [], "sure": True, "number": 2,
}  # fmt: skip
FORM = Form.of_records(FIELDS, least=1, most=2)


def model(name: str, fields: dict[str, Any]) -> type[BaseModel]:
    required = {field: (annotation, ...) for field, annotation in fields.items()}
    return create_model(name, __config__=ConfigDict(extra="forbid"), **required)  # type: ignore[call-overload,no-any-return]


RECORD = model("Record", FIELDS)
MODEL = create_model("Answer", records=(list[RECORD], Field(max_length=2, json_schema_extra={"minItems": 1})))  # type: ignore[valid-type]


def test_the_json_schema_is_that_of_a_pydantic_model_to_the_byte() -> None:
    """It is part of each request, and of the key under which its answer is kept."""
    assert json.dumps(FORM.model_json_schema()) == json.dumps(MODEL.model_json_schema())
    correction = Form.of("Correction", FIELDS)
    assert json.dumps(correction.model_json_schema()) == json.dumps(model("Correction", FIELDS).model_json_schema())


@pytest.mark.parametrize("said", [{"records": []}, {"records": [GOOD, GOOD]}, {"records": [GOOD], "more": 1}])
def test_a_good_answer_gives_the_same_values(said: dict[str, Any]) -> None:
    text = json.dumps(said)
    assert FORM.model_validate_json(text) == MODEL.model_validate_json(text).model_dump()


WRONG: dict[str, Any] = {
    "town": "Rome", "home_town": "Rome", "only": "Oslo", "towns": ["Rome"], "words": None, "note": "a longer one",
    "notes": [3], "sure": "perhaps", "number": 3, "more": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        *("{", "[]", "{}", '{"records": {}}', '{"records": [1]}', '{"records": [{}]}'),
        json.dumps({"records": [GOOD] * 3}),
        *(json.dumps({"records": [GOOD | {name: value}]}) for name, value in WRONG.items()),
    ],
)
def test_a_bad_answer_is_refused_in_the_same_words(said: str) -> None:
    complaints = []
    for form in (FORM, MODEL):
        with pytest.raises(ValidationError) as refused:
            form.model_validate_json(said)
        complaints.append([(one["loc"], one["msg"]) for one in refused.value.errors()])
    assert complaints[0] == complaints[1]
