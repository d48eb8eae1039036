"""The course plan as it is sent and answered."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from backend.api.schemas.artifacts import CurrentVersion, WholeVersion
from backend.api.schemas.base import LanguageTag, Remark, RequestModel, Title
from backend.domain.plan import CoursePlan, Level, PlanModule, problem_of

MODULES_AT_MOST = 200


class PlanVersionOut(WholeVersion, CoursePlan):
    """One version, whole."""


class PlanOut(CurrentVersion, CoursePlan):
    """The current version, and whether a next one is being made."""


class PlanEdit(RequestModel):
    """A person's change, whole; what is left out of the rest stays as it is.

    The plan's minutes are the sum of its modules'. A module's `own` follows from what was changed.
    """

    title: Title
    language: LanguageTag | None = None
    goal: Remark | None = None
    level: Level | None = None
    modules: list[PlanModule] = Field(max_length=MODULES_AT_MOST)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problem = problem_of(self.modules)
        if problem:
            raise PydanticCustomError("plan", "{problem}", {"problem": problem})
        return self
