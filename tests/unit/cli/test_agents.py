"""`agents new` and `agents run`: from a name to an agent that runs, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.agents import registry
from tests.paths import ROOT
from tests.unit.cli.conftest import Offstage


@pytest.fixture(autouse=True)
def _forgotten_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test imports and registers is of that test alone."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    registry.all_agents()
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))
    yield
    sys.modules.pop("word_finder", None)


@pytest.mark.parametrize("name", ["word_finder.py", "word_finder"])
def test_a_new_agent_runs_and_its_test_passes_as_written(name: str, offstage: Offstage) -> None:
    made = offstage("agents", "new", "word_finder")
    assert made.stdout.split() == ["word_finder.py", "test_word_finder.py"]
    assert 'word_finder = "word_finder"' in made.stderr

    Path("notes.txt").write_text("A queue holds jobs.\nA fox runs.\n")
    ran = offstage(
        *("agents", "run", name, "--file", "notes.txt"),
        *("--query", json.dumps({"word": "queue"})),
    )
    assert json.loads(ran.stdout) == {"lines": ["A queue holds jobs."]}
    assert [line.split()[0] for line in ran.stderr.splitlines()] == [
        "run_started",
        "progress",
        "final_result",
    ]

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    path = f"{ROOT}:{Path.cwd()}"
    tested = subprocess.run(
        command, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


def test_in_a_checkout_it_goes_where_agents_and_tests_are(offstage: Offstage) -> None:
    Path("backend/agents").mkdir(parents=True)
    Path("backend/agents/registry.py").touch()
    made = offstage("agents", "new", "word_finder")
    agent, test = "backend/agents/word_finder.py", "tests/unit/agents/test_word_finder.py"
    assert made.stdout.split() == [agent, test]
    assert "from backend.agents.word_finder import word_finder" in Path(test).read_text()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../escape", "can't be an agent's name"),
        ("Bad-Name", "can't be an agent's name"),
        ("lambda", "can't be an agent's name"),
        ("a" * 65, "can't be an agent's name"),
        ("smoke", "There is an agent smoke already"),
        ("context", "a part of Offstage"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(
    name: str, why: str, offstage: Offstage, tmp_path: Path
) -> None:
    before = set(tmp_path.rglob("*"))
    refused = offstage("agents", "new", name)
    assert refused.exit_code == 1
    assert why in refused.stderr
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("there", ["word_finder.py", "test_word_finder.py"])
def test_nothing_is_overwritten(there: str, offstage: Offstage, tmp_path: Path) -> None:
    Path(there).write_text("mine")
    assert "is there already" in offstage("agents", "new", "word_finder").stderr
    assert Path(there).read_text() == "mine"
    assert {path.name for path in tmp_path.glob("*.py")} == {there}


def test_a_failing_agent_is_shown_with_its_traceback(offstage: Offstage) -> None:
    failed = offstage("agents", "run", "smoke", "--query", '{"fail": "error"}')
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "Error: smoke@v1 raised RuntimeError at smoke.py:" in failed.stderr


def test_events_as_json(offstage: Offstage) -> None:
    ran = offstage("agents", "run", "smoke@v1", "--json", "--query", '{"progress": 1}')
    types = [json.loads(line)["type"] for line in ran.stderr.splitlines()]
    assert types == ["run_started", "progress", "final_result"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nobody"], "No agent of this name"),
        (["missing.py"], "missing.py: there is no such file"),
        (["smoke", "--query", "{word"], "--query isn't JSON"),
        (["smoke", "--query", '{"sleep_s": -1}'], "query.sleep_s"),
        (["smoke", "--file", "missing.txt"], "missing.txt"),
        (["synopsis_manager"], "no material"),
    ],
)
def test_what_cannot_be_run_is_said(arguments: list[str], why: str, offstage: Offstage) -> None:
    refused = offstage("agents", "run", *arguments)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert why in refused.stderr
