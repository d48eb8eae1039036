"""One running Offstage for all tests of a module."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from backend.settings import Settings
from backend.supervisor.stack import Stack


@dataclass(frozen=True)
class RunningOffstage:
    url: str
    data_dir: Path

    def sessions(self) -> list[str]:
        """The ids of all sessions, newest first."""
        page = httpx2.get(f"{self.url}/sessions", params={"limit": 100}).json()
        return [session["id"] for session in page["items"]]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data directory in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="offstage-cli-") as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningOffstage]:
    """A whole Offstage: embedded Redis, SQLite, the offline model."""
    with tempfile.TemporaryDirectory(prefix="offstage-cli-") as folder:
        data_dir = Path(folder) / "data"
        settings = Settings(_env_file=None, redis_url=None, database_url=None)
        offline = {"agents_default_model": "offline:extractive"}
        with Stack(data_dir, "127.0.0.1", 0, settings=settings.model_copy(update=offline)) as stack:
            yield RunningOffstage(stack.url, data_dir)
