"""What `/metrics` says, from what Redis has counted."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from backend.telemetry.metrics import (
    DURATION_BUCKETS_S,
    FleetCounts,
    bucket_of,
    fleet_counts,
    render_metrics,
)


def _samples(counts: FleetCounts) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(render_metrics(counts).decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("duration_s", "bucket"),
    [(0, 0), (0.1, 0), (0.11, 1), (900, 11), (900.1, 12), (float("inf"), 12)],
)
def test_a_duration_falls_into_the_first_bucket_that_holds_it(
    duration_s: float, bucket: int
) -> None:
    assert bucket_of(duration_s) == bucket


def test_counters_of_the_fleet_are_rendered() -> None:
    counted = {
        b"jobs|smoke@v1|done": b"3",
        b"jobs|smoke@v1|cancelled": b"1",
        b"bucket|smoke@v1|0": b"2",
        b"bucket|smoke@v1|12": b"1",
        b"duration|smoke@v1": b"1000.5",
        b"tokens|smoke@v1|input": b"70",
        b"cost|smoke@v1": b"0.25",
    }
    samples = _samples(
        fleet_counts(
            counted, queued=4, held=3, scheduled=2, running=1, workers=5, oldest_wait_s=9.5
        )
    )
    of_smoke = ("type", "smoke@v1")
    assert samples["jobs_total", (("status", "done"), of_smoke)] == 3
    assert samples["jobs_total", (("status", "cancelled"), of_smoke)] == 1
    assert samples["agent_tokens_total", (("kind", "input"), of_smoke)] == 70
    assert samples["agent_cost_usd_total", (of_smoke,)] == 0.25
    buckets = [
        samples["job_duration_seconds_bucket", (("le", bound), of_smoke)]
        for bound in (*map(str, DURATION_BUCKETS_S), "+Inf")
    ]
    assert buckets == [2.0] * len(DURATION_BUCKETS_S) + [3.0]
    assert samples["job_duration_seconds_count", (of_smoke,)] == 3
    assert samples["job_duration_seconds_sum", (of_smoke,)] == 1000.5
    gauges = ("jobs_queued", "jobs_held", "jobs_scheduled", "jobs_running", "workers")
    assert [samples[name, ()] for name in gauges] == [4, 3, 2, 1, 5]
    assert samples["jobs_oldest_wait_seconds", ()] == 9.5


def test_a_fleet_that_has_done_nothing_says_so() -> None:
    samples = _samples(FleetCounts())
    assert samples["jobs_queued", ()] == 0
    assert not any(name.startswith("jobs_total") for name, _ in samples)
