"""`python -m bench.peers.rq_pool URL WORKERS`: an RQ worker pool that loads pydantic-ai before it
forks, so that all its processes share that memory."""

from __future__ import annotations

import gc
import sys

from pydantic_ai import Agent
from redis import Redis
from rq.worker_pool import WorkerPool

from bench.peers import rq_jobs


def main(url: str, workers: int) -> None:
    assert Agent is not None
    assert rq_jobs is not None
    # What a pool can do for itself: collected later, these pages would be copied by each process.
    gc.freeze()
    pool = WorkerPool(["bench"], connection=Redis.from_url(url), num_workers=workers)
    pool.start(logging_level="WARNING")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
