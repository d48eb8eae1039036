"""Which addresses may be fetched from. Pure.

A host is taken by its name, letter for letter in the list, and by no other way of writing it; an
address that the name resolves to is taken only if it is one of the public internet.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from backend.errors import FetchRefused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63})+")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
_HTTPS_PORT = 443
# What `is_global` lets pass: tunnels, which reach into an IPv4 network, whichever; and ranges that
# were set aside as a whole, or after this Python was made.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "3fff::/20", "5f00::/16"),
            *("192.0.0.0/24", "192.88.99.0/24"),
        ),
    )
)


@dataclass(frozen=True)
class Place:
    """An address that may be asked for: `target` is its path with the query."""

    host: str
    target: str

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.target}"


def allowed_place(url: str, allowed_hosts: Collection[str]) -> Place:
    """What `url` names, if it is https on its own port at an allowed host, without a user.

    Raises FetchRefused otherwise. A number for a host, in whatever notation, is never allowed.
    """
    if _UNPRINTABLE.search(url):
        raise FetchRefused("The address has characters that none may have.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused("The address isn't one.") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or port not in (None, _HTTPS_PORT):
        raise FetchRefused("Only https on its own port is fetched.")
    if "@" in parts.netloc:
        raise FetchRefused("An address with a user or a password isn't fetched.")
    if not _HOST.fullmatch(host) or host not in allowed_hosts:
        raise FetchRefused("The host isn't one of those that may be fetched from.")
    query = f"?{parts.query}" if parts.query else ""
    return Place(host, f"{parts.path or '/'}{query}")


def is_public(address: IPAddress) -> bool:
    """Whether the address is one of the public internet, by itself and by what it stands for."""
    if any(address in network for network in _NOT_PUBLIC):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return False
        if address.is_site_local or address.scope_id is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
