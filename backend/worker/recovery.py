"""What brings lost jobs back: leases, beats and the tick.

Every worker prolongs the leases of what it runs each `BEAT_S`. Every worker (any number, no
lock) runs the tick each `TICK_S`: one Lua script that returns jobs whose lease ended to the
queue, promotes due retries, and now and then looks for open jobs that stand nowhere. It takes
the place of RQ's scheduler and registry maintenance, which lose jobs (RQ 3.0: a retry writes its
status outside the pipeline; a cleanup handler that raises; a pop killed before its bookkeeping).
"""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from backend.domain.retry import MAX_CRASHES, MAX_CRASHES_IN_ALL
from backend.errors import Crashed, Expired
from backend.settings import Settings
from backend.worker.job import CANCELLED, JobError, rq_now
from backend.worker.scripts import Scripts

LEASE_S = 6
BEAT_S = 2.0
TICK_S = 0.5
_AUDIT_EVERY_S = 15.0

CRASHED = JobError.of(Crashed(f"Its worker died, {MAX_CRASHES} times at the same step."))
EXPIRED = JobError.of(Expired("No worker started it in time. Look whether any runs, try again."))
UNMET = JobError.of(Expired("What it waited for wasn't done in time. Start that again, then this."))


@dataclass(frozen=True)
class TickReport:
    """How many jobs a tick put right."""

    requeued: int
    failed: int
    promoted: int
    astray: int
    expired: int

    def __bool__(self) -> bool:
        return any(vars(self).values())


class Recovery:
    """Runs ticks for one queue."""

    def __init__(self, redis: Redis, settings: Settings, *, lease_s: float = LEASE_S) -> None:
        self._scripts = Scripts(redis)
        self._settings = settings
        self._lease_s = lease_s

    async def tick(self, *, audit: bool | None = None) -> TickReport:
        """Put every job where it belongs. `audit` says whether to look for lost ones too; by
        default that happens every 15 s, whoever ticks."""
        audit_every_s = _AUDIT_EVERY_S if audit is None else 0 if audit else -1
        return TickReport(
            *await self._scripts.tick(
                [
                    self._settings.agent_queue,
                    self._lease_s,
                    MAX_CRASHES,
                    rq_now(),
                    self._settings.agent_result_ttl,
                    CRASHED.model_dump_json(),
                    CRASHED.as_exc_string(),
                    CANCELLED.model_dump_json(),
                    CANCELLED.as_exc_string(),
                    audit_every_s,
                    self._settings.agent_queue_ttl,
                    EXPIRED.model_dump_json(),
                    EXPIRED.as_exc_string(),
                    MAX_CRASHES_IN_ALL,
                    UNMET.model_dump_json(),
                    UNMET.as_exc_string(),
                ]
            )
        )
