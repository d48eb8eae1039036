"""Whatever is raised becomes one of our errors, and nothing secret gets through."""

from __future__ import annotations

import asyncio

import pytest
from pydantic_ai import exceptions as ai

from backend.agents.model_errors import as_offstage_error
from backend.errors import (
    AgentFailed,
    BudgetExceeded,
    Cancelled,
    InvalidOutput,
    InvalidQuery,
    Misconfigured,
    OffstageError,
    ProviderRefused,
    ProviderUnavailable,
    TimedOut,
)

SECRET = "sk-live-1234567890"


def http(status: int, **more: object) -> ai.ModelHTTPError:
    return ai.ModelHTTPError(status, "gpt", {"error": {"message": f"key {SECRET}"}}, **more)  # type: ignore[arg-type]


QUOTA = ai.ModelHTTPError.for_category(
    category=ai.ModelQuotaExceededError, status_code=429, model_name="gpt", body={}
)
CASES: list[tuple[BaseException, type[OffstageError]]] = [
    (http(400), ProviderRefused),
    (http(401), ProviderRefused),
    (http(403), ProviderRefused),
    (http(404), ProviderRefused),
    (http(418), ProviderRefused),
    (http(408), ProviderUnavailable),
    (http(409), ProviderUnavailable),
    (http(429), ProviderUnavailable),
    (http(500), ProviderUnavailable),
    (http(503), ProviderUnavailable),
    (http(529), ProviderUnavailable),
    (QUOTA, ProviderRefused),
    (ai.ModelContextWindowExceededError("gpt", SECRET), ProviderRefused),
    (ai.ModelAuthenticationError("gpt", SECRET), ProviderRefused),
    (ai.ModelConnectionError("gpt", SECRET), ProviderUnavailable),
    (ai.ModelTimeoutError("gpt", SECRET), ProviderUnavailable),
    (ai.ModelRequestTimeout("gpt", 3.0), ProviderUnavailable),
    (ai.ModelAPIError("gpt", SECRET), ProviderUnavailable),
    (ai.UnexpectedModelBehavior(SECRET, SECRET), InvalidOutput),
    (ai.ContentFilterError(SECRET), ProviderRefused),
    (ai.UsageLimitExceeded(SECRET), BudgetExceeded),
    (ai.RunTimedOut(SECRET), TimedOut),
    (TimeoutError(SECRET), TimedOut),
    (asyncio.CancelledError(SECRET), Cancelled),
    (ai.UserError(SECRET), Misconfigured),
    (ConnectionResetError(SECRET), ProviderUnavailable),
    (ValueError(SECRET), AgentFailed),
    (KeyError(SECRET), AgentFailed),
]


@pytest.mark.parametrize(
    ("raised", "expected"), CASES, ids=lambda case: getattr(case, "__name__", type(case).__name__)
)
def test_each_error_has_its_place(raised: BaseException, expected: type[OffstageError]) -> None:
    error = as_offstage_error(raised)

    assert type(error) is expected
    assert SECRET not in f"{error!r} {error} {error.message} {error.problems}"


def test_our_own_errors_pass_unchanged() -> None:
    ours = InvalidQuery("no")

    assert as_offstage_error(ours) is ours


def test_what_the_provider_asks_to_wait_is_kept() -> None:
    assert as_offstage_error(http(429, headers={"retry-after": "17"})).retry_after_s == 17


def test_an_unknown_error_is_told_by_its_class_alone() -> None:
    assert as_offstage_error(ZeroDivisionError(SECRET)).message == (
        "The agent raised ZeroDivisionError."
    )


def test_in_a_group_the_error_that_would_come_again_counts() -> None:
    group = ExceptionGroup("two", [http(503), http(401)])

    assert type(as_offstage_error(group)) is ProviderRefused


def test_of_models_that_stand_in_for_each_other_one_that_may_recover_is_enough() -> None:
    group = ai.FallbackExceptionGroup("all failed", [http(401), http(503)])

    assert as_offstage_error(group).retryable
