"""Short retries inside one request: when, how often, how long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from backend.agents.model_http import ATTEMPTS, RetryingTransport, retry_after_s

Answer = httpx2.Response | Exception


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the transport would have slept, in seconds."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return slept


@pytest.fixture
def ask(waits: list[float]) -> Callable[..., tuple[list[httpx2.Request], httpx2.AsyncClient]]:
    def make(*answers: Answer) -> tuple[list[httpx2.Request], httpx2.AsyncClient]:
        seen: list[httpx2.Request] = []
        left = list(answers)

        def answer(request: httpx2.Request) -> httpx2.Response:
            seen.append(request)
            following = left.pop(0)
            if isinstance(following, Exception):
                raise following
            return following

        transport = RetryingTransport(httpx2.MockTransport(answer))
        return seen, httpx2.AsyncClient(transport=transport, base_url="http://provider")

    return make


def busy(status: int = 503, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
async def test_a_busy_provider_is_asked_again(ask, waits, status: int) -> None:
    seen, client = ask(busy(status), httpx2.Response(200))

    assert (await client.post("/v1", json={"a": 1})).status_code == 200
    assert [request.content for request in seen] == [b'{"a":1}'] * 2
    assert 0.4 < waits[0] < 2


async def test_the_last_answer_is_passed_on(ask) -> None:
    seen, client = ask(*[busy(503) for _ in range(ATTEMPTS)])

    assert (await client.get("/")).status_code == 503
    assert len(seen) == ATTEMPTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_is_final(ask, status: int) -> None:
    seen, client = ask(busy(status))

    assert (await client.get("/")).status_code == status
    assert len(seen) == 1


async def test_a_short_retry_after_is_kept_to(ask, waits) -> None:
    _, client = ask(busy(429, retry_after="3"), httpx2.Response(200))
    await client.get("/")

    assert waits == [3]


async def test_a_long_retry_after_is_left_to_the_job(ask, waits) -> None:
    seen, client = ask(busy(429, retry_after="120"))

    assert (await client.get("/")).headers["retry-after"] == "120"
    assert len(seen) == 1
    assert waits == []


async def test_a_provider_that_says_no_is_believed(ask) -> None:
    seen, client = ask(busy(429, x_should_retry="false"))
    await client.get("/")

    assert len(seen) == 1


async def test_a_broken_connection_is_tried_again(ask) -> None:
    seen, client = ask(httpx2.ConnectError("refused"), httpx2.Response(200))

    assert (await client.get("/")).status_code == 200
    assert len(seen) == 2


async def test_a_read_timeout_is_not_repeated(ask) -> None:
    seen, client = ask(httpx2.ReadTimeout("slow"))
    with pytest.raises(httpx2.ReadTimeout):
        await client.get("/")

    assert len(seen) == 1


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "2"}, 2),
        ({"retry-after-ms": "1500"}, 1.5),
        ({}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after_s(httpx2.Response(429, headers=headers)) == expected


def test_retry_after_may_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    found = retry_after_s(httpx2.Response(429, headers={"retry-after": later}))

    assert found is not None
    assert 27 < found <= 30
