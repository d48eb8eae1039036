"""What holds for every test with real servers."""

from __future__ import annotations

import pytest

from backend.worker import redis_client


@pytest.fixture
def redis_is_away_after_s() -> float:
    """How long a request waits for Redis before it is answered 503.

    Long, since on a busy machine everything may stand still for seconds: tests of a Redis that is
    away ask for the real one.
    """
    return 20.0


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch, redis_is_away_after_s: float) -> None:
    monkeypatch.setattr(redis_client, "REQUESTS_WAIT_S", redis_is_away_after_s)
