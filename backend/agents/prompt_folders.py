"""Prompts, in Markdown files of one folder per version of an agent.

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
class PromptFolder:
    """The prompts of one version, such as "v1": the folder of that name beside the subclass."""

    version: str

    def text(self, name: str) -> str:
        """The text of `<name>.md`."""
        return _read(type(self).__module__, self.version, name)

    def digest(self, **forms: type[BaseModel]) -> str:
        """SHA-256 of each named prompt with the form of answer that it asks for."""
        whole = [
            [name, self.text(name), form.model_json_schema()]
            for name, form in sorted(forms.items())
        ]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


@cache
def _read(package: str, version: str, name: str) -> str:
    return files(package).joinpath(version, f"{name}.md").read_text(encoding="utf-8")
