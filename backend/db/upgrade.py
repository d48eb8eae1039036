"""Brings the database's tables up to date, once, however many processes start together.

`python -m backend.db.upgrade` does that alone; with `--new "message"` it writes a revision for
what the tables of this package have and the database hasn't.
"""

from __future__ import annotations

import argparse
import asyncio
import io
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.errors import Misconfigured
from backend.settings import Settings

# Any number of our own; held by whoever migrates.
_ADVISORY_LOCK = 0x0FF57A6E


async def upgrade(settings: Settings) -> None:
    """Migrate the database of `settings` to the newest revision.

    Raises Unavailable when it can't be reached, Misconfigured when it was made by a newer
    Offstage or doesn't let us change it.
    """
    engine = create_engine(settings)
    try:
        await upgrade_engine(engine)
    finally:
        await engine.dispose()


async def upgrade_engine(engine: AsyncEngine) -> None:
    """The same for an engine that is open already."""
    if await is_current(engine):
        return
    # The whole migration is one transaction on either database, so a process that dies in the
    # middle leaves nothing half-made. On SQLite its BEGIN IMMEDIATE is the lock.
    async with UnitOfWork(engine) as uow:
        if engine.dialect.name == "postgresql":
            await uow.connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
            )
        await uow.connection.run_sync(with_alembic(lambda config: command.upgrade(config, "head")))
        await uow.commit()


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has this version's tables. Raises Unavailable; changes nothing."""
    async with UnitOfWork(engine, read_only=True) as uow:
        return await uow.connection.run_sync(_is_current)


def with_alembic(run: Callable[[Config], None]) -> Callable[[Connection], None]:
    """An Alembic command as a function of a connection; its prints go nowhere."""

    def on(connection: Connection) -> None:
        config = Config(stdout=io.StringIO())
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        try:
            run(config)
        except CommandError as error:
            raise Misconfigured(
                f"The database doesn't fit this version of Offstage: {error}"
            ) from error

    return on


def _is_current(connection: Connection) -> bool:
    found = MigrationContext.configure(connection).get_current_heads()
    scripts = ScriptDirectory(str(Path(__file__).with_name("migrations")))
    return set(found) == set(scripts.get_heads())


def _write_revision(message: str) -> Callable[[Config], None]:
    def write(config: Config) -> None:
        command.revision(config, message, autogenerate=True)

    return write


async def _main() -> None:
    arguments = argparse.ArgumentParser(description="Bring the database up to date.")
    arguments.add_argument("--new", metavar="MESSAGE", help="write a revision instead")
    message = arguments.parse_args().new
    engine = create_engine(Settings())
    try:
        await upgrade_engine(engine)
        if message is not None:
            async with UnitOfWork(engine) as uow:
                await uow.connection.run_sync(with_alembic(_write_revision(message)))
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_main())
