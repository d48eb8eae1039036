"""Model strings become models, or an error that says what to set."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from backend.agents.models import aclose_models, build_model
from backend.agents.offline import OfflineModel
from backend.errors import Misconfigured
from backend.settings import Settings


@pytest.fixture(autouse=True)
async def _close_models() -> AsyncIterator[None]:
    yield
    await aclose_models()


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


async def test_the_default_needs_nothing(no_keys: None) -> None:
    model = build_model("offline:extractive", Settings())

    assert isinstance(model, OfflineModel)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai:gpt-5", "OPENAI_API_KEY"),
        ("openai-chat:gpt-5", "OPENAI_API_KEY"),
        ("anthropic:claude-sonnet-5", "ANTHROPIC_API_KEY"),
        ("ollama:llama3", "OLLAMA_BASE_URL"),
    ],
)
async def test_a_missing_key_is_named(no_keys: None, name: str, variable: str) -> None:
    with pytest.raises(Misconfigured, match=variable):
        build_model(name, Settings())


@pytest.mark.parametrize("name", ["gpt-5", "nobody:gpt-5", "openai:", "offline:generative", ""])
async def test_an_unknown_model_is_refused(no_keys: None, name: str) -> None:
    with pytest.raises(Misconfigured, match="There is no"):
        build_model(name, Settings())


async def test_a_compatible_service_needs_no_key(no_keys: None) -> None:
    model = build_model("openai-chat:local", Settings(openai_base_url="http://127.0.0.1:9/v1"))

    assert model.base_url == "http://127.0.0.1:9/v1/"
    assert model.settings == {"timeout": 120.0, "request_timeout": 120.0}


async def test_requests_are_limited_in_time_and_the_sdk_does_not_retry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SecretStr("test").get_secret_value())

    model = build_model("anthropic:claude-sonnet-5", Settings(agent_llm_timeout=7))

    assert model.settings == {"timeout": 7.0, "request_timeout": 7.0}
    assert model.provider is not None
    assert model.provider.client.max_retries == 0


async def test_a_model_is_made_once_and_anew_after_closing(no_keys: None) -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1")
    first = build_model("openai-chat:local", settings)

    assert build_model("openai-chat:local", settings) is first
    await aclose_models()
    assert build_model("openai-chat:local", settings) is not first
