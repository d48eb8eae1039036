"""How Offstage says that it is well."""

from __future__ import annotations

from typing import Literal

from backend.api.schemas.base import Problem, ResponseModel

Part = Literal["redis", "database", "worker"]


class Alive(ResponseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(ResponseModel):
    """Everything a job needs is there."""

    status: Literal["ready"] = "ready"
    workers: int


class NotReady(Problem):
    """`missing` names the parts that aren't there."""

    missing: list[Part]
