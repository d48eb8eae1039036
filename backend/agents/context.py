"""What an agent is given to work with, and how it speaks while it works."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

import structlog
from pydantic import TypeAdapter
from pydantic_ai.models import Model
from pydantic_ai.usage import RunUsage

from backend.agents.memory_rules import DEFAULT_MOST_BYTES
from backend.agents.reach import EmptyLibrary, Library, NoWeb, Web
from backend.domain.events import Progress, RunEvent, Usage
from backend.domain.session_memory import Material, SessionInfo, SessionMemory

__all__ = [
    "AgentContext",
    "Budget",
    "Emit",
    "Material",
    "Memory",
    "MemoryStepStore",
    "SessionInfo",
    "SessionMemory",
    "StepStore",
]

T = TypeVar("T")
Memory = Literal["backend", "inmem"]


class StepStore(Protocol):
    """Keeps the results of finished steps with the job, as JSON."""

    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes) -> None: ...


class MemoryStepStore:
    """Steps that live as long as the process: for `sync` runs and tests."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self._values.get(key)

    async def put(self, key: str, value: bytes) -> None:
        self._values[key] = value


@dataclass(frozen=True)
class Budget:
    """How much one run may use; None is no limit."""

    max_requests: int | None = None
    max_tokens: int | None = None


Emit = Callable[[RunEvent], None]


@dataclass
class AgentContext:
    """An agent's hands. One per attempt; built by `worker/tasks.py`, or by a test."""

    job_id: str
    attempt: int
    memory: SessionMemory
    model: Model
    model_name: str
    steps: StepStore = field(default_factory=MemoryStepStore)
    budget: Budget = field(default_factory=Budget)
    library: Library = field(default_factory=EmptyLibrary)
    web: Web = field(default_factory=NoWeb)
    trace_id: str = ""
    llm_timeout_s: float = 120.0
    most_memory_bytes: int = DEFAULT_MOST_BYTES
    log: structlog.stdlib.BoundLogger = field(
        default_factory=lambda: structlog.stdlib.get_logger("offstage.agent")
    )
    usage: Usage = field(default_factory=Usage)
    _emit: Emit = field(default=lambda event: None, repr=False)

    @property
    def session(self) -> SessionInfo:
        return self.memory.session

    @property
    def materials(self) -> tuple[Material, ...]:
        return self.memory.materials

    def emit(self, event: RunEvent) -> None:
        """Tell an event now, also from within a step. Never blocks, never fails."""
        self._emit(event)

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell how far the work is: `done` of `total`."""
        self.emit(Progress(done=done, total=total, note=note))

    def count_usage(self, used: RunUsage, *, model: str = "") -> None:
        """Add what a model used; the sum goes out as a `usage` event.

        `model` is the one that answered; what comes without a name counts in the sum alone.
        """
        cost_usd = None if used.cost is None else float(used.cost)
        self.usage = self.usage.plus(
            used.requests, used.input_tokens, used.output_tokens, cost_usd, model=model
        )
        self.emit(self.usage)

    async def step(self, key: str, work: Callable[[], Awaitable[T]], as_type: type[T]) -> T:
        """Run `work` once per job: a later attempt gets its kept result back.

        `key` names the step within the job and must be the same on each attempt. The result is
        kept as JSON of `as_type` (anything pydantic can serialise), so it has to be small.
        """
        adapter = TypeAdapter(as_type)
        kept = await self.steps.get(key)
        if kept is not None:
            return adapter.validate_json(kept)
        result = await work()
        await self.steps.put(key, adapter.dump_json(result))
        return result
