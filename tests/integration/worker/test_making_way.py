"""Workers whose memory is full of what their jobs took: they make way for a fresh process."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from backend.domain.states import JobState
from backend.settings import Settings
from backend.worker import keys
from tests.fixtures.memory import MOST_MB, PIECE_MB, final_error, needs_linux
from tests.fixtures.offstage import OUR_WORKER, USER, Jobs, process, running_worker
from tests.fixtures.plug_in import install_plug_in

pytestmark = needs_linux


async def test_a_worker_that_makes_way_has_no_successor_once_it_is_told_to_stop(
    job_settings: Settings,
) -> None:
    async with running_worker(job_settings) as worker:
        assert not worker.wants_a_successor
        worker.retire()
        assert worker.wants_a_successor
        worker.stop()
        assert not worker.wants_a_successor


HOARDER = f'''
import os
from pydantic import BaseModel
from backend.agents.context import AgentContext
from backend.agents.registry import agent

class Query(BaseModel):
    pass

class Kept(BaseModel):
    pid: int
    pieces: int

kept = []

@agent("hoarder", "v1")
async def hoarder(context: AgentContext, query: Query) -> Kept:
    """Keeps something of each job in a global."""
    kept.append(bytearray({PIECE_MB} * 1024**2))
    return Kept(pid=os.getpid(), pieces=len(kept))
'''


async def _worker_without(jobs: Jobs, former: str) -> str:
    """The name of the worker that is there, once it isn't the former one."""

    async def look() -> str | None:
        found = {key.decode() async for key in jobs.redis.scan_iter("rq:worker:*", _type="HASH")}
        return next(iter(found - {former}), None)

    name: str = await jobs.until_changed("rq:worker:*", look)
    return name


async def _hoard(jobs: Jobs, session_id: str) -> tuple[int, int]:
    """The process that ran it, and how much that holds since it began."""
    job_id = (await jobs.submit("hoarder", session_id)).job_id
    view = await jobs.ended(job_id)
    assert (view.state, view.attempt) == (JobState.DONE, 1)
    assert (await jobs.event_types(job_id)).count("run_started") == 1
    output = (await jobs.result(job_id))["output"]
    return output["pid"], output["pieces"]


async def test_what_jobs_leave_behind_ends_with_the_worker_that_makes_way(
    job_settings: Settings, job_engine: object, jobs: Jobs, tmp_path: Path
) -> None:
    variables = {
        "PYTHONPATH": install_plug_in(tmp_path / "site", "hoarder", HOARDER),
        "AGENT_MEMORY_MB": str(MOST_MB),
        # Longer than the worker takes to notice, shorter than the job beside would take.
        "AGENT_SHUTDOWN_GRACE": "0.5",
    }
    log = tmp_path / "worker.log"
    with process(OUR_WORKER, job_settings, log, **variables) as worker:
        first = await _worker_without(jobs, "")
        niceness = _niceness(worker.pid)
        beside = await jobs.smoke("beside", sleep_s=60)
        held = [await _hoard(jobs, f"s{number}") for number in range(3)]
        second = await _worker_without(jobs, first)
        after = await _hoard(jobs, "after")
        view = await jobs.running(beside)
        await jobs.queue.cancel(beside, USER)
        await jobs.ended(beside)
        lines = worker.log_lines()
        assert _niceness(worker.pid) == niceness
        assert await asyncio.to_thread(worker.stop) == 0
    assert held == [(worker.pid, 1), (worker.pid, 2), (worker.pid, 3)]
    assert first != second
    assert after == (worker.pid, 1)
    # Handed back without using up an attempt.
    assert view.attempt == 1
    told = next(line for line in lines if "makes way for a fresh one" in line["event"])
    assert told["left_mb"]["hoarder@v1"] >= MOST_MB
    assert "keep nothing in globals" in told["cure"]
    assert not await jobs.redis.exists(keys.QueueKeys(job_settings.agent_queue).queue)


STUBBORN = """
import asyncio
import time
from pydantic import BaseModel
from backend.agents.context import AgentContext
from backend.agents.registry import agent

class Query(BaseModel):
    pass

class Nothing(BaseModel):
    pass

def grow() -> None:
    kept = []
    while True:
        try:
            kept.append(bytearray(20 * 1024**2))
            time.sleep(0.02)
        except BaseException:
            continue

@agent("stubborn", "v1")
async def stubborn(context: AgentContext, query: Query) -> Nothing:
    \"\"\"Its thread can't be stopped.\"\"\"
    await asyncio.to_thread(grow)
    return Nothing()
"""


async def test_a_thread_that_cannot_be_stopped_ends_with_the_worker_that_makes_way(
    job_settings: Settings, job_engine: object, jobs: Jobs, tmp_path: Path
) -> None:
    variables = {
        "PYTHONPATH": install_plug_in(tmp_path / "site", "stubborn", STUBBORN),
        "AGENT_MEMORY_MB": str(MOST_MB),
    }
    log = tmp_path / "worker.log"
    with process(OUR_WORKER, job_settings, log, **variables) as worker:
        first = await _worker_without(jobs, "")
        beside = await jobs.smoke("beside", sleep_s=2)
        await jobs.running(beside)
        stubborn = await jobs.ended((await jobs.submit("stubborn")).job_id)
        await _worker_without(jobs, first)
        view = await jobs.ended(beside)
        lines = worker.log_lines()
        assert await asyncio.to_thread(worker.stop) == 0
    assert f"more than the {MOST_MB} MB that a job may have" in final_error(stubborn)
    assert (view.state, view.attempt) == (JobState.DONE, 1)
    told = next(line for line in lines if "makes way for a fresh one at once" in line["event"])
    assert told["agent"] == "stubborn@v1"


def _niceness(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)
