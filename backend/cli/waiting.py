"""Waits for a job to end."""

from __future__ import annotations

import time
from collections.abc import Callable

from backend.cli.client import Json, OffstageClient, is_passing
from backend.cli.errors import Refused, Unreachable

_FIRST_POLL_S = 0.05
_SLOWEST_POLL_S = 0.5
_AWAY_AT_MOST_S = 30.0


def wait_for_job(client: OffstageClient, job_id: str, show: Callable[[Json], None]) -> Json:
    """The job when it is done or failed; `show` gets each state on the way.

    An Offstage that restarts meanwhile is waited for. Raises Unreachable or Refused if it stays
    away for longer than half a minute.
    """
    pause_s = _FIRST_POLL_S
    last_heard = time.monotonic()
    while True:
        try:
            job = client.job(job_id)
        except (Refused, Unreachable) as error:
            if not is_passing(error) or time.monotonic() - last_heard > _AWAY_AT_MOST_S:
                raise
        else:
            last_heard = time.monotonic()
            show(job)
            if job["status"] in ("done", "failed"):
                return job
        time.sleep(pause_s)
        pause_s = min(_SLOWEST_POLL_S, pause_s * 1.3)
