"""An agent that prints, logs, tells and returns the environment's secrets, in a real worker."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backend.settings import Settings
from tests.fixtures.offstage import OUR_WORKER, Jobs, process
from tests.fixtures.plug_in import install_plug_in
from tests.fixtures.redis import stored_values

KEY = "sk-canary-of-a-key"
AGENT = '''
import logging, os, sys
from pydantic import BaseModel
from backend.agents.context import AgentContext
from backend.agents.registry import agent
from backend.domain.events import TextDelta
from backend.errors import AgentFailed

class Query(BaseModel):
    how: str

class Answer(BaseModel):
    text: str

@agent("teller", "v1")
async def teller(context: AgentContext, query: Query) -> Answer:
    """Tells the key in every way there is."""
    key = os.environ["OPENAI_API_KEY"]
    print("printed", key, flush=True)
    print("printed to stderr", key, file=sys.stderr, flush=True)
    context.log.warning("logged", key=key)
    logging.getLogger("somebody").error("logged by a library %s", key)
    context.emit(TextDelta(text=f"told {key}"))
    context.progress(1, 2, key)
    if query.how == "raise":
        raise AgentFailed(f"It failed with {key}.")
    return Answer(text=key if query.how == "return" else "nothing")
'''


@pytest.mark.parametrize(
    ("how", "ends"), [("raise", "agent_error"), ("return", "invalid_output"), ("", None)]
)
async def test_no_configured_secret_leaves_the_worker(
    how: str,
    ends: str | None,
    job_settings: Settings,
    job_engine: object,
    jobs: Jobs,
    tmp_path: Path,
) -> None:
    path = install_plug_in(tmp_path / "site", "teller", AGENT)
    log = tmp_path / "worker.log"
    with process(OUR_WORKER, job_settings, log, OPENAI_API_KEY=KEY, PYTHONPATH=path) as worker:
        job_id = (await jobs.submit("teller", query={"how": how})).job_id
        view = await jobs.ended(job_id)
        await asyncio.to_thread(worker.stop)
        printed = worker.log()
    assert (view.error and view.error.code) == ends
    for told in ("printed [secret]", "printed to stderr [secret]", "by a library [secret]"):
        assert told in printed
    assert any("[secret]" in envelope.model_dump_json() for envelope in await jobs.events(job_id))
    assert KEY not in printed
    kept = [each async for each in stored_values(jobs.redis, payloads=True) if KEY in each]
    assert kept == []
