"""Turns whatever a model or an agent raised into one error of `backend.errors`.

Messages are ours alone: a provider's body or a library's text can hold keys, prompts and the
person's material, so none of it is repeated.
"""

from __future__ import annotations

import asyncio

from pydantic_ai import exceptions as ai

from backend.agents.client_errors import busy, of_client, of_status, refused
from backend.errors import (
    AgentFailed,
    BudgetExceeded,
    Cancelled,
    InvalidOutput,
    Misconfigured,
    OffstageError,
    ProviderRefused,
    ProviderUnavailable,
    TimedOut,
)


def as_offstage_error(error: BaseException) -> OffstageError:
    """The error of our tree that `error` stands for; an OffstageError comes back as it is.

    Of a group, the one that another try can't help counts: it would come up again. Of models that
    stand in for each other, it is enough that another try can help one.
    """
    if isinstance(error, BaseExceptionGroup):
        return _of_group(error)
    if isinstance(error, OffstageError):
        return error
    if isinstance(error, ai.ModelAPIError):
        return _of_provider(error)
    return _of_run(error)


def _of_group(group: BaseExceptionGroup[BaseException]) -> OffstageError:
    found = [as_offstage_error(error) for error in group.exceptions]
    stand_in = isinstance(group, ai.FallbackExceptionGroup)
    return next((error for error in found if error.retryable is stand_in), found[0])


_PROVIDER_ERRORS: tuple[tuple[tuple[type[Exception], ...], type[OffstageError], str], ...] = (
    (
        (ai.ModelQuotaExceededError,),
        ProviderRefused,
        "The provider's account has used up its quota or credit.",
    ),
    (
        (ai.ModelContextWindowExceededError,),
        ProviderRefused,
        "A part of the material is longer than the model's window.",
    ),
    (
        (ai.ModelRequestTimeout, ai.ModelTimeoutError),
        ProviderUnavailable,
        "The provider didn't answer in time.",
    ),
)
# The provider's own word for it, whatever status it came with.
_PASSING = (ai.ModelRateLimitError, ai.ModelUnavailableError, ai.ModelServerError)


def _of_provider(error: ai.ModelAPIError) -> OffstageError:
    """What a failed request means; the category that pydantic-ai found comes before the status.

    A quota that is used up arrives as a 429 too, but waiting doesn't refill it.
    """
    for kinds, meaning, message in _PROVIDER_ERRORS:
        if isinstance(error, kinds):
            return meaning(message)
    status = error.status_code if isinstance(error, ai.ModelHTTPError) else None
    if isinstance(error, ai.ModelRequestRejectedError):
        return refused(status)
    if isinstance(error, _PASSING):
        return busy(status, error.retry_after)
    if status is not None:
        return of_status(status, error.retry_after)
    return ProviderUnavailable(
        "The provider can't be reached or broke off its answer.", retry_after_s=error.retry_after
    )


def _of_run(error: BaseException) -> OffstageError:
    for kinds, meaning, message in _RUN_ERRORS:
        if isinstance(error, kinds):
            return meaning(message.format(name=type(error).__name__))
    if told := of_client(error):
        return told
    return AgentFailed(f"The agent raised {type(error).__name__}.")


# The first that fits counts: a RunTimedOut is a RunCancelled too.
_RUN_ERRORS: tuple[tuple[tuple[type[BaseException], ...], type[OffstageError], str], ...] = (
    (
        (ai.UsageLimitExceeded,),
        BudgetExceeded,
        "The run used up its budget of requests or tokens.",
    ),
    (
        (ai.ContentFilterError,),
        ProviderRefused,
        "The provider's content filter stopped the answer.",
    ),
    (
        (ai.OutputTokenLimitExceeded,),
        InvalidOutput,
        "The model's answer was cut off at its most output tokens.",
    ),
    (
        (ai.UnexpectedModelBehavior,),
        InvalidOutput,
        "The model's answer has the wrong form, also after asking again.",
    ),
    (
        # What a later attempt finds is another queue, and an answer that it begins anew.
        (ai.ConcurrencyLimitExceeded, ai.SuspendedResponseExpired),
        ProviderUnavailable,
        "The request to the model was given up before it was answered ({name}).",
    ),
    ((TimeoutError,), TimedOut, "The run took longer than it may."),
    ((asyncio.CancelledError, ai.RunCancelled), Cancelled, "The run was cancelled."),
    ((ai.UserError,), Misconfigured, "The model can't be used as it is set up ({name})."),
    ((ConnectionError,), ProviderUnavailable, "A connection broke ({name})."),
)
