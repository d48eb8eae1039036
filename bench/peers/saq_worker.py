"""`python -m bench.peers.saq_worker URL CONCURRENCY`: a SAQ worker with our functions."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from redis.asyncio import Redis
from saq import Worker
from saq.queue.redis import RedisQueue

QUEUE = "bench"


def open_queue(url: str) -> RedisQueue:
    """Each of its free slots waits on a connection of its own; redis-py's pools hold 100."""
    return RedisQueue(Redis.from_url(url, max_connections=5_000), name=QUEUE, max_concurrent_ops=50)


async def nothing(_context: Any) -> None:
    """The no-op."""


async def sleep(_context: Any, *, seconds: float) -> None:
    await asyncio.sleep(seconds)


async def probe(_context: Any) -> float:
    """When this function started, as epoch seconds."""
    return time.time()


async def main(url: str, concurrency: int) -> None:
    queue = open_queue(url)
    await queue.connect()
    functions: Any = [nothing, sleep, probe]
    worker: Worker[Any] = Worker(queue, functions=functions, concurrency=concurrency)
    try:
        await worker.start()
    finally:
        await queue.disconnect()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
