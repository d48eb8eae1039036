"""Budgets of a day: reserved when a job is submitted, settled when it ends, in whatever way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import RequestUsage

from backend.agents.context import AgentContext
from backend.domain.events import FinalResult
from backend.domain.retry import MAX_CRASHES
from backend.domain.states import JobState
from backend.errors import BudgetExceeded
from backend.limits import LimitTexts, UserLimits
from backend.worker import keys, tasks
from backend.worker.agents_worker import AgentsWorker
from backend.worker.allowance import DayAllowance
from backend.worker.job import rq_now
from backend.worker.recovery import LEASE_S, Recovery
from backend.worker.submission import Submission
from tests.fixtures.offstage import USER, Jobs, NewAgent

PRICE_USD = Decimal("0.01")


@pytest.fixture
def asker(new_agent: NewAgent, monkeypatch: pytest.MonkeyPatch) -> str:
    """An agent that asks `text` times; a request uses 100 tokens and costs a cent."""

    async def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        usage = RequestUsage(input_tokens=90, output_tokens=10, cost=PRICE_USD)
        return ModelResponse(parts=[TextPart("Yes.")], usage=usage)

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[FinalResult]:
        for _ in range(int(query.text)):
            result = await Agent(context.model).run("Well?")
            context.count_usage(result.usage)
        yield FinalResult(output={})

    monkeypatch.setattr(tasks, "build_configured_model", lambda settings: FunctionModel(answer))
    return new_agent(run)


def budget(tokens: str = "", cost: str = "") -> UserLimits:
    return UserLimits.parse(LimitTexts(tokens_per_day=tokens, cost_per_day=cost))


async def _ask(jobs: Jobs, agent: str, times: int, limits: UserLimits, session: str = "s1") -> str:
    wanted = Submission(agent, "v1", session, USER, query={"text": str(times)})
    return (await jobs.queue.submit(wanted, limits=limits)).job_id


async def _used(jobs: Jobs) -> tuple[int, int]:
    """Tokens and millionths of a dollar that the user's days hold."""
    tokens = micros = 0
    async for key in jobs.redis.scan_iter(f"{keys.spent_key(USER)}:*"):
        day = await jobs.redis.hgetall(key)
        tokens, micros = tokens + int(day[b"tokens"]), micros + int(day[b"micros"])
        assert 0 < await jobs.redis.ttl(key) <= 3 * 86_400
    return tokens, micros


async def test_what_a_job_used_counts_for_its_day(
    jobs: Jobs, asker: str, worker: AgentsWorker
) -> None:
    done = await jobs.ended(await _ask(jobs, asker, 3, budget(tokens="1000", cost="1")))
    assert done.usage is not None
    assert (done.state, done.usage.cost_usd) == (JobState.DONE, pytest.approx(0.03))
    assert await _used(jobs) == (300, 30_000)


async def test_a_job_that_uses_up_the_day_stops_at_the_next_request(
    jobs: Jobs, asker: str, worker: AgentsWorker
) -> None:
    limits = budget(tokens="250")
    stopped = await jobs.ended(await _ask(jobs, asker, 9, limits))
    assert stopped.error is not None
    assert (stopped.error.code, stopped.error.retryable) == ("budget", False)
    assert (stopped.attempt, stopped.usage.requests if stopped.usage else 0) == (1, 3)
    assert await _used(jobs) == (300, 30_000)
    with pytest.raises(BudgetExceeded) as refused:
        await _ask(jobs, asker, 1, limits)
    assert 0 < (refused.value.retry_after_s or 0) <= 86_400
    # Not another user's, and not one without a budget.
    await jobs.ended(await _ask(jobs, asker, 1, UserLimits()))


async def test_money_counts_as_tokens_do(jobs: Jobs, asker: str, worker: AgentsWorker) -> None:
    stopped = await jobs.ended(await _ask(jobs, asker, 9, budget(cost="0.02")))
    assert stopped.error is not None
    assert stopped.error.code == "budget"
    assert await _used(jobs) == (200, 20_000)


async def test_a_job_reserves_what_its_like_used_and_gives_the_rest_back(
    jobs: Jobs, asker: str, worker: AgentsWorker
) -> None:
    limits = budget(tokens="1200")
    await jobs.ended(await _ask(jobs, asker, 4, limits))
    await jobs.redis.set("rq:suspended", 1)
    waiting = [await _ask(jobs, asker, 1, limits, session) for session in ("s1", "s2")]
    assert await _used(jobs) == (1_200, 120_000)
    with pytest.raises(BudgetExceeded):
        await _ask(jobs, asker, 1, limits, "s3")
    await jobs.queue.cancel(waiting[0], USER)
    assert await _used(jobs) == (800, 80_000)
    await jobs.redis.delete("rq:suspended")
    await jobs.ended(waiting[1])
    assert await _used(jobs) == (500, 50_000)


async def test_a_job_that_nobody_starts_gives_all_back(jobs: Jobs, asker: str) -> None:
    limits = budget(tokens="1000")
    await jobs.redis.hset(f"offstage:typical:{asker}@v1", mapping={"tokens": 600, "micros": 0})
    first = await _ask(jobs, asker, 1, limits)
    with pytest.raises(BudgetExceeded):
        await _ask(jobs, asker, 1, limits, "s2")
    assert await _used(jobs) == (600, 0)
    unstarted = f"offstage:unstarted:{jobs.settings.agent_queue}"
    await jobs.redis.zadd(unstarted, {first: 1}, xx=True)
    assert (await Recovery(jobs.redis, jobs.settings).tick(audit=False)).expired == 1
    assert await _used(jobs) == (0, 0)


async def test_a_job_whose_workers_die_pays_for_what_it_used_and_a_replay_for_its_own(
    jobs: Jobs, asker: str
) -> None:
    limits, queue = budget(tokens="1000"), keys.QueueKeys(jobs.settings.agent_queue)
    await jobs.redis.hset(f"offstage:typical:{asker}@v1", mapping={"tokens": 600, "micros": 0})
    job_id = await _ask(jobs, asker, 1, limits)
    allowance = DayAllowance(jobs.queue._scripts, keys.job_key(job_id))
    assert await allowance.charge(100, PRICE_USD)
    assert await _used(jobs) == (600, 10_000)
    for crash in range(MAX_CRASHES):
        taking = [queue.name, "w1", LEASE_S, rq_now(), f"execution{crash}"]
        assert await jobs.queue._scripts.take(taking)
        await jobs.redis.zadd(queue.wip, {f"{job_id}:execution{crash}": 0})
        await Recovery(jobs.redis, jobs.settings).tick(audit=False)
    assert (await jobs.look(job_id)).state is JobState.FAILED
    assert await _used(jobs) == (100, 10_000)
    again = await jobs.queue.replay(job_id, USER, limits)
    # A fifth of what is typical is what the last one used.
    assert await _used(jobs) == (100 + 500, 10_000 + 2_000)
    await jobs.queue.cancel(again.job_id, USER)
    await jobs.queue.cancel(again.job_id, USER)
    assert await _used(jobs) == (100, 10_000)


async def test_no_budget_at_all_lets_nothing_through(jobs: Jobs, asker: str) -> None:
    with pytest.raises(BudgetExceeded):
        await _ask(jobs, asker, 1, budget(tokens="0"))
    assert await jobs.redis.dbsize() == 0
