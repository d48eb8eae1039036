"""Whatever is raised becomes one of our errors, and nothing secret gets through."""

from __future__ import annotations

import asyncio

import anthropic
import httpx2
import openai
import pytest
from pydantic_ai import exceptions as ai

from backend.agents.model_errors import as_offstage_error
from backend.domain.retry import RETRY_DELAYS_S, decide
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


def categorized(category: type[ai.ModelAPIError], status: int) -> ai.ModelHTTPError:
    return ai.ModelHTTPError.for_category(
        category=category, status_code=status, model_name="gpt", body={"error": SECRET}
    )


def told(kind: type[ai.ModelAPIError]) -> ai.ModelAPIError:
    """As a stream tells it: with no status."""
    return kind("gpt", SECRET)


CASES: list[tuple[BaseException, type[OffstageError]]] = [
    *[(http(status), ProviderRefused) for status in (400, 401, 402, 403, 404, 413, 418, 422)],
    *[(http(status), ProviderUnavailable) for status in (408, 409, 425, 429)],
    *[(http(status), ProviderUnavailable) for status in (500, 502, 503, 504, 529)],
    (told(ai.ModelAPIError), ProviderUnavailable),
    (told(ai.ModelConnectionError), ProviderUnavailable),
    (told(ai.ModelTimeoutError), ProviderUnavailable),
    (ai.ModelRequestTimeout("gpt", 3.0), ProviderUnavailable),
    (told(ai.ModelRateLimitError), ProviderUnavailable),
    (told(ai.ModelUnavailableError), ProviderUnavailable),
    (told(ai.ModelOverloadedError), ProviderUnavailable),
    (told(ai.ModelServerError), ProviderUnavailable),
    (told(ai.ModelQuotaExceededError), ProviderRefused),
    (told(ai.ModelRequestRejectedError), ProviderRefused),
    (told(ai.ModelContextWindowExceededError), ProviderRefused),
    (told(ai.ModelAuthenticationError), ProviderRefused),
    (told(ai.ModelNotFoundError), ProviderRefused),
    # What the provider calls it counts for more than the status that it comes with.
    (categorized(ai.ModelRateLimitError, 403), ProviderUnavailable),
    (categorized(ai.ModelUnavailableError, 400), ProviderUnavailable),
    (categorized(ai.ModelOverloadedError, 400), ProviderUnavailable),
    (categorized(ai.ModelServerError, 400), ProviderUnavailable),
    (categorized(ai.ModelQuotaExceededError, 429), ProviderRefused),
    (categorized(ai.ModelContextWindowExceededError, 500), ProviderRefused),
    (categorized(ai.ModelRequestRejectedError, 500), ProviderRefused),
    (categorized(ai.ModelAuthenticationError, 500), ProviderRefused),
    (categorized(ai.ModelNotFoundError, 500), ProviderRefused),
    (ai.ConcurrencyLimitExceeded(SECRET), ProviderUnavailable),
    (ai.SuspendedResponseExpired(SECRET), ProviderUnavailable),
    (ai.UnexpectedModelBehavior(SECRET, SECRET), InvalidOutput),
    (ai.OutputTokenLimitExceeded(SECRET, SECRET), InvalidOutput),
    (ai.IncompleteToolCall(SECRET, SECRET), InvalidOutput),
    (ai.ContentFilterError(SECRET), ProviderRefused),
    (ai.UsageLimitExceeded(SECRET), BudgetExceeded),
    (ai.RunCancelled(SECRET), Cancelled),
    (ai.RunTimedOut(SECRET), TimedOut),
    (TimeoutError(SECRET), TimedOut),
    (asyncio.CancelledError(SECRET), Cancelled),
    (ai.UserError(SECRET), Misconfigured),
    (ai.UndrainedPendingMessagesError(SECRET), Misconfigured),
    (ai.FallbackExceptionGroup("all failed", [http(401)]), ProviderRefused),
    (ConnectionResetError(SECRET), ProviderUnavailable),
    (ValueError(SECRET), AgentFailed),
    (KeyError(SECRET), AgentFailed),
    (ai.AgentRunError(SECRET), AgentFailed),
]
# How tools, hooks and the agent's loop speak with each other. Out of a run they come by a mistake
# of the agent's author.
SIGNALS = {
    *[ai.ModelRetry, ai.ToolFailed, ai.CallDeferred, ai.ApprovalRequired, ai.SkipModelRequest],
    *[ai.RetryModelRequest, ai.SkipToolValidation, ai.SkipToolExecution],
    *[ai.ToolRetryError, ai.ToolFailedError],
}


