"""A provider behind the workers of these tests."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from backend.settings import Settings
from tests.fixtures.aimock import AiMock

LECTURE = "Ownership is a set of rules. Each value has 1 owner. The compiler checks the rules."


def answers_well(aimock: AiMock) -> None:
    """Let the provider answer both questions of a synopsis, again and again."""
    said = [
        {"kind": "text", "text": "Ownership is a set of rules.", "cites": [1]},
        {"kind": "definition", "term": "Value", "text": "Each value has 1 owner.", "cites": [2]},
    ]
    overview = {"title": "Ownership", "summary": [], "repeated": []}
    aimock.answer(_final(overview), systemMessage="finished study notes")
    aimock.answer(_final({"items": said}))


def _final(answer: dict[str, Any]) -> dict[str, Any]:
    return {"toolCalls": [{"name": "final_result", "arguments": answer}]}


@pytest.fixture
def provider_settings(
    job_settings: Settings, aimock: AiMock, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """`job_settings` with the stand-in for a provider as the model."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-key")
    return job_settings.model_copy(
        update={
            "agents_default_model": "openai-chat:stand-in",
            "openai_base_url": aimock.openai_url,
        }
    )


async def session_with_lecture(client: httpx2.AsyncClient, text: str = LECTURE) -> str:
    session = await client.post("/sessions", json={"title": "Ownership"})
    assert session.status_code == 201
    session_id: str = session.json()["id"]
    added = await client.post(
        f"/sessions/{session_id}/materials", json={"title": "Lecture", "text": text}
    )
    assert added.status_code == 201
    return session_id
