"""What a run is made from, as a digest: the same again would be asked the same.

Pure. The worker notes it with the version, the API holds a new request against it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.artifacts import ArtifactKind
from backend.domain.session_memory import Material, SessionInfo, SessionMemory


@dataclass(frozen=True)
class MaterialInput:
    """What of a material an agent sees, the text as its SHA-256."""

    id: str
    title: str
    language: str | None
    format: str
    sha256: str

    @classmethod
    def of(cls, material: Material) -> MaterialInput:
        digest = hashlib.sha256(material.text.encode()).hexdigest()
        return cls(material.id, material.title, material.language, material.format, digest)


@dataclass(frozen=True)
class SessionInput:
    """What a session gives to an agent."""

    session: SessionInfo
    materials: tuple[MaterialInput, ...]
    artifacts: Mapping[str, Any]

    @classmethod
    def of(cls, memory: SessionMemory) -> SessionInput:
        found = tuple(MaterialInput.of(material) for material in memory.materials)
        return cls(memory.session, found, memory.artifacts)

    def brief(self, kind: ArtifactKind | None) -> str:
        """The digest of what the person said about the session, and of the artifacts that one of
        `kind` is made from."""
        made_from = kind.made_from if kind is not None else ()
        return _digest([vars(self.session), *map(self.artifacts.get, made_from)])


def fingerprint_of(
    agent: str,
    prompts: str,
    model: str,
    query: Mapping[str, Any],
    given: SessionInput,
    kind: ArtifactKind | None,
) -> str:
    """The digest of a run: agent with version and prompts, model, query, session and material."""
    materials: Sequence[dict[str, Any]] = [vars(material) for material in given.materials]
    return _digest([agent, prompts, model, dict(query), given.brief(kind), materials])


def _digest(whole: object) -> str:
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
