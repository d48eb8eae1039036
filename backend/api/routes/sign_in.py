"""Signing in on the page: a token goes into a cookie that the page's scripts can't read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from backend.api.auth.credentials import keep_signed_in, sign_out
from backend.api.deps import AuthenticatorDep, SettingsDep
from backend.api.problems import problems
from backend.api.schemas.sign_in import SignIn, WhoAmI
from backend.errors import Conflict, Unauthenticated

router = APIRouter(tags=["sign-in"])


@router.get("/whoami", responses=problems(503))
async def who_am_i(
    request: Request, authenticator: AuthenticatorDep, settings: SettingsDep
) -> WhoAmI:
    """Who is asking, if that is known. Answers everybody."""
    try:
        caller = await authenticator.identify(request.scope)
    except Unauthenticated:
        return WhoAmI(mode=settings.auth_mode, user_id=None)
    return WhoAmI(mode=settings.auth_mode, user_id=caller.user_id)


@router.post("/login", status_code=204, responses=problems(401, 409, 422, 503))
async def log_in(
    body: SignIn, request: Request, authenticator: AuthenticatorDep, response: Response
) -> None:
    """Sign a browser in: later requests may bring the cookie in place of the token."""
    if authenticator.check is None:
        raise Conflict("There is one user and nobody signs in: AUTH_MODE is local.")
    token = body.token.get_secret_value()
    caller = await authenticator.check.identify(token)
    keep_signed_in(response, request.scope, token, caller.expires_at)


@router.post("/logout", status_code=204)
async def log_out(response: Response) -> None:
    """Sign this browser out. The token itself stays; its operator can revoke it."""
    sign_out(response)
