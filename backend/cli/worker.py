"""`offstage worker`: one worker process, as `python -m backend.worker.run` is."""

from __future__ import annotations

import typer


def worker() -> None:
    """Run a worker: it takes jobs from Redis (REDIS_URL) until it is told to stop."""
    from backend.cli.config import load_settings
    from backend.cli.preflight import require_redis, require_usable

    settings = load_settings()
    require_usable(settings)
    require_redis(settings)
    from backend.worker.run import main

    raise typer.Exit(main())
