"""Decides whether and when a child process that ended is started again. No I/O."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RestartPolicy:
    """Each failure in a row doubles the delay; a child that stayed up starts from the first."""

    first_delay_s: float = 0.5
    longest_delay_s: float = 10.0
    failures_in_a_row: int = 5
    healthy_after_s: float = 30.0


class RestartHistory:
    """The failures of one child."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._policy = policy
        self._failures = 0

    def delay_after(self, uptime_s: float) -> float | None:
        """Seconds to wait before the next start of a child that was up for `uptime_s`.

        None: it has failed too often in a row, give up.
        """
        if uptime_s >= self._policy.healthy_after_s:
            self._failures = 0
        self._failures += 1
        if self._failures >= self._policy.failures_in_a_row:
            return None
        delay_s: float = self._policy.first_delay_s * 2 ** (self._failures - 1)
        return min(delay_s, self._policy.longest_delay_s)
