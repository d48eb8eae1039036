"""What the benchmarks make of their measurements, on made-up ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from backend.api.artifact_kinds import SERVED
from bench.mixed import Run, Share, furthest, shares_of
from bench.shared_code import counted, names_of


def _run(user: str, started_at: float, ended_at: float, submitted_at: float = 0.0) -> Run:
    return Run(user, "planner", "done", submitted_at, started_at, ended_at)


def test_a_share_is_what_a_user_has_while_all_have_work_waiting() -> None:
    runs = [_run("one", 0, 4), _run("one", 4, 6), _run("one", 6, 9), _run("one", 9, 20)]
    runs += [_run("two", 2, 3, 2), _run("two", 3, 8, 2), _run("two", 8, 12, 2)]
    # From 2, when the second user has submitted, to 8, when its last job starts.
    assert shares_of(runs) == {"one": Share(6, 2), "two": Share(6, 2)}


def test_a_user_that_waits_while_others_are_served_has_nothing() -> None:
    runs = [_run("one", 0, 4), _run("one", 4, 8), _run("two", 8, 9), _run("two", 9, 10)]
    assert shares_of(runs) == {"one": Share(4, 1), "two": Share(0, 0)}


def test_the_figure_is_the_user_furthest_from_the_mean() -> None:
    assert furthest([10, 10, 10]) == 0
    assert furthest([8, 10, 12]) == pytest.approx(0.2)
    assert furthest([0, 0]) == 1


KINDS = """
SERVED = (
    ServedKind(
        PLAN,
        CoursePlan,
    ),
)

def helper():
    return "shared"
"""


def test_lines_are_an_agents_own_or_shared(tmp_path: Path) -> None:
    written = {
        "backend/api/artifact_kinds.py": KINDS,
        "backend/api/schemas/plan.py": "class PlanOut:\n\n    title: str\n",
        "backend/api/routes/sessions.py": "anything = 1\n",
        "frontend/src/features/plan/components/plan-document.tsx": "one\ntwo\nthree\n",
        "frontend/src/features/plan/plan.test.ts": "a test\n",
        "frontend/src/lib/artifacts/kinds.ts": 'const A = {\n  plan: "learning_planner",\n};\n',
    }
    for name, text in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    agents = [names_of(served) for served in SERVED]
    own, shared = counted(tmp_path, agents)
    assert own["learning_planner"] == Counter(route=4 + 2, page=3 + 1)
    assert shared == Counter(route=4, page=2)
    assert {agent for agent, lines in own.items() if lines.total()} == {"learning_planner"}
