"""RQ's commands to a worker (`rq.command`), as they come over its channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from backend.worker import keys
from backend.worker.redis_client import REDIS_AWAY

_REST_S = 0.5
# A quiet channel is looked at this often, so that a dead connection is noticed.
_QUIET_S = 5.0


@dataclass(frozen=True)
class Commands:
    """What to do: `stop_job` is called with a job id, `shutdown` with nothing."""

    stop_job: Callable[[str], None]
    shutdown: Callable[[], None]

    async def follow(self, redis: Redis, worker_name: str) -> None:
        """Obey for ever. What was said while Redis was away is not heard."""
        while True:
            try:
                async with redis.pubsub() as pubsub:
                    await pubsub.subscribe(keys.worker_channel(worker_name))
                    while True:
                        message = await pubsub.get_message(
                            ignore_subscribe_messages=True, timeout=_QUIET_S
                        )
                        if message is not None:
                            self._obey(message["data"])
            except REDIS_AWAY:
                await asyncio.sleep(_REST_S)

    def _obey(self, data: bytes) -> None:
        try:
            command: Any = json.loads(data)
        except (ValueError, RecursionError):
            return
        if not isinstance(command, dict):
            return
        if command.get("command") in ("stop-job", "stop-execution"):
            self.stop_job(str(command.get("job_id")))
        elif command.get("command") == "shutdown":
            self.shutdown()
