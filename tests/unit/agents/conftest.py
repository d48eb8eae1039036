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
    MemoryStepStore,
    SessionInfo,
    SessionMemory,
    StepStore,
)
from backend.agents.offline import OFFLINE_MODEL_NAME, OfflineModel

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
        of_texts = tuple(Material(f"m{n}", f"Text {n}", t) for n, t in enumerate(texts, start=1))
        return AgentContext(
            job_id="job",
            attempt=1,
            memory=SessionMemory(
                session or SessionInfo("s"), materials or of_texts, artifacts=artifacts or {}
            ),
            model=model or OfflineModel(),
            model_name=OFFLINE_MODEL_NAME if model is None else "function:stand-in",
            steps=steps or MemoryStepStore(),
            budget=budget or Budget(),
        )

    return make
