"""The kit for an agent's tests: run it here and now, with no queue, no network and no key.

    def test_it_finds_the_word() -> None:
        run = run_agent(word_finder, {"word": "queue"}, materials=["A queue holds jobs."])
        assert run.output.lines == ["A queue holds jobs."]
        run.assert_told("run_started", "progress", "final_result")

Nothing here needs pytest, and `run_agent` is called from plain (not async) tests.
"""

from backend.testing.context import context_of
from backend.testing.model import FakeModel
from backend.testing.running import Run, run_agent, run_in_loop

__all__ = ["FakeModel", "Run", "context_of", "run_agent", "run_in_loop"]
