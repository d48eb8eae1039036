"""Makes the engine for either database and sets what each needs to be safe under writers."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import AdaptedConnection, Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from backend.db.sqlite_connection import Access, SqliteConnection
from backend.errors import Misconfigured
from backend.settings import Settings

ACCESS = "offstage_access"
"""Execution option: what the transaction of a connection is for (`Access`)."""

_CONNECT_TIMEOUT_S = 5
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10}
_compact_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def create_engine(settings: Settings) -> AsyncEngine:
    """An engine for `settings.database_dsn()`. Makes SQLite's folder; connects to nothing yet.

    Raises Misconfigured for a URL that names no database Offstage knows.
    """
    url = _parse(settings.database_dsn())
    # Parameters are people's texts: they must not reach a log by way of an error message.
    options: dict[str, Any] = {
        "hide_parameters": True,
        "json_serializer": _compact_json,
        **_POOL,
    }
    if url.get_backend_name() == "postgresql":
        return create_async_engine(
            url,
            pool_pre_ping=True,
            connect_args={"timeout": _CONNECT_TIMEOUT_S},
            **options,
        )
    _make_folder(url)
    connect = partial(SqliteConnection, str(url.database))
    engine = create_async_engine(url, async_creator=connect, **options)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _parse(dsn: str) -> URL:
    try:
        url = make_url(dsn)
    except ArgumentError:
        raise Misconfigured("DATABASE_URL isn't a URL: postgresql://user@host/name") from None
    if url.drivername not in ("postgresql+asyncpg", "sqlite+aiosqlite"):
        raise Misconfigured(
            f"DATABASE_URL starts with {url.drivername}://; use postgresql:// or sqlite:///."
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise Misconfigured("DATABASE_URL needs a file: a database in memory can't be shared.")
    return url


def _make_folder(url: URL) -> None:
    folder = Path(str(url.database)).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"The data directory {folder} can't be made: {error}") from None


def _begin_sqlite(connection: Connection) -> None:
    # In place of the driver's own BEGIN, which would come late and deferred.
    access = connection.get_execution_options().get(ACCESS, Access.WRITE)
    driver = cast("AdaptedConnection", connection.connection.dbapi_connection)
    driver.run_async(lambda raw: raw.begin(access))
