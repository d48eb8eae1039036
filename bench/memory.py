"""What agents in flight weigh: the PSS of all worker processes, so that shared pages count once."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from redis import Redis

from bench.contenders import RQ_FORK
from bench.drill.outcomes import wait_until_ended, wait_until_running
from bench.fleet import Fleet, Inside
from bench.peers.aimock import AiMock, running_aimock
from bench.processes import pss_mb, tree
from bench.report import Table

_AGENTS = 100
_MOST_ASLEEP_MB, _MOST_ASKING_MB, _MOST_OF_POOL = 10.0, 60.0, 0.1
_POOLS = (10, 20)
_LONG_S = 600
# As slow as the peer can be; time enough to look.
_SLOW_ANSWER_S = 30
_SETTLED_S = 1.5
_STEADY_MB = 0.5
_WITHIN_S = 60


def run(folder: Path) -> Table:
    idle_mb, asleep_mb = asyncio.run(_asleep(folder / "asleep"))
    cold_mb, warm_mb, asking_mb = asyncio.run(_asking(folder / "asking"))
    pools = [_rq_pool(folder / f"pool-{size}", size) for size in _POOLS]
    per_worker = (pools[1] - pools[0]) / (_POOLS[1] - _POOLS[0])
    pool_mb = pools[0] + per_worker * (_AGENTS - _POOLS[0])

    table = Table(f"memory (PSS) of all worker processes, {_AGENTS} agents in flight")
    table.add("idle worker, pydantic-ai loaded", f"{idle_mb:.0f} MB")
    more = asleep_mb - idle_mb
    goal = f"<= {_MOST_ASLEEP_MB:g} MB"
    table.add(
        f"{_AGENTS} sleeping agents add", f"{more:.1f} MB", goal=goal, met=more <= _MOST_ASLEEP_MB
    )
    table.add(
        "idle worker after its first LLM call", f"{warm_mb:.0f} MB (before: {cold_mb:.0f} MB)"
    )
    more = asking_mb - warm_mb
    goal = f"<= {_MOST_ASKING_MB:g} MB"
    table.add(
        f"{_AGENTS} agents in an LLM call add",
        f"{more:.1f} MB",
        goal=goal,
        met=more <= _MOST_ASKING_MB,
    )
    sizes = " and ".join(map(str, _POOLS))
    table.add(
        f"RQ pool of {_AGENTS} that preloads pydantic-ai",
        f"{pool_mb:.0f} MB (from pools of {sizes}: {per_worker:.1f} MB a worker)",
    )
    share = asleep_mb / pool_mb
    goal = f"<= 1/{1 / _MOST_OF_POOL:g}"
    table.add("ours against it", f"1/{1 / share:.1f}", goal=goal, met=share <= _MOST_OF_POOL)
    return table


async def _asleep(folder: Path) -> tuple[float, float]:
    """An idle worker that has run jobs before, and with all agents asleep."""
    with Fleet(folder, concurrency=_AGENTS) as fleet:
        async with fleet.enter() as inside:
            worker = fleet.start_worker()
            warm_up = [await inside.submit(f"warm-{n}", {"steps": 1}) for n in range(20)]
            await wait_until_ended(inside, warm_up, _WITHIN_S)
            # The process for blocking work, which a worker starts in its first quiet moment.
            await asyncio.to_thread(_wait_for_a_child, worker.pid)
            idle_mb = _settled_mb(worker.pid)
            jobs = [await inside.submit(f"s{n}", {"sleep_s": _LONG_S}) for n in range(_AGENTS)]
            await wait_until_running(inside, jobs)
            return idle_mb, _settled_mb(worker.pid)


async def _asking(folder: Path) -> tuple[float, float, float]:
    """Before and after the first LLM call, which loads the provider's SDK, and with all asking."""
    with running_aimock() as provider:
        variables = {
            "AGENTS_DEFAULT_MODEL": "openai-chat:bench",
            "OPENAI_BASE_URL": provider.openai_url,
        }
        with Fleet(folder, concurrency=_AGENTS, variables=variables) as fleet:
            async with fleet.enter() as inside:
                worker = fleet.start_worker()
                await inside.wait_for_workers(1)
                cold_mb = _settled_mb(worker.pid)
                await _ask_once(inside, provider)
                warm_mb = _settled_mb(worker.pid)
                provider.take_time(_SLOW_ANSWER_S)
                jobs = [await inside.submit(f"s{n}", {}, "asker") for n in range(_AGENTS)]
                await wait_until_running(inside, jobs)
                return cold_mb, warm_mb, _settled_mb(worker.pid)


async def _ask_once(inside: Inside, provider: AiMock) -> None:
    provider.answer({"text": "Something."})
    job_id = await inside.submit("warm", {}, "asker")
    view = (await wait_until_ended(inside, [job_id], _WITHIN_S))[job_id]
    assert view is not None
    assert view.state == "done", view.error


def _rq_pool(folder: Path, size: int) -> float:
    """RQ's own pool with a sleeping job in each worker."""
    with Fleet(folder) as fleet, Redis.from_url(fleet.redis.url) as redis:
        asyncio.run(RQ_FORK.fill(fleet, size, _LONG_S))
        pool = fleet.start_worker(["-m", "bench.peers.rq_pool", fleet.redis.url, str(size)])
        give_up = time.monotonic() + _WITHIN_S
        while RQ_FORK.waiting(redis) > 0:
            if pool.poll() is not None or time.monotonic() > give_up:
                raise TimeoutError(f"RQ's pool of {size} didn't take its jobs")
            time.sleep(0.1)
        used_mb = _settled_mb(pool.pid)
        # A pool that is killed leaves its workers and their horses behind.
        for one in reversed(list(tree(pool.pid))):
            os.kill(one, signal.SIGKILL)
        return used_mb


def _wait_for_a_child(pid: int) -> None:
    give_up = time.monotonic() + _WITHIN_S
    while len(list(tree(pid))) == 1:
        if time.monotonic() > give_up:
            raise TimeoutError("the worker started no process for blocking work")
        time.sleep(0.1)


def _settled_mb(pid: int) -> float:
    """The memory when nothing moves any more."""
    before_mb = 0.0
    give_up = time.monotonic() + _WITHIN_S
    while abs((now_mb := pss_mb(pid)) - before_mb) > _STEADY_MB and time.monotonic() < give_up:
        before_mb = now_mb
        time.sleep(_SETTLED_S)
    return now_mb
