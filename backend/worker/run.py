"""`python -m backend.worker.run`: the entrance of a worker process (service `agents-worker`)."""

from __future__ import annotations

import asyncio
import sys

from redis import Redis as SyncRedis

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
        worker = await asyncio.to_thread(AgentsWorker, runtime, connection)
        stop_on_signals(worker)
        await worker.serve()


def main() -> int:
    settings = get_settings()
    configure_logging(settings)
    configure_tracing(settings, "agents-worker")
    try:
        asyncio.run(serve(settings))
    except OffstageError as error:
        get_logger("offstage.worker").error("worker can't run", code=error.code, why=error.message)
        return 1
    finally:
        flush_traces()
    return 0


if __name__ == "__main__":
    sys.exit(main())
