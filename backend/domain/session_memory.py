"""What a session holds, as an agent sees it: plain data, read from SQL, handed to the agent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Material:
    """One text of the session. `format` is its file format, such as 'txt', 'pdf', 'srt'."""

    id: str
    title: str
    text: str
    language: str | None = None
    format: str = "txt"


@dataclass(frozen=True)
class SessionInfo:
    """What the person said about the session. `language` is None for «as the material is»."""

    id: str
    title: str = ""
    description: str | None = None
    goal: str | None = None
    focus: str | None = None
    tone: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class SessionMemory:
    """What the session holds when a run starts: empty with `memory="inmem"`.

    `artifacts` has the current content of each kind ("synopsis", …) as JSON; `queries` the
    earlier queries to this agent, oldest first; `briefs` what the newest version of each kind that
    an agent made was made with (see `fingerprint.SessionInput.brief`).
    """

    session: SessionInfo
    materials: tuple[Material, ...] = ()
    artifacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    queries: tuple[dict[str, Any], ...] = ()
    briefs: dict[str, str] = field(default_factory=dict)
