"""Turns whatever a model or an agent raised into one error of `backend.errors`.

Messages are ours alone: a provider's body or a library's text can hold keys, prompts and the
person's material, so none of it is repeated.
"""

from __future__ import annotations

import asyncio

from pydantic_ai import exceptions as ai

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

_BUSY = frozenset({408, 409, 425, 429, 529})

_REFUSALS = {
    400: "The provider won't take the request as it is (400).",
    401: "The provider refused the key (401): check the key of AGENTS_DEFAULT_MODEL's provider.",
    402: "The provider's account has no credit left (402): top it up.",
    403: "The provider doesn't allow this key to use the model (403).",
    404: "The provider doesn't know the model (404): check AGENTS_DEFAULT_MODEL and the base URL.",
    413: "The request is longer than the provider takes (413).",
    422: "The provider won't take the request as it is (422).",
}


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


def _of_provider(error: ai.ModelAPIError) -> OffstageError:
    """What a failed request means; the category that pydantic-ai found comes before the status.

    A quota that is used up arrives as a 429 too, but waiting doesn't refill it.
    """
    if isinstance(error, ai.ModelQuotaExceededError):
        return ProviderRefused("The provider's account has used up its quota or credit.")
    if isinstance(error, ai.ModelContextWindowExceededError):
        return ProviderRefused("A part of the material is longer than the model's window.")
    if isinstance(error, ai.ModelRequestTimeout | ai.ModelTimeoutError):
        return ProviderUnavailable("The provider didn't answer in time.")
    if isinstance(error, ai.ModelHTTPError):
        return _of_status(error)
    if isinstance(error, ai.ModelRequestRejectedError):
        return ProviderRefused("The provider refused the request.")
    return ProviderUnavailable(
        "The provider can't be reached or broke off its answer.", retry_after_s=error.retry_after
    )


def _of_status(error: ai.ModelHTTPError) -> OffstageError:
    status = error.status_code
    if status in _BUSY or status >= 500:
        what = "is limiting requests" if status == 429 else "is overloaded or broken"
        message = f"The provider {what} ({status})."
        return ProviderUnavailable(message, retry_after_s=error.retry_after)
    refused = f"The provider refused the request ({status})."
    return ProviderRefused(_REFUSALS.get(status, refused))


def _of_run(error: BaseException) -> OffstageError:
    for kinds, meaning, message in _RUN_ERRORS:
        if isinstance(error, kinds):
            return meaning(message.format(name=type(error).__name__))
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
        (ai.UnexpectedModelBehavior,),
        InvalidOutput,
        "The model's answer has the wrong form, also after asking again.",
    ),
    ((TimeoutError,), TimedOut, "The run took longer than it may."),
    ((asyncio.CancelledError, ai.RunCancelled), Cancelled, "The run was cancelled."),
    ((ai.UserError,), Misconfigured, "The model can't be used as it is set up ({name})."),
    ((ConnectionError,), ProviderUnavailable, "A connection broke ({name})."),
)
