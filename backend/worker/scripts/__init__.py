"""The atomic steps of a job's life, as Lua scripts that share `common.lua` and what it needs.

Keys beyond the declared ones are computed inside, so Redis Cluster is not supported; a single
Redis or Valkey (with replicas, with Sentinel) is.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError
from rq.defaults import RQ_KEY_PREFIX

from backend.worker.job import TAKEN_FIELDS
from backend.worker.job_view import VIEW_FIELDS
from backend.worker.together import Together


class Scripts:
    """Every script, ready to call: `await scripts.take(args=[…])`, or on a pipeline."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        # What many callers ask for at once; who looks doesn't wait for those who submit.
        self._submits, self._looks = Together(redis), Together(redis)
        shared = "".join(map(_read, ("names", "shares", "turns", "budgets", "chains", "common")))
        common = f"local RQ = '{RQ_KEY_PREFIX}'\n" + shared

        def load(name: str, more: str = "") -> AsyncScript:
            return redis.register_script(common + more + _read(name))

        creating = _read("rates") + _read("creating")
        self._submit = load("submit", creating)
        self._chain = load("chain", creating)
        self._take = load("take", _names(TAKEN_FIELDS))
        self._beat = load("beat")
        self._settle = load("settle")
        self._tick = load("tick", _read("crashes"))
        self._cancel = load("cancel")
        self._position = load("position")
        self._look = load("look", _names(VIEW_FIELDS))
        self._record = load("record")
        self._close_stock = load("close_stock")
        self._charge = load("charge")
        self._admit = load("admit", _read("rates"))
        self._settle_account = load("settle_account")

    async def submit(self, keys: list[str], args: list[Any]) -> list[Any]:
        return cast("list[Any]", await self._submits.run(self._submit, keys, args))

    async def chain(self, keys: list[str], args: list[Any]) -> list[Any]:
        return cast("list[Any]", await self._chain(keys, args))

    async def take(self, args: list[Any]) -> list[Any] | None:
        return cast("list[Any] | None", await self._take(args=args))

    async def beat(self, args: list[Any]) -> tuple[list[bytes], list[bytes], bool]:
        lost, cancelled, known = await self._beat(args=args)
        return lost, cancelled, known == 1

    async def tick(self, args: list[Any]) -> list[int]:
        return cast("list[int]", await self._tick(args=args))

    async def position(self, args: list[Any]) -> list[Any]:
        return cast("list[Any]", await self._position(args=args))

    async def look(self, args: list[Any]) -> list[Any]:
        return cast("list[Any]", await self._looks.run(self._look, (), args))

    async def cancel(self, args: list[Any]) -> str:
        return cast(bytes, await self._cancel(args=args)).decode()

    async def close_stock(self, args: list[Any]) -> None:
        await self._close_stock(args=args)

    async def charge(self, args: list[Any]) -> bool:
        return cast(int, await self._charge(args=args)) == 0

    async def admit(self, args: list[Any]) -> list[Any]:
        return cast("list[Any]", await self._admit(args=args))

    async def settle_account(self, args: list[Any]) -> None:
        await self._settle_account(args=args)

    async def settle_all(self, calls: list[list[Any]]) -> list[int | Exception]:
        return await self._run_all(self._settle, calls)

    async def record_all(self, calls: list[list[Any]]) -> list[int | Exception]:
        return await self._run_all(self._record, calls)

    async def _run_all(self, script: AsyncScript, calls: list[list[Any]]) -> list[int | Exception]:
        """Run the script once for each list of arguments, in one round trip.

        The pipeline isn't told of the script: redis-py would ask for it before each execution.
        """
        pipeline: Pipeline = self._redis.pipeline(transaction=False)
        for args in calls:
            pipeline.evalsha(script.sha, 0, *args)
        results = await pipeline.execute(raise_on_error=False)
        if any(isinstance(result, NoScriptError) for result in results):
            await self._redis.script_load(script.script)
            return await self._run_all(script, calls)
        return cast("list[int | Exception]", results)


def _names(fields: Sequence[str]) -> str:
    """The Lua constant FIELDS: said once, in the script, rather than with each call."""
    names = ", ".join(f"'{name}'" for name in fields)
    return f"local FIELDS = {{ {names} }}\n"


def _read(name: str) -> str:
    return files(__package__).joinpath(f"{name}.lua").read_text(encoding="utf-8")
