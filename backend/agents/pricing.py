"""What a model's answer cost, by the list prices that genai-prices knows."""

from __future__ import annotations

from decimal import Decimal

from genai_prices import calc_price
from genai_prices.types import PriceCalculation
from pydantic_ai.messages import ModelResponse

_FREE = "offline"


def answered_by(response: ModelResponse) -> str:
    """The model that gave the answer, as "provider:model"; a fallback may have."""
    return ":".join(filter(None, (response.provider_name, response.model_name)))


def cost_of(response: ModelResponse) -> Decimal | None:
    """The price in US dollars; None where it isn't known.

    A price belongs to an address: by a model's name alone, as pydantic-ai looks it up, a server of
    one's own would cost what the original does. What the embedded model does costs nothing.
    """
    if response.provider_name == _FREE:
        return Decimal()
    if response.provider_url is None and response.usage.cost is not None:
        return response.usage.cost
    if not response.model_name or response.usage.unmeasured_requests:
        return None
    try:
        return _price(response, response.model_name).total_price
    except (LookupError, ValueError):
        return None


def _price(response: ModelResponse, model: str) -> PriceCalculation:
    at = response.timestamp
    if response.provider_url:
        place = response.provider_url
        return calc_price(response.usage, model, provider_api_url=place, genai_request_timestamp=at)
    name = response.provider_name
    return calc_price(response.usage, model, provider_id=name, genai_request_timestamp=at)
