"""Sessions as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator

from backend.api.schemas.base import (
    LanguageTag,
    Remark,
    RequestModel,
    ResponseModel,
    Title,
)


class SessionCreate(RequestModel):
    """A new session. `language` is what notes are written in; without it, the material's."""

    title: Title
    description: Remark | None = None
    goal: Remark | None = None
    focus: Remark | None = None
    tone: Remark | None = None
    language: LanguageTag | None = None


def _never_null(schema: dict[str, Any]) -> None:
    """None stands for a field that was left out, and can't be sent."""
    schema.update(schema.pop("anyOf")[0])
    del schema["default"]


class SessionUpdate(RequestModel):
    """What to change; fields left out stay, null empties one. The title can't be emptied."""

    title: Title | None = Field(default=None, json_schema_extra=_never_null)
    description: Remark | None = None
    goal: Remark | None = None
    focus: Remark | None = None
    tone: Remark | None = None
    language: LanguageTag | None = None

    @model_validator(mode="after")
    def _title_stays(self) -> Self:
        if "title" in self.model_fields_set and self.title is None:
            raise ValueError("title can't be null: leave it out to keep it")
        return self


class SessionOut(ResponseModel):
    """A session. `updatedAt` moves with anything that the session holds."""

    id: str
    title: str
    description: str | None
    goal: str | None
    focus: str | None
    tone: str | None
    language: str | None
    created_at: datetime
    updated_at: datetime
