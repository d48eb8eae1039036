"""Skills: how the offline model answers, one function for each type of answer.

An agent declares its skills beside it:

    @offline_skill(PartNotes)
    def take_notes(request: OfflineRequest) -> PartNotes: ...

The processes that do the work import this module and the skill's own, so both stay light: of
pydantic-ai they need nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel


@dataclass(frozen=True)
class OfflineRequest:
    """What a skill gets: the text of the last user prompt."""

    prompt: str


Output = TypeVar("Output", bound=BaseModel)
Skill = Callable[[OfflineRequest], BaseModel]
_skills: dict[str, Skill] = {}


def offline_skill(
    output_type: type[Output],
) -> Callable[[Callable[[OfflineRequest], Output]], Callable[[OfflineRequest], Output]]:
    """Register a function as the way to answer requests for `output_type`.

    It must be pure and importable by name: long prompts are answered in another process.
    Raises ValueError if another function answers for a type of this name already.
    """

    def register(skill: Callable[[OfflineRequest], Output]) -> Callable[[OfflineRequest], Output]:
        known = _skills.get(output_type.__name__)
        if known is not None and known.__qualname__ != skill.__qualname__:
            raise ValueError(f"{output_type.__name__} has a skill already: {known.__qualname__}")
        _skills[output_type.__name__] = skill
        return skill

    return register


def find_skill(output_name: str) -> Skill | None:
    """What answers for a type of this name, if anything does."""
    return _skills.get(output_name)


def skill_modules() -> set[str]:
    """The names of the modules that declare skills."""
    return {skill.__module__ for skill in _skills.values()}


def use(skill: Skill, request: OfflineRequest) -> BaseModel:
    """The skill's answer. A future can't carry a StopIteration: whoever waits for it would wait for
    ever."""
    try:
        return skill(request)
    except StopIteration as error:
        raise RuntimeError(f"{skill.__qualname__} raised StopIteration") from error
