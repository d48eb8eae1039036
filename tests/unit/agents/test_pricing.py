"""What an answer cost, where anybody knows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.usage import RequestUsage

from backend.agents.pricing import answered_by, cost_of
from backend.domain.events import Usage

USED = RequestUsage(input_tokens=1_000_000, output_tokens=0)


def answer(model: str, provider: str, url: str | None, usage: RequestUsage = USED) -> ModelResponse:
    return ModelResponse(
        parts=[], usage=usage, model_name=model, provider_name=provider, provider_url=url
    )


def test_a_providers_own_model_has_its_list_price() -> None:
    cost = cost_of(answer("gpt-4o-mini", "openai", "https://api.openai.com/v1/"))

    assert cost == Decimal("0.15")


@pytest.mark.parametrize(
    ("model", "provider", "url"),
    [
        ("gpt-4o-mini", "openai", "http://127.0.0.1:8000/v1/"),
        ("llama3", "ollama", "http://localhost:11434/v1/"),
        ("nobody-knows-it", "openai", "https://api.openai.com/v1/"),
    ],
)
def test_without_a_known_price_there_is_none(model: str, provider: str, url: str) -> None:
    assert cost_of(answer(model, provider, url)) is None


def test_without_an_address_the_name_has_to_do() -> None:
    assert cost_of(answer("gpt-4o-mini", "openai", None)) == Decimal("0.15")
    assert cost_of(answer("of-nobody", "openai", None)) is None


def test_a_name_alone_gives_no_price_to_a_server_of_ones_own() -> None:
    """pydantic-ai prices by name where the address is unknown, and writes that to the usage."""
    guessed = RequestUsage(input_tokens=1, cost=Decimal("0.5"))

    assert cost_of(answer("gpt-4o", "openai", "http://127.0.0.1/v1", guessed)) is None


def test_the_embedded_model_is_free() -> None:
    assert cost_of(answer("extractive", "offline", None)) == 0


def test_usage_is_told_by_the_model_that_answered() -> None:
    name = answered_by(answer("gpt-4o-mini", "openai", None))
    used = Usage().plus(1, 10, 2, 0.5, model=name).plus(1, 20, 3, None, model="ollama:llama3")
    used = used.plus(1, 5, 1, 0.25, model=name)

    assert (used.requests, used.input_tokens, used.output_tokens) == (3, 35, 6)
    assert used.cost_usd == 0.75
    told = {one.model: (one.requests, one.input_tokens, one.cost_usd) for one in used.models}
    assert told == {"openai:gpt-4o-mini": (2, 15, 0.75), "ollama:llama3": (1, 20, None)}
