"""How much of what serves, stores and shows an agent's artifact is its own, and how much is shared.

Counted in the files as they are, in lines that aren't blank; tests, generated code and the page's
texts in two languages are left out.

An agent's own: files and folders named for its kind of artifact (`schemas/plan.py`,
`features/plan/`), and in the shared files the lines, calls and functions that name it. Where a name
has a second meaning the line counts as its own all the same.
Shared: the rest of the files that exist for agents, their jobs and artifacts (`_SHARED`). What any
web application has (sign-in, sessions, materials, errors, buttons) counts for neither.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.api.artifact_kinds import SERVED, ServedKind
from backend.db.artifact_tables import tables_of
from bench.built_in import saving_agents
from bench.report import Table

_ROOT = Path(__file__).parents[1]
_LEAST_SHARED = 0.90
_PLACES = {"route": "backend/api", "table": "backend/db", "page": "frontend/src"}
_SHARED = (
    "backend/api/agent_operations.py",
    "backend/api/artifact_*.py",
    "backend/api/event_stream.py",
    "backend/api/job_answers.py",
    "backend/api/open_jobs.py",
    "backend/api/submitting.py",
    "backend/api/unchanged.py",
    "backend/api/routes/agents.py",
    "backend/api/routes/artifact*.py",
    "backend/api/routes/events.py",
    "backend/api/routes/jobs.py",
    "backend/api/routes/pipeline.py",
    "backend/api/schemas/agents.py",
    "backend/api/schemas/artifacts.py",
    "backend/api/schemas/jobs.py",
    "backend/api/schemas/pipeline.py",
    "backend/db/artifact*.py",
    "backend/db/migrations/artifact_tables.py",
    "frontend/src/app/components/*artifact*",
    "frontend/src/app/hooks/use-*-work.ts",
    "frontend/src/components/artifacts/**/*",
    "frontend/src/components/job-progress.tsx",
    "frontend/src/features/jobs/**/*",
    "frontend/src/features/pipeline/**/*",
    "frontend/src/lib/artifacts/*",
)
_LEFT_OUT = re.compile(r"\.test\.|\.gen\.|/i18n/|/__pycache__/")


@dataclass(frozen=True)
class Names:
    """What an agent, its kind of artifact and its tables are called in code."""

    agent: str
    paths: frozenset[str]
    code: re.Pattern[str]


def run(_folder: Path) -> Table:
    agents = [names_of(served) for served in SERVED]
    own, shared = counted(_ROOT, agents)
    table = Table("lines of route, table and page code: an agent's own, against those it shares")
    told = "  ".join(f"{place} {shared[place]:,}" for place in _PLACES)
    table.add("shared", f"{shared.total():,} lines  ({told})")
    for each in agents:
        lines = own[each.agent]
        share = shared.total() / (shared.total() + lines.total())
        told = "  ".join(f"{place} {lines[place]}" for place in _PLACES)
        table.add(
            each.agent,
            f"{lines.total():,} of its own ({told}): {share:.1%} shared",
            goal=f">= {_LEAST_SHARED:.0%}",
            met=share >= _LEAST_SHARED,
        )
    every = sum(lines.total() for lines in own.values())
    table.add(
        "all of them in one sum",
        f"{every:,} of their own: {shared.total() / (shared.total() + every):.1%} shared",
    )
    return table


def names_of(served: ServedKind[Any, Any]) -> Names:
    """The names that belong to one kind alone, read from where it is declared."""
    (agent,) = {spec.id for spec in saving_agents() if spec.saves == served.kind}
    tables = tables_of(served.kind)
    stored = {served.name, tables.heads.name, tables.versions.name}
    models = {m.__name__ for m in (served.content, served.current, served.whole, served.edit)}
    functions = {served.changed.__name__, served.as_notes.__name__}
    for other in SERVED:
        if other is not served:
            functions -= {other.changed.__name__, other.as_notes.__name__}
    words = "|".join(sorted({served.name.upper(), agent, *models, *functions}))
    quoted = "|".join(sorted(stored))
    page = served.name.capitalize()
    code = re.compile(
        rf"\b(?:{words})\b|[\"'](?:{quoted})[\"']|^\s*{served.name}:|\b(?:use)?{page}[A-Z]\w*"
    )
    return Names(agent, frozenset(stored), code)


def counted(root: Path, agents: list[Names]) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """Lines by place: those of each agent, and those that all of them share."""
    own: dict[str, Counter[str]] = {each.agent: Counter() for each in agents}
    shared: Counter[str] = Counter()
    common = {path for pattern in _SHARED for path in root.glob(pattern) if path.is_file()}
    for place, folder in _PLACES.items():
        for path in _files(root / folder):
            lines = path.read_text(encoding="utf-8").splitlines()
            written = {number for number, line in enumerate(lines, 1) if line.strip()}
            owners = [each for each in agents if _is_named_for(path.relative_to(root), each)]
            for each in owners:
                own[each.agent][place] += len(written)
            if owners or path not in common:
                continue
            for each in agents:
                its = _lines_naming(each.code, lines, path.suffix) & written
                own[each.agent][place] += len(its)
                written -= its
            shared[place] += len(written)
    return own, shared


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".ts", ".tsx") and not _LEFT_OUT.search(path.as_posix()):
            yield path


def _is_named_for(path: Path, names: Names) -> bool:
    parts = {*path.parent.parts, path.stem, *path.stem.split("_")}
    return bool(parts & names.paths)


def _lines_naming(code: re.Pattern[str], lines: list[str], suffix: str) -> set[int]:
    """The lines that name it; in Python with all of a call or a function that begins so."""
    naming = {number for number, line in enumerate(lines, 1) if code.search(line)}
    if suffix != ".py":
        return naming
    for node in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(node, ast.Call | ast.FunctionDef) or node.end_lineno is None:
            continue
        head = {node.lineno, node.lineno + 1} if isinstance(node, ast.Call) else {node.lineno}
        if head & naming and node.end_lineno > node.lineno:
            naming |= set(range(node.lineno, node.end_lineno + 1))
    return naming
