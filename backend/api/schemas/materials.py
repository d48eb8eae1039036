"""Materials as they are sent and answered."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from backend.api.schemas.base import RequestModel, ResponseModel, Title


class MaterialCreate(RequestModel):
    """A material given as text."""

    title: Title
    text: str = Field(min_length=1)


class MaterialOut(ResponseModel):
    """A material. `format` and `encoding` are what the content turned out to be."""

    id: str
    session_id: str
    position: int
    title: str
    format: str
    encoding: str | None
    language: str | None
    chars: int
    sha256: str
    created_at: datetime


class MaterialWithText(MaterialOut):
    """A material and what it says. Item sources count characters (code points) of `text`."""

    text: str
