"""Redis connections of HTTP handlers: they give up soon on Redis, not on their own process.

redis-py's timeouts look at the clock. A process that stood still for a second, on a machine that
does too much, found its time up and Redis' answers unread, and told callers that Redis was away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

from redis.asyncio.connection import (
    AbstractConnection,
    BlockingConnectionPool,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from backend.worker.awake_timeout import AwakeTimeout


class _Awake(AbstractConnection):
    """Gives each read and write `gives_up_after_s`; redis-py's own timeouts have to be off."""

    def __init__(self, *, gives_up_after_s: float, **options: Any) -> None:
        super().__init__(**options)
        self._gives_up_after_s = gives_up_after_s

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        try:
            async with AwakeTimeout(self._gives_up_after_s):
                await super().send_packed_command(command, check_health)
        except TimeoutError:
            raise RedisTimeoutError("Redis takes nothing") from None

    async def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            async with AwakeTimeout(self._gives_up_after_s):
                return await super().read_response(*args, **options)
        except TimeoutError:
            raise RedisTimeoutError("Redis doesn't answer") from None


class _AwakeTcp(_Awake, Connection):
    pass


class _AwakeTls(_Awake, SSLConnection):
    pass


class _AwakeSocket(_Awake, UnixDomainSocketConnection):
    pass


_AWAKE: dict[type[AbstractConnection], type[_Awake]] = {
    Connection: _AwakeTcp,
    SSLConnection: _AwakeTls,
    UnixDomainSocketConnection: _AwakeSocket,
}


class RequestPool(BlockingConnectionPool):
    """Gives out a connection within `gives_up_after_s`, waiting and dialling included."""

    def __init__(
        self,
        *,
        gives_up_after_s: float,
        connection_class: type[AbstractConnection] = Connection,
        **options: Any,
    ) -> None:
        super().__init__(
            timeout=None,
            connection_class=_AWAKE[connection_class],
            gives_up_after_s=gives_up_after_s,
            socket_timeout=None,
            socket_connect_timeout=None,
            **options,
        )
        self._gives_up_after_s = gives_up_after_s

    async def get_connection(
        self, command_name: str | None = None, *keys: Any, **options: Any
    ) -> AbstractConnection:
        get = cast("Callable[[], Awaitable[AbstractConnection]]", super().get_connection)
        try:
            async with AwakeTimeout(self._gives_up_after_s):
                return await get()
        except TimeoutError:
            raise RedisConnectionError("no connection to Redis in time") from None
