"""Every kind of artifact by the same manners: what is missing, changed, compared, exported."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from backend.api.app import create_app
from backend.api.artifact_kinds import SERVED
from backend.api.deps import Services
from backend.db import artifacts
from backend.db.artifact_tables import saved_kinds
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import Provenance
from backend.settings import Settings
from backend.worker.submission import Submission

MODULES = [
    {"id": "m1", "title": "Очереди", "minutes": 60, "objectives": [{"text": "Понимать очереди"}]},
    {
        "id": "m2",
        "title": "Воркеры",
        "minutes": 30,
        "prerequisites": ["m1"],
        "check": {"question": "Что делает воркер?", "answer": "Выполняет задачи."},
    },
]
PLAN = {"title": "План", "language": "ru", "minutes": 90, "modules": MODULES}
REPORT = {
    "title": "Отчёт",
    "language": "ru",
    "figures": {
        "words": 700,
        "sentences": 50,
        "readingMinutes": 4,
        "wordsPerSentence": 14.0,
        "readingEase": 41.5,
        "difficulty": "medium",
    },
    "topics": [
        {
            "title": "Очереди",
            "words": 700,
            "share": 1,
            "readingMinutes": 4,
            "difficulty": "medium",
            "notes": 0,
        }
    ],
    "gaps": [{"kind": "term", "subject": "TTL", "text": "Сокращение «TTL» не расшифровано."}],
    "questions": [{"question": "Что хранит очередь?", "answer": "Задачи."}],
}
FOUND = {
    "title": "Источники",
    "language": "ru",
    "gaps": [
        {
            "id": "g1",
            "topic": "TTL",
            "why": "Не расшифровано.",
            "origin": "analytics",
            "queries": ["TTL"],
        }
    ],
    "sources": [
        {
            "kind": "article",
            "title": "Что хранит очередь?",
            "providers": ["crossref"],
            "closes": ["g1"],
            "why": "Объясняет TTL.",
            "url": "https://example.org/ttl",
        }
    ],
    "searched": [{"provider": "crossref", "status": "searched", "queries": 1, "found": 1}],
}
CONTENTS: dict[str, dict[str, Any]] = {"plan": PLAN, "analytics": REPORT, "sources": FOUND}
AGENTS = {
    "plan": "learning_planner",
    "analytics": "session_analyst",
    "sources": "source_finder",
}
CHANGES = {"plan": {"modules": MODULES[:1]}, "analytics": {"gaps": []}, "sources": {"sources": []}}
KINDS = {served.name: served.kind for served in SERVED}
each_kind = pytest.mark.parametrize("name", CONTENTS)


async def _save(services: Services, session_id: str, name: str) -> None:
    async with UnitOfWork(services.engine) as uow:
        await artifacts.save_version(
            uow,
            KINDS[name],
            "local",
            session_id,
            content=CONTENTS[name],
            provenance=Provenance(job_id=f"job-{name}", attempt=1),
            base_version=0,
        )
        await uow.commit()


def test_every_kind_that_is_saved_is_served() -> None:
    assert {kind.name for kind in saved_kinds()} == set(KINDS)


@each_kind
async def test_a_missing_one_tells_whether_it_is_being_made(
    client: httpx2.AsyncClient, services: Services, session_id: str, name: str
) -> None:
    address = f"/sessions/{session_id}/{name}"
    before = (await client.get(address)).json()
    assert (before["code"], before["generation"]) == (f"{name}_not_found", None)
    submission = Submission(AGENTS[name], "v1", session_id, "local", {}, memory="backend")
    job_id = (await services.queue.submit(submission)).job_id

    assert (await client.get(address)).json()["generation"]["jobId"] == job_id


@each_kind
async def test_reading_changing_restoring_and_comparing(
    client: httpx2.AsyncClient, services: Services, session_id: str, name: str
) -> None:
    address = f"/sessions/{session_id}/{name}"
    await _save(services, session_id, name)
    first = await client.get(address)
    assert (first.status_code, first.json()["version"], first.json()["kind"]) == (200, 1, "agent")
    known = await client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304

    body = {"title": "Иначе", **CHANGES[name]}
    assert (await client.put(address, json=body)).status_code == 428
    edited = await client.put(address, json=body, headers={"If-Match": first.headers["ETag"]})
    assert edited.status_code == 200
    assert (edited.json()["version"], edited.json()["title"]) == (2, "Иначе")
    stale = await client.put(address, json=body, headers={"If-Match": first.headers["ETag"]})
    assert stale.status_code == 412

    diff = (await client.get(f"{address}/versions/2/diff", params={"against": 1})).json()
    assert [run["text"] for run in diff["title"] if run["op"] == "insert"] == ["Иначе"]
    assert diff["removed"] >= 1

    restored = await client.post(f"{address}/versions/1/restore")
    assert (restored.status_code, restored.json()["version"]) == (201, 3)
    whole = (await client.get(f"{address}/versions/1")).json()
    assert {key: whole[key] for key in ("title", "version")} == {
        "title": CONTENTS[name]["title"],
        "version": 1,
    }
    listed = (await client.get(f"{address}/versions")).json()["items"]
    assert [(each["version"], each["kind"]) for each in listed] == [
        (3, "restore"),
        (2, "edit"),
        (1, "agent"),
    ]


@each_kind
@pytest.mark.parametrize("format", ["md", "html", "pdf", "anki"])
async def test_exports(
    client: httpx2.AsyncClient, services: Services, session_id: str, name: str, format: str
) -> None:
    await _save(services, session_id, name)
    answer = await client.get(f"/sessions/{session_id}/{name}/export", params={"format": format})

    if (name, format) == ("sources", "anki"):
        assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_export")
        return
    assert answer.status_code == 200
    assert f'filename="{name}.' in answer.headers["Content-Disposition"]
    if format in ("md", "html"):
        question = "Что делает воркер?" if name == "plan" else "Что хранит очередь?"
        assert question in answer.text
    else:
        assert answer.content[:2] == {"pdf": b"%P", "anki": b"PK"}[format]


async def test_a_persons_change_of_a_plan_is_marked_and_its_minutes_are_summed(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    await _save(services, session_id, "plan")
    longer = [{**MODULES[0], "minutes": 45, "own": ["check"]}, MODULES[1]]
    answer = await client.put(
        f"/sessions/{session_id}/plan",
        json={"title": "План", "modules": longer},
        headers={"If-Match": '"1"'},
    )
    plan = answer.json()

    assert plan["minutes"] == 75
    assert [module["own"] for module in plan["modules"]] == [["minutes"], []]
    assert (plan["language"], plan["level"]) == ("ru", "beginner")


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ([MODULES[1]], "there is no such module"),
        ([MODULES[1], MODULES[0]], "doesn't come before it"),
        ([MODULES[0], MODULES[0]], "Two modules have the id"),
    ],
)
async def test_a_plan_that_does_not_hold_together_is_refused(
    client: httpx2.AsyncClient,
    services: Services,
    session_id: str,
    modules: list[dict[str, Any]],
    message: str,
) -> None:
    await _save(services, session_id, "plan")
    address = f"/sessions/{session_id}/plan"
    answer = await client.put(
        address, json={"title": "План", "modules": modules}, headers={"If-Match": '"1"'}
    )

    assert answer.status_code == 422
    assert message in answer.json()["errors"][0]["message"]
    assert (await client.get(address)).json()["version"] == 1


async def test_what_a_person_changed_in_a_list_is_marked_by_the_server(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    await _save(services, session_id, "sources")
    own = {"kind": "book", "title": "Моя", "why": "Знаю её.", "edited": False}
    answer = await client.put(
        f"/sessions/{session_id}/sources",
        json={"title": "Источники", "sources": [own, {**FOUND["sources"][0], "edited": True}]},
        headers={"If-Match": '"1"'},
    )

    assert answer.status_code == 200, answer.text
    assert [source["edited"] for source in answer.json()["sources"]] == [True, False]


async def test_a_source_that_leads_elsewhere_than_the_web_is_refused(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    await _save(services, session_id, "sources")
    source = {**FOUND["sources"][0], "url": "javascript:alert(1)"}
    answer = await client.put(
        f"/sessions/{session_id}/sources",
        json={"title": "Источники", "sources": [source]},
        headers={"If-Match": '"1"'},
    )

    assert answer.status_code == 422
    assert "sources.0.url must begin with https://" in answer.json()["errors"][0]["message"]


async def test_figures_are_nobodys_to_change(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    await _save(services, session_id, "analytics")
    answer = await client.put(
        f"/sessions/{session_id}/analytics",
        json={"title": "Отчёт", "figures": REPORT["figures"]},
        headers={"If-Match": '"1"'},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].endswith("figures")


@pytest.mark.parametrize(
    ("titles", "if_match", "status"),
    [(["Очереди задач"], 1, 200), (["Одна", "Другая"], 1, 422), (["Одна", "Другая"], 7, 412)],
)
async def test_topics_of_a_report_can_be_renamed_all_in_their_order(
    client: httpx2.AsyncClient,
    services: Services,
    session_id: str,
    titles: list[str],
    if_match: int,
    status: int,
) -> None:
    await _save(services, session_id, "analytics")
    answer = await client.put(
        f"/sessions/{session_id}/analytics",
        json={"title": "Отчёт", "topicTitles": titles},
        headers={"If-Match": f'"{if_match}"'},
    )

    assert answer.status_code == status, answer.text
    if status == 200:
        (topic,) = answer.json()["topics"]
        assert (topic["title"], topic["madeAs"], topic["words"]) == (titles[0], "Очереди", 700)
    elif status == 422:
        assert answer.json()["errors"][0]["field"] == "topic_titles"


def test_each_kind_has_a_schema_of_its_own() -> None:
    told = create_app(Settings(_env_file=None)).openapi()
    models = {
        name: told["paths"][f"/sessions/{{session_id}}/{name}"]["get"]["responses"]["200"][
            "content"
        ]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for name in KINDS
    }
    assert models == {name: f"{name.capitalize()}Out" for name in KINDS}
    assert set(told["components"]["schemas"]["PlanOut"]["required"]) >= {"modules", "generation"}
