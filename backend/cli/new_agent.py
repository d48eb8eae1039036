"""Writes a new agent and its test."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from pathlib import Path
from string import Template

from backend.agents.registry import ENTRY_POINT_GROUP, all_agents, is_agent_id
from backend.cli.errors import UnusableName

_TEMPLATES = Path(__file__).parent / "templates"
_MARK_OF_A_CHECKOUT = Path("backend/agents/registry.py")


@dataclass(frozen=True)
class Written:
    """The files that were written, and what to do now."""

    agent: Path
    test: Path
    next_step: str


def write_agent(name: str) -> Written:
    """Write `name` below `backend/agents` of a checkout, or else into the current folder.

    Raises UnusableName, and writes nothing, for a name that can't be or that is taken.
    """
    _check(name)
    in_checkout = _MARK_OF_A_CHECKOUT.is_file()
    agent = Path("backend/agents" if in_checkout else ".", f"{name}.py")
    test = Path("tests/unit/agents" if in_checkout else ".", f"test_{name}.py")
    for path in (agent, test):
        if path.exists():
            raise UnusableName(f"{path} is there already; nothing was written. Take another name.")
    module = f"backend.agents.{name}" if in_checkout else name
    words = {"name": name, "module": module, "Name": name.replace("_", " ").capitalize()}
    for path, template in ((test, "agent_test.py.txt"), (agent, "agent.py.txt")):
        text = Template((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return Written(agent, test, _next_step(name, agent, test, in_checkout))


def _check(name: str) -> None:
    if not is_agent_id(name) or keyword.iskeyword(name):
        raise UnusableName(
            f"{name!r} can't be an agent's name: use a-z, 0-9 and _, a letter first, "
            "64 characters at most, and no word of Python's own."
        )
    taken = {spec.id for spec in all_agents()}
    if name in taken:
        raise UnusableName(f"There is an agent {name} already; nothing was written.")
    package = Path(__file__).parents[1] / "agents"
    if (package / name).exists() or (package / f"{name}.py").exists():
        raise UnusableName(f"backend.agents.{name} is a part of Offstage: take another name.")


def _next_step(name: str, agent: Path, test: Path, in_checkout: bool) -> str:
    tried = f"Try it: offstage agents run {name if in_checkout else agent} --file NOTES.txt, pytest"
    if in_checkout:
        return f"{tried} {test}. It is registered: restart Offstage, and the page has it."
    return (
        f"{tried} {test}. To bring it into Offstage, name it in your package's pyproject.toml:\n"
        f'  [project.entry-points."{ENTRY_POINT_GROUP}"]\n  {name} = "{name}"'
    )
