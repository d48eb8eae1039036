"""A client that costs little: kept connections, requests as bytes, answers hardly looked at."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

_STATUS_AT = slice(9, 12)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """A request as it goes over the wire."""
    fields = {"Host": "127.0.0.1", **(headers or {})}
    if body:
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection(asyncio.Protocol):
    """One connection, one request at a time; answers need a length."""

    def __init__(self) -> None:
        self._received = b""
        self._head = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found or self._answer is None:
            return
        told = _LENGTH.search(head)
        if len(rest) >= (int(told[1]) if told else 0):
            self._received = b""
            self._head = head
            answer, self._answer = self._answer, None
            answer.set_result((int(head[_STATUS_AT]), rest))

    def connection_lost(self, _error: Exception | None) -> None:
        if self._answer is not None:
            self._answer.set_exception(ConnectionError("the server hung up"))

    def send(self, sent: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """The status and the body of what is answered."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(sent)
        return self._answer

    @property
    def headers(self) -> dict[str, str]:
        """Of the last answer; names in small letters."""
        lines = self._head.decode().split("\r\n")[1:]
        parts = [line.partition(":") for line in lines]
        return {name.lower(): value.strip() for name, _, value in parts}

    def close(self) -> None:
        self._transport.close()


class Load:
    """`connections` to one server. Use as an async context manager."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._number = connections
        self.connections: list[Connection] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for _ in range(self._number):
            made = await loop.create_connection(Connection, "127.0.0.1", self._port)
            self.connections.append(made[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self.connections:
            connection.close()

    async def run(
        self, make: Callable[[], bytes], expected: int, seconds: float
    ) -> Sequence[float]:
        """Send what `make` makes, over all connections, for `seconds`; how long each took.

        Raises AssertionError for any answer but `expected`.
        """
        until = time.perf_counter() + seconds
        took: list[float] = []
        await asyncio.gather(
            *(_keep_sending(c, make, expected, until, took) for c in self.connections)
        )
        return took


async def _keep_sending(
    connection: Connection,
    make: Callable[[], bytes],
    expected: int,
    until: float,
    took: list[float],
) -> None:
    began = time.perf_counter()
    while began < until:
        status, body = await connection.send(make())
        ended = time.perf_counter()
        assert status == expected, (status, body[:500])
        took.append(ended - began)
        began = ended
