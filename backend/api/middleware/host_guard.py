"""Which addresses Offstage listens on, and by which names it may be asked.

A web page can give a name of its own the address 127.0.0.1 (DNS rebinding) and so reach a server
that only this machine can reach; it can't hide the name, which stands in `Host`.
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


class HostGuard:
    """Answers 421 to a `Host` that isn't one of `allowed`, or without any isn't loopback."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self.app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app
        if scope["type"] != "lifespan" and not self._serves(Headers(scope=scope).getlist("host")):
            answer = problem_response(
                421,
                "host_not_allowed",
                "Not served under this name",
                "This Offstage answers to this machine's own address only. Its operator can name "
                "others in OFFSTAGE_ALLOWED_HOSTS.",
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
