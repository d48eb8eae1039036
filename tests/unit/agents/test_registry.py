"""What registers as an agent, and what its author is told of what doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from backend.agents import places, registry
from backend.agents.registry import agent, find_agent, spec_of
from backend.errors import AgentFailed, UnknownAgent
from backend.testing import run_agent
from tests.paths import ROOT


class Query(BaseModel):
    """Nothing to ask for."""


class Answer(BaseModel):
    """Nothing to say."""


@pytest.fixture(autouse=True)
def _forgotten_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    registry.all_agents()
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))


async def says(context: Any, query: Query) -> Answer:
    """Says nothing.

    More of it.
    """
    return Answer()


def test_a_function_tells_its_models_and_its_summary() -> None:
    assert agent("of_test", "v1")(says) is says
    spec = spec_of(says)
    assert (spec.name, spec.input, spec.output) == ("of_test@v1", Query, Answer)
    assert spec.summary == "Says nothing."


def test_a_name_without_a_version_is_the_latest() -> None:
    for version in ("v2", "v10", "v9"):
        agent("of_test", version)(says)
    assert find_agent("of_test").version == "v10"
    assert find_agent("of_test@v2").version == "v2"
    for unknown in ("nobody", "of_test@v3"):
        with pytest.raises(UnknownAgent):
            find_agent(unknown)


def test_the_same_may_register_again_and_another_may_not() -> None:
    agent("of_test", "v1")(says)
    agent("of_test", "v1")(says)
    with pytest.raises(ValueError, match=r"registered already, by .*says: take another name"):
        agent("of_test", "v1", output=Answer)(yields)


async def yields(context: Any, query: Query) -> Any:
    yield Answer()


def generates(memory: Any, query: Query) -> Iterator[Answer]:
    yield Answer()


async def alone(context: Any) -> Answer:
    return Answer()


async def unannotated(context: Any, query) -> Answer:
    return Answer()


async def unfound(context: Any, query: Nowhere) -> Answer:  # noqa: F821
    return Answer()


class WithoutInput:
    Output = Answer

    async def run(self, context: Any, query: Any) -> Answer:
        return Answer()


class WithoutRun:
    Input, Output = Query, Answer


@pytest.mark.parametrize(
    ("target", "cure"),
    [
        (yields, r"say @agent\(…, output=…\)"),
        (generates, "only an `async def` can yield"),
        (alone, "called with the context"),
        (unannotated, "annotate `query` with a pydantic model"),
        (unfound, "'Nowhere' can't be found"),
        (WithoutInput, "set `Input` in the class"),
        (WithoutRun, "write `async def run"),
    ],
)
def test_what_cannot_be_an_agent_says_what_to_do(target: Any, cure: str) -> None:
    with pytest.raises(ValueError, match=cure) as refused:
        agent("of_test", "v1")(target)
    assert "of_test@v1" in str(refused.value)


@pytest.mark.parametrize("name", [("Upper", "v1"), ("fine", "1"), ("a" * 65, "v1"), ("fine", "v0")])
def test_a_malformed_name_is_refused(name: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="name an agent"):
        agent(*name)


async def fails(context: Any, query: Query) -> Answer:
    raise KeyError("what a person wrote")


def fails_apart(memory: Any, query: Query) -> Answer:
    raise KeyError("what a person wrote")


@pytest.mark.parametrize("target", [fails, fails_apart])
@pytest.mark.parametrize("installed", [True, False])
def test_a_failure_is_placed_also_in_an_installed_package(
    target: Any, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = (str(ROOT), *places._OF_OTHERS) if installed else places._OF_OTHERS
    monkeypatch.setattr(places, "_OF_OTHERS", others)
    agent("of_test", "v1")(target)
    with pytest.raises(AgentFailed, match=r"KeyError at test_registry\.py:\d+ in fails") as failed:
        run_agent(target)
    assert "person" not in failed.value.message
