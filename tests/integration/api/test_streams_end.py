"""A stream doesn't outlive the token that it was opened with."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from backend.api import event_stream
from backend.api.app import create_app
from backend.api.auth import tokens
from backend.api.deps import Services
from backend.settings import Settings
from backend.worker import changes, keys
from tests.fixtures.offstage import served
from tests.fixtures.users import bearer, new_user, revoke


def test_a_revoked_token_closes_its_streams_within_half_a_minute() -> None:
    """A stream is woken at least so often, asks when its beat is due, and may be told old news."""
    assert changes.RECHECK_S + event_stream.BEAT_S + tokens.TRUSTED_S < 30


async def test_a_stream_ends_when_its_token_is_revoked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "BEAT_S", 0.0)
    monkeypatch.setattr(tokens, "TRUSTED_S", 0.0)
    app = create_app(settings.model_copy(update={"auth_mode": "token"}))
    async with served(app) as client, Redis.from_url(settings.redis_dsn()) as redis:
        # It answers, so what it has open is there.
        assert (await client.get("/healthz")).status_code == 200
        services: Services = app.state.services
        anna = await new_user(services.engine, "anna")
        headers = bearer(anna.secret)
        accepted = await client.post(
            "/jobs/agents/smoke/v1", json={"session_id": "s"}, headers=headers
        )
        job_id = accepted.json()["jobId"]
        async with client.stream("GET", f"/jobs/{job_id}/events", headers=headers) as stream:
            assert stream.status_code == 200
            lines = stream.aiter_lines()
            while await anext(lines) != ": still here":
                """Until it has been asked for once and let on."""
            await revoke(services.engine, anna)
            await redis.publish(keys.changed_channel(job_id), "")
            async with asyncio.timeout(10):
                async for line in lines:
                    assert not line.startswith("data:")
        refused = await client.get(f"/jobs/{job_id}/events", headers=headers)
        assert refused.status_code == 401
