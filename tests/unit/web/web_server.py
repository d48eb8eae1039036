"""A server on loopback that answers as a site of the web would, and a way to it.

The fetcher dials a pinned public address over TLS; the transport here takes exactly that request
and carries it to the server instead. What was dialled is kept, so that a test can tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2

from backend.web.addresses import IPAddress

Answer = bytes | Callable[[asyncio.StreamWriter], "asyncio.Future[None]"]
PUBLIC = "93.184.216.34"


def ok(body: bytes, *headers: str) -> bytes:
    return b"\r\n".join(
        [b"HTTP/1.1 200 OK", *(h.encode() for h in headers), b"Connection: close", b"", body]
    )


def redirect(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass
class WebServer:
    """`answers` by host and path without its query; what isn't there is a 404."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)

    def transport(self) -> httpx2.AsyncBaseTransport:
        return _ToServer(self)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(head)
            path = head.split(" ")[1].partition("?")[0]
            host = next(
                line.partition(":")[2].strip()
                for line in head.split("\r\n")
                if line.lower().startswith("host:")
            )
            answer = self.answers.get(host + path, b"HTTP/1.1 404 Not Found\r\n\r\n")
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class _ToServer(httpx2.AsyncHTTPTransport):
    def __init__(self, server: WebServer) -> None:
        super().__init__(trust_env=False)
        self._server = server

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self._server.dialled.append(f"{request.url.host} {request.extensions['sni_hostname']}")
        assert request.url.scheme == "https"
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._server.port)
        return await super().handle_async_request(
            httpx2.Request("GET", url, headers=request.headers, extensions=request.extensions)
        )


@asynccontextmanager
async def serve_web() -> AsyncIterator[WebServer]:
    web = WebServer()
    server = await asyncio.start_server(web._serve, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    async with server:
        yield web


@dataclass
class FakeResolver:
    """Says one list of addresses after the other; the last one for ever."""

    says: Sequence[Sequence[IPAddress]]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str) -> list[IPAddress]:
        self.asked.append(host)
        return list(self.says[min(len(self.asked), len(self.says)) - 1])
