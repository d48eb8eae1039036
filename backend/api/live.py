"""What callers of this process wait for and follow, however many: one Redis connection wakes them
all, and what they follow is read once for all who stand at the same place."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator

from backend.errors import Unavailable
from backend.worker.changes import RECHECK_S, JobChanges
from backend.worker.event_reader import EventReader, LogPart
from backend.worker.job_view import JobLook
from backend.worker.queue import JobQueue, no_such_job

_NOTHING = LogPart(None, (), has_gap=False, is_over=False, has_more=False)


class Live:
    """Belongs to one event loop."""

    def __init__(self, queue: JobQueue, changes: JobChanges, reader: EventReader) -> None:
        self.queue = queue
        self._changes = changes
        self._reader = reader
        self._closing = False

    def close(self) -> None:
        """Let all who wait or follow have what there is: the process is about to end."""
        self._closing = True
        self._changes.wake_all()

    async def next_look(
        self, job_id: str, user_id: str, *, other_than: str, wait_s: float
    ) -> JobLook:
        """The job, as soon as its tag isn't `other_than`, it is over, or `wait_s` have passed.

        Raises NotFound("job") and Unavailable.
        """
        until = time.monotonic() + wait_s
        async with self._changes.watch(job_id) as watch:
            while True:
                look = await self.queue.look(job_id, user_id)
                left_s = until - time.monotonic()
                is_new = look.etag != other_than or look.is_over
                if is_new or left_s <= 0 or self._closing:
                    return look
                await watch.changed(min(left_s, RECHECK_S))

    async def read_events(self, job_id: str, user_id: str, after: str) -> LogPart:
        """What a job's log holds after a position. Raises NotFound("job") and Unavailable."""
        part = await self._reader.read(job_id, after)
        if part.user_id != user_id:
            raise no_such_job()
        return part

    async def follow(self, job_id: str, after: str) -> AsyncGenerator[LogPart, None]:
        """What comes after a position, until nothing more will; an empty part every few seconds.

        While Redis is away nothing comes; it goes on where it was.
        """
        async with self._changes.watch(job_id) as watch:
            while True:
                try:
                    part = await self._reader.read(job_id, after)
                except Unavailable:
                    part = _NOTHING
                yield part
                if part.is_over or self._closing:
                    return
                if part.events:
                    after = part.events[-1].position
                if not part.has_more:
                    await watch.changed()
