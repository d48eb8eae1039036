"""What Alembic does for `upgrade.py`, apart from it: Alembic weighs 10 MB, and a process whose
database is up to date needs nothing of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from backend.errors import Misconfigured


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database up to `revision`, the newest unless told. Raises Misconfigured."""
    _run(connection, lambda config: command.upgrade(config, revision))


def write_revision(connection: Connection, message: str) -> None:
    """Write a revision for what the tables of this package have and the database hasn't."""
    _run(connection, lambda config: command.revision(config, message, autogenerate=True))


def _run(connection: Connection, run: Callable[[Config], object]) -> None:
    # Its prints go nowhere.
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    try:
        run(config)
    except CommandError as error:
        raise Misconfigured(
            f"The database doesn't fit this version of Offstage: {error}"
        ) from error
