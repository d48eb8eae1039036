"""Answers become objects, problems become errors that name what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backend.cli.client import OffstageClient
from backend.cli.errors import Refused, Unreachable
from backend.cli.waiting import wait_for_job
from tests.unit.cli.stub_api import Answer, StubApi, problem, serving


@contextmanager
def client_of(
    answers: dict[str, Answer | list[Answer]],
) -> Iterator[tuple[OffstageClient, StubApi]]:
    with serving(StubApi(answers)) as api, OffstageClient(api.url) as client:
        yield client, api


def test_a_problem_keeps_its_detail_code_and_fields() -> None:
    wrong = problem(
        "invalid_request", "Correct the fields.", errors=[{"field": "language", "message": "No."}]
    )
    with (
        client_of({"POST /sessions": (422, wrong)}) as (client, _),
        pytest.raises(Refused) as refused,
    ):
        client.create_session("T", "xx!")
    assert refused.value.message == "Correct the fields."
    assert refused.value.status == 422
    assert [(each.field, each.message) for each in refused.value.problems] == [("language", "No.")]


@pytest.mark.parametrize("answer", [(404, "<html>"), (200, "[]"), (200, "hello")])
def test_something_else_at_the_address_is_told(answer: tuple[int, str]) -> None:
    with (
        client_of({"GET /agents": answer}) as (client, _),
        pytest.raises(Unreachable, match="isn't Offstage"),
    ):
        client.agents()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "ftp://127.0.0.1", "http://["])
def test_nobody_at_the_address_is_told(url: str) -> None:
    with pytest.raises(Unreachable) as away, OffstageClient(url) as client:
        client.agents()
    assert url in away.value.message


def test_a_limit_beyond_one_page_is_fetched_page_by_page() -> None:
    pages = [
        (200, {"items": [{"jobId": "a"}], "nextCursor": "1"}),
        (200, {"items": [{"jobId": "b"}]}),
    ]
    with client_of({"GET /jobs": pages}) as (client, api):
        found = client.newest_jobs("s1", "failed", limit=150)
    assert [job["jobId"] for job in found] == ["a", "b"]
    assert api.asked == [
        "GET /jobs?session_id=s1&status=failed&limit=100",
        "GET /jobs?session_id=s1&status=failed&limit=100&cursor=1",
    ]


def test_waiting_shows_each_state_and_outlasts_a_short_absence() -> None:
    answers = [
        (200, {"status": "queued"}),
        (503, problem("unavailable", "Redis is away.")),
        (200, {"status": "running"}),
        (200, {"status": "done"}),
    ]
    seen: list[str] = []
    with client_of({"GET /jobs/j": answers}) as (client, _):
        job = wait_for_job(client, "j", lambda state: seen.append(state["status"]))
    assert job["status"] == "done"
    assert seen == ["queued", "running", "done"]


def test_a_job_that_is_gone_is_not_waited_for() -> None:
    gone = (404, problem("job_not_found", "There is no such job."))
    with (
        client_of({"GET /jobs/j": gone}) as (client, api),
        pytest.raises(Refused, match="no such job"),
    ):
        wait_for_job(client, "j", lambda _state: None)
    assert len(api.asked) == 1
