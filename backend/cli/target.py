"""Which Offstage a command talks to: the one that is named, else the one that runs here."""

from __future__ import annotations

from backend.cli.errors import NotRunning
from backend.settings import Settings
from backend.supervisor.data_dir import find_running


def find_url(url: str | None, settings: Settings) -> str | None:
    """`url` if given, else the address of what runs on the data directory, if anything does."""
    if url:
        return url if "://" in url else f"http://{url}"
    running = find_running(settings.offstage_data_dir)
    return running.url if running else None


def require_url(url: str | None, settings: Settings) -> str:
    """The same. Raises NotRunning if there is none."""
    found = find_url(url, settings)
    if found is None:
        raise NotRunning(
            f"No Offstage runs on {settings.offstage_data_dir}. Start it with `offstage up`, or "
            "name another one with --url or OFFSTAGE_URL."
        )
    return found
