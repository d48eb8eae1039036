"""SQLite's connection under SQLAlchemy: short reads are answered where they are asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import partial
from typing import Any

import aiosqlite

_BUSY_TIMEOUT_MS = 10_000
_FETCHED_AT_ONCE = 64
# What is left of an error code when its details are taken off.
_PRIMARY_CODE = 0xFF


class Access(Enum):
    """What a transaction is for."""

    WRITE = "write"
    READ = "read"
    LONG_READ = "long_read"


class SqliteConnection(aiosqlite.Connection):
    """Runs in a thread of its own, as aiosqlite does it, but for transactions of `Access.READ`.

    A row by its key takes SQLite 20 µs. To a thread and back takes the event loop two turns, each
    as long as everything else that waits for it, and a small transaction goes there ten times. In
    WAL mode a reader waits for no writer; where one has to wait all the same (another process
    recovers the file after a crash), it does so in the thread.
    """

    def __init__(self, path: str) -> None:
        # Two threads use it, one at a time: SQLite's own lock is enough.
        connect = partial(sqlite3.connect, path, check_same_thread=False, isolation_level=None)
        super().__init__(partial(_set_up, connect), _FETCHED_AT_ONCE)
        self._thread.daemon = True
        self._is_at_once = False

    async def begin(self, access: Access) -> None:
        """Open a transaction.

        A deferred one that turns into a writer fails at once when another one writes; an immediate
        one waits its turn for as long as the busy timeout says.
        """
        if access is Access.READ:
            await self._answer_at_once()
        await self.execute("BEGIN IMMEDIATE" if access is Access.WRITE else "BEGIN DEFERRED")

    async def rollback(self) -> None:
        """The end of every transaction that only reads."""
        try:
            await super().rollback()
        finally:
            await self._answer_from_thread()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._is_at_once:
            try:
                return fn(*args, **kwargs)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                    raise
            await self._answer_from_thread()
        in_thread: Callable[..., Awaitable[Any]] = super()._execute
        return await in_thread(fn, *args, **kwargs)

    async def _answer_at_once(self) -> None:
        self._is_at_once = True
        self._conn.execute("PRAGMA busy_timeout = 0")

    async def _answer_from_thread(self) -> None:
        if self._is_at_once:
            self._is_at_once = False
            self._conn.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")


def _set_up(connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
    connection = connect()
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
