"""Plain functions for RQ's own workers. Imports nothing, so that a work horse loses no time."""

import time


def nothing() -> None:
    """The no-op."""


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def run_agent(_session_id: str, _query: dict[str, object]) -> None:
    """What a route hands over."""
