"""The agents that come with Offstage and save something, whatever others are registered."""

from __future__ import annotations

from backend.agents.registry import AgentSpec, all_agents


def saving_agents() -> list[AgentSpec]:
    """Those of `backend.agents` whose output becomes an artifact, by name."""
    ours = (s for s in all_agents() if str(s.target.__module__).startswith("backend.agents."))
    return [spec for spec in ours if spec.saves]
