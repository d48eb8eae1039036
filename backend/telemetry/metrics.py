"""Metrics in Prometheus' text format.

Jobs are counted in Redis in the same atomic step that ends them (`worker/scripts/settle.lua`), so
the numbers belong to the whole fleet, survive restarts and never count a job twice. Any API
process renders them; scrape one, or take the maximum over several, never the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

# Seconds. The last one is the default AGENT_JOB_TIMEOUT.
DURATION_BUCKETS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class FleetCounts:
    """What Redis has counted.

    `jobs` by (agent, status); `buckets` by (agent, index into DURATION_BUCKETS_S, one more for
    +Inf), not cumulated; `duration_sums_s`, `tokens` (by kind) and `costs_usd` by agent. `queued`
    jobs are all that wait for a worker, `held` those of them that wait for a place in a share too.
    """

    jobs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    buckets: Mapping[tuple[str, int], int] = field(default_factory=dict)
    duration_sums_s: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[tuple[str, str], int] = field(default_factory=dict)
    costs_usd: Mapping[str, float] = field(default_factory=dict)
    queued: int = 0
    held: int = 0
    scheduled: int = 0
    running: int = 0
    oldest_wait_s: float = 0.0
    workers: int = 0


def bucket_of(duration_s: float) -> int:
    """The index of the bucket that a duration falls into."""
    for index, bound in enumerate(DURATION_BUCKETS_S):
        if duration_s <= bound:
            return index
    return len(DURATION_BUCKETS_S)


def fleet_counts(
    counted: Mapping[bytes, bytes],
    *,
    queued: int,
    held: int,
    scheduled: int,
    running: int,
    workers: int,
    oldest_wait_s: float,
) -> FleetCounts:
    """Read the counters' hash: fields are `jobs|agent|status`, `bucket|agent|index`,
    `duration|agent`, `tokens|agent|kind` and `cost|agent`."""
    jobs: dict[tuple[str, str], int] = {}
    buckets: dict[tuple[str, int], int] = {}
    sums: dict[str, float] = {}
    tokens: dict[tuple[str, str], int] = {}
    costs: dict[str, float] = {}
    for field_name, value in counted.items():
        what, agent, *rest = field_name.decode().split("|")
        if what == "jobs":
            jobs[agent, rest[0]] = int(value)
        elif what == "bucket":
            buckets[agent, int(rest[0])] = int(value)
        elif what == "tokens":
            tokens[agent, rest[0]] = int(value)
        elif what == "duration":
            sums[agent] = float(value)
        elif what == "cost":
            costs[agent] = float(value)
    return FleetCounts(
        jobs=jobs,
        buckets=buckets,
        duration_sums_s=sums,
        tokens=tokens,
        costs_usd=costs,
        queued=queued,
        held=held,
        scheduled=scheduled,
        running=running,
        oldest_wait_s=oldest_wait_s,
        workers=workers,
    )


def render_metrics(counts: FleetCounts) -> bytes:
    """The text that `/metrics` answers."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_FleetCollector(counts))
    return generate_latest(registry)


class _FleetCollector(Collector):
    def __init__(self, counts: FleetCounts) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        counts = self._counts
        jobs = CounterMetricFamily(
            "jobs", "Jobs ended, by agent and status.", labels=["type", "status"]
        )
        for (agent, status), number in sorted(counts.jobs.items()):
            jobs.add_metric([agent, status], number)
        yield jobs
        yield self._durations()
        tokens = CounterMetricFamily(
            "agent_tokens", "Tokens used, by agent and kind.", labels=["type", "kind"]
        )
        for (agent, kind), number in sorted(counts.tokens.items()):
            tokens.add_metric([agent, kind], number)
        yield tokens
        costs = CounterMetricFamily(
            "agent_cost_usd",
            "Cost in US dollars by list prices, of jobs whose models' prices are known.",
            labels=["type"],
        )
        for agent, cost_usd in sorted(counts.costs_usd.items()):
            costs.add_metric([agent], cost_usd)
        yield costs
        yield GaugeMetricFamily("jobs_queued", "Jobs in the queue.", value=counts.queued)
        yield GaugeMetricFamily(
            "jobs_held", "Queued jobs that a cap on running at once holds back.", value=counts.held
        )
        yield GaugeMetricFamily(
            "jobs_scheduled", "Jobs that wait for a retry.", value=counts.scheduled
        )
        yield GaugeMetricFamily("jobs_running", "Jobs that run now.", value=counts.running)
        yield GaugeMetricFamily(
            "jobs_oldest_wait_seconds", "How long the first job waits.", value=counts.oldest_wait_s
        )
        yield GaugeMetricFamily("workers", "Workers seen.", value=counts.workers)

    def _durations(self) -> HistogramMetricFamily:
        family = HistogramMetricFamily(
            "job_duration_seconds", "From start to end of a job's last attempt.", labels=["type"]
        )
        bounds = [*map(str, DURATION_BUCKETS_S), "+Inf"]
        for agent, total_s in sorted(self._counts.duration_sums_s.items()):
            cumulated, buckets = 0, []
            for index, bound in enumerate(bounds):
                cumulated += self._counts.buckets.get((agent, index), 0)
                buckets.append((bound, float(cumulated)))
            family.add_metric([agent], buckets, total_s)
        return family
