"""`offstage worker`: one worker process, as `python -m backend.worker.run` is."""

from __future__ import annotations

import typer


def worker() -> None:
    """Run a worker: it takes jobs from Redis (REDIS_URL) until it is told to stop."""
    from backend.cli.config import load_settings, require_supported

    require_supported(load_settings())
    from backend.worker.run import main

    raise typer.Exit(main())
