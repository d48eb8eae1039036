"""Notes of files: one session for all of them, and nothing half-made stays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from backend.cli.client import OffstageClient
from backend.cli.errors import Refused, RunFailed, UnusableFiles
from backend.cli.notes import MadeNotes, Wishes, make_notes, update_notes
from backend.cli.progress import JobProgress
from backend.cli.sources import Source
from tests.unit.cli.stub_api import Answer, StubApi, problem, serving

SESSION, MATERIALS = "/sessions/s1", "POST /sessions/s1/materials"
START = "POST /agents/synopsis_manager/v1/synopsis"
NOTES = {"title": "Two, Three", "language": "en", "items": []}


@pytest.fixture
def api() -> Iterator[StubApi]:
    """An Offstage where everything goes well."""
    answers: dict[str, Answer | list[Answer]] = {
        "POST /sessions": (201, {"id": "s1"}),
        MATERIALS: [(201, {"title": "Two"}), (201, {"title": "Three"})],
        f"PATCH {SESSION}": (200, {}),
        f"DELETE {SESSION}": (200, {}),
        START: (202, {"jobId": "j1"}),
        "GET /jobs/j1": (200, {"status": "done", "attempt": 1}),
        f"GET {SESSION}/synopsis": (200, NOTES),
    }
    with serving(StubApi(answers)) as stub:
        yield stub


def notes_of(api: StubApi, *names: str, **wishes: str) -> dict[str, Any]:
    sources = [Source(name, io.BytesIO(b"text")) for name in names]
    with OffstageClient(api.url) as client, JobProgress() as progress:
        return make_notes(client, sources, Wishes(**wishes), progress).synopsis


def test_files_become_materials_of_one_session_named_after_them(api: StubApi) -> None:
    assert notes_of(api, "two.md", "three.md") == NOTES
    assert api.asked.count(MATERIALS) == 2
    assert api.bodies[f"PATCH {SESSION}"] == {"title": "Two, Three"}
    assert api.bodies[START] == {"session_id": "s1", "query": {}}
    assert f"DELETE {SESSION}" not in api.asked


def test_wishes_are_handed_on(api: StubApi) -> None:
    notes_of(api, "two.md", title="Mine", language="ru", instructions="Short.")
    assert api.bodies["POST /sessions"] == {"title": "Mine", "language": "ru"}
    assert api.bodies[START]["query"] == {"instructions": "Short."}
    assert f"PATCH {SESSION}" not in api.asked


def test_every_refused_file_is_named_and_nothing_stays(api: StubApi) -> None:
    api.answers[MATERIALS] = [
        (422, problem("material_unreadable", "“a.pdf” is a scan.")),
        (201, {"title": "B"}),
        (413, problem("too_large", "At most 25665 KiB.")),
    ]
    with pytest.raises(UnusableFiles) as refused:
        notes_of(api, "a.pdf", "b.txt", "c.txt")
    assert refused.value.message == "“a.pdf” is a scan.\nc.txt: At most 25665 KiB."
    assert START not in api.asked
    assert api.asked[-1] == f"DELETE {SESSION}"


def test_a_failed_job_says_why_and_nothing_stays(api: StubApi) -> None:
    error = {"code": "provider_error", "message": "The key was refused.", "retryable": False}
    api.answers["GET /jobs/j1"] = (200, {"status": "failed", "attempt": 1, "error": error})
    with pytest.raises(RunFailed, match=r"The key was refused\. \(provider_error, job j1\)"):
        notes_of(api, "two.md")
    assert api.asked[-1] == f"DELETE {SESSION}"


def test_ctrl_c_deletes_the_session_and_with_it_the_job(
    api: StubApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("backend.cli.notes.wait_for_job", interrupted)
    with pytest.raises(KeyboardInterrupt):
        notes_of(api, "two.md")
    assert api.asked[-1] == f"DELETE {SESSION}"


def test_the_first_error_is_told_even_if_cleaning_up_fails(api: StubApi) -> None:
    api.answers[START] = (503, problem("unavailable", "Redis is away."))
    api.answers[f"DELETE {SESSION}"] = (500, problem("internal", "No."))
    with pytest.raises(Refused, match="Redis is away"):
        notes_of(api, "two.md")


def updated(api: StubApi, *names: str, anyway: bool = False) -> MadeNotes:
    sources = [Source(name, io.BytesIO(b"text")) for name in names]
    with OffstageClient(api.url) as client, JobProgress() as progress:
        return update_notes(client, "s1", sources, Wishes(), progress, anyway=anyway)


def test_an_update_adds_its_files_and_keeps_what_there_is(api: StubApi) -> None:
    made = updated(api, "more.md")

    assert (made.synopsis, made.unchanged) == (NOTES, False)
    assert api.asked[0] == MATERIALS
    assert f"{START}?reuse=unchanged" in api.asked
    assert api.bodies[f"{START}?reuse=unchanged"]["query"] == {"action": "update"}


def test_what_has_not_changed_is_printed_without_a_run(api: StubApi) -> None:
    api.answers[START] = (200, {"unchanged": True, "version": 3})
    api.answers[f"GET {SESSION}/synopsis/versions/3"] = (200, {**NOTES, "version": 3})
    made = updated(api)

    assert (made.synopsis["version"], made.unchanged) == (3, True)
    assert "GET /jobs/j1" not in api.asked


def test_anyway_is_a_run_and_first_notes_are_created(api: StubApi) -> None:
    missing = (404, problem("synopsis_not_found", "None yet."))
    api.answers[f"GET {SESSION}/synopsis"] = [missing, (200, NOTES)]
    updated(api, anyway=True)

    assert api.bodies[START]["query"] == {"action": "create"}


def test_an_update_that_fails_deletes_nothing(api: StubApi) -> None:
    api.answers[START] = (503, problem("unavailable", "Redis is away."))
    with pytest.raises(Refused):
        updated(api)
    assert not any(asked.startswith("DELETE") for asked in api.asked)
