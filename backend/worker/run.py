"""`python -m backend.worker.run`: the entrance of a worker process (service `agents-worker`).

Light on purpose: the processes that do a worker's blocking work import this module too, as Python's
multiprocessing would, and need nothing of what a worker is made of.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import NoReturn

# Somebody waits for what an API process or Redis answers, and nobody sits waiting for a job: where
# they want the same processor, a worker and the processes that compute for it come second.
_NICENESS = 10
# Said to a worker that takes over its predecessor's process, which comes second already.
_SUCCESSOR = "--successor"


def main() -> NoReturn:
    """Serve, then leave without waiting for what can't be stopped.

    By then all is settled, handed back and closed. An agent that ignores its cancellation, or a
    thread that it blocks, may be left: Python would wait for both. Where several processes are
    asked for, this one becomes the one that keeps them up. A worker whose memory is full of what
    its jobs have left becomes a fresh one, under the same process id.
    """
    from backend.errors import OffstageError
    from backend.settings import get_settings
    from backend.telemetry.logging import configure_logging, get_logger
    from backend.telemetry.secrets import hide_what_is_printed
    from backend.telemetry.tracing import configure_tracing, flush_traces
    from backend.worker.service import serve

    settings = get_settings()
    if settings.agent_worker_processes > 1:
        os.execv(sys.executable, [sys.executable, "-m", "backend.supervisor.workers"])
    if _SUCCESSOR not in sys.argv:
        os.nice(_NICENESS)
    configure_logging(settings)
    hide_what_is_printed()
    configure_tracing(settings, "agents-worker")
    code, succeed = 0, False
    try:
        succeed = asyncio.Runner().run(serve(settings))
    except OffstageError as error:
        get_logger("offstage.worker").error("worker can't run", code=error.code, why=error.message)
        code = 1
    except BaseException:
        get_logger("offstage.worker").exception("worker broke down")
        code = 1
    flush_traces()
    sys.stderr.flush()
    if succeed:
        os.execv(sys.executable, [sys.executable, "-m", "backend.worker.run", _SUCCESSOR])
    os._exit(code)


if __name__ == "__main__":
    main()
