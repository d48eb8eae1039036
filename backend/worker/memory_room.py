"""How much memory the machine, or the container on it, gives a process, and how much is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")
_KILOBYTE = 1024


@dataclass(frozen=True)
class MemoryRoom:
    """`taken_bytes` is what the whole container has taken; 0 where there is none."""

    given_bytes: int
    taken_bytes: int = 0


def memory_room(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> MemoryRoom | None:
    """The narrowest there is: of the cgroups around this process, or the machine. None if nothing
    says so."""
    rooms = [*_of_cgroups(proc, cgroups), *_of_machine(proc)]
    return min(rooms, key=lambda room: room.given_bytes, default=None)


def _of_machine(proc: Path) -> Iterator[MemoryRoom]:
    given_kilobytes = _numbers(proc / "meminfo").get("MemTotal:")
    if given_kilobytes:
        yield MemoryRoom(given_kilobytes * _KILOBYTE)


def _of_cgroups(proc: Path, cgroups: Path) -> Iterator[MemoryRoom]:
    for line in _lines(proc / "self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            limit, taken, root = "memory.max", "anon", cgroups
        elif "memory" in controllers.split(","):
            limit, taken, root = "memory.limit_in_bytes", "total_rss", cgroups / "memory"
        else:
            continue
        # Within a container its own cgroup is the root, whatever the path says.
        own = root / path.lstrip("/")
        for folder in {root, own, *own.parents}:
            if folder.is_relative_to(root) and (given := _limit(folder / limit)):
                yield MemoryRoom(given, _numbers(folder / "memory.stat").get(taken, 0))


def _limit(path: Path) -> int:
    """0 for none, which a cgroup spells `max`, or (the older kind) as more than there can be."""
    words = "".join(_lines(path)).strip()
    return int(words) if words.isdigit() else 0


def _numbers(path: Path) -> dict[str, int]:
    return {
        words[0]: int(words[1])
        for line in _lines(path)
        if len(words := line.split()) > 1 and words[1].isdigit()
    }


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
