"""Wake-ups: who waits for a job here is told when it changes, over one Redis connection a process.

The scripts publish each change on the job's channel. A message says that something changed, never
what: whoever is woken looks for itself. So a lost message costs time and nothing else, and watchers
look again every `RECHECK_S` anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError

from backend.telemetry.logging import get_logger
from backend.worker import keys
from backend.worker.cancelling import cancel_and_wait
from backend.worker.redis_client import REDIS_AWAY

_log = get_logger("offstage.changes")
# A stock worker changes jobs unheard, and a message may get lost.
RECHECK_S = 5.0
_REST_S = 0.5
# A quiet connection is pinged, so that a dead one is noticed.
_QUIET_S = 5.0


class Watch:
    """One watcher of one job. It is woken once for all that happens between two waits."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def changed(self, timeout_s: float = RECHECK_S) -> None:
        """Return when the job may have changed, at the latest after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()


class JobChanges:
    """Every watch of this process. Use as an async context manager; dials when first needed."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._watches: dict[str, set[Watch]] = {}
        self._set_changed = asyncio.Event()
        self._hears = True
        self._listener: asyncio.Task[None] | None = None

    async def __aenter__(self) -> JobChanges:
        self._listener = asyncio.create_task(self._listen_forever(), name="job changes")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listener is not None:
            await cancel_and_wait(self._listener)

    @asynccontextmanager
    async def watch(self, job_id: str) -> AsyncIterator[Watch]:
        """Watch a job. What was read of it before may be old by now: look again inside."""
        watch = Watch()
        watches = self._watches.setdefault(job_id, set())
        watches.add(watch)
        self._set_changed.set()
        try:
            yield watch
        finally:
            watches.discard(watch)
            if not watches and self._watches.get(job_id) is watches:
                del self._watches[job_id]
                self._set_changed.set()

    def wake_all(self) -> None:
        """Let every watcher look, for reasons of the caller's own."""
        for watches in self._watches.values():
            for watch in watches:
                watch.wake()

    async def _listen_forever(self) -> None:
        while True:
            while not self._watches:
                self._set_changed.clear()
                await self._set_changed.wait()
            try:
                async with self._redis.pubsub() as pubsub:
                    await self._listen(pubsub)
            except* REDIS_AWAY:
                if self._hears:
                    _log.warning("changes of jobs aren't heard: Redis is away")
                self._hears = False
            await asyncio.sleep(_REST_S)

    async def _listen(self, pubsub: PubSub) -> None:
        subscribed: set[str] = set()
        await self._subscribe(pubsub, subscribed)
        self._hears = True
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_subscribed(pubsub, subscribed))
            group.create_task(self._hear(pubsub))

    async def _keep_subscribed(self, pubsub: PubSub, subscribed: set[str]) -> None:
        while True:
            await self._set_changed.wait()
            await self._subscribe(pubsub, subscribed)

    async def _subscribe(self, pubsub: PubSub, subscribed: set[str]) -> None:
        self._set_changed.clear()
        wanted = set(self._watches)
        if missing := wanted - subscribed:
            await pubsub.subscribe(*map(keys.changed_channel, missing))
        if superfluous := subscribed - wanted:
            await pubsub.unsubscribe(*map(keys.changed_channel, superfluous))
        subscribed.clear()
        subscribed.update(wanted)

    async def _hear(self, pubsub: PubSub) -> None:
        pinged = False
        while True:
            message: dict[str, Any] | None = await pubsub.get_message(timeout=_QUIET_S)
            if message is None and pinged:
                raise RedisConnectionError("no answer to a ping")
            pinged = message is None
            if message is None:
                await pubsub.ping()
            # A confirmed subscription wakes too: what changed before it was published to nobody.
            elif message["type"] in ("message", "subscribe"):
                self._wake(keys.job_of_channel(message["channel"]))

    def _wake(self, job_id: str) -> None:
        for watch in self._watches.get(job_id, ()):
            watch.wake()
