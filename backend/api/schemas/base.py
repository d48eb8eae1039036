"""What all requests and responses share."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import (
    AliasChoices,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from backend.api.error_codes import known_codes
from backend.domain.events import CamelModel

T = TypeVar("T")

# Control characters, which PostgreSQL (NUL) or people (the rest) can't take, are refused rather
# than dropped: a short field is typed by a person or a program that can be told.
_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

_SOMETHING_PRINTABLE = (
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
)


def _no_longer_than(characters: int) -> BeforeValidator:
    """Counted as it was sent, as OpenAPI says, and not without the spaces around it."""

    def check(value: object) -> object:
        if isinstance(value, str) and len(value) > characters:
            raise PydanticCustomError(
                "string_too_long", f"String should have at most {characters} characters"
            )
        return value

    return BeforeValidator(check)


Title = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=300, pattern=_SOMETHING_PRINTABLE
    ),
    _no_longer_than(300),
]
Remark = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=4_000, pattern=_PRINTABLE),
    _no_longer_than(4_000),
]
LanguageTag = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=35),
]


class RequestModel(BaseModel):
    """A request body: snake_case, camelCase accepted too, unknown fields refused by name."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(
            validation_alias=lambda name: AliasChoices(name, to_camel(name))
        ),
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        str_min_length=0,  # see CamelModel
    )


class ResponseModel(CamelModel):
    """A response body: camelCase; can be read from an object's attributes."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )


class ListPage(ResponseModel, Generic[T]):
    """Some of a list. `nextCursor` leads to the next page; the last one has none."""

    items: list[T]
    next_cursor: str | None = None


class FieldProblemOut(ResponseModel):
    """What is wrong with one field; `field` is its path in dots."""

    field: str
    message: str


class Problem(ResponseModel):
    """An error, as RFC 9457 describes it. `code` is stable and meant for programs."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(examples=known_codes())
    errors: list[FieldProblemOut] | None = Field(default=None)
