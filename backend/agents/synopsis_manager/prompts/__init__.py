"""The prompts, in Markdown files beside this one; they change with the agent's version."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def prompt(name: str) -> str:
    """The text of `<name>.md`."""
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
