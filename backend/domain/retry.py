"""When a failed attempt is followed by another one. Pure: `decide` says, the worker acts."""

from __future__ import annotations

from dataclasses import dataclass

from backend.errors import OffstageError

# Seconds before the second, third and fourth attempt.
RETRY_DELAYS_S = (120.0, 240.0, 480.0)
LONGEST_DELAY_S = 86_400.0
MAX_ATTEMPTS = 1 + len(RETRY_DELAYS_S)
# A job whose worker died this often in a row, with no step finished in between, isn't given another
# worker; nor is one that gets on but needs so many workers in all.
MAX_CRASHES = 3
MAX_CRASHES_IN_ALL = 30


@dataclass(frozen=True)
class RetryDecision:
    """`delay_s` is None where the failure is final."""

    delay_s: float | None

    @property
    def is_final(self) -> bool:
        return self.delay_s is None


FINAL = RetryDecision(delay_s=None)


def decide(error: OffstageError, errors_before: int) -> RetryDecision:
    """What follows an attempt that ended in `error`, after `errors_before` earlier such attempts.

    Only where another try can help (`error.retryable`); the provider's Retry-After wins where it
    is longer than ours, up to a day.
    """
    if not error.retryable or errors_before >= len(RETRY_DELAYS_S):
        return FINAL
    asked_s = min(error.retry_after_s or 0.0, LONGEST_DELAY_S)
    return RetryDecision(max(RETRY_DELAYS_S[errors_before], asked_s))
