"""docs/agents.md: its blocks are files that run, and its first one is as short as it says."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from backend.agents import registry
from tests.paths import ROOT

GUIDE = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
FILES = {
    match["name"]: match["text"]
    for match in re.finditer(
        r"```python\n# (?P<name>\w+)\.py\n(?P<text>.*?)```", GUIDE, flags=re.DOTALL
    )
}
OF_OTHERS = {"openai_tutor": "agents", "graph_agent": "langgraph"}


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guide's files on the path; what they register is forgotten afterwards."""
    for name, text in FILES.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.all_agents()
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))
    yield
    for name in FILES:
        sys.modules.pop(name, None)


def _load(name: str) -> ModuleType:
    if name in OF_OTHERS:
        pytest.importorskip(
            OF_OTHERS[name], reason="a framework that tests don't install: see docs/decisions/0022"
        )
    return importlib.import_module(name)


def test_every_block_of_python_is_a_file() -> None:
    assert len(FILES) == GUIDE.count("```python")


@pytest.mark.parametrize("name", FILES)
def test_the_file_runs_and_so_do_its_tests(name: str, guide: None) -> None:
    module = _load(name)
    tests = [each for called, each in vars(module).items() if called.startswith("test_")]
    for test in tests:
        test()
    assert tests or len(registry.all_agents()) > 2


def test_the_example_has_twenty_lines_at_most() -> None:
    lines = [line for line in FILES["word_finder"].splitlines() if line.strip()]
    assert len(lines) <= 20


@pytest.mark.parametrize("name", OF_OTHERS)
def test_an_adapter_has_ten_lines_at_most(name: str) -> None:
    adapter = FILES[name].partition("@agent(")[2].partition("\n\n")[0]
    assert len(adapter.splitlines()) <= 10


def test_an_agent_of_openai_agents_answers_and_is_counted(guide: None) -> None:
    module = _load("openai_tutor")
    from backend.testing import run_agent
    from tests.unit.agents.openai_agents_model import StandIn

    module.tutor.model = StandIn("A line to wait in.")
    run = run_agent(module.openai_tutor, {"question": "What is a queue?"})
    assert run.output.text == "A line to wait in."
    assert run.context.usage.input_tokens == 7
