"""A provider that keeps a job waiting: the job's own timeout ends it, and everybody is told why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.api.app import create_app
from backend.domain.events import RetryScheduled
from backend.domain.retry import MAX_ATTEMPTS, RETRY_DELAYS_S
from backend.settings import Settings
from backend.worker import keys
from tests.fixtures.bad_peer import Misbehaviour, a_byte_at_a_time, bad_peer, never_answers
from tests.fixtures.offstage import Jobs, asgi_client, running_worker
from tests.integration.worker.conftest import session_with_lecture


@pytest.mark.parametrize("misbehave", [never_answers, a_byte_at_a_time])
async def test_a_job_ends_in_time_whatever_its_provider_does(
    misbehave: Misbehaviour,
    job_settings: Settings,
    job_engine: AsyncEngine,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each request might take a minute, and may: it is the job that takes too long."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-key")
    async with bad_peer(misbehave) as peer:
        given = {
            "agents_default_model": "openai-chat:stand-in",
            "openai_base_url": peer.url,
            "agent_llm_timeout": 60,
            "agent_job_timeout": 1,
        }
        settings = job_settings.model_copy(update=given)
        async with asgi_client(create_app(settings)) as client, running_worker(settings):
            session_id = await session_with_lecture(client)
            notes = f"/sessions/{session_id}/synopsis"
            accepted = await client.post(
                "/agents/synopsis_manager/v1/synopsis", json={"session_id": session_id}
            )
            job_id = accepted.json()["jobId"]
            began = datetime.now(UTC)
            await jobs.waits_for_retry(job_id)
            assert peer.asked == 1

            waiting = (await client.get(f"/jobs/{job_id}")).json()
            assert (waiting["status"], waiting["attempt"]) == ("queued", 2)
            why = {
                "code": "timeout",
                "message": "The agent didn't finish within 1 s.",
                "retryable": True,
            }
            assert waiting["error"] == why
            due = datetime.fromisoformat(waiting["nextRetryAt"])
            assert due >= began + timedelta(seconds=RETRY_DELAYS_S[0])
            [listed] = (await client.get("/jobs")).json()["items"]
            assert (listed["nextRetryAt"], listed["error"]) == (waiting["nextRetryAt"], why)
            assert (await client.get(notes)).json()["generation"]["status"] == "queued"
            scheduled = (await jobs.events(job_id))[-1].event
            assert isinstance(scheduled, RetryScheduled)
            assert scheduled.reason == f"timeout: {why['message']}"

            # Its last attempt.
            await jobs.redis.hset(keys.job_key(job_id), "agent_errors", str(MAX_ATTEMPTS - 1))
            await jobs.make_retry_due(job_id)
            await jobs.ended(job_id)
            ended = (await client.get(f"/jobs/{job_id}")).json()
            assert (ended["status"], ended["error"]) == ("failed", why)
            assert ended["nextRetryAt"] is None
