"""When a child that ended is started again."""

from __future__ import annotations

from backend.supervisor.restarts import RestartHistory, RestartPolicy

POLICY = RestartPolicy(first_delay_s=1, longest_delay_s=5, failures_in_a_row=5, healthy_after_s=60)


def test_each_failure_in_a_row_waits_longer_up_to_a_limit_and_then_gives_up() -> None:
    history = RestartHistory(POLICY)
    assert [history.delay_after(uptime_s=0) for _ in range(5)] == [1, 2, 4, 5, None]


def test_a_child_that_stayed_up_starts_counting_anew() -> None:
    history = RestartHistory(POLICY)
    assert [history.delay_after(uptime_s) for uptime_s in (0, 0, 0, 61, 0)] == [1, 2, 4, 1, 2]
