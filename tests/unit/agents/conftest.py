"""Agents run on stand-ins here: no test of this folder may reach a provider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic_ai import models
from pydantic_ai.models import Model

from backend.agents.context import (
    AgentContext,
    Budget,
    Material,
    SessionInfo,
    StepStore,
)
from backend.testing import context_of

MakeContext = Callable[..., AgentContext]


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", False)


@pytest.fixture
def make_context() -> MakeContext:
    """A context for `*texts` (or `materials`), with the offline model unless told otherwise."""

    def make(
        *texts: str,
        materials: tuple[Material, ...] = (),
        model: Model | None = None,
        steps: StepStore | None = None,
        budget: Budget | None = None,
        artifacts: dict[str, dict[str, Any]] | None = None,
        session: SessionInfo | None = None,
    ) -> AgentContext:
        return context_of(
            materials or texts,
            model=model,
            steps=steps,
            budget=budget,
            artifacts=artifacts,
            session=session or SessionInfo("s"),
        )

    return make
