"""`python -m bench.peers.counting_worker FILE`: our worker, which keeps in FILE how often it has
sent something to Redis. A pipeline is sent once, so that is a round trip."""

from __future__ import annotations

import mmap
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis.asyncio.connection import AbstractConnection

from backend.worker import run


def count_sends(counter: mmap.mmap) -> None:
    """Count each send of every asynchronous connection in the first eight bytes of `counter`."""
    send: Callable[..., Any] = AbstractConnection.send_packed_command

    async def counted(self: AbstractConnection, *args: Any, **kwargs: Any) -> Any:
        struct.pack_into("q", counter, 0, read_sends(counter) + 1)
        return await send(self, *args, **kwargs)

    setattr(AbstractConnection, send.__name__, counted)


def read_sends(counter: mmap.mmap) -> int:
    sends: int = struct.unpack_from("q", counter, 0)[0]
    return sends


def open_counter(path: Path) -> mmap.mmap:
    """The shared counter in `path`, made if it isn't there."""
    with path.open("a+b") as file:
        file.truncate(mmap.PAGESIZE)
        return mmap.mmap(file.fileno(), mmap.PAGESIZE)


if __name__ == "__main__":
    count_sends(open_counter(Path(sys.argv[1])))
    run.main()
