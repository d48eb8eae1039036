"""A course plan: modules in the order they are learnt, each with its aims, time and check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from backend.domain.artifacts import ArtifactKind, Span, WholeNumber
from backend.domain.edits import with_known_marks
from backend.domain.events import CamelModel

Level = Literal["beginner", "intermediate", "advanced"]
OwnField = Literal["title", "objectives", "prerequisites", "minutes", "covers", "check"]
_OWN_FIELDS: tuple[OwnField, ...] = (
    "title",
    "objectives",
    "prerequisites",
    "minutes",
    "covers",
    "check",
)


class Objective(CamelModel):
    """What a learner can do after the module. A person's own has no sources and is grounded."""

    text: str = Field(min_length=1)
    sources: list[Span] = Field(default_factory=list)
    grounded: StrictBool = True


class ModuleCheck(CamelModel):
    """A question that tells whether the module was understood; the sources hold its answer."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    sources: list[Span] = Field(default_factory=list)
    grounded: StrictBool = True


class PlanModule(CamelModel):
    """One module. `covers` is what of the material it goes through, `prerequisites` are ids.

    `own` names the fields that a person wrote: an update leaves them as they are.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    title: str = Field(min_length=1)
    objectives: list[Objective] = Field(default_factory=list)
    prerequisites: list[str] = Field(default_factory=list)
    minutes: WholeNumber = Field(ge=1)
    covers: list[Span] = Field(default_factory=list)
    check: ModuleCheck | None = None
    own: list[OwnField] = Field(default_factory=list)


class CoursePlan(CamelModel):
    """The plan. `minutes` is the sum of its modules'; what a module needs stands before it.

    `left_out` is what a person took out of the plan: an update doesn't bring it back.
    """

    title: str = Field(min_length=1)
    language: str
    goal: str = ""
    level: Level = "beginner"
    minutes: WholeNumber = Field(ge=0)
    modules: list[PlanModule]
    left_out: list[Span] = Field(default_factory=list)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        problem = problem_of(self.modules)
        if problem:
            raise PydanticCustomError("plan", "{problem}", {"problem": problem})
        total = sum(module.minutes for module in self.modules)
        if total != self.minutes:
            raise PydanticCustomError(
                "plan_minutes",
                "The modules take {total} minutes together, and the plan says {said}.",
                {"total": total, "said": self.minutes},
            )
        return self


def problem_of(modules: Sequence[PlanModule]) -> str:
    """What is wrong with the modules' ids and order; empty if nothing is.

    A module may need earlier ones only, so that no two can wait for each other.
    """
    known = [module.id for module in modules]
    earlier: set[str] = set()
    for module in modules:
        if module.id in earlier:
            return f"Two modules have the id {module.id}."
        for needed in module.prerequisites:
            if needed not in known:
                return f"Module {module.id} needs {needed}, and there is no such module."
            if needed not in earlier:
                return f"Module {module.id} needs {needed}, which doesn't come before it."
        earlier.add(module.id)
    return ""


def as_edited(before: CoursePlan, after: CoursePlan) -> CoursePlan:
    """`after`, a person's change of `before`, with its marks: what was changed is the person's."""
    known = {module.id: module for module in before.modules}
    stays = {module.id for module in after.modules}
    removed = [s for m in before.modules if m.id not in stays for s in m.covers]
    taught = [s for module in after.modules for s in module.covers]
    left_out = [*before.left_out, *(span for span in removed if span not in before.left_out)]
    return after.model_copy(
        update={
            "modules": [_marked(known.get(module.id), module) for module in after.modules],
            "left_out": [span for span in left_out if span not in taught],
        }
    )


def _marked(before: PlanModule | None, after: PlanModule) -> PlanModule:
    known_checks = [before.check] if before is not None and before.check else []
    checks = with_known_marks(known_checks, [after.check] if after.check else [])
    after = after.model_copy(
        update={
            "objectives": with_known_marks(before.objectives if before else [], after.objectives),
            "check": checks[0] if checks else None,
        }
    )
    changed = {
        name
        for name in _OWN_FIELDS
        if before is None or getattr(before, name) != getattr(after, name)
    }
    marked = changed | set(before.own if before is not None else ())
    return after.model_copy(update={"own": [name for name in _OWN_FIELDS if name in marked]})


PLAN = ArtifactKind("plan", CoursePlan)
