"""Which agents there are. An agent is one class in a module below `backend.agents`, in `agent.py`
of a package there, or in a package that names it in the entry point group `offstage.agents`.

    @agent("echo", "v1")
    class Echo:
        \"\"\"Says it again.\"\"\"
        Input, Output = EchoQuery, EchoAnswer

        async def run(self, context, query):
            yield FinalResult(output={"text": query.text})
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from backend.domain.artifacts import ArtifactKind
from backend.errors import FieldProblem, InvalidQuery, UnknownAgent

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION = re.compile(r"v[1-9][0-9]{0,4}")
_PARTS = ("agent", "offline")
ENTRY_POINT_GROUP = "offstage.agents"


class AgentClass(Protocol):
    """What a class must have to be an agent. It is made anew, without arguments, for each run.

    `shapes.py` says which forms `run` may have.
    """

    Input: type[BaseModel]
    Output: type[BaseModel]

    def run(self, context: Any, query: Any) -> Any: ...


@dataclass(frozen=True)
class AgentSpec:
    """One registered agent.

    `needs_material` refuses a run without any; `saves` is the artifact kind its output becomes.
    """

    id: str
    version: str
    cls: type[AgentClass]
    summary: str
    needs_material: bool
    saves: ArtifactKind | None

    @property
    def prompt_digest(self) -> str:
        """Tells the agent's prompts from others; empty for an agent that says nothing of them."""
        digest: Callable[[], str] | None = getattr(self.cls, "prompt_digest", None)
        return digest() if digest else ""

    @property
    def name(self) -> str:
        return f"{self.id}@{self.version}"

    def parse_query(self, query: object) -> BaseModel:
        """The query as the agent's input model.

        Raises InvalidQuery naming every field at fault; values aren't repeated in it.
        """
        try:
            return self.cls.Input.model_validate(query)
        except ValidationError as error:
            problems = [
                FieldProblem(".".join(["query", *map(str, e["loc"])]), e["msg"])
                for e in error.errors(include_url=False, include_input=False)
            ]
            raise InvalidQuery(f"The query doesn't fit {self.name}.", problems=problems) from None


_registered: dict[tuple[str, str], AgentSpec] = {}
AnyAgent = TypeVar("AnyAgent", bound=type)


def agent(
    agent_id: str,
    version: str,
    *,
    needs_material: bool = False,
    saves: ArtifactKind | None = None,
) -> Callable[[AnyAgent], AnyAgent]:
    """Register a class as agent `agent_id` in `version` (such as "v1").

    Raises ValueError for a malformed name, a class without the parts of `AgentClass`, or a name
    that another class has already.
    """
    if not _NAME.fullmatch(agent_id) or not _VERSION.fullmatch(version):
        raise ValueError(f"{agent_id}@{version}: use [a-z][a-z0-9_]* and v1, v2, …")

    def register(cls: AnyAgent) -> AnyAgent:
        missing = [part for part in ("Input", "Output", "run") if not hasattr(cls, part)]
        if missing:
            raise ValueError(f"agent {agent_id}: {cls.__name__} has no {', '.join(missing)}")
        known = _registered.get((agent_id, version))
        if known is not None and known.cls.__qualname__ != cls.__qualname__:
            raise ValueError(f"{agent_id}@{version} is registered already, by {known.cls}")
        summary = (cls.__doc__ or "").strip().partition("\n")[0]
        _registered[agent_id, version] = AgentSpec(
            agent_id, version, cls, summary, needs_material, saves
        )
        return cls

    return register


def get_agent(agent_id: str, version: str) -> AgentSpec:
    """The agent of this name. Raises UnknownAgent; the name is never imported or echoed whole."""
    _load_all()
    spec = _registered.get((agent_id, version))
    if spec is None:
        known = ", ".join(sorted(s.name for s in _registered.values()))
        raise UnknownAgent(f"No agent of this name and version. There are: {known}.")
    return spec


def all_agents() -> list[AgentSpec]:
    """Every registered agent, by name."""
    _load_all()
    return sorted(_registered.values(), key=lambda spec: spec.name)


@cache
def _load_all() -> None:
    """Import what registers itself: each module beside this one, of a package its `agent` and its
    `offline` (the skills), then plug-ins."""
    package = importlib.import_module("backend.agents")
    for module in pkgutil.iter_modules(package.__path__, "backend.agents."):
        names = [f"{module.name}.{part}" for part in _PARTS] if module.ispkg else [module.name]
        for name in names:
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    for plug_in in entry_points(group=ENTRY_POINT_GROUP):
        plug_in.load()
