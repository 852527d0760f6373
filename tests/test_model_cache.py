"""Answers that are kept: the same request is not sent twice, in this run or in the next one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationInfo, field_validator

import extractor
from extractor.batch.answers import Answers
from extractor.batch.provenance import provenance
from extractor.models import ModelSpec, Usage, open_model
from extractor.schema import load
from tests.fake_answers import fake_model, sales, shop
from tests.fake_server import answer, fake_server

QUESTION = [{"role": "user", "content": "Who went where?"}]


class Visit(BaseModel):
    visitor: str

    @field_validator("visitor")
    @classmethod
    def is_named(cls, visitor: str, info: ValidationInfo) -> str:
        if info.context and visitor not in info.context["names"]:
            raise ValueError("not named")
        return visitor.strip()


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    made = provenance(load("visits"), ModelSpec.parse("http://host/v1#fake"), {})
    return Answers.beside(tmp_path / "run.db", made)


async def test_the_same_request_costs_one_call(answers: Answers) -> None:
    """It is the words of the model that are kept, so that other validators see them anew."""
    with answers, fake_server(answer('{"visitor": " Lavrov"}'), answer('{"visitor": "Wang"}')) as fake:
        async with open_model(f"{fake.url}#fake", cache=answers) as model:
            first = await model.ask(QUESTION, Visit, max_tokens=50)
            again = await model.ask(QUESTION, Visit, max_tokens=50)
            refused = await model.ask(QUESTION, Visit, max_tokens=50, context={"names": "Wang"})
    assert (first.value, again.value, again.usage) == (Visit(visitor="Lavrov"), first.value, Usage())
    assert refused.value.visitor == "Wang"
    assert len(fake.bodies) == 2


@pytest.mark.parametrize(("cache", "calls"), [(True, 0), (False, 2)])
def test_another_run_beside_it_asks_nothing_again(
    tmp_path: Path, cache: bool, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with fake_model(sales) as model:
        ads = shop(tmp_path, a="Selling a boat for 40 euros.", b="Selling a hat for 3 francs.")
        options = {"schema": "sales.py", "model": model.spec, "cache": cache}
        first = extractor.run(ads, out="runs/one.db", dry_run=False, **options)
        model.asked.clear()
        second = extractor.run(ads, out="runs/two.db", dry_run=False, **options)
    assert (first.records, second.records) == (2, 2)
    assert len(model.asked) == calls
