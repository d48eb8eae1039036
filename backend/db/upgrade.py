"""Brings the database's tables up to date, once, however many processes start together.

`python -m backend.db.upgrade` does that alone; with `--new "message"` it writes a revision for
what the tables of this package have and the database hasn't.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
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
    from backend.db.migrating import migrate

    # The whole migration is one transaction on either database, so a process that dies in the
    # middle leaves nothing half-made. On SQLite its BEGIN IMMEDIATE is the lock.
    async with UnitOfWork(engine) as uow:
        if engine.dialect.name == "postgresql":
            await uow.connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
            )
        await uow.connection.run_sync(migrate)
        await uow.commit()


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has this version's tables. Raises Unavailable; changes nothing."""
    async with UnitOfWork(engine, read_only=True) as uow:
        return await uow.connection.run_sync(_is_current)


def newest_revision() -> str:
    """The id of this version's tables: the last file of `migrations/versions`, `rNNNN_name.py`."""
    versions = Path(__file__).parent.joinpath("migrations", "versions")
    return max(file.name for file in versions.glob("r*.py")).partition("_")[0].removeprefix("r")


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(found) == [newest_revision()]


async def _main() -> None:
    arguments = argparse.ArgumentParser(description="Bring the database up to date.")
    arguments.add_argument("--new", metavar="MESSAGE", help="write a revision instead")
    message = arguments.parse_args().new
    from backend.db.migrating import write_revision

    engine = create_engine(Settings())
    try:
        await upgrade_engine(engine)
        if message is not None:
            async with UnitOfWork(engine) as uow:
                await uow.connection.run_sync(write_revision, message)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_main())
