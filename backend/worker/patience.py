"""Waiting for a database or a Redis that restarts: the work is worth more than a moment."""

from __future__ import annotations

from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from backend.errors import Unavailable


def patiently(longest_s: float) -> AsyncRetrying:
    """Attempts, until one doesn't raise Unavailable or `longest_s` seconds have gone by."""
    return AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        wait=wait_random_exponential(multiplier=0.1, max=2),
        stop=stop_after_delay(longest_s),
        reraise=True,
    )
