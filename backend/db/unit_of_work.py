"""One transaction, with the one commit."""

from __future__ import annotations

import asyncio
import sqlite3
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.db.engine import ACCESS
from backend.db.sqlite_connection import Access
from backend.errors import Unavailable

# Not all drivers wrap what the network says; whatever fails before a statement runs is trouble
# with the connection.
_NO_CONNECTION = (OSError, DBAPIError, PoolTimeout, sqlite3.Error)


class UnitOfWork:
    """`async with UnitOfWork(engine) as uow: ...; await uow.commit()`.

    What isn't committed is rolled back. `read_only` never waits for writers and can't commit; one
    that `takes_long`, a search or many texts, leaves the event loop to others meanwhile.
    Raises Unavailable when the database can't be reached, on the way in, within, or on commit.
    """

    def __init__(
        self, engine: AsyncEngine, *, read_only: bool = False, takes_long: bool = False
    ) -> None:
        self._engine = engine
        self._read_only = read_only
        self._access = _access(read_only, takes_long)
        self._connection: AsyncConnection | None = None

    @property
    def connection(self) -> AsyncConnection:
        """The open connection, for the query modules of this package."""
        if self._connection is None:
            raise RuntimeError("the unit of work isn't open")
        return self._connection

    async def __aenter__(self) -> Self:
        engine = self._engine.execution_options(**{ACCESS: self._access})
        try:
            connection = await engine.connect()
        except _NO_CONNECTION as error:
            raise unavailable() from error
        try:
            await connection.begin()
        except BaseException as error:
            await asyncio.shield(connection.close())
            if isinstance(error, _NO_CONNECTION):
                raise unavailable() from error
            raise
        self._connection = connection
        return self

    async def commit(self) -> None:
        """Make everything done so far stand."""
        if self._read_only:
            raise RuntimeError("this unit of work only reads")
        try:
            await self.connection.commit()
        except _NO_CONNECTION as error:
            raise unavailable() from error

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        connection, self._connection = self.connection, None
        # A cancelled caller must not leave its transaction, and its locks, behind. Closing rolls
        # back whatever wasn't committed.
        await asyncio.shield(connection.close())
        if isinstance(error, DBAPIError) and _is_connection_trouble(error):
            raise unavailable() from error


def _access(read_only: bool, takes_long: bool) -> Access:
    if not read_only:
        return Access.WRITE
    return Access.LONG_READ if takes_long else Access.READ


def _is_connection_trouble(error: DBAPIError) -> bool:
    """Whether the database, rather than the statement, is at fault."""
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def unavailable() -> Unavailable:
    """The error for a database that can't be reached; it tells nothing about where it is."""
    return Unavailable("The database can't be reached right now.", retry_after_s=5)
