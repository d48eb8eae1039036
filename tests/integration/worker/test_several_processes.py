"""`AGENT_WORKER_PROCESSES`: several worker processes that start, stop and come back as one."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from backend.domain.states import JobState
from backend.settings import Settings
from tests.fixtures.offstage import OUR_WORKER, Jobs, process
from tests.processes import wait_until_gone

_NUMBER = 2


async def _pids(jobs: Jobs, *, without: int = 0) -> set[int]:
    """The processes of the workers that Redis knows, when all of them are up."""

    async def look() -> set[int] | None:
        found = set()
        async for key in jobs.redis.scan_iter("rq:worker:*", _type="HASH"):
            pid = await jobs.redis.hget(key, "pid")
            found |= {int(pid)} if pid else set()
        found.discard(without)
        return found if len(found) == _NUMBER else None

    found: set[int] = await jobs.until_changed("rq:worker:*", look)
    return found


async def test_a_dead_one_comes_back_and_all_leave_together(
    jobs: Jobs, job_settings: Settings, tmp_path: Path
) -> None:
    settings = job_settings.model_copy(update={"agent_shutdown_grace": 0.2})
    variables = {"AGENT_WORKER_PROCESSES": str(_NUMBER), "AGENT_WORKER_CONCURRENCY": "1"}
    with process(OUR_WORKER, settings, tmp_path / "workers.log", **variables) as workers:
        first, second = await _pids(jobs)
        assert workers.pid not in (first, second)
        os.kill(first, signal.SIGKILL)
        pids = await _pids(jobs, without=first)
        assert second in pids

        running = [await jobs.smoke(f"s{n}", sleep_s=60) for n in range(_NUMBER)]
        for job_id in running:
            await jobs.running(job_id)
        assert await asyncio.to_thread(workers.stop) == 0
    for pid in pids:
        wait_until_gone(pid)
    for job_id in running:
        view = await jobs.look(job_id)
        assert (view.state, view.attempt) == (JobState.QUEUED, 1)


async def test_none_outlives_the_one_that_keeps_them(
    jobs: Jobs, job_settings: Settings, tmp_path: Path
) -> None:
    variables = {"AGENT_WORKER_PROCESSES": str(_NUMBER)}
    with process(OUR_WORKER, job_settings, tmp_path / "workers.log", **variables) as workers:
        pids = await _pids(jobs)
        workers.popen.kill()
        for pid in pids:
            wait_until_gone(pid)


async def test_they_come_after_whoever_answers(
    jobs: Jobs, job_settings: Settings, tmp_path: Path
) -> None:
    """Where a processor is wanted by both, an API process has it first."""
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    variables = {"AGENT_WORKER_PROCESSES": str(_NUMBER)}
    with process(OUR_WORKER, job_settings, tmp_path / "workers.log", **variables):
        for pid in await _pids(jobs):
            assert os.getpriority(os.PRIO_PROCESS, pid) > ours
