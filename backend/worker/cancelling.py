"""Cancelling tasks so that they end."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_AFTER_S = 0.5


async def cancel_and_wait(*tasks: asyncio.Task[Any], again_after_s: float = _AGAIN_AFTER_S) -> None:
    """Cancel the tasks and return when they have ended, however they end.

    It is said again after a while: Python 3.11's `wait_for`, which Redis' client uses too, loses
    a cancellation that comes at the moment when what it waits for is ready.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=again_after_s)
    await asyncio.gather(*tasks, return_exceptions=True)
