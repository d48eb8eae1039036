"""Whoever submits what in whatever order: free slots go to the users who have had least of them.

The scripts that submit, take and settle run against a real Redis; time passes by setting back when
a run began.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from backend.limits import Scoped, UserLimits
from backend.settings import Settings
from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.worker import keys
from backend.worker.events import Batch
from backend.worker.job import rq_now
from backend.worker.queue import JobQueue
from backend.worker.recovery import LEASE_S, Recovery
from backend.worker.scripts import Scripts
from backend.worker.settling import Ended, Lease, done, settle_arguments
from backend.worker.submission import Submission

DONE = done({"output": {"echo": ""}, "artifact": None, "usage": None})
USERS = ("anna", "boris", "clara", "dmitri", "eve")
LONGEST_S = 2.0


@dataclass
class Fleet:
    """Workers with so many slots together, whose time passes only in `end_next`."""

    url: str
    slots: int
    now_s: float = 0.0
    running: list[tuple[float, str, str, float]] = field(default_factory=list)
    user_of: dict[str, str] = field(default_factory=dict)
    lasts_s: dict[str, float] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)
    started: list[str] = field(default_factory=list)
    # (user, from, to) of each run.
    spans: list[tuple[str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loop = asyncio.Runner()
        self.redis = SyncRedis.from_url(self.url, decode_responses=True)
        self.redis.flushall()
        self.client = Redis.from_url(self.url)
        self.settings = Settings(_env_file=None, redis_url=self.url)
        self.queue = JobQueue(self.client, self.settings)
        self.scripts = Scripts(self.client)
        self.names = keys.QueueKeys(self.settings.agent_queue)

    def close(self) -> None:
        self.loop.run(self.client.aclose())
        self.loop.close()
        self.redis.close()

    def submit(self, user: str, lasts_s: float, cap: int | None = None) -> str:
        wanted = Submission("smoke", "v1", uuid4().hex, user, query={})
        limits = UserLimits(concurrency=Scoped(cap))
        job_id = self.loop.run(self.queue.submit(wanted, limits=limits)).job_id
        self.user_of[job_id], self.lasts_s[job_id] = user, lasts_s
        self.waiting[user] += 1
        return job_id

    def busy(self) -> Counter[str]:
        return Counter(self.user_of[job_id] for _, job_id, _, _ in self.running)

    def take(self) -> list[str]:
        """Fill the free slots. Returns whose jobs were started, in that order."""
        ids = [uuid4().hex for _ in range(self.slots - len(self.running))]
        if not ids:
            return []
        arguments = [self.names.name, "w1", LEASE_S, rq_now(), *ids]
        taken = self.loop.run(self.scripts.take(arguments))
        assert taken is not None
        users = []
        for each, execution, _ in taken:
            job_id = each.decode()
            user, lasts_s = self.user_of[job_id], self.lasts_s[job_id]
            run = (self.now_s + lasts_s, job_id, execution.decode(), lasts_s)
            heapq.heappush(self.running, run)
            self.spans.append((user, self.now_s, self.now_s + lasts_s))
            self.waiting[user] -= 1
            users.append(user)
            self.started.append(job_id)
        return users

    def end_next(self) -> None:
        """Let time pass until the next job is done."""
        self.now_s, job_id, execution_id, lasts_s = heapq.heappop(self.running)
        seconds, micros = self.redis.time()
        began = seconds + micros / 1e6 - lasts_s
        self.redis.hset(f"rq:execution:{job_id}:{execution_id}", "created_at", repr(began))
        lease = Lease(job_id, execution_id, time.monotonic())
        call = settle_arguments(self.settings, "w1", Ended.now(lease, DONE), Batch())
        assert self.loop.run(self.scripts.settle_all([call])) == [1]

    def tick(self) -> None:
        self.loop.run(Recovery(self.client, self.settings).tick(audit=False))

    def run_to_the_end(self) -> None:
        self.take()
        while self.running:
            self.end_next()
            self.take()
        assert not +self.waiting

    def served_s(self, begins: float, ends: float) -> dict[str, float]:
        """Each user's running time between two moments."""
        served: dict[str, float] = defaultdict(float)
        for user, start, end in self.spans:
            served[user] += max(0.0, min(end, ends) - max(start, begins))
        return served

    def contended(self) -> tuple[float, float]:
        """From the last user's first start to the first user's last."""
        starts: dict[str, list[float]] = defaultdict(list)
        for user, start, _ in self.spans:
            starts[user].append(start)
        return max(min(each) for each in starts.values()), min(map(max, starts.values()))


