"""`offstage synopsis` and its neighbours against the real thing, as a person types them."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx2
import pytest

from backend.cli.client import OffstageClient
from backend.cli.waiting import wait_for_job
from backend.supervisor.data_dir import find_running
from tests.acceptance.command import offstage, start_offstage
from tests.acceptance.conftest import RunningOffstage
from tests.processes import descendants, wait_until_gone

# The offline model works on this for several seconds.
LONG_TEXT_PARAGRAPHS = 1_000
LONGEST_WAIT_S = 20.0


def test_notes_of_a_small_file_are_markdown_on_stdout(
    running: RunningOffstage, samples: Path
) -> None:
    made = offstage(running.data_dir, "synopsis", samples / "caching.md")
    assert made.returncode == 0, made.stderr.decode()
    notes = made.stdout.decode()
    assert notes.startswith("# Caching\n")
    assert "time to live" in notes
    assert made.stderr == b"", "nobody looks at a bar that goes to a pipe"


def test_json_is_the_synopsis_as_the_api_answers_it(
    running: RunningOffstage, samples: Path
) -> None:
    made = offstage(running.data_dir, "synopsis", "--json", samples / "caching.md")
    told = json.loads(made.stdout)
    there = httpx2.get(f"{running.url}/sessions/{running.sessions()[0]}/synopsis").json()
    assert told == there
    assert told["version"] == 1
    assert any(item["sources"] for item in told["items"])


def test_a_lecture_from_standard_input_under_a_title_of_its_own(
    running: RunningOffstage, shared_data: Path
) -> None:
    lecture = (shared_data / "ru" / "rust_book_ru_ch04.md").read_bytes()
    made = offstage(running.data_dir, "synopsis", "--title", "Владение", "-", stdin=lecture)
    assert made.returncode == 0, made.stderr.decode()
    notes = made.stdout.decode()
    assert notes.startswith("# Владение\n")
    assert "владел" in notes.lower()


def test_several_files_are_materials_of_one_session(
    running: RunningOffstage, samples: Path
) -> None:
    files = [samples / "caching.md", samples / "documents" / "talk.srt"]
    before = running.sessions()
    made = offstage(running.data_dir, "synopsis", *files)
    assert made.returncode == 0, made.stderr.decode()
    (session,) = set(running.sessions()) - set(before)
    materials = httpx2.get(f"{running.url}/sessions/{session}/materials").json()["items"]
    assert [material["format"] for material in materials] == ["md", "srt"]
    named = httpx2.get(f"{running.url}/sessions/{session}").json()["title"]
    assert named == ", ".join(material["title"] for material in materials)


def test_unreadable_files_are_named_and_nothing_stays(
    running: RunningOffstage, samples: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "fake.docx").write_text("just text")
    before = running.sessions()
    files = [tmp_path / "empty.txt", samples / "caching.md", tmp_path / "fake.docx"]
    made = offstage(running.data_dir, "synopsis", *files)
    assert (made.returncode, made.stdout) == (1, b"")
    first, second = made.stderr.decode().splitlines()
    assert "“empty.txt” is empty" in first
    assert "“fake.docx”" in second
    assert running.sessions() == before


def test_a_running_offstage_keeps_its_own_model(running: RunningOffstage, samples: Path) -> None:
    before = running.sessions()
    made = offstage(
        running.data_dir, "synopsis", "--model", "openai:some-model", samples / "caching.md"
    )
    assert (made.returncode, made.stdout) == (2, b"")
    assert b"AGENTS_DEFAULT_MODEL" in made.stderr
    assert running.sessions() == before


def test_another_offstage_is_used_by_its_address(
    running: RunningOffstage, data_dir: Path, samples: Path
) -> None:
    made = offstage(data_dir, "synopsis", samples / "caching.md", OFFSTAGE_URL=running.url)
    assert made.returncode == 0, made.stderr.decode()
    assert not data_dir.exists(), "an own one would have been started there"


def test_jobs_agents_and_doctor_of_a_running_offstage(
    running: RunningOffstage, samples: Path
) -> None:
    assert offstage(running.data_dir, "synopsis", samples / "caching.md").returncode == 0
    session = running.sessions()[0]
    listed = json.loads(offstage(running.data_dir, "jobs", "--json", "--session", session).stdout)
    (job,) = listed["items"]
    assert (job["status"], job["agent"]) == ("done", "synopsis_manager")

    again = offstage(running.data_dir, "jobs", "cancel", job["jobId"])
    assert (again.returncode, b"done in" in again.stdout) == (0, True), "an ended job stays"
    unknown = offstage(running.data_dir, "jobs", "cancel", "nothing")
    assert (unknown.returncode, b"no such job" in unknown.stderr) == (1, True)

    assert b"synopsis_manager@v1" in offstage(running.data_dir, "agents").stdout
    checked = json.loads(offstage(running.data_dir, "doctor", "--json").stdout)
    by_part = {finding["part"]: finding for finding in checked["findings"]}
    assert checked["ok"], checked
    assert running.url in by_part["Offstage"]["detail"]
    assert by_part["workers"]["detail"] == "1 at work"
    assert "up to date" in by_part["database"]["detail"]


def test_ctrl_c_cancels_the_job_it_started(running: RunningOffstage, tmp_path: Path) -> None:
    before = running.sessions()
    command = start_offstage(running.data_dir, "synopsis", _long_text(tmp_path))
    job_id = _running_job(running)
    command.send_signal(signal.SIGINT)
    said, told = command.communicate(timeout=15)
    assert (command.returncode, said, told) == (130, b"", b"")
    assert running.sessions() == before
    with OffstageClient(running.url) as client:
        job = wait_for_job(client, job_id, lambda _job: None)
    assert job["error"]["code"] == "cancelled"


def test_without_a_running_one_an_own_one_works_and_goes(data_dir: Path, samples: Path) -> None:
    made = offstage(data_dir, "synopsis", samples / "caching.md")
    assert made.returncode == 0, made.stderr.decode()
    assert made.stdout.startswith(b"# Caching\n")
    assert find_running(data_dir) is None
    assert not list(data_dir.glob("*.sock"))
    assert (data_dir / "offstage.db").exists(), "the notes are there for the next start"


def test_own_ones_do_not_disturb_each_other(data_dir: Path, samples: Path) -> None:
    """The second finds the data directory in use, and takes none that is about to go."""
    both = [start_offstage(data_dir, "synopsis", samples / "caching.md") for _ in range(2)]
    answers = [command.communicate(timeout=30) for command in both]
    assert [command.returncode for command in both] == [0, 0], answers
    assert all(said.startswith(b"# Caching\n") for said, _ in answers)


def test_a_model_is_chosen_for_an_own_one(data_dir: Path, samples: Path) -> None:
    made = offstage(data_dir, "synopsis", "--model", "openai:some-model", samples / "caching.md")
    assert (made.returncode, made.stdout) == (1, b"")
    assert b"OPENAI_API_KEY" in made.stderr


def test_ctrl_c_in_an_own_one_leaves_nothing_running(data_dir: Path, tmp_path: Path) -> None:
    # With OFFSTAGE_DEBUG the worker's lines are passed on, so that the moment can be seen.
    command = start_offstage(data_dir, "synopsis", _long_text(tmp_path), OFFSTAGE_DEBUG="1")
    assert command.stderr is not None
    _read_until(command.stderr, "job started")
    children = descendants(command.pid)
    assert len(children) >= 3, children
    command.send_signal(signal.SIGINT)
    said, _ = command.communicate(timeout=20)
    assert (command.returncode, said) == (130, b"")
    for pid in children:
        wait_until_gone(pid)


@pytest.fixture
def up(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = start_offstage(data_dir, "up", "--port", "0")
    yield command
    command.kill()
    command.communicate()


def test_up_says_where_it_is_and_ctrl_c_ends_it_well(
    up: subprocess.Popen[bytes], data_dir: Path
) -> None:
    assert up.stdout is not None
    told = _read_until(up.stdout, "Ctrl-C stops it.")
    running = find_running(data_dir)
    assert running is not None
    for part in (running.url, str(data_dir), "embedded", "SQLite", "offline:extractive"):
        assert part in told
    assert httpx2.get(f"{running.url}/readyz").status_code == 200

    second = offstage(data_dir, "up", "--port", "0")
    assert (second.returncode, second.stdout) == (1, b"")
    assert f"process {up.pid}, {running.url}" in second.stderr.decode()

    children = descendants(up.pid)
    up.send_signal(signal.SIGINT)
    up.communicate(timeout=20)
    assert up.returncode == 0
    for pid in children:
        wait_until_gone(pid)


@pytest.fixture
def parts(
    data_dir: Path, redis_url: str, sqlite_url: str
) -> Iterator[tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """An API and a worker, each started by hand."""
    shared = {"REDIS_URL": redis_url, "DATABASE_URL": sqlite_url, "LOG_FORMAT": "json"}
    commands = (
        start_offstage(data_dir, "api", "--port", "0", **shared),
        start_offstage(data_dir, "worker", **shared),
    )
    yield commands
    for command in commands:
        command.kill()
        command.communicate()


def test_api_and_worker_started_apart_do_the_same_work(
    parts: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]], data_dir: Path, samples: Path
) -> None:
    api, worker = parts
    assert api.stderr is not None
    assert worker.stderr is not None
    url = json.loads(_read_until(api.stderr, "api listens").splitlines()[-1])["url"]
    _read_until(worker.stderr, "worker ready")
    made = offstage(data_dir, "synopsis", "--url", url, samples / "caching.md")
    assert made.returncode == 0, made.stderr.decode()
    assert made.stdout.startswith(b"# Caching\n")

    for command in parts:
        command.send_signal(signal.SIGINT)
    _, api_log = api.communicate(timeout=15)
    worker.communicate(timeout=15)
    assert (api.returncode, worker.returncode) == (0, 0)
    assert b"GET /jobs" not in api_log, "no access log: every poll would be a line"


def test_a_worker_without_a_redis_says_so(data_dir: Path) -> None:
    alone = offstage(data_dir, "worker")
    assert (alone.returncode, alone.stdout) == (1, b"")
    assert b"offstage up" in alone.stderr
    assert b"Traceback" not in alone.stderr


def _long_text(folder: Path) -> Path:
    paragraphs = (
        " ".join(
            f"The cache number {place} of page {page} keeps result {page * place} for a request."
            for place in range(1, 9)
        )
        for page in range(LONG_TEXT_PARAGRAPHS)
    )
    file = folder / "long.txt"
    file.write_text("\n\n".join(paragraphs))
    return file


def _running_job(offstage: RunningOffstage) -> str:
    """The id of the job that runs, as soon as one does."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < deadline:
        jobs = httpx2.get(f"{offstage.url}/jobs", params={"status": "running"}).json()["items"]
        if jobs:
            return str(jobs[0]["jobId"])
        time.sleep(0.05)
    pytest.fail("no job has started")


def _read_until(output: IO[bytes], part: str) -> str:
    """What it writes, up to the line that has `part`."""
    seen: list[str] = []
    for line in output:
        seen.append(line.decode())
        if part in seen[-1]:
            return "".join(seen)
    pytest.fail(f"no line with {part!r} in:\n{''.join(seen)}")
