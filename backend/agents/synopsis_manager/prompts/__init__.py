"""The prompts, in Markdown files of one folder per version of the agent.

A version that is out keeps its prompts: a change of one, or of the form that it asks for, is a new
version. `digest` tells them apart, and a test holds that of each version.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel


@dataclass(frozen=True)
class Prompts:
    """The prompts of one version of the agent, such as "v1"."""

    version: str

    def text(self, name: str) -> str:
        """The text of `<name>.md`."""
        return _read(self.version, name)

    def digest(self, **forms: type[BaseModel]) -> str:
        """SHA-256 of each named prompt with the form of answer that it asks for."""
        whole = [
            [name, self.text(name), form.model_json_schema()]
            for name, form in sorted(forms.items())
        ]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


@cache
def _read(version: str, name: str) -> str:
    return files(__name__).joinpath(version, f"{name}.md").read_text(encoding="utf-8")
