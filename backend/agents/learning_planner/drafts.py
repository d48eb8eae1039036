"""What the model is asked for: the modules of a plan, in terms of the outline it is shown.

The descriptions are part of the prompt: providers get them with the schema.
"""

from __future__ import annotations

from pydantic import BaseModel, Field


class ObjectiveDraft(BaseModel):
    """What a learner can do after the module."""

    text: str = Field(min_length=1, description="Begins with a verb; no full stop.")
    cites: list[int] = Field(
        default_factory=list, description="Numbers of the outline's lines that it rests on."
    )


class ModuleDraft(BaseModel):
    """One module."""

    title: str = Field(min_length=1, description="Two to seven words, no full stop.")
    topics: list[int] = Field(description="Numbers of the topics that it goes through.")
    objectives: list[ObjectiveDraft] = Field(default_factory=list)
    needs: list[int] = Field(
        default_factory=list, description="Places of earlier modules in this list, from 1 on."
    )
    weight: float = Field(default=1.0, ge=0.25, le=4)
    check: int | None = Field(default=None, description="Number of a question line.")


class PlanDraft(BaseModel):
    """The modules in the order in which they are learnt."""

    modules: list[ModuleDraft] = Field(min_length=1)
