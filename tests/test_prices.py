"""Prices: those of the package, per million tokens, and no guess where nobody can know."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest

from extractor.errors import UsageError
from extractor.models import ModelSpec, Usage
from extractor.models.prices import FREE, Price, price_if_known, price_of


def test_prices_are_per_million_tokens() -> None:
    """A known model's price is that which the package itself reckons with."""
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    price = price_of(ModelSpec.parse("openai/gpt-4.1-mini"))
    assert price is not None
    theirs = calc_price(Tokens(input_tokens=7_000, output_tokens=300), "gpt-4.1-mini", provider_id="openai")
    assert price.of(Usage(7_000, 300, 5)) == pytest.approx(float(theirs.total_price))
    assert price.prompt < price.completion


@pytest.mark.parametrize(
    "spec", ["anthropic/claude-sonnet-4-5", "google/gemini-2.5-flash", "mistral/mistral-small-latest"]
)
def test_other_providers_have_prices_too(spec: str) -> None:
    price = price_of(ModelSpec.parse(spec))
    assert price is not None
    assert price > FREE


def test_the_highest_price_of_the_day_counts() -> None:
    """A model that is cheaper at night must not exceed its budget by day, whenever it is asked."""
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    counted = Tokens(input_tokens=1_000_000)
    by_hour = [
        calc_price(
            counted,
            "deepseek-chat",
            provider_id="deepseek",
            genai_request_timestamp=datetime(2026, 3, 5, hour, tzinfo=UTC),
        )
        for hour in range(24)
    ]
    price = price_of(ModelSpec.parse("deepseek/deepseek-chat"))
    assert price is not None
    assert price.prompt == pytest.approx(max(float(one.total_price) for one in by_hour))


def test_a_charge_for_each_request_counts() -> None:
    """Some providers charge for the search that goes with a request."""
    price = price_of(ModelSpec.parse("perplexity/sonar"))
    assert price is not None
    assert price.request > 0
    assert price.of(Usage(0, 0, 2)) == pytest.approx(2 * price.request)


@pytest.mark.parametrize("spec", ["http://127.0.0.1:8000/v1#gpt-4.1-mini", "openai/no-such-model", "nobody/x"])
def test_unknown_prices_are_unknown(spec: str) -> None:
    """A server by URL may cost anything, whatever its model is called."""
    assert price_of(ModelSpec.parse(spec)) is None
    assert price_if_known(ModelSpec.parse(spec)) is None


@pytest.mark.parametrize("spec", ["local", "local:weights.gguf"])
def test_the_embedded_model_is_free(spec: str) -> None:
    assert price_of(ModelSpec.parse(spec)) == FREE == Price(0, 0)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the price must be known, its package is asked for; where it is only told, it is unknown."""
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    spec = ModelSpec.parse("openai/gpt-4.1-mini")
    with pytest.raises(UsageError, match=r'pip install "extractor\[prices\]"'):
        price_of(spec)
    assert price_if_known(spec) is None
    assert price_of(ModelSpec.parse("local")) == FREE
