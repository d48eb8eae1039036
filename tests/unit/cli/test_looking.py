"""`agents`, `jobs`, `doctor`: what they show, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Offstage
from tests.unit.cli.stub_api import StubApi, serving

JOB = {
    "jobId": "0f" * 16,
    "agent": "synopsis_manager",
    "version": "v1",
    "sessionId": "ab" * 16,
    "status": "done",
    "createdAt": "2026-11-22T10:00:00Z",
}


def test_agents_of_this_installation_when_nothing_runs(offstage: Offstage) -> None:
    listed = offstage("agents")
    assert listed.exit_code == 0
    assert "synopsis_manager@v1" in listed.stdout
    items = json.loads(offstage("agents", "--json").stdout)["items"]
    by_id = {item["id"]: item for item in items}
    assert by_id["synopsis_manager"]["saves"] == "synopsis"
    assert "properties" in by_id["smoke"]["inputSchema"]


def test_agents_of_the_running_offstage_when_one_is_named(offstage: Offstage) -> None:
    theirs = {"id": "theirs", "version": "v2", "saves": None, "summary": "Counts [bold] sheep."}
    with serving(StubApi({"GET /agents": (200, {"items": [theirs]})})) as api:
        listed = offstage("agents", "--url", api.url)
    assert "theirs@v2" in listed.stdout
    assert "Counts [bold] sheep." in listed.stdout


def test_jobs_as_a_table_and_as_json(offstage: Offstage, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(StubApi({"GET /jobs": (200, {"items": [JOB]})})) as api:
        monkeypatch.setenv("OFFSTAGE_URL", api.url)
        table = offstage("jobs", "--status", "done", "--session", "s1", "--limit", "5").stdout
        told = json.loads(offstage("jobs", "--json").stdout)
    assert JOB["jobId"] in table
    assert JOB["sessionId"] in table
    assert told == {"items": [JOB]}
    assert api.asked[0] == "GET /jobs?session_id=s1&status=done&limit=5"


def test_no_jobs_is_a_remark_and_no_error(offstage: Offstage) -> None:
    with serving(StubApi({"GET /jobs": (200, {"items": []})})) as api:
        result = offstage("jobs", "--url", api.url)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no such jobs" in result.stderr


def test_jobs_needs_a_running_offstage(offstage: Offstage) -> None:
    result = offstage("jobs")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "offstage up" in result.stderr


@pytest.mark.parametrize("before", [True, False])
def test_cancel_says_how_the_job_ended(offstage: Offstage, before: bool) -> None:
    ended = {"status": "failed", "error": {"code": "cancelled"}}
    answers = {
        "POST /jobs/j1/cancel": (202, {"status": "running"}),
        "GET /jobs/j1": [(200, {"status": "running"}), (200, ended)],
    }
    with serving(StubApi(answers)) as api:
        there = ["--url", api.url]
        words = ["jobs", *there, "cancel", "j1"] if before else ["jobs", "cancel", "j1", *there]
        result = offstage(*words)
    assert (result.exit_code, result.stdout) == (0, "j1: failed: cancelled\n")


def test_doctor_finds_a_bare_machine_well(offstage: Offstage, tmp_path: Path) -> None:
    result = offstage("doctor")
    assert result.exit_code == 0, result.output
    assert "offline:extractive: no key, no network" in result.stdout
    assert not (tmp_path / "data").exists(), "looking changes nothing"


def test_doctor_names_what_is_broken_and_keeps_secrets(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://me:topsecret@127.0.0.1:1/0")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:topsecret@127.0.0.1:1/x")
    monkeypatch.setenv("AGENTS_DEFAULT_MODEL", "openai:some-model")
    monkeypatch.setenv("AGENT_RATE_LIMITS", "no_agent: 5/minute")
    result = offstage("doctor", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["ok"] is False
    broken = {each["part"]: each for each in told["findings"] if each["verdict"] == "broken"}
    assert set(broken) == {"settings", "Redis", "database", "model"}
    assert "OPENAI_API_KEY" in broken["model"]["advice"]
    assert "AGENT_RATE_LIMITS" in broken["settings"]["advice"]
    assert "topsecret" not in result.output


def test_doctor_tells_that_a_key_is_set_and_not_which(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTS_DEFAULT_MODEL", "openai:some-model")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-topsecret")
    result = offstage("doctor")
    assert result.exit_code == 0, result.output
    assert "OPENAI_API_KEY is set" in result.stdout
    assert "topsecret" not in result.output


def test_doctor_looks_at_a_real_redis(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    findings = json.loads(offstage("doctor", "--json").stdout)["findings"]
    by_part = {each["part"]: each for each in findings}
    assert "noeviction" in by_part["Redis"]["detail"]
    assert by_part["workers"]["verdict"] == "warning"


def test_doctor_stops_at_settings_it_cannot_read(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_QUEUE", "topsecret value")
    result = offstage("doctor")
    assert result.exit_code == 1
    assert "AGENT_QUEUE" in result.stdout
    assert "topsecret" not in result.output
