"""Looks at everything, in the order in which things depend on each other."""

from __future__ import annotations

from pathlib import Path

from backend.cli.checks.database import check_database
from backend.cli.checks.findings import Finding, broken, ok
from backend.cli.checks.machine import check_data_dir, check_page, check_python
from backend.cli.checks.model import check_model
from backend.cli.checks.redis import check_redis
from backend.cli.checks.running import check_running
from backend.cli.checks.sign_in import check_sign_in
from backend.cli.config import load_settings
from backend.errors import Misconfigured
from backend.settings import Settings
from backend.supervisor.data_dir import find_running
from backend.worker.limiting import require_known_agents


async def check_all(data_dir: Path | None) -> list[Finding]:
    """With settings that can't be read, nothing that depends on them is looked at."""
    findings = [check_python()]
    try:
        settings = load_settings(data_dir)
    except Misconfigured as error:
        wrong = "; ".join(f"{each.field}: {each.message}" for each in error.problems)
        return [*findings, broken("settings", wrong, "Correct them in the environment or in .env.")]
    running = find_running(settings.offstage_data_dir)
    return [
        *findings,
        _check_settings(settings),
        check_data_dir(settings.offstage_data_dir),
        *await check_redis(settings, is_running=running is not None),
        await check_database(settings),
        await check_sign_in(settings),
        await check_model(settings),
        check_page(),
        check_running(running),
    ]


def _check_settings(settings: Settings) -> Finding:
    refused = settings.unsupported()
    if refused:
        return broken("settings", "not all are supported", " ".join(refused))
    try:
        require_known_agents(settings)
    except Misconfigured as error:
        return broken("settings", "a limit holds for nothing", error.message)
    return ok("settings", "all can be used")
