"""What a request says of its sender: a bearer token in a header, or in the page's cookie."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from backend.errors import TokenRefused, Unauthenticated

COOKIE = "offstage"
# Browsers take a cookie of this name only from this very host and by TLS, so that a neighbouring
# subdomain can't plant one.
_TLS_COOKIE = "__Host-offstage"
_LONGEST_TOKEN = 8_192
_SIGNED_IN_AT_MOST = timedelta(days=30)
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE)


def sent_token(scope: Scope) -> str:
    """The token that the request brings; a header counts for more than a cookie.

    Raises Unauthenticated if there is none, TokenRefused for a header of another form.
    """
    connection = HTTPConnection(scope)
    headers = connection.headers.getlist("authorization")
    if headers:
        found = _BEARER.fullmatch(headers[0])
        if len(headers) > 1 or found is None or len(headers[0]) > _LONGEST_TOKEN:
            raise TokenRefused
        return found[1]
    cookies = connection.cookies
    token = cookies.get(_TLS_COOKIE) or cookies.get(COOKIE)
    if not token:
        raise Unauthenticated("Send a token as Authorization: Bearer, or sign in on the page.")
    return token


def keep_signed_in(
    response: Response, scope: Scope, token: str, expires_at: datetime | None
) -> None:
    """Give the token to the browser where the page's scripts can't read it."""
    lasts = _SIGNED_IN_AT_MOST
    if expires_at is not None:
        lasts = min(lasts, expires_at - datetime.now(UTC))
    by_tls = _is_by_tls(scope)
    response.set_cookie(
        _TLS_COOKIE if by_tls else COOKIE,
        token,
        max_age=max(0, int(lasts.total_seconds())),
        path="/",
        secure=by_tls,
        httponly=True,
        samesite="strict",
    )


def sign_out(response: Response) -> None:
    """Take it back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    response.delete_cookie(_TLS_COOKIE, path="/", secure=True, httponly=True, samesite="strict")


def _is_by_tls(scope: Scope) -> bool:
    """Also behind a proxy. Whoever makes this header up only binds their own cookie to TLS."""
    connection = HTTPConnection(scope)
    return "https" in (connection.url.scheme, connection.headers.get("x-forwarded-proto"))
