"""`GET /jobs/{id}/events`: nothing lost, nothing twice, nobody held up."""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.api import event_stream
from backend.api.app import create_app
from backend.api.auth.caller import Caller
from backend.api.deps import Services
from backend.api.event_stream import event_chunks
from backend.domain.events import FinalResult, Progress, RunEvent, TextDelta
from backend.errors import TokenRefused
from backend.settings import Settings
from backend.worker import keys
from backend.worker.agents_worker import AgentsWorker
from tests.fixtures.offstage import USER, Jobs, Process, process, served
from tests.integration.api.followers import Sent, all_of, follow, teller

END = FinalResult(output={})


@pytest.fixture
async def client(job_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Of a real server: the in-process one hands answers over when they are complete."""
    async with served(create_app(job_settings), drain_s=1) as client:
        yield client


def progress(count: int) -> list[RunEvent]:
    return [Progress(done=done, total=count, note="working") for done in range(1, count + 1)]


async def logged(jobs: Jobs, job_id: str) -> list[tuple[str, str]]:
    entries = await jobs.redis.xrange(keys.events_key(job_id))
    return [(position.decode(), fields[b"event"].decode()) for position, fields in entries]


def told(events: list[Sent]) -> list[tuple[str, str]]:
    return [(event.id, event.data) for event in events]


async def test_a_stream_tells_the_whole_run_and_ends_with_it(
    client: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker
) -> None:
    job_id = await jobs.smoke(sleep_s=0.2, progress=3)
    events = await all_of(client, job_id)
    types = [event.type for event in events]
    assert types == ["run_started", "progress", "progress", "progress", "final_result"]
    assert told(events) == await logged(jobs, job_id)
    assert (await jobs.look(job_id)).state == "done"


async def test_the_answer_asks_not_to_be_held_back_and_says_when_to_come_again(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    async with client.stream("GET", f"/jobs/{job_id}/events") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert "no-cache" in answer.headers["Cache-Control"]
        assert await anext(answer.aiter_lines()) == "retry: 1000"


async def test_an_attempt_that_is_tried_again_ends_no_stream(
    client: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker
) -> None:
    job_id = await jobs.smoke(fail="provider_429", fail_times=1)
    following = asyncio.create_task(all_of(client, job_id))
    await jobs.waits_for_retry(job_id)
    await jobs.make_retry_due(job_id)
    types = [event.type for event in await following]
    assert types == ["run_started", "retry_scheduled", "run_started", "final_result"]


async def test_cancelling_a_queued_job_ends_its_stream(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    async with follow(client, job_id) as events:
        await jobs.queue.cancel(job_id, USER)
        assert [event.type async for event in events] == ["error"]


async def test_from_every_position_the_rest_is_the_same(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    await teller(jobs).tell(job_id, progress(250))
    await jobs.queue.cancel(job_id, USER)
    whole = told(await all_of(client, job_id))
    assert whole == await logged(jobs, job_id)
    assert len(whole) == 251
    for place in [*range(0, 251, 10), 98, 99, 100, 101, 249, 250]:
        rest = told(await all_of(client, job_id, after=whole[place][0]))
        assert rest == whole[place + 1 :]
    by_query = await client.get(f"/jobs/{job_id}/events", params={"last_event_id": whole[249][0]})
    assert by_query.text.count("data: ") == 1


async def test_after_the_end_an_event_source_is_told_not_to_come_back(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    await jobs.queue.cancel(job_id, USER)
    [end] = await all_of(client, job_id)
    again = await client.get(f"/jobs/{job_id}/events", headers={"Last-Event-ID": end.id})
    assert (again.status_code, again.content) == (204, b"")


@pytest.mark.parametrize("position", ["abc", "1-", "-1", "1-2-3", "9" * 20, "１-0"])
async def test_a_position_that_is_none_is_refused(
    client: httpx2.AsyncClient, jobs: Jobs, position: str
) -> None:
    job_id = await jobs.smoke()
    answer = await client.get(f"/jobs/{job_id}/events", params={"last_event_id": position})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_an_unknown_job_has_no_stream(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/jobs/nosuch/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")


async def test_connections_cut_again_and_again_lose_and_repeat_nothing(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    teller_ = teller(jobs)
    random.seed(4)

    async def tell_all() -> None:
        for _ in range(40):
            await teller_.tell(job_id, progress(random.randint(1, 8)))
            await asyncio.sleep(0.01)
        await teller_.tell(job_id, [END])

    telling = asyncio.create_task(tell_all())
    got: list[Sent] = []
    while not got or got[-1].type != "final_result":
        async with follow(client, job_id, after=got[-1].id if got else None) as events:
            for _ in range(random.randint(1, 20)):
                event = await anext(events, None)
                if event is None:
                    break
                got.append(event)
    await telling
    assert told(got) == await logged(jobs, job_id)


async def test_a_follower_goes_on_where_it_was_after_the_api_was_restarted(
    job_settings: Settings, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    teller_ = teller(jobs)
    got: list[Sent] = []

    async def read_until_cut(url: httpx2.URL) -> None:
        after = got[-1].id if got else None
        try:
            async with (
                httpx2.AsyncClient(base_url=url, timeout=20) as client,
                follow(client, job_id, after) as events,
            ):
                async for event in events:
                    got.append(event)
        except httpx2.TransportError:
            return

    for restarts in range(3):
        async with served(create_app(job_settings), drain_s=1) as client:
            reading = asyncio.create_task(read_until_cut(client.base_url))
            await teller_.tell(job_id, progress(5))
            await until_taken(got, 8 * restarts + 5)
        await reading
        await teller_.tell(job_id, progress(3))
    await jobs.queue.cancel(job_id, USER)
    async with served(create_app(job_settings)) as client:
        await read_until_cut(client.base_url)
    assert told(got) == await logged(jobs, job_id)


async def until_taken(got: list[Any], count: int) -> None:
    for _ in range(1_000):
        if len(got) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{len(got)} of {count} events came")


async def test_two_hundred_followers_take_one_redis_connection(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_ids = [await jobs.smoke(f"s{number}") for number in range(20)]
    limits = httpx2.Limits(max_connections=None)
    got: dict[int, list[Sent]] = {number: [] for number in range(200)}

    async def read(number: int, many: httpx2.AsyncClient) -> None:
        async with follow(many, job_ids[number % 20]) as events:
            async for event in events:
                got[number].append(event)

    teller_ = teller(jobs)
    async with (
        httpx2.AsyncClient(base_url=client.base_url, limits=limits, timeout=20) as many,
        asyncio.TaskGroup() as group,
    ):
        for number in got:
            group.create_task(read(number, many))
        for job_id in job_ids:
            await teller_.tell(job_id, progress(2))
        for events in got.values():
            await until_taken(events, 2)
        clients = await jobs.redis.client_list()
        assert sum(1 for each in clients if each["sub"] != "0") == 1
        before = len(clients)
        for job_id in job_ids:
            await teller_.tell(job_id, [*progress(10), END])
    assert len(await jobs.redis.client_list()) == before
    for number, events in got.items():
        assert told(events) == await logged(jobs, job_ids[number % 20])


async def test_a_follower_that_does_not_read_holds_up_nobody_and_misses_nothing(
    client: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    teller_ = teller(jobs)
    flood: list[RunEvent] = [TextDelta(text="x" * 10_000) for _ in range(1_000)]
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((client.base_url.host, client.base_url.port))
        slow.sendall(f"GET /jobs/{job_id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        slow.setblocking(False)
        async with follow(client, job_id) as events:
            for _ in range(10):
                await teller_.tell(job_id, flood[:100])
            quick = [await anext(events) for _ in range(1_000)]
            assert told(quick) == await logged(jobs, job_id)
        await teller_.tell(job_id, [END])
        assert await all_read(slow) == 1_001


async def all_read(slow: socket.socket) -> int:
    """How many events come until the end, once it does read."""
    read = bytearray()
    while b'"final_result"' not in read[-400:]:
        some = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(slow, 65_536), 10)
        assert some, "cut off"
        read += some
    return read.count(b"data: {")


async def test_a_follower_that_takes_nothing_for_long_is_dropped(
    client: httpx2.AsyncClient, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "_STALLED_S", 0.3)
    job_id = await jobs.smoke()
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((client.base_url.host, client.base_url.port))
        slow.sendall(f"GET /jobs/{job_id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        flood: list[RunEvent] = [TextDelta(text="x" * 10_000) for _ in range(1_000)]
        await teller(jobs).tell(job_id, flood)
        await nobody_listens(jobs, job_id)


async def nobody_listens(jobs: Jobs, job_id: str) -> None:
    channel = keys.changed_channel(job_id)
    for _ in range(1_000):
        if not dict(await jobs.redis.pubsub_numsub(channel))[channel.encode()]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it is still followed")


async def test_who_leaves_is_forgotten(client: httpx2.AsyncClient, jobs: Jobs) -> None:
    job_id = await jobs.smoke()
    await teller(jobs).tell(job_id, progress(1))
    async with follow(client, job_id) as events:
        await anext(events)
    await nobody_listens(jobs, job_id)


async def test_what_a_log_could_not_keep_is_told(client: httpx2.AsyncClient, jobs: Jobs) -> None:
    job_id = await jobs.smoke()
    teller_ = teller(jobs)
    await teller_.tell(job_id, progress(10))
    [*_, (tenth, _)] = await logged(jobs, job_id)
    await teller_.tell(job_id, [*progress(2_200), END])
    kept = await logged(jobs, job_id)
    assert 2_000 <= len(kept) <= 2_100
    for after in (None, tenth):
        gap, *rest = await all_of(client, job_id, after)
        assert gap.name == "gap"
        assert told(rest) == kept
    within = await all_of(client, job_id, after=kept[3][0])
    assert told(within) == kept[4:]


async def test_a_quiet_stream_has_heartbeats(
    client: httpx2.AsyncClient, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "BEAT_S", 0.0)
    job_id = await jobs.smoke()
    async with client.stream("GET", f"/jobs/{job_id}/events") as answer:
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == ["retry: 1000", "", ": still here"]


async def test_a_stream_ends_when_its_reader_is_not_let_in_any_more(
    app_services: Services, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "BEAT_S", 0.0)
    job_id = await jobs.smoke()
    await teller(jobs).tell(job_id, progress(3))

    async def refuse() -> None:
        raise TokenRefused

    caller = Caller(USER, recheck=refuse)
    chunks = [chunk async for chunk in event_chunks(app_services.live, caller, job_id, "0-0")]
    assert chunks == [b"retry: 1000\n\n"]


@pytest.fixture
async def app_services(job_settings: Settings) -> AsyncIterator[Services]:
    app = create_app(job_settings)
    async with app.router.lifespan_context(app):
        yield app.state.services


API = [sys.executable, "-m", "backend.cli", "api", "--port", "0"]


async def test_a_server_that_is_stopped_ends_its_streams_and_waits_at_once(
    job_settings: Settings, jobs: Jobs, tmp_path: Path
) -> None:
    job_id = await jobs.smoke()
    with process(API, job_settings, tmp_path / "api.log") as api:
        async with httpx2.AsyncClient(base_url=await address(api), timeout=20) as client:
            waiting = asyncio.create_task(
                client.get(f"/jobs/{job_id}", headers={"Prefer": "wait=20"})
            )
            async with follow(client, job_id) as events:
                await teller(jobs).tell(job_id, progress(1))
                await anext(events)
                stopping = asyncio.create_task(asyncio.to_thread(api.stop))
                # It ends as a stream should, not by a broken connection.
                assert [event async for event in events] == []
            assert (await waiting).status_code == 200
            await stopping
        assert "Cancel" not in api.log()
        assert "Traceback" not in api.log()


async def address(api: Process) -> str:
    """Where it listens, once it does."""
    for _ in range(1_000):
        for line in api.log_lines():
            if line["event"] == "api listens":
                url: str = line["url"]
                return url
        await asyncio.sleep(0.02)
    raise AssertionError(api.log())
