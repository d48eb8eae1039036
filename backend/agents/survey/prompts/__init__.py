"""The prompt of the survey, a folder per version (see prompt_folders.py)."""

from __future__ import annotations

from backend.agents.prompt_folders import PromptFolder


class SurveyPrompts(PromptFolder):
    """The prompts of one version of the survey, such as "v1"."""
