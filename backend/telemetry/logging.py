"""Structured logs on standard error: every line of a job carries `job_id` and `trace_id`.

Both come from context variables (`bind_job`), so code deep inside an agent needs to pass nothing.
Lines of libraries that use the standard `logging` module get the same treatment.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import structlog

from backend.settings import Settings
from backend.telemetry.secrets import hide_secrets, remember_secrets

# These libraries put request bodies, arguments or addresses with credentials into their messages.
_QUIET = (
    "alembic",
    "httpx",
    "httpx2",
    "httpcore2",
    "openai",
    "anthropic",
    "rq",
    "rq.worker",
    "uvicorn.access",
    "urllib3",
)


class _HidingHandler(logging.StreamHandler[TextIO]):
    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets(super().format(record))


def configure_logging(settings: Settings) -> None:
    """Send structlog and standard logging to stderr in `LOG_FORMAT` at `LOG_LEVEL`."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor
    if settings.log_format == "json":
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    remember_secrets(settings)
    handler = _HidingHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry the fields bound to the current job or request."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


@contextmanager
def bind_job(**fields: Any) -> Iterator[None]:
    """Put `fields` on every line logged inside, in this task and those it starts."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def where(error: BaseException) -> dict[str, str]:
    """An exception as log fields: its class and the places it came through, without its message,
    which may repeat what a person or a provider wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "at": " > ".join(places[-8:])}


def current_fields() -> MutableMapping[str, Any]:
    """What `bind_job` put on the lines of this task."""
    return structlog.contextvars.get_contextvars()