@pytest.fixture
def url(redis_server: EmbeddedRedis) -> str:
    return redis_server.url


jobs_of_anybody = strategies.lists(
    strategies.tuples(strategies.sampled_from(USERS), strategies.floats(0.1, LONGEST_S)),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    jobs=jobs_of_anybody,
    slots=strategies.integers(1, 5),
    cap=strategies.sampled_from([None, 1, 2]),
)
def test_a_free_slot_goes_to_who_has_fewest_and_none_stays_free(
    url: str, jobs: Sequence[tuple[str, float]], slots: int, cap: int | None
) -> None:
    fleet = Fleet(url, slots)
    try:
        for user, lasts_s in jobs:
            fleet.submit(user, lasts_s, cap)
        while True:
            busy, waiting = fleet.busy(), fleet.waiting.copy()
            for user in fleet.take():
                eligible = [each for each in +waiting if cap is None or busy[each] < cap]
                assert busy[user] == min(busy[each] for each in eligible)
                busy[user] += 1
                waiting[user] -= 1
            could_run = [each for each in +waiting if cap is None or busy[each] < cap]
            assert len(fleet.running) == slots or not could_run
            # Whoever waits for the list wakes up, a stock worker too, while anybody could run.
            assert fleet.redis.llen(fleet.names.queue) == (1 if could_run else 0)
            if not fleet.running:
                break
            fleet.end_next()
        assert not +fleet.waiting
        for user in USERS:
            mine = [job_id for job_id in fleet.user_of if fleet.user_of[job_id] == user]
            assert [each for each in fleet.started if each in mine] == mine
        for kind in ("line", "turns", "busy", "held", "places"):
            assert list(fleet.redis.scan_iter(f"offstage:{kind}:*")) == []
    finally:
        fleet.close()


@pytest.mark.parametrize("cap", [2, 8, None])
@pytest.mark.parametrize("slots", [1, 4, 7])
@pytest.mark.parametrize("one_after_another", [True, False])
def test_shares_are_even_whoever_came_first(
    url: str, slots: int, cap: int | None, one_after_another: bool
) -> None:
    fleet = Fleet(url, slots)
    try:
        jobs = [(user, number) for number in range(20) for user in USERS]
        for user, number in sorted(jobs) if one_after_another else jobs:
            # Those of one user are long, those of another short.
            fleet.submit(user, (0.6 + 0.1 * (number % 3)) * (2 if user == "clara" else 1), cap)
        fleet.run_to_the_end()
        begins, ends = fleet.contended()
        served = fleet.served_s(begins, ends)
        mean_s = sum(served.values()) / len(USERS)
        # Nothing is divided finer than a job.
        assert all(abs(served[user] - mean_s) <= LONGEST_S for user in USERS), served
        assert mean_s > 5 * LONGEST_S or slots > 4
    finally:
        fleet.close()


def test_whose_jobs_are_long_gives_way_to_whose_are_short(url: str) -> None:
    fleet = Fleet(url, slots=1)
    try:
        for _ in range(3):
            fleet.submit("anna", 60.0)
        for _ in range(60):
            fleet.submit("boris", 5.0)
        order = fleet.take()
        for _ in range(12):
            fleet.end_next()
            order += fleet.take()
        # What Boris has had is as much as one of Anna's, less what has faded meanwhile.
        assert order[0] == "anna"
        assert order[1:8] == ["boris"] * 7
        assert "anna" in order[8:]
    finally:
        fleet.close()


def test_new_users_come_in_the_order_of_their_jobs(url: str) -> None:
    fleet = Fleet(url, slots=1)
    try:
        fleet.submit("zoe", 1.0)
        assert fleet.take() == ["zoe"]
        for user in reversed(USERS):
            fleet.submit(user, 1.0)
        order = []
        for _ in USERS:
            fleet.end_next()
            order += fleet.take()
        assert order == list(reversed(USERS))
    finally:
        fleet.close()


def test_who_comes_behind_thousands_is_next_though_no_slot_gets_free_for_long(url: str) -> None:
    fleet = Fleet(url, slots=2)
    try:
        for _ in range(1_000):
            fleet.submit("anna", 600.0)
        assert fleet.take() == ["anna", "anna"]
        last = fleet.submit("boris", 1.0)
        # A worker ticks twice a second.
        fleet.tick()
        fleet.tick()
        view = fleet.loop.run(fleet.queue.get(last, "boris"))
        place, _ = fleet.loop.run(fleet.queue.position(view))
        assert place == 2
        fleet.end_next()
        assert fleet.take() == ["boris"]
    finally:
        fleet.close()
