"""When a failed attempt is followed by another one."""

from __future__ import annotations

import pytest

from backend import errors
from backend.domain.retry import LONGEST_DELAY_S, MAX_ATTEMPTS, decide

HELPS = [
    errors.ProviderUnavailable("Busy."),
    errors.TimedOut("Too slow."),
    errors.Unavailable("The database is away."),
    errors.Crashed("The worker died."),
]
HELPS_NOT = [
    errors.InvalidQuery("Wrong."),
    errors.UnknownAgent("Who?"),
    errors.NotFound("session"),
    errors.NoMaterial("Nothing to read."),
    errors.InvalidOutput("Wrong form."),
    errors.AgentFailed("It raised."),
    errors.ProviderRefused("The key."),
    errors.BudgetExceeded("Used up."),
    errors.Cancelled("Stopped."),
    errors.Misconfigured("Unset."),
]


@pytest.mark.parametrize("error", HELPS, ids=lambda error: type(error).__name__)
def test_two_four_and_eight_minutes_then_no_more(error: errors.OffstageError) -> None:
    delays = [decide(error, errors_before).delay_s for errors_before in range(MAX_ATTEMPTS + 1)]
    assert delays == [120, 240, 480, None, None]


@pytest.mark.parametrize("error", HELPS_NOT, ids=lambda error: type(error).__name__)
def test_what_another_try_cannot_help_is_final(error: errors.OffstageError) -> None:
    assert decide(error, 0).is_final


@pytest.mark.parametrize(
    ("asked_s", "delay_s"), [(None, 240), (0, 240), (30, 240), (600, 600), (1e12, LONGEST_DELAY_S)]
)
def test_a_provider_that_asks_for_longer_gets_it(asked_s: float | None, delay_s: float) -> None:
    busy = errors.ProviderUnavailable("Busy.", retry_after_s=asked_s)
    assert decide(busy, 1).delay_s == delay_s
