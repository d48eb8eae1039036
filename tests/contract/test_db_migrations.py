"""Migrations bring either database to what the tables say, whoever starts them and how often."""

from __future__ import annotations

import asyncio
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db.artifact_tables import complete_metadata
from backend.db.engine import create_engine
from backend.db.library_index import is_of_index
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade
from backend.errors import Misconfigured
from backend.settings import Settings
from tests.paths import ROOT


def is_declared(_object: object, name: str | None, *_told: object) -> bool:
    return not is_of_index(name)


async def test_migrations_end_where_the_tables_are_declared(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        opts = {"compare_type": True, "include_object": is_declared}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, complete_metadata()))

    async with UnitOfWork(engine, read_only=True) as uow:
        assert await uow.connection.run_sync(differences) == []


async def test_upgrading_again_changes_nothing(settings: Settings, engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as uow:
        await uow.connection.execute(
            text(
                "INSERT INTO sessions (id, owner, title, created_at, updated_at) "
                "VALUES ('s', 'o', 't', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
            )
        )
        await uow.commit()
    await upgrade(settings)
    async with UnitOfWork(engine, read_only=True) as uow:
        assert await uow.connection.scalar(text("SELECT count(*) FROM sessions")) == 1


async def test_processes_that_start_together_migrate_once(
    settings: Settings, database_url: str
) -> None:
    environment = {
        "DATABASE_URL": database_url,
        "OFFSTAGE_DATA_DIR": str(settings.offstage_data_dir),
        "PYTHONPATH": str(ROOT),
    }
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "backend.db.upgrade",
            env=environment,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(4)
    ]
    told = await asyncio.gather(*(child.communicate() for child in children))
    assert [child.returncode for child in children] == [0] * 4, [err.decode() for _, err in told]

    engine = create_engine(settings)
    async with UnitOfWork(engine, read_only=True) as uow:
        tables = await uow.connection.run_sync(lambda c: inspect(c).get_table_names())
    await engine.dispose()
    assert {name for name in tables if not is_of_index(name)} == {
        "alembic_version",
        *complete_metadata().tables,
    }


async def test_a_database_of_a_newer_offstage_is_refused(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with UnitOfWork(engine) as uow:
        await uow.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await uow.commit()
    with pytest.raises(Misconfigured, match="doesn't fit this version"):
        await upgrade(settings)
