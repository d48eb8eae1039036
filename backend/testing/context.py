"""An agent's context in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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


def context_of(
    materials: Sequence[str | Material] = (),
    *,
    model: Model | None = None,
    steps: StepStore | None = None,
    session: SessionInfo | None = None,
    artifacts: dict[str, dict[str, Any]] | None = None,
    budget: Budget | None = None,
    attempt: int = 1,
) -> AgentContext:
    """A context with these texts as the session's material.

    The model is `offline:extractive` unless another is given. Give two contexts the same `steps`
    to see what a second attempt does again.
    """
    texts = [
        text if isinstance(text, Material) else Material(f"m{number}", f"Text {number}", text)
        for number, text in enumerate(materials, start=1)
    ]
    return AgentContext(
        job_id="test",
        attempt=attempt,
        memory=SessionMemory(
            session or SessionInfo("session", title="Test"), tuple(texts), artifacts or {}
        ),
        model=model or OfflineModel(),
        model_name=model.model_name if model else OFFLINE_MODEL_NAME,
        steps=steps or MemoryStepStore(),
        budget=budget or Budget(),
    )
