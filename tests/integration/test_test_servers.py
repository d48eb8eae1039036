"""The servers that the other tests stand on do what those tests believe."""

from __future__ import annotations

import socket

import asyncpg
import httpx2
import pytest
import redis
from playwright.async_api import Page
from pytest_socket import SocketConnectBlockedError

from tests.fixtures.aimock import AiMock


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_gets_an_empty_redis(redis_url: str, round_: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left behind by round", round_)


@pytest.mark.parametrize("round_", [1, 2])
async def test_each_test_gets_an_empty_postgres(postgres_url: str, round_: int) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(f"CREATE TABLE left_behind AS SELECT {round_}")
        assert await connection.fetchval("SHOW fsync") == "off"
    finally:
        await connection.close()


def test_the_provider_answers_fails_and_remembers(aimock: AiMock) -> None:
    aimock.answer({"content": "Привет"}, userMessage="hello")
    assert _ask(aimock, "hello").json()["choices"][0]["message"]["content"] == "Привет"

    aimock.fail_next(500)
    assert [_ask(aimock, "hello").status_code for _ in range(2)] == [500, 200]
    assert [entry["response"]["status"] for entry in aimock.journal()] == [200, 500, 200]

    aimock.reset()
    aimock.refuse(429, "slow down", retry_after_s=7)
    refused = _ask(aimock, "hello")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")


async def test_the_browser_shows_russian(page: Page) -> None:
    await page.set_content("<h1>Конспект</h1>")
    assert await page.inner_text("h1") == "Конспект"


def test_the_network_ends_at_loopback() -> None:
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 53), timeout=1)


def _ask(aimock: AiMock, message: str) -> httpx2.Response:
    body = {"model": "any", "messages": [{"role": "user", "content": message}]}
    return httpx2.post(f"{aimock.openai_url}/chat/completions", json=body)
