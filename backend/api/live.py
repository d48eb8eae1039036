"""What callers of this process wait for, however many: one Redis connection wakes them all."""

from __future__ import annotations

import time

from backend.worker.changes import RECHECK_S, JobChanges
from backend.worker.job_view import JobLook
from backend.worker.queue import JobQueue


class Live:
    """Belongs to one event loop."""

    def __init__(self, queue: JobQueue, changes: JobChanges) -> None:
        self._queue = queue
        self._changes = changes

    async def next_look(
        self, job_id: str, user_id: str, *, other_than: str, wait_s: float
    ) -> JobLook:
        """The job, as soon as its tag isn't `other_than`, it is over, or `wait_s` have passed.

        Raises NotFound("job") and Unavailable.
        """
        until = time.monotonic() + wait_s
        async with self._changes.watch(job_id) as watch:
            while True:
                look = await self._queue.look(job_id, user_id)
                left_s = until - time.monotonic()
                if look.etag != other_than or look.is_over or left_s <= 0:
                    return look
                await watch.changed(min(left_s, RECHECK_S))
