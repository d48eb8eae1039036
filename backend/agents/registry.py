"""Which agents there are. An agent is one function or class in a module below `backend.agents`, in
`agent.py` of a package there, or in a package that names it in the entry point group
`offstage.agents`.

    @agent("echo", "v1")
    async def echo(context: AgentContext, query: EchoQuery) -> EchoAnswer:
        \"\"\"Says it again.\"\"\"
        return EchoAnswer(text=query.text)

`shapes.py` says which forms it may have, docs/agents.md how to write one.
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
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from backend.agents.declared import AnyModel, models_of, require_a_known_shape
from backend.domain.artifacts import ArtifactKind
from backend.errors import FieldProblem, InvalidQuery, UnknownAgent

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION = re.compile(r"v[1-9][0-9]{0,4}")
_PARTS = ("agent", "offline")
ENTRY_POINT_GROUP = "offstage.agents"


@dataclass(frozen=True)
class AgentSpec:
    """One registered agent.

    `target` is the decorated function or class. `needs_material` refuses a run without any;
    `saves` is the artifact kind its output becomes. `for_drills` keeps it off the page: it is for
    those who try the machinery out.
    """

    id: str
    version: str
    target: Any
    input: AnyModel
    output: AnyModel
    summary: str
    needs_material: bool
    saves: ArtifactKind | None
    for_drills: bool = False

    @property
    def prompt_digest(self) -> str:
        """Tells the agent's prompts from others; empty for an agent that says nothing of them."""
        digest: Callable[[], str] | None = getattr(self.target, "prompt_digest", None)
        return digest() if digest else ""

    @property
    def name(self) -> str:
        return f"{self.id}@{self.version}"

    def parse_query(self, query: object) -> BaseModel:
        """The query as the agent's input model.

        Raises InvalidQuery naming every field at fault; values aren't repeated in it.
        """
        try:
            return self.input.model_validate(query)
        except ValidationError as error:
            problems = [
                FieldProblem(".".join(["query", *map(str, e["loc"])]), e["msg"])
                for e in error.errors(include_url=False, include_input=False)
            ]
            raise InvalidQuery(f"The query doesn't fit {self.name}.", problems=problems) from None


_registered: dict[tuple[str, str], AgentSpec] = {}
Target = TypeVar("Target", bound=Callable[..., Any])


def agent(
    agent_id: str,
    version: str,
    *,
    output: AnyModel | None = None,
    needs_material: bool = False,
    saves: ArtifactKind | None = None,
    for_drills: bool = False,
) -> Callable[[Target], Target]:
    """Register a function or a class as agent `agent_id` in `version` (such as "v1").

    A function's models are read from its annotations; one that yields says `output` here. A class
    has `Input` and `Output`, and is made anew, without arguments, for each run.

    Raises ValueError, saying what to do, for a malformed name, a function or class that can't be an
    agent, or a name that another one has already.
    """
    name = f"{agent_id}@{version}"
    if not is_agent_id(agent_id) or not _VERSION.fullmatch(version):
        raise ValueError(f"{name}: name an agent [a-z][a-z0-9_]* and its version v1, v2, …")

    def register(target: Target) -> Target:
        require_a_known_shape(name, target)
        takes, makes = models_of(name, target, output)
        known = _registered.get((agent_id, version))
        if known is not None and _place_of(known.target) != _place_of(target):
            raise ValueError(
                f"{name} is registered already, by {_place_of(known.target)}: take another name, "
                "or the next version"
            )
        summary = (target.__doc__ or "").strip().partition("\n")[0]
        _registered[agent_id, version] = AgentSpec(
            agent_id, version, target, takes, makes, summary, needs_material, saves, for_drills
        )
        return target

    return register


def _place_of(target: Any) -> str:
    return f"{target.__module__}.{target.__qualname__}"


def is_agent_id(text: str) -> bool:
    """Whether an agent may be named so."""
    return _NAME.fullmatch(text) is not None


def get_agent(agent_id: str, version: str) -> AgentSpec:
    """The agent of this name. Raises UnknownAgent; the name is never imported or echoed whole."""
    _load_all()
    spec = _registered.get((agent_id, version))
    if spec is None:
        known = ", ".join(sorted(s.name for s in _registered.values()))
        raise UnknownAgent(f"No agent of this name and version. There are: {known}.")
    return spec


def find_agent(name: str) -> AgentSpec:
    """The agent of this name: `id@v1`, or `id` for its latest version. Raises UnknownAgent."""
    agent_id, _, version = name.partition("@")
    if not version:
        versions = [spec.version for spec in all_agents() if spec.id == agent_id]
        version = max(versions, key=lambda each: int(each[1:]), default="")
    return get_agent(agent_id, version)


def spec_of(target: Any) -> AgentSpec:
    """The agent that this decorated function or class is. Raises ValueError if it is none."""
    for spec in _registered.values():
        if spec.target is target:
            return spec
    raise ValueError(f"{target!r} is no agent: decorate it with @agent(…)")


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
