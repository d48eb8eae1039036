"""`python -m backend.worker.run`: the entrance of a worker process (service `agents-worker`)."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import NoReturn

from redis import Redis as SyncRedis

from backend.agents.blocking import warm_up
from backend.agents.registry import all_agents
from backend.db.upgrade import upgrade
from backend.errors import OffstageError
from backend.settings import Settings, get_settings
from backend.telemetry.logging import configure_logging, get_logger
from backend.telemetry.tracing import configure_tracing, flush_traces
from backend.worker.agents_worker import AgentsWorker, stop_on_signals
from backend.worker.runtime import open_runtime


async def serve(settings: Settings) -> None:
    """Run one worker until it is told to stop. Raises OffstageError for what an operator must fix.

    Agents are imported first: the first import of one would hold up every job that runs.
    """
    all_agents()
    await upgrade(settings)
    async with open_runtime(settings) as runtime:
        connection = SyncRedis.from_url(settings.redis_dsn())
        worker = await AgentsWorker.made(runtime, connection)
        stop_on_signals(worker)
        # Whoever is first to need a process for blocking work shouldn't wait for its imports.
        warming = asyncio.create_task(warm_up())
        await worker.serve()
        warming.cancel()


def main() -> NoReturn:
    """Serve, then leave without waiting for what can't be stopped.

    By then all is settled, handed back and closed. An agent that ignores its cancellation, or a
    thread that it blocks, may be left: Python would wait for both.
    """
    settings = get_settings()
    configure_logging(settings)
    configure_tracing(settings, "agents-worker")
    code = 0
    try:
        asyncio.Runner().run(serve(settings))
    except OffstageError as error:
        get_logger("offstage.worker").error("worker can't run", code=error.code, why=error.message)
        code = 1
    except BaseException:
        get_logger("offstage.worker").exception("worker broke down")
        code = 1
    flush_traces()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
