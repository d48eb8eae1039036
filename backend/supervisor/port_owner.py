"""Who listens on a port, as far as this user may know. Linux only; elsewhere nobody is named."""

from __future__ import annotations

from pathlib import Path

_LISTEN = "0A"  # linux/include/net/tcp_states.h


def port_owner(port: int) -> str | None:
    """`process 123 (python)`, or None if it can't be told."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        if inodes & _socket_inodes(process):
            return f"process {process.name} ({_name_of(process)})"
    return None


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            local_address, state, inode = columns[1], columns[3], columns[9]
            if state == _LISTEN and int(local_address.rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{inode}]")
    return inodes


def _socket_inodes(process: Path) -> set[str]:
    found = set()
    try:
        for descriptor in (process / "fd").iterdir():
            found.add(str(descriptor.readlink()))
    except OSError:
        pass  # another user's process, or one that ended while we looked
    return found


def _name_of(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "?"
