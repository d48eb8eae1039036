"""What a caller can ask of the synopsis manager."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LanguageTag = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$", max_length=35
    ),
]


class SynopsisQuery(BaseModel):
    """`create` makes new notes; `update` keeps the current ones and changes what is asked for.

    `language` is a BCP 47 tag such as "ru" or "en". The offline model doesn't translate,
    and of `instructions` it follows only "shorter", "definitions only" and "more about" a subject,
    in English or Russian.
    """

    model_config = ConfigDict(extra="forbid")

    action: Literal["create", "update"] = "create"
    instructions: str | None = Field(default=None, max_length=2_000)
    language: LanguageTag | None = None
    max_words: int | None = Field(default=None, ge=20, le=20_000)
