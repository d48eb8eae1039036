"""Keeps other web sites away from an Offstage that serves one local user without a password.

Two ways lead from a web page to a local server: a name of the page's own that resolves to
127.0.0.1 (DNS rebinding), which the `Host` check stops, and a plain cross-site post, which the
`Origin` and `Sec-Fetch-Site` checks stop. Reading across origins is stopped by the browser.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.api.problems import problem_response
from backend.errors import Misconfigured
from backend.settings import Settings

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_SITES = ("same-origin", "none")


def require_loopback(host: str, settings: Settings) -> None:
    """Refuse to listen on `host` where strangers could reach it.

    Raises Misconfigured with AUTH_MODE=local on anything but loopback, unless
    OFFSTAGE_ALLOWED_HOSTS says by which names it may be addressed.
    """
    if settings.auth_mode == "local" and not allowed_hosts(settings) and not is_loopback(host):
        raise Misconfigured(
            f"With AUTH_MODE=local Offstage has no password and listens on loopback only, not on "
            f"{host}. Use 127.0.0.1; behind a proxy or in a container, set OFFSTAGE_ALLOWED_HOSTS "
            "to the names it is reached by."
        )


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """The names of OFFSTAGE_ALLOWED_HOSTS; none means that loopback is the rule."""
    names = (name.strip().lower() for name in settings.offstage_allowed_hosts.split(","))
    return frozenset(name for name in names if name)


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without port, is this machine by definition."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class LocalGuard:
    """Answers 421 to a foreign `Host`, 403 to a state-changing request of another site."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self.app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = self.app
        if not self._serves(headers.getlist("host")):
            answer = problem_response(
                421,
                "host_not_allowed",
                "Not served under this name",
                "This Offstage answers to this machine's own address only. Its operator can name "
                "others in OFFSTAGE_ALLOWED_HOSTS.",
            )
        elif scope["method"] not in _SAFE_METHODS and _comes_from_elsewhere(headers):
            answer = problem_response(
                403,
                "cross_site",
                "Refused: sent by another site",
                "A page of another origin sent this request.",
            )
        await answer(scope, receive, send)

    def _serves(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name = _name_of(hosts[0])
        return name in self._allowed if self._allowed else is_loopback(name)


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _comes_from_elsewhere(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none").lower() not in _OWN_SITES:
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    # Host names an authority, and so does Origin after its scheme, which a proxy may have changed.
    _, _, authority = origin.partition("://")
    return authority.lower() != headers["host"].lower()
