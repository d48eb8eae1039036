"""Whatever a provider does wrong has its error, its retry and its delay, and ends in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

import pytest

from backend.agents import model_http
from backend.agents.context import AgentContext, Material, SessionInfo, SessionMemory
from backend.agents.models import aclose_models, build_model
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.domain.retry import RETRY_DELAYS_S, decide
from backend.errors import OffstageError
from backend.settings import Settings
from tests.fixtures.bad_peer import (
    BadPeer,
    Misbehaviour,
    a_byte_at_a_time,
    answers,
    bad_peer,
    cuts_its_answer,
    hangs_up,
    never_answers,
    no_http,
)

KEY = "sk-canary-of-bad-peers"
TEXT = "Ownership is a set of rules. Each value has 1 owner. The compiler checks the rules."
LLM_TIMEOUT_S = 0.6
GIVEN_UP_WITHIN_S = 15
FIRST_DELAY_S = RETRY_DELAYS_S[0]
TOLD = f'{{"error": {{"message": "your key {KEY} about: {TEXT}", "type": "x"}}}}'.encode()
# So far away that the minutes until its test runs don't count.
TWENTY_HOURS_S = 72_000
IN_TWENTY_HOURS = format_datetime(
    datetime.now(UTC) + timedelta(seconds=TWENTY_HOURS_S), usegmt=True
)


class Case(NamedTuple):
    """What a peer does, and what comes of it. `delay_s` is None where no other try can help."""

    name: str
    does: Misbehaviour
    code: str
    delay_s: float | None
    asked: int = 1


def status(number: int, delay_s: float | None, asked: int = 1, *headers: str) -> Case:
    name = " ".join([str(number), *headers]).replace(IN_TWENTY_HOURS, "a date")
    return Case(name, answers(number, TOLD, *headers), "provider_error", delay_s, asked)


CASES = [
    Case("accepts and never answers", never_answers, "provider_error", FIRST_DELAY_S),
    Case("a byte at a time", a_byte_at_a_time, "provider_error", FIRST_DELAY_S),
    Case("cuts its answer", cuts_its_answer, "provider_error", FIRST_DELAY_S),
    Case("hangs up", hangs_up, "provider_error", FIRST_DELAY_S, asked=3),
    Case("no HTTP", no_http, "provider_error", FIRST_DELAY_S, asked=3),
    status(400, None),
    status(401, None),
    status(402, None),
    status(403, None),
    status(404, None),
    status(408, FIRST_DELAY_S, 3),
    status(409, FIRST_DELAY_S, 3),
    status(413, None),
    status(422, None),
    status(429, FIRST_DELAY_S, 3),
    status(429, FIRST_DELAY_S, 1, "Retry-After: 30"),
    status(429, 600, 1, "Retry-After: 600"),
    status(429, TWENTY_HOURS_S, 1, f"Retry-After: {IN_TWENTY_HOURS}"),
    status(500, FIRST_DELAY_S, 3),
    status(502, FIRST_DELAY_S, 3),
    status(503, FIRST_DELAY_S, 3),
    status(503, 600, 1, "Retry-After: 600"),
    status(504, FIRST_DELAY_S, 3),
    status(529, FIRST_DELAY_S, 3),
]


@pytest.fixture(autouse=True)
async def _provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    # The short waits between tries in place have a test of their own.
    monkeypatch.setattr(model_http, "_backoff", lambda state: 0.01)
    yield
    await aclose_models()


async def fail_with(peer: BadPeer) -> OffstageError:
    """How a synopsis ends whose model is `peer`."""
    model = "openai-chat:gpt-5-mini"
    settings = Settings(_env_file=None, openai_base_url=peer.url, agent_llm_timeout=LLM_TIMEOUT_S)
    memory = SessionMemory(SessionInfo("s"), (Material("m", "Text", TEXT),))
    context = AgentContext(
        "job", 1, memory, build_model(model, settings), model, llm_timeout_s=LLM_TIMEOUT_S
    )
    spec = get_agent("synopsis_manager", "v1")

    async def run() -> None:
        async with asyncio.timeout(GIVEN_UP_WITHIN_S):
            async for _ in run_agent_with_events(spec, context, spec.parse_query({})):
                pass

    with pytest.raises(OffstageError) as failed:
        await run()
    return failed.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_each_has_its_error_and_its_delay(case: Case) -> None:
    async with bad_peer(case.does) as peer:
        error = await fail_with(peer)
    assert error.code == case.code
    assert error.retryable == (case.delay_s is not None)
    delay_s = decide(error, 0).delay_s
    # A date is of the second, and some time has passed since.
    assert delay_s == (None if case.delay_s is None else pytest.approx(case.delay_s, rel=0.05))
    assert peer.asked == case.asked
    assert KEY not in f"{error!r} {error.message} {error.problems}"
    assert "Ownership" not in error.message


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"{}", b"null", b'{"choices": []}', b'{"choices": [{"message": 1}]}']
)
async def test_an_answer_without_sense_is_one_of_ours_and_keeps_its_secrets(body: bytes) -> None:
    async with bad_peer(answers(200, body)) as peer:
        error = await fail_with(peer)
    assert error.code in ("provider_error", "invalid_output")
    assert peer.asked <= 3
    assert KEY not in f"{error!r} {error.message}"
