"""Who is signed in, and signing in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from backend.api.schemas.base import RequestModel, ResponseModel


class SignIn(RequestModel):
    """The token that a person was given."""

    token: SecretStr = Field(min_length=1, max_length=8_192)


class WhoAmI(ResponseModel):
    """Who is asking. `userId` is null while nobody is signed in, which with `local` never is.

    With `token` a person signs in with a token at `/login`; with `jwt` tokens come from an
    identity provider.
    """

    mode: Literal["local", "token", "jwt"]
    user_id: str | None
