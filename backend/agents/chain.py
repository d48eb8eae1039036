"""Which agents work one after another on a session, each on what those before it have made."""

from __future__ import annotations

from backend.agents.registry import AgentSpec, all_agents, find_agent

_IN_ORDER = ("learning_planner", "synopsis_manager", "session_analyst", "source_finder")


def default_chain() -> list[AgentSpec]:
    """Plan, notes, analysis and sources: those that are registered, in their latest versions."""
    registered = {spec.id for spec in all_agents()}
    return [find_agent(agent_id) for agent_id in _IN_ORDER if agent_id in registered]
