"""The prompts of every agent that has some: what is out doesn't change."""

from __future__ import annotations

from backend.agents.registry import all_agents, find_agent

# An entry here is for ever: to change a prompt or a form, add a version with a folder of its own.
DIGESTS = {
    "learning_planner@v1": "d959325b86e897bf85824e63008d4dfa43ffe7be73331b866f14c57449cfba23",
    "session_analyst@v1": "bb0e4a48bc22f83db1bbc4f710169fcee48f8bf3db2aaad3f63165bf6934dd8a",
    "source_finder@v1": "6d615b5bc766f110b2272174903ace74cd41873a9dc6a4954d580d47789dad42",
}


def test_each_version_has_the_prompts_it_came_out_with() -> None:
    found = {name: find_agent(name).prompt_digest for name in DIGESTS}

    assert found == DIGESTS


def test_every_agent_with_prompts_is_held_to_them() -> None:
    own = {spec.name for spec in all_agents() if spec.prompt_digest}

    assert own - {"synopsis_manager@v1"} == set(DIGESTS)
