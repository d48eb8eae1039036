"""Chains of jobs as they are asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from backend.api.schemas.base import RequestModel, ResponseModel
from backend.api.schemas.jobs import JobAccepted

LONGEST_CHAIN = 16
_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class LinkRequest(RequestModel):
    """One job of a chain. Without `version` it is the agent's latest."""

    agent: _Name
    version: _Name | None = None
    query: dict[str, Any] = Field(default_factory=dict)


class PipelineRequest(RequestModel):
    """Agents in the order in which they run, each on what those before it have made."""

    agents: Annotated[list[LinkRequest], Field(min_length=1, max_length=LONGEST_CHAIN)] | None = (
        Field(
            default=None,
            description="Without: plan, notes, analysis, sources, as far as there are such agents",
        )
    )


class LinkAccepted(JobAccepted):
    """One job of a chain. `waitsFor` is the job that has to be done before it, null for none."""

    agent: str
    waits_for: str | None


class ChainAnswer(ResponseModel):
    """The jobs of a chain, in order."""

    jobs: list[LinkAccepted]
