"""One worker process, from its settings to its end. `run.py` is its entrance."""

from __future__ import annotations

import asyncio
import gc

from redis import Redis as SyncRedis

from backend.agents.blocking import warm_up
from backend.agents.registry import all_agents
from backend.db.upgrade import upgrade
from backend.settings import Settings
from backend.worker.agents_worker import AgentsWorker, end_on_signals, stop_on_signals
from backend.worker.runtime import open_runtime

_WARM_UP_AFTER_S = 3
_HELPERS_END_S = 2


async def serve(settings: Settings) -> bool:
    """Run one worker until it is told to stop; true if it wants a fresh process to go on.

    Raises OffstageError for what an operator must fix.

    Agents are imported first: the first import of one would hold up every job that runs.
    """
    all_agents()
    await upgrade(settings)
    async with open_runtime(settings) as runtime:
        connection = SyncRedis.from_url(settings.redis_dsn())
        worker = await AgentsWorker.made(runtime, connection)
        stop_on_signals(worker)
        # What is loaded stays. Looking through it again and again took a fifth of a short job.
        gc.collect()
        gc.freeze()
        warming = asyncio.create_task(_warm_up_later())
        await worker.serve()
        warming.cancel()
        await end_on_signals()
    if worker.wants_a_successor:
        await _end_helpers()
    return worker.wants_a_successor


async def _warm_up_later() -> None:
    """Whoever is first to need a process for blocking work shouldn't wait for its imports; nor
    should what waits in the queue for this worker, so it comes after a while."""
    await asyncio.sleep(_WARM_UP_AFTER_S)
    await warm_up()


async def _end_helpers() -> None:
    """What this process started would be its successor's children, which knows nothing of them."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_HELPERS_END_S)
