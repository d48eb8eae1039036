"""Remembers what a set-up step was last done with, so that it is redone only when that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stamp:
    """Proof that a step ended well.

    `file` lies inside what the step makes, so deleting that deletes the proof. `inputs` are files
    and folders whose content counts, `detail` anything else that does.
    """

    file: Path
    inputs: tuple[Path, ...]
    detail: str = ""

    def is_current(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self._fingerprint()

    def remove(self) -> None:
        """Call before the step begins: a step that breaks off must not count as done."""
        self.file.unlink(missing_ok=True)

    def write(self) -> None:
        self.file.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(self.detail.encode())
        for path in _files(self.inputs):
            digest.update(f"\0{path}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(entry for entry in path.rglob("*") if entry.is_file())
        elif path.exists():
            yield path
