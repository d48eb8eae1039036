"""What a caller can ask of the learning planner."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.agents.synopsis_manager.query import LanguageTag
from backend.domain.artifacts import A_NUMBER
from backend.domain.plan import Level


class PlanQuery(BaseModel):
    """`create` makes a new plan; `update` keeps what a person changed in the current one.

    `hours` is all the time there is; without it the plan takes what the material's length and the
    level suggest. An update without `level` or `hours` keeps those of the current plan. The offline
    model doesn't follow `instructions`.
    """

    model_config = ConfigDict(extra="forbid")

    action: Literal["create", "update"] = "create"
    level: Level | None = None
    hours: Annotated[float, Field(ge=0.25, le=1_000), A_NUMBER] | None = None
    instructions: str | None = Field(default=None, max_length=2_000)
    language: LanguageTag | None = None