def tree(root: type[BaseException]) -> set[type[BaseException]]:
    return {root}.union(*(tree(kind) for kind in root.__subclasses__()))


@pytest.mark.parametrize(
    ("raised", "expected"), CASES, ids=lambda case: getattr(case, "__name__", type(case).__name__)
)
def test_each_error_has_its_place(raised: BaseException, expected: type[OffstageError]) -> None:
    error = as_offstage_error(raised)

    assert type(error) is expected
    assert SECRET not in f"{error!r} {error} {error.message} {error.problems}"
    # What each means for the job: another try in two minutes, or none.
    assert decide(error, 0).delay_s == (RETRY_DELAYS_S[0] if expected.retryable else None)


def test_every_error_of_pydantic_ai_is_in_the_table() -> None:
    """One that a new release brings has no place yet: give it one."""
    private_base = "_CategorizedHTTPError"
    known = {type(raised) for raised, _ in CASES} | SIGNALS
    there = {
        kind
        for name, kind in vars(ai).items()
        if isinstance(kind, type)
        and issubclass(kind, BaseException)
        and not issubclass(kind, Warning)
        and kind.__module__ == ai.__name__
        and name != private_base
    }
    assert there - known == set()


def of_anothers_client(kind: type[BaseException]) -> BaseException:
    """Their constructors differ and take what a test needn't know."""
    error = kind.__new__(kind)
    error.args = (SECRET,)
    return error


@pytest.mark.parametrize("root", [openai.OpenAIError, anthropic.AnthropicError, httpx2.HTTPError])
def test_no_error_of_a_client_counts_as_the_agents(root: type[BaseException]) -> None:
    # What pydantic-ai derives from them has a constructor that we know, and its own test.
    theirs = {kind for kind in tree(root) if not kind.__module__.startswith("pydantic_ai.")}
    for kind in theirs - {httpx2.HTTPStatusError}:
        error = as_offstage_error(of_anothers_client(kind))
        assert not isinstance(error, AgentFailed), kind
        assert SECRET not in f"{error!r} {error.message}"


REQUEST = httpx2.Request("POST", "http://provider.test/v1")


def answered(status: int, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, request=REQUEST)


CLIENT_CASES: list[tuple[BaseException, type[OffstageError]]] = [
    (httpx2.ReadTimeout(SECRET), ProviderUnavailable),
    (httpx2.ConnectError(SECRET), ProviderUnavailable),
    (httpx2.RemoteProtocolError(SECRET), ProviderUnavailable),
    (httpx2.DecodingError(SECRET), ProviderUnavailable),
    (httpx2.TooManyRedirects(SECRET), ProviderRefused),
    (httpx2.UnsupportedProtocol(SECRET), Misconfigured),
    (httpx2.InvalidURL(SECRET), Misconfigured),
    (httpx2.HTTPStatusError(SECRET, request=REQUEST, response=answered(401)), ProviderRefused),
    (httpx2.HTTPStatusError(SECRET, request=REQUEST, response=answered(503)), ProviderUnavailable),
    *[
        case
        for client in (openai, anthropic)
        for case in (
            (client.APIConnectionError(request=REQUEST), ProviderUnavailable),
            (client.APITimeoutError(request=REQUEST), ProviderUnavailable),
            (client.APIError(SECRET, REQUEST, body=None), ProviderUnavailable),
            (client.RateLimitError(SECRET, response=answered(429), body=None), ProviderUnavailable),
            (
                client.AuthenticationError(SECRET, response=answered(401), body=None),
                ProviderRefused,
            ),
            (client.APIResponseValidationError(answered(200), None), InvalidOutput),
        )
    ],
    (openai.OpenAIError(SECRET), Misconfigured),
    (anthropic.AnthropicError(SECRET), Misconfigured),
]


@pytest.mark.parametrize(
    ("raised", "expected"),
    CLIENT_CASES,
    ids=lambda case: getattr(case, "__name__", type(case).__name__),
)
def test_a_clients_error_that_is_let_through_has_its_place(
    raised: BaseException, expected: type[OffstageError]
) -> None:
    error = as_offstage_error(raised)
    assert type(error) is expected
    assert SECRET not in f"{error!r} {error.message}"


def test_a_client_tells_how_long_to_wait() -> None:
    response = answered(429, **{"retry-after": "17"})
    for raised in (
        openai.RateLimitError(SECRET, response=response, body=None),
        httpx2.HTTPStatusError(SECRET, request=REQUEST, response=response),
    ):
        assert as_offstage_error(raised).retry_after_s == 17


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
