"""Remembers what the other contenders picked, since that takes minutes and never changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from backend.agents.text import boundaries, sentences
from bench.eval_synopsis import contenders
from bench.eval_synopsis.contenders import Contender
from bench.eval_synopsis.records import Record


class Memo:
    """One JSON file, begun anew when the contenders' code or the rules of sentences change."""

    def __init__(self, file: Path) -> None:
        self._file = file
        modules = (contenders, sentences, boundaries)
        code = [Path(module.__file__ or "").read_bytes() for module in modules]
        self._code = hashlib.sha256(b"".join(code)).hexdigest()[:12]
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._texts: dict[str, str] = known.get(self._code, {})

    def pick(self, contender: Contender, record: Record, budget: int) -> str:
        about = f"{contender.__name__}/{budget}/{record.source}/{record.references}"
        key = hashlib.sha256(about.encode()).hexdigest()
        if key not in self._texts:
            self._texts[key] = contender(record, budget)
        return self._texts[key]

    def save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        known = {self._code: self._texts}
        self._file.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
