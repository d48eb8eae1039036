"""What a process may have, as the kernel's files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.worker.memory_room import MemoryRoom, memory_room

MB = 1024**2


def _written(root: Path, files: dict[str, str]) -> tuple[Path, Path]:
    for name, text in {"proc/meminfo": "MemTotal:  8192 kB\nMemFree: 1 kB\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root / "proc", root / "cgroups"


@pytest.mark.parametrize(
    ("files", "room"),
    [
        ({}, MemoryRoom(8 * MB)),
        (
            {
                "proc/self/cgroup": "0::/\n",
                "cgroups/memory.max": "4194304\n",
                "cgroups/memory.stat": "anon 1000\nfile 9\n",
            },
            MemoryRoom(4 * MB, 1000),
        ),
        (
            {
                "proc/self/cgroup": "0::/system.slice/offstage.service\n",
                "cgroups/system.slice/offstage.service/memory.max": "max\n",
                "cgroups/system.slice/memory.max": "2097152\n",
                "cgroups/system.slice/memory.stat": "anon 7\n",
            },
            MemoryRoom(2 * MB, 7),
        ),
        (
            {
                "proc/self/cgroup": "4:memory:/docker/1a\n0::/\n",
                "cgroups/memory/memory.limit_in_bytes": "3145728\n",
                "cgroups/memory/memory.stat": "total_rss 5\n",
            },
            MemoryRoom(3 * MB, 5),
        ),
        (
            {
                "proc/self/cgroup": "4:cpu,memory:/\n",
                "cgroups/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            MemoryRoom(8 * MB),
        ),
    ],
    ids=["machine", "v2 in a container", "v2 of a parent", "v1 in a container", "v1 without limit"],
)
def test_the_narrowest_counts(tmp_path: Path, files: dict[str, str], room: MemoryRoom) -> None:
    assert memory_room(*_written(tmp_path, files)) == room


def test_nothing_is_known_elsewhere(tmp_path: Path) -> None:
    assert memory_room(tmp_path / "proc", tmp_path / "cgroups") is None
