"""What asking a model costs in US dollars, from the data in `genai-prices`, which needs no network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from extractor.errors import UsageError
from extractor.models.spec import ModelSpec
from extractor.models.usage import Usage

_MILLION = 1_000_000
_USUAL = 1_000  # tokens of a request: some models are dearer for very long ones


class Price(NamedTuple):
    """US dollars for a million tokens of prompts, for a million tokens of answers, and for each request.

    >>> Price(0.40, 1.60).of(Usage(prompt_tokens=1_000_000, completion_tokens=250_000))
    0.8
    """

    prompt: float
    completion: float
    request: float = 0.0

    def of(self, usage: Usage) -> float:
        """Return what `usage` costs, without the discounts that a provider may give."""
        tokens = usage.prompt_tokens * self.prompt + usage.completion_tokens * self.completion
        return tokens / _MILLION + usage.calls * self.request


FREE = Price(0.0, 0.0)


def price_of(spec: ModelSpec) -> Price | None:
    """Return the price of a model, the highest of the day; None where nobody can know it, as for a URL.

    Raises:
        UsageError: if the package that knows prices is missing.

    >>> price_of(ModelSpec.parse("local"))
    Price(prompt=0.0, completion=0.0, request=0.0)
    >>> price_of(ModelSpec.parse("http://gpu:8000/v1#qwen"))
    """
    if spec.kind != "provider":
        return FREE if spec.kind == "local" else None
    try:
        from genai_prices import Usage as Tokens
        from genai_prices import calc_price
    except ImportError:
        raise UsageError('Prices need genai-prices; install it with: pip install "extractor[prices]".') from None
    usual = Tokens(input_tokens=_USUAL, output_tokens=_USUAL)
    day = [datetime.now(UTC) + timedelta(hours=hour) for hour in range(24)]
    try:
        found = [
            calc_price(usual, spec.name, provider_id=spec.provider, genai_request_timestamp=moment) for moment in day
        ]
    except LookupError:
        return None
    return Price(
        max(float(one.input_price * _MILLION / _USUAL) for one in found),
        max(float(one.output_price * _MILLION / _USUAL) for one in found),
        max(float(one.total_price - one.input_price - one.output_price) for one in found),
    )


def price_if_known(spec: ModelSpec) -> Price | None:
    """Return the price of a model; None also for want of the package that knows prices."""
    try:
        return price_of(spec)
    except UsageError:
        return None
