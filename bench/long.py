"""Materials of up to 800,000 characters to notes with the offline model: time, reports, memory."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import pss_mb
from bench.report import Table
from bench.samples import long_text, without_marks
from bench.servers import Servers

_SIZES = (100_000, 200_000, 400_000, 800_000)
_WITHIN_S, _MOST_MB, _REPORT_EVERY_S = 30.0, 500.0, 2.0
_SAMPLE_S = 0.1
_GIVE_UP_S = 180.0


@dataclass
class _Run:
    took_s: float
    silent_s: float
    most_mb: float


def run(folder: Path) -> Table:
    table = Table("long materials to notes, offline model, a worker just started for each")
    for language in ("en", "ru"):
        for chars in _SIZES:
            _add(table, f"{language} {chars:,} characters", folder, long_text(language, chars))
        spoken = without_marks(long_text(language, _SIZES[-1]))
        _add(table, f"{language} {len(spoken):,} without marks", folder, spoken)
    return table


def _add(table: Table, name: str, folder: Path, text: str) -> None:
    one = _measure(folder / name.replace(" ", "-"), text)
    table.add(
        name,
        f"{one.took_s:.1f} s  longest without a report {one.silent_s:.1f} s  "
        f"worker's processes {one.most_mb:.0f} MB",
        goal=f"<= {_WITHIN_S:g} s, {_REPORT_EVERY_S:g} s, {_MOST_MB:g} MB",
        met=one.took_s <= _WITHIN_S and one.silent_s <= _REPORT_EVERY_S and one.most_mb <= _MOST_MB,
    )


def _measure(folder: Path, text: str) -> _Run:
    with Servers(folder, concurrency=4) as servers:
        client = servers.connect()
        _, session = client.post("/sessions", {"title": "bench"})
        status, said = client.post(
            f"/sessions/{session['id']}/materials", {"title": "long", "text": text}
        )
        assert status == 201, said
        with _Memory([worker.pid for worker in servers.workers]) as memory:
            began = time.perf_counter()
            status, job = client.post(
                "/agents/synopsis_manager/v1/synopsis", {"session_id": session["id"], "query": {}}
            )
            assert status == 202, job
            reports = _reports(servers.port, job["jobId"])
            took_s = time.perf_counter() - began
        times = [began, *reports, began + took_s]
        silent_s = max(b - a for a, b in itertools.pairwise(times))
        return _Run(took_s, silent_s, memory.most_mb)


def _reports(port: int, job_id: str) -> list[float]:
    """When progress was reported, until the job's stream ended."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_GIVE_UP_S)
    connection.request("GET", f"/jobs/{job_id}/events")
    answer = connection.getresponse()
    heard, last = [], ""
    while line := answer.readline():
        if line.startswith(b"data:"):
            last = json.loads(line.removeprefix(b"data:"))["event"]["type"]
            if last == "progress":
                heard.append(time.perf_counter())
    connection.close()
    assert last == "final_result", f"the job ended with {last!r}"
    return heard


@dataclass
class _Memory:
    """The most that processes and all below them used at a time, sampled while it is entered."""

    pids: list[int]
    most_mb: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> _Memory:
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(_SAMPLE_S):
            self.most_mb = max(self.most_mb, sum(map(pss_mb, self.pids)))
