"""The database that sessions and notes live in."""

from __future__ import annotations

from backend.cli.checks.findings import Finding, broken, ok, warning
from backend.cli.config import describe_database
from backend.db.engine import create_engine
from backend.db.upgrade import is_current
from backend.errors import OffstageError
from backend.settings import Settings

_PART = "database"


async def check_database(settings: Settings) -> Finding:
    where = describe_database(settings)
    file = settings.offstage_data_dir / "offstage.db"
    if settings.database_url is None and not file.exists():
        return ok(_PART, f"{where}, made on first start")
    try:
        engine = create_engine(settings)
        try:
            current = await is_current(engine)
        finally:
            await engine.dispose()
    except OffstageError as error:
        return broken(_PART, f"{where}: {error.message}", "Start it, or correct DATABASE_URL.")
    if current:
        return ok(_PART, f"{where}, its tables are up to date")
    return warning(
        _PART,
        f"{where}, its tables are of another version",
        "The next start brings them up to date, or says why it can't.",
    )
