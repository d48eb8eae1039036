"""Tells the process's turns of every request that isn't a submit (see `turns.py`)."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from backend.api.turns import Turns

_SUBMITS = "/jobs/agents/"


class OthersFirst:
    """For a moment after one of these has come, submits go one by one."""

    def __init__(self, app: ASGIApp, turns: Turns) -> None:
        self.app = app
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_other = scope["type"] == "http" and not (
            scope["method"] == "POST" and scope["path"].startswith(_SUBMITS)
        )
        if is_other:
            self._turns.other()
        await self.app(scope, receive, send)
