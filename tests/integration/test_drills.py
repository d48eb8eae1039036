"""Small versions of `make drill`: processes killed, frozen, replaced; Redis killed, full, empty."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.drill import away, flushall, freeze, full, kill, locked, rolling, ttl
from bench.report import Table

SMALL: dict[str, Callable[[Path], Table]] = {
    "kill": lambda folder: kill.run(
        folder,
        1,
        kill.Plan(
            jobs=12,
            shortest_s=0.5,
            longest_s=1.5,
            workers=2,
            concurrency=4,
            kills=2,
            kill_every_s=0.5,
            kill_redis=False,
            within_s=40,
        ),
    ),
    "freeze": lambda folder: freeze.run(
        folder, 1, freeze.Plan(jobs=5, shortest_s=0.8, longest_s=1.5, past_lease_s=1.5)
    ),
    "rolling": lambda folder: rolling.run(
        folder,
        1,
        rolling.Plan(jobs=12, shortest_s=1.5, longest_s=3, workers=2, grace_s=0.3),
    ),
    "ttl": lambda folder: ttl.run(folder, 1, ttl.Plan(jobs=60)),
    "redis-away": lambda folder: away.run(
        folder, 1, away.Plan(jobs=8, shortest_s=0.5, longest_s=4, away_s=2)
    ),
    "redis-full": lambda folder: full.run(
        folder, 1, full.Plan(jobs=8, shortest_s=0.5, longest_s=3, full_s=2)
    ),
    "flushall": lambda folder: flushall.run(
        # So long that the next beat, which tells a run that it is forgotten, comes before its end.
        folder,
        1,
        flushall.Plan(done=3, running=3, long_s=5.0),
    ),
    "sql-locked": lambda folder: locked.run(
        folder, 1, locked.Plan(jobs=6, shortest_s=0.3, longest_s=1.0, locked_s=2)
    ),
}


@pytest.fixture
def folder() -> Iterator[Path]:
    # pytest's own temporary paths can be too long for a socket address.
    with tempfile.TemporaryDirectory(prefix="offstage-drill-") as path:
        yield Path(path)


@pytest.mark.parametrize("name", SMALL)
def test_nothing_is_lost(name: str, folder: Path) -> None:
    table = SMALL[name](folder)
    assert not table.fell_short, f"\n{table}"
