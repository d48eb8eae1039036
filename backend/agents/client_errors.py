"""What a failed HTTP request to a provider means: by its status, or by the error of the client that
sent it, where pydantic-ai lets that through or an agent sent the request itself.
"""

from __future__ import annotations

import httpx2

from backend.agents.model_http import retry_after_s
from backend.errors import (
    InvalidOutput,
    Misconfigured,
    OffstageError,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
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


def of_status(status: int, asked_s: float | None) -> ProviderError:
    """`asked_s` is how long the provider asks to wait, if it does."""
    if status in _BUSY or status >= 500:
        return busy(status, asked_s)
    return refused(status)


def busy(status: int | None, asked_s: float | None) -> ProviderUnavailable:
    """Another try can help."""
    what = "is limiting requests" if status == 429 else "is overloaded or broken"
    number = "" if status is None else f" ({status})"
    return ProviderUnavailable(f"The provider {what}{number}.", retry_after_s=asked_s)


def refused(status: int | None) -> ProviderRefused:
    """Another try can't help."""
    if status is None:
        return ProviderRefused("The provider refused the request.")
    return ProviderRefused(_REFUSALS.get(status, f"The provider refused the request ({status})."))


def of_client(error: BaseException) -> OffstageError | None:
    """The meaning of an error of httpx2 or of a provider's own client; None for any other."""
    if isinstance(error, httpx2.HTTPError | httpx2.InvalidURL):
        return _of_http(error)
    return _of_sdk(error)


def _of_http(error: httpx2.HTTPError | httpx2.InvalidURL) -> OffstageError:
    if isinstance(error, httpx2.HTTPStatusError):
        return of_status(error.response.status_code, retry_after_s(error.response))
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return Misconfigured("The provider's address is none that can be asked.")
    if isinstance(error, httpx2.TooManyRedirects):
        return ProviderRefused("The provider sends the request from one address to another.")
    if isinstance(error, httpx2.TimeoutException):
        return ProviderUnavailable("The provider didn't answer in time.")
    return ProviderUnavailable("The provider can't be reached or broke off its answer.")


# The clients of OpenAI and Anthropic come from one generator, so their errors have the same names.
# They are told by these, since importing a client takes a second and nobody may need it.
_SDKS = frozenset({"openai", "anthropic"})
# The first that fits counts: most of them are an APIError too.
_SDK_ERRORS: tuple[tuple[frozenset[str], type[OffstageError], str], ...] = (
    (
        frozenset({"APITimeoutError"}),
        ProviderUnavailable,
        "The provider didn't answer in time.",
    ),
    (
        frozenset({"APIResponseValidationError", "LengthFinishReasonError"}),
        InvalidOutput,
        "The provider's answer has the wrong form.",
    ),
    (
        frozenset({"ContentFilterFinishReasonError"}),
        ProviderRefused,
        "The provider's content filter stopped the answer.",
    ),
    (
        frozenset({"APIError", "WebSocketConnectionClosedError", "WebSocketQueueFullError"}),
        ProviderUnavailable,
        "The provider can't be reached or broke off its answer.",
    ),
    (
        frozenset({"OpenAIError", "AnthropicError"}),
        Misconfigured,
        "The provider's client can't be used as it is set up.",
    ),
)


def _of_sdk(error: BaseException) -> OffstageError | None:
    kinds = [kind for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in _SDKS]
    names = {kind.__name__ for kind in kinds}
    response = getattr(error, "response", None)
    if "APIStatusError" in names and isinstance(response, httpx2.Response):
        return of_status(response.status_code, retry_after_s(response))
    for known, meaning, message in _SDK_ERRORS:
        if names & known:
            return meaning(message)
    return None
