"""The one way anything is fetched from the web.

A host is resolved once, each of its addresses is checked, and the connection goes to one of those
checked: a name that resolves otherwise a moment later changes nothing. A redirect is another
address and passes the same gate. Nothing is sent along but our name and how to reach the operator:
no cookie, no credential, no proxy of the environment.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from urllib.parse import urljoin

import httpx2

from backend.errors import FetchFailed, FetchRefused
from backend.web.addresses import IPAddress, Place, allowed_place, is_public

MAX_BYTES = 2_000_000
TIMEOUT_S = 10.0
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str], Awaitable[list[IPAddress]]]


async def resolve(host: str) -> list[IPAddress]:
    """The addresses of a host, as the system's resolver has them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(address[0]) for *_, address in found]


@dataclass(frozen=True)
class Fetcher:
    """Fetches from `allowed_hosts` and from nowhere else.

    `resolve` and `transport` are others in tests; every check stays.
    """

    allowed_hosts: Collection[str]
    user_agent: str
    max_bytes: int = MAX_BYTES
    timeout_s: float = TIMEOUT_S
    resolve: Resolve = resolve
    transport: Callable[[], httpx2.AsyncBaseTransport] | None = None

    async def fetch(self, url: str, *, accept: str = "*/*") -> bytes:
        """What stands at `url`. Raises FetchRefused, and FetchFailed if it can't be had."""
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._follow(url, accept)
        except TimeoutError:
            raise FetchFailed(f"No answer within {self.timeout_s:g} s.") from None
        except httpx2.HTTPError as error:
            raise FetchFailed(f"The connection broke ({type(error).__name__}).") from None

    async def _follow(self, url: str, accept: str) -> bytes:
        for _ in range(_MOST_REDIRECTS + 1):
            place = allowed_place(url, self.allowed_hosts)
            address = await self._pinned(place.host)
            answer = await self._ask(place, address, accept)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(place.url, answer.location)
        raise FetchFailed(f"More than {_MOST_REDIRECTS} redirects.")

    async def _pinned(self, host: str) -> IPAddress:
        try:
            addresses = await self.resolve(host)
        except OSError:
            raise FetchFailed("The host's name can't be resolved.") from None
        # One bad address among good ones is enough: who answers for the name isn't to be trusted.
        if not addresses or not all(map(is_public, addresses)):
            raise FetchRefused("The host's name doesn't resolve to the public internet.")
        return addresses[0]

    async def _ask(self, place: Place, address: IPAddress, accept: str) -> bytes | _Redirect:
        request = httpx2.Request(
            "GET",
            httpx2.URL(_pinned_url(place, address)),
            headers={
                "Host": place.host,
                "User-Agent": self.user_agent,
                "Accept": accept,
                # What is compressed could be any size once it isn't any more.
                "Accept-Encoding": "identity",
                "Connection": "close",
            },
            extensions={
                "sni_hostname": place.host,
                "timeout": httpx2.Timeout(self.timeout_s).as_dict(),
            },
        )
        open_transport = self.transport or _transport
        async with open_transport() as transport:
            response = await transport.handle_async_request(request)
            try:
                return await self._read(response)
            finally:
                await response.aclose()

    async def _read(self, response: httpx2.Response) -> bytes | _Redirect:
        if response.status_code in _REDIRECTS and "location" in response.headers:
            return _Redirect(response.headers["location"])
        if response.status_code != 200:
            raise FetchFailed(f"It answered {response.status_code}.")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise FetchFailed("It answered compressed, unasked.")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self.max_bytes:
                raise FetchFailed(f"Its answer has more than {self.max_bytes} bytes.")
        return bytes(body)


@dataclass(frozen=True)
class _Redirect:
    location: str


def _pinned_url(place: Place, address: IPAddress) -> str:
    host = f"[{address}]" if address.version == 6 else str(address)
    return f"https://{host}{place.target}"


@cache
def _certificates() -> SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


def _transport() -> httpx2.AsyncBaseTransport:
    return httpx2.AsyncHTTPTransport(verify=_certificates(), trust_env=False)
