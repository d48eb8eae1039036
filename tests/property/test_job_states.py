"""Whatever happens to jobs in whatever order, each stands in exactly one place and none is lost.

The scripts of a job's life run against a real Redis in any order that hypothesis thinks of. A
crashed worker is one whose lease has ended, which is told to Redis by setting the lease back.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from backend.domain.retry import MAX_CRASHES
from backend.domain.states import OPEN_RQ_STATES
from backend.errors import AgentFailed, ProviderUnavailable
from backend.limits import UNLIMITED, Scoped, UserLimits
from backend.settings import Settings
from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.worker import keys
from backend.worker.events import Batch
from backend.worker.job import JobError, rq_now
from backend.worker.queue import JobQueue
from backend.worker.recovery import LEASE_S, Recovery
from backend.worker.scripts import Scripts
from backend.worker.settling import (
    CANCEL,
    HAND_BACK,
    Ended,
    Ending,
    Lease,
    done,
    failed,
    retry,
    settle_arguments,
)
from backend.worker.submission import Submission

USER = "local"
SESSIONS = ("s1", "s2")
AGENTS = ("smoke", "notes", "plan")
# One job of the user's at once; jobs that came before the limit have no share and need no place.
ONE_AT_ONCE = UserLimits(concurrency=Scoped(1, {"smoke": 2}))
SHARE = f"user:{USER}"
WORKERS = ("w1", "w2")
DONE = done({"output": {"echo": ""}, "artifact": None, "usage": None})
ENDINGS = {
    "done": DONE,
    "failed": failed(JobError.of(AgentFailed("The agent raised."))),
    "retry": retry(JobError.of(ProviderUnavailable("Busy.")), 120),
    "cancelled": CANCEL,
    "hand_back": HAND_BACK,
}
# What a claim stands for: a session and an agent.
whose = strategies.sampled_from([(session, agent) for session in SESSIONS for agent in AGENTS])
chains = strategies.lists(strategies.sampled_from(AGENTS), min_size=2, unique=True)
limited = strategies.sampled_from([UNLIMITED, ONE_AT_ONCE, ONE_AT_ONCE])
now_and_then = strategies.sampled_from([False, False, True])
PLACES_OF = {
    "queued": ["queue", "held"],
    "started": ["wip"],
    "scheduled": ["scheduled"],
    "deferred": ["deferred"],
}
Whose = tuple[str, str]
DEFERRED = "rq:deferred:agents"


@dataclass(frozen=True)
class Run:
    """An execution that some worker believes to have."""

    worker: str
    job_id: str
    execution_id: str

    @property
    def composite(self) -> str:
        return f"{self.job_id}:{self.execution_id}"


def _wanted(session: str, agent: str) -> Submission:
    return Submission(agent, "v1", session, USER, query={})


class JobStates(RuleBasedStateMachine):
    server: EmbeddedRedis
    runs: Bundle[Run] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.redis = SyncRedis.from_url(self.server.url, decode_responses=True)
        self.redis.flushall()
        self.client = Redis.from_url(self.server.url)
        self.offstage = Settings(_env_file=None, redis_url=self.server.url)
        self.queue = JobQueue(self.client, self.offstage)
        self.scripts = Scripts(self.client)
        self.recovery = Recovery(self.client, self.offstage)
        self.names = keys.QueueKeys(self.offstage.agent_queue)
        self.latest: dict[Whose, str] = {}
        self.asked_to_stop: set[str] = set()
        self.astray: set[str] = set()
        self.ended: dict[str, str] = {}

    @rule(which=whose, limits=limited)
    def submit(self, which: Whose, limits: UserLimits) -> None:
        holder = self.latest.get(which, "")
        was_open = self._status(holder) in OPEN_RQ_STATES
        accepted = self.loop.run(self.queue.submit(_wanted(*which), limits=limits))
        assert accepted.deduplicated == was_open
        assert (accepted.job_id == holder) == was_open
        self.latest[which] = accepted.job_id

    @rule(session=strategies.sampled_from(SESSIONS), agents=chains, limits=limited)
    def submit_chain(self, session: str, agents: list[str], limits: UserLimits) -> None:
        holders = [self.latest.get((session, agent), "") for agent in agents]
        were_open = [self._status(holder) in OPEN_RQ_STATES for holder in holders]
        wanted = [_wanted(session, agent) for agent in agents]
        accepted = self.loop.run(self.queue.submit_chain(wanted, limits=limits))
        jobs = [link.job_id for link, _ in accepted.links]
        for number, was_open in enumerate(were_open):
            assert (jobs[number] == holders[number]) == was_open
            self.latest[session, agents[number]] = jobs[number]
            if number and not was_open:
                assert self._status(jobs[number]) == "deferred"

    @rule(which=whose)
    def replay(self, which: Whose) -> None:
        """What failed is tried again."""
        source = self.latest.get(which, "")
        if self._status(source) in ("failed", "stopped", "canceled"):
            self.latest[which] = self.loop.run(self.queue.replay(source, USER)).job_id

    @rule(target=runs, worker=strategies.sampled_from(WORKERS), free=strategies.integers(1, 2))
    def take(self, worker: str, free: int) -> Any:
        ids = [uuid4().hex for _ in range(free)]
        taken = self._take(worker, ids)
        # An answer that got lost is asked for again: the same jobs, and no others.
        assert self._take(worker, [run.execution_id for run in taken]) == taken
        return multiple(*taken)

    @rule(run=runs)
    def beat(self, run: Run) -> None:
        held = self._holds(run)
        pair = [run.job_id, run.execution_id]
        arguments = [self.names.name, run.worker, LEASE_S, 60, rq_now(), *pair]
        lost, cancelled, _ = self.loop.run(self.scripts.beat(arguments))
        this = [run.execution_id.encode()]
        assert lost == ([] if held else this)
        assert cancelled == (this if held and run.job_id in self.asked_to_stop else [])

    @rule(run=consumes(runs), outcome=strategies.sampled_from(["retry", "hand_back"]))
    def settle_for_now(self, run: Run, outcome: str) -> None:
        self._settle_and_compare(run, outcome)

    @rule(run=consumes(runs), outcome=strategies.sampled_from(["done", "failed", "cancelled"]))
    def settle_for_good(self, run: Run, outcome: str) -> None:
        self._settle_and_compare(run, outcome)

    def _settle_and_compare(self, run: Run, outcome: str) -> None:
        held, before = self._holds(run), self._status(run.job_id)
        assert self._settle(run, ENDINGS[outcome]) == held
        after = self._status(run.job_id)
        if not held:
            assert after == before
        elif run.job_id in self.asked_to_stop and outcome in ("retry", "hand_back"):
            assert after == "stopped"

    @rule(run=runs)
    def lease_ends(self, run: Run) -> None:
        """Its worker was killed, or sleeps: it may still come back and want to settle."""
        self.redis.zadd(self.names.wip, {run.composite: 0}, xx=True)

    @rule(run=consumes(runs))
    def crash(self, run: Run) -> None:
        """Its worker is killed and another one's tick finds out."""
        self.lease_ends(run)
        self._tick(audit=False)
        assert not self._holds(run)

    @rule(which=whose)
    def retry_is_due(self, which: Whose) -> None:
        self.redis.zadd(self.names.scheduled, {self.latest.get(which, ""): 0}, xx=True)

    @rule(which=whose, really=now_and_then)
    def cancel(self, which: Whose, really: bool) -> None:
        job_id = self.latest.get(which, "")
        before = self._status(job_id)
        if before is None or not really:
            return
        self.loop.run(self.queue.cancel(job_id, USER))
        expected = before
        if before == "started":
            self.asked_to_stop.add(job_id)
        elif before in OPEN_RQ_STATES:
            expected = "canceled"
        assert self._status(job_id) == expected

    @rule(audit=strategies.booleans())
    def tick(self, audit: bool) -> None:
        self._tick(audit=audit)

    @rule(which=whose, really=now_and_then)
    def vanish(self, which: Whose, really: bool) -> None:
        """Somebody deletes its hash."""
        job_id = self.latest.get(which, "")
        if really:
            self.redis.delete(keys.job_key(job_id))
            self.ended.pop(job_id, None)

    @rule(which=whose, really=now_and_then)
    def go_astray(self, which: Whose, really: bool) -> None:
        """Somebody takes it out of the place where it stands."""
        job_id = self.latest.get(which, "")
        if really:
            self.redis.lrem(self.names.queue, 0, job_id)
            self.redis.zrem(self.names.scheduled, job_id)
            self.redis.zrem(DEFERRED, job_id)
            for awaited in self.redis.smembers(f"rq:job::{job_id}:dependencies"):
                self.redis.srem(f"{keys.job_key(awaited)}:dependents", job_id)
            for held in (*self.redis.scan_iter("offstage:held:*"), self.names.line(USER)):
                self.redis.zrem(held, job_id)
            self.astray.add(job_id)

    @invariant()
    def each_open_job_stands_in_one_place(self) -> None:
        for job_id, status in self._statuses().items():
            places = self._places(job_id)
            if status in OPEN_RQ_STATES:
                found = len(places) == 1 and places[0] in PLACES_OF[status]
                assert found or (places == [] and job_id in self.astray), (job_id, status, places)
                assert self.redis.ttl(keys.job_key(job_id)) == -1
                assert int(self._field(job_id, "agent_crashes_in_a_row") or 0) < MAX_CRASHES
            else:
                assert places == []

    @invariant()
    def a_job_waits_for_something_and_whatever_failed_says_so(self) -> None:
        statuses = self._statuses()
        for job_id in (each for each, status in statuses.items() if status == "deferred"):
            awaited = json.loads(self._field(job_id, "dependency_ids") or "[]")
            assert {statuses.get(each) for each in awaited} - {"finished"}, job_id
            assert self._field(job_id, "dependency_id") == awaited[0]
            for each in awaited:
                if job_id in self.astray or statuses.get(each) is None:
                    continue
                assert self.redis.sismember(f"{keys.job_key(each)}:dependents", job_id)
                if statuses[each] not in OPEN_RQ_STATES:
                    assert job_id in json.loads(self._field(each, "agent_held_back") or "[]")

    @invariant()
    def no_more_run_at_once_than_may(self) -> None:
        running = [job_id for job_id, status in self._statuses().items() if status == "started"]
        for share in (SHARE, "suspects:one-by-one"):
            sharing = {
                j for j in running if share in (self._field(j, "agent_shares") or "").split()
            }
            assert len(sharing) <= 1
            assert self.redis.smembers(f"offstage:places:{self.names.name}:{share}") >= sharing

    @invariant()
    def an_ended_job_stays_ended_is_told_and_expires(self) -> None:
        for job_id, status in self._statuses().items():
            assert self.ended.get(job_id, status) == status
            if status not in OPEN_RQ_STATES:
                self.ended[job_id] = status
                [(_, last)] = self.redis.xrevrange(keys.events_key(job_id), count=1)
                assert '"event":{"type":"' + self._terminal(status) in last["event"]
                for key in (keys.job_key(job_id), keys.events_key(job_id)):
                    assert 0 < self.redis.ttl(key) <= 86_400

    @invariant()
    def an_open_job_holds_its_claim(self) -> None:
        for (session, agent), job_id in self.latest.items():
            claim = keys.claim_key(USER, f"{agent}@v1", session)
            if self._status(job_id) in OPEN_RQ_STATES:
                assert (self.redis.get(claim), self.redis.ttl(claim)) == (job_id, -1)
            elif self._status(job_id) is not None:
                assert self.redis.ttl(claim) > 0

    def teardown(self) -> None:
        """Whatever had happened: workers that go on bring every job to an end."""
        try:
            self._go_on_until_all_have_ended()
        finally:
            self.loop.run(self.client.aclose())
            self.loop.close()
            self.redis.close()

    def _go_on_until_all_have_ended(self) -> None:
        for run in self.redis.zrange(self.names.wip, 0, -1):
            self.redis.zadd(self.names.wip, {run: 0})
        for job_id in self.redis.zrange(self.names.scheduled, 0, -1):
            self.redis.zadd(self.names.scheduled, {job_id: 0})
        # As often as a chain is long: whoever waits for what failed goes on when that is replayed.
        for _ in range(len(AGENTS) + 1):
            self._tick(audit=True)
            while runs := self._take("w1", [uuid4().hex for _ in range(50)]):
                for run in runs:
                    assert self._settle(run, DONE)
            for job_id in self._statuses():
                if self._field(job_id, "agent_held_back"):
                    self.loop.run(self.queue.replay(job_id, USER))
        self._tick(audit=True)
        assert set(self._statuses().values()) & set(OPEN_RQ_STATES) == set()
        places = (self.names.queue, self.names.wip, self.names.scheduled, DEFERRED)
        assert self.redis.exists(*places) == 0
        for kind in ("held", "holding", "places", "caps", "line", "turns", "busy"):
            assert list(self.redis.scan_iter(f"offstage:{kind}:*")) == []
        assert self.redis.zcard(f"offstage:open:{self.names.name}") == 0

    def _tick(self, *, audit: bool) -> None:
        # On a slow machine two ticks can be so far apart that leases get a time of grace.
        self.redis.delete(f"offstage:ticked:{self.names.name}", f"offstage:grace:{self.names.name}")
        self.loop.run(self.recovery.tick(audit=audit))
        if audit:
            self.astray.clear()

    def _take(self, worker: str, ids: list[str]) -> list[Run]:
        arguments = [self.names.name, worker, LEASE_S, rq_now(), *ids]
        taken = self.loop.run(self.scripts.take(arguments))
        assert taken is not None
        return [Run(worker, job.decode(), execution.decode()) for job, execution, _ in taken]

    def _settle(self, run: Run, ending: Ending) -> bool:
        lease = Lease(run.job_id, run.execution_id, time.monotonic())
        call = settle_arguments(self.offstage, run.worker, Ended.now(lease, ending), Batch())
        [answer] = self.loop.run(self.scripts.settle_all([call]))
        assert answer in (0, 1), answer
        return answer == 1

    def _holds(self, run: Run) -> bool:
        has_lease = self.redis.zscore(self.names.wip, run.composite) is not None
        return has_lease and self._status(run.job_id) is not None

    def _status(self, job_id: str) -> str | None:
        return self._field(job_id, "status")

    def _field(self, job_id: str, name: str) -> str | None:
        return self.redis.hget(keys.job_key(job_id), name)

    def _shares(self, job_id: str) -> list[str]:
        return (self._field(job_id, "agent_shares") or "").split()

    def _statuses(self) -> dict[str, str]:
        found = {}
        for key in self.redis.scan_iter("rq:job:*", _type="hash"):
            status = self.redis.hget(key, "status")
            assert status is not None, f"half a hash: {self.redis.hgetall(key)}"
            found[key.removeprefix("rq:job:")] = status
        return found

    def _places(self, job_id: str) -> list[str]:
        queued = self.redis.lrange(self.names.queue, 0, -1).count(job_id)
        leases = self.redis.zrange(self.names.wip, 0, -1)
        running = sum(1 for lease in leases if lease.startswith(f"{job_id}:"))
        waiting = self.redis.zscore(self.names.scheduled, job_id) is not None
        lists = [*self.redis.scan_iter(f"{self.names.held}:*"), self.names.line(USER)]
        held = sum(1 for name in lists if self.redis.zscore(name, job_id) is not None)
        assert (self.redis.zscore(self.names.held, job_id) is not None) == (held > 0)
        deferred = self.redis.zscore(DEFERRED, job_id) is not None
        return [
            *(["queue"] * queued + ["wip"] * running + ["scheduled"] * waiting),
            *(["held"] * held + ["deferred"] * deferred),
        ]

    def _terminal(self, status: str) -> str:
        return "final_result" if status == "finished" else "error"


@pytest.mark.timeout(120)
def test_any_order_of_events_ends_well(redis_server: EmbeddedRedis) -> None:
    JobStates.server = redis_server
    run_state_machine_as_test(
        JobStates,
        settings=settings(
            max_examples=100,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
