"""The prompts of the source finder, a folder per version (see prompt_folders.py)."""

from __future__ import annotations

from backend.agents.prompt_folders import PromptFolder


class Prompts(PromptFolder):
    """The prompts of one version of the agent, such as "v1"."""
