"""What can keep Offstage from running on this machine; each message says what to do."""

from __future__ import annotations

from backend.errors import Misconfigured, OperatorError


class AlreadyRunning(OperatorError):
    """Another Offstage holds this data directory."""

    code = "already_running"
    title = "Offstage is already running"


class PortTaken(OperatorError):
    """Something else listens on the port; `free_port` is one that can be had instead."""

    code = "port_taken"
    title = "The port is taken"

    def __init__(self, message: str, *, free_port: int) -> None:
        super().__init__(message)
        self.free_port = free_port


class NoRedis(Misconfigured):
    """There is no Redis to embed and none was named."""

    code = "no_redis"
    title = "There is no Redis"


class ChildFailed(OperatorError):
    """A child process couldn't be started, or couldn't be kept up."""

    code = "child_failed"
    title = "A part of Offstage can't run"
