"""The HTTP client that every model provider shares, with short in-place retries.

pydantic-ai ships such a transport, but importing it needs the older `httpx` package beside
`httpx2`; tenacity alone does the same work here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    retry_if_result,
    stop_after_attempt,
    wait_exponential_jitter,
)

CONNECT_TIMEOUT_S = 5.0
ATTEMPTS = 3
# A provider that asks for a longer wait gets the whole job put off instead (see worker retries).
LONGEST_WAIT_S = 10.0
_RETRIED_STATUSES = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
_backoff = wait_exponential_jitter(multiplier=0.5, max=4, jitter=0.5)


class RetryingTransport(httpx2.AsyncBaseTransport):
    """Sends a request up to three times while the provider is busy or the connection breaks.

    The last answer or error is passed on as it is. A read timeout is never repeated: the
    provider may be working on the request, and be paid for it.
    """

    def __init__(self, wrapped: httpx2.AsyncBaseTransport | None = None) -> None:
        self._wrapped = wrapped or httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            retry=retry_if_result(_is_worth_repeating) | retry_if_exception(_never_arrived),
            wait=_wait_s,
            before_sleep=_close_response,
            retry_error_callback=_last_outcome,
        )
        response: httpx2.Response = await retrying(self._wrapped.handle_async_request, request)
        return response

    async def aclose(self) -> None:
        await self._wrapped.aclose()


def new_client(timeout_s: float) -> httpx2.AsyncClient:
    """A client of one event loop; `timeout_s` holds for writing and reading."""
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
        transport=RetryingTransport(),
    )


def retry_after_s(response: httpx2.Response) -> float | None:
    """What `Retry-After` (RFC 9110, 10.2.3: seconds or a date) or `retry-after-ms` asks for."""
    milliseconds = response.headers.get("retry-after-ms", "")
    if milliseconds.isdecimal():
        return int(milliseconds) / 1000
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _is_worth_repeating(response: httpx2.Response) -> bool:
    if response.status_code not in _RETRIED_STATUSES:
        return False
    if response.headers.get("x-should-retry") == "false":
        return False
    return (retry_after_s(response) or 0) <= LONGEST_WAIT_S


def _never_arrived(error: BaseException) -> bool:
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return True
    is_timeout = isinstance(error, httpx2.TimeoutException)
    return isinstance(error, httpx2.TransportError) and not is_timeout


def _wait_s(state: RetryCallState) -> float:
    outcome = state.outcome
    if outcome is not None and not outcome.failed:
        asked = retry_after_s(outcome.result())
        if asked is not None:
            return asked
    return _backoff(state)


async def _close_response(state: RetryCallState) -> None:
    """Give the connection of an answer that nobody will read back to the pool."""
    if state.outcome is not None and not state.outcome.failed:
        await state.outcome.result().aclose()


def _last_outcome(state: RetryCallState) -> httpx2.Response:
    assert state.outcome is not None
    response: httpx2.Response = state.outcome.result()
    return response
