"""What is somebody else's looks as if it weren't there: on every route there is, or will be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from backend.api.app import create_app
from backend.api.deps import Services
from backend.api.middleware.authentication import is_public
from backend.db import artifacts
from backend.db.unit_of_work import UnitOfWork
from backend.domain.analytics import ANALYTICS
from backend.domain.artifacts import SYNOPSIS, Provenance
from backend.domain.plan import PLAN
from backend.domain.sources import SOURCES
from backend.settings import Settings
from tests.fixtures.users import bearer, new_user

TEXT = "Очередь задач хранит описания работы. Воркер забирает задачи и выполняет их."
NOTES = {
    "title": "Тайна",
    "language": "ru",
    "items": [
        {"type": "text", "text": "Абзац."},
        {"type": "definition", "term": "Воркер", "text": "Выполняет задачи."},
    ],
}
QUESTION = {"question": "Что делает воркер?", "answer": "Выполняет задачи."}
PLAN_CONTENT = {
    "title": "Тайна",
    "language": "ru",
    "minutes": 30,
    "modules": [{"id": "m1", "title": "Очереди", "minutes": 30, "check": QUESTION}],
}
REPORT = {
    "title": "Тайна",
    "language": "ru",
    "figures": {
        "words": 11,
        "sentences": 2,
        "readingMinutes": 1,
        "wordsPerSentence": 5.5,
        "readingEase": 50,
        "difficulty": "medium",
    },
    "topics": [],
    "questions": [QUESTION],
}
FOUND = {"title": "Тайна", "language": "ru", "gaps": [], "sources": [], "searched": []}
STORED = {SYNOPSIS: NOTES, PLAN: PLAN_CONTENT, ANALYTICS: REPORT, SOURCES: FOUND}
IDS = {"session_id", "material_id", "job_id"}
# What the other parameters of a path are. A new one, or a new body, wants a line here.
PLACES = {"agent_id": "synopsis_manager", "version": "v1", "number": "1"}
HEADERS = {f"edit_{kind.name}": {"If-Match": '"1"'} for kind in STORED}
# What else a route may be asked with; each of these counts as an operation of its own.
_EXPORTS = [
    *["format=md", "format=html", "format=pdf", "format=anki"],
    *["version=1", "format=anki&version=1"],
]
QUERIES = {
    **{f"diff_{kind.name}_versions": ["against=1"] for kind in STORED},
    **{f"export_{kind.name}": _EXPORTS for kind in STORED},
    # They have no definitions to make cards of.
    "export_sources": [asked for asked in _EXPORTS if "anki" not in asked],
}


def _starts_job(operation_id: str) -> bool:
    return operation_id.startswith(("submit_", "make_"))


def _body(operation_id: str, session_id: str) -> Any:
    if _starts_job(operation_id):
        return {"session_id": session_id, "query": {}, "memory": "backend"}
    bodies = {
        "update_session": {"title": "Чужая"},
        "add_material": {"title": "Чужое", "text": TEXT},
        "edit_synopsis": {"title": "Чужой", "items": NOTES["items"]},
        "edit_plan": {"title": "Чужой", "modules": PLAN_CONTENT["modules"]},
        "edit_analytics": {"title": "Чужой"},
        "edit_sources": {"title": "Чужой", "sources": []},
        "start_pipeline": {},
    }
    assert operation_id in bodies, f"say in this test what {operation_id} takes"
    return bodies[operation_id]


@dataclass(frozen=True)
class Operation:
    """One method of one path, as OpenAPI tells it, asked for with `asked` as its query string.

    `ids` and `query` are names of parameters.
    """

    method: str
    path: str
    id: str
    ids: frozenset[str]
    query: frozenset[str]
    takes_body: bool
    asked: str = ""

    @property
    def names_something(self) -> bool:
        """In its path or its body."""
        return bool(self.ids) or _starts_job(self.id)


def _operations(app: FastAPI) -> list[Operation]:
    found = []
    for path, methods in app.openapi()["paths"].items():
        for method, told in methods.items():
            parameters = told.get("parameters", [])
            names = {each["name"] for each in parameters if each["in"] == "path"}
            needed = {
                each["name"] for each in parameters if each["in"] == "query" and each["required"]
            }
            assert names <= IDS | set(PLACES), f"say in this test what {path} takes"
            operation = Operation(
                method=method.upper(),
                path=path,
                id=told["operationId"],
                ids=frozenset(names & IDS),
                query=frozenset(each["name"] for each in parameters if each["in"] == "query"),
                takes_body="requestBody" in told,
            )
            asked = QUERIES.get(operation.id, [""])
            for query in asked:
                given = {part.partition("=")[0] for part in query.split("&")}
                assert needed <= given, f"say in this test what {path} is asked with"
            if not is_public(path):
                found += [replace(operation, asked=query) for query in asked]
    return found


class Tenant:
    """A user with one of everything. `ids` are where it lies."""

    def __init__(self, client: httpx2.AsyncClient, token: str) -> None:
        self._client = client
        self.headers = bearer(token)
        self.ids: dict[str, str] = {}

    async def call(self, operation: Operation, ids: dict[str, str]) -> httpx2.Response:
        path = operation.path.format(**PLACES, **ids)
        headers = {**self.headers, **HEADERS.get(operation.id, {})}
        body = _body(operation.id, ids["session_id"]) if operation.takes_body else None
        url = f"{path}?{operation.asked}" if operation.asked else path
        return await self._client.request(operation.method, url, json=body, headers=headers)

    async def get(self, path: str) -> httpx2.Response:
        return await self._client.get(path, headers=self.headers)

    async def settle(self, services: Services, user_id: str) -> None:
        """Make a session, a material, artifacts and a job, which is cancelled so that it stays."""

        async def post(path: str, body: Any = None) -> Any:
            answer = await self._client.post(path, json=body, headers=self.headers)
            assert answer.is_success, answer.text
            return answer.json()

        session_id = (await post("/sessions", {"title": "Тайна"}))["id"]
        material = await post(f"/sessions/{session_id}/materials", {"title": "Т", "text": TEXT})
        async with UnitOfWork(services.engine) as uow:
            for kind, content in STORED.items():
                await artifacts.save_version(
                    uow,
                    kind,
                    user_id,
                    session_id,
                    content=content,
                    provenance=Provenance(),
                    base_version=0,
                )
            await uow.commit()
        job = await post("/jobs/agents/smoke/v1", {"session_id": session_id})
        await post(f"/jobs/{job['jobId']}/cancel")
        self.ids = {
            "session_id": session_id,
            "material_id": material["id"],
            "job_id": job["jobId"],
        }


def unknown() -> dict[str, str]:
    return {name: uuid4().hex for name in IDS}


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings.model_copy(update={"auth_mode": "token"}))


async def _tenant(client: httpx2.AsyncClient, services: Services, user_id: str) -> Tenant:
    issued = await new_user(services.engine, user_id)
    tenant = Tenant(client, issued.secret)
    await tenant.settle(services, user_id)
    return tenant


@pytest.fixture
async def anna(client: httpx2.AsyncClient, services: Services) -> Tenant:
    return await _tenant(client, services, "anna")


@pytest.fixture
async def boris(client: httpx2.AsyncClient, services: Services) -> Tenant:
    return await _tenant(client, services, "boris")


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    async with Redis.from_url(settings.redis_dsn()) as redis:
        yield redis


def _looks(answer: httpx2.Response) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, headers


async def _redis_commands(redis: Redis) -> dict[str, int]:
    """What Redis was asked for since the last time; what keeps a connection alive aside."""
    stats = await redis.info("commandstats")
    await redis.config_resetstat()
    beside = {"cmdstat_info", "cmdstat_config|resetstat", "cmdstat_ping", "cmdstat_client|setinfo"}
    return {name: each["calls"] for name, each in stats.items() if name not in beside}


def _foreign(anna: Tenant, boris: Tenant, operation: Operation) -> list[tuple[Any, Any]]:
    """For each id that could be another's: where anna's is, and where there is nothing."""
    nothing = unknown()
    pairs = [(anna.ids, nothing)]
    if len(operation.ids) > 1:
        for name in operation.ids - {"session_id"}:
            pairs.append(({**boris.ids, name: anna.ids[name]}, {**boris.ids, name: nothing[name]}))
    return pairs


async def test_anothers_is_as_good_as_none_on_every_route(
    app: FastAPI, anna: Tenant, boris: Tenant, redis: Redis, statements: list[str]
) -> None:
    operations = [each for each in _operations(app) if each.names_something]
    assert len(operations) >= 15
    reads = [each for each in operations if each.method == "GET"]
    assert {"export_synopsis", "diff_synopsis_versions", "follow_events"} <= {
        each.id for each in reads
    }
    before = [_looks(await anna.call(each, anna.ids)) for each in reads]
    assert {status for status, _, _ in before} == {200}

    for operation in operations:
        for anothers, nothing in _foreign(anna, boris, operation):
            seen = []
            for ids in (anothers, nothing):
                statements.clear()
                await _redis_commands(redis)
                looks = _looks(await boris.call(operation, ids))
                asked = [each for each in statements if "tokens" not in each]
                seen.append((looks, asked, await _redis_commands(redis)))
            of_another, of_nobody = seen
            assert of_another == of_nobody, operation
            assert of_another[0][0] == 404, operation

    assert [_looks(await anna.call(each, anna.ids)) for each in reads] == before


async def test_no_list_shows_what_is_anothers(
    app: FastAPI, anna: Tenant, boris: Tenant, redis: Redis
) -> None:
    lists = [each for each in _operations(app) if each.method == "GET" and not each.ids]
    assert {"/sessions", "/jobs"} <= {each.path for each in lists}
    for operation in lists:
        shown = await boris.get(operation.path)
        assert shown.status_code == 200
        assert not [name for name, each in anna.ids.items() if each in shown.text], operation
        for name in operation.query & IDS:
            seen = []
            for value in (anna.ids[name], unknown()[name]):
                await _redis_commands(redis)
                answer = await boris.get(f"{operation.path}?{name}={value}")
                seen.append((_looks(answer), await _redis_commands(redis)))
            assert seen[0] == seen[1], operation
            own = await boris.get(f"{operation.path}?{name}={boris.ids[name]}")
            assert len(own.json()["items"]) == 1, operation


async def test_a_job_in_anothers_session_is_ones_own_and_touches_nothing_of_it(
    anna: Tenant, boris: Tenant, client: httpx2.AsyncClient
) -> None:
    """A session's id says nothing by itself: claims and lists belong to the user first."""
    path = "/jobs/agents/smoke/v1"
    body = {"session_id": anna.ids["session_id"], "memory": "inmem"}
    first = await client.post(path, json=body, headers=anna.headers)
    other = await client.post(path, json=body, headers=boris.headers)
    assert (first.json()["deduplicated"], other.json()["deduplicated"]) == (False, False)
    assert first.json()["jobId"] != other.json()["jobId"]
    listed = await anna.get(f"/jobs?session_id={anna.ids['session_id']}")
    assert other.json()["jobId"] not in listed.text


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-User", "X-Remote-User", "Forwarded", "X-User-Id", "X-Real-IP"],
)
async def test_no_header_makes_one_another(
    anna: Tenant, boris: Tenant, client: httpx2.AsyncClient, header: str
) -> None:
    answer = await client.get("/whoami", headers={**boris.headers, header: "anna"})
    assert answer.json()["userId"] == "boris"
    session = f"/sessions/{anna.ids['session_id']}"
    answer = await client.get(session, headers={**boris.headers, header: "anna"})
    assert answer.status_code == 404
