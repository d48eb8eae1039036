"""Every error Offstage raises on purpose, by who must act.

    OffstageError
    ├── CallerError             the caller must change the request
    │   ├── Unauthenticated         401  the request doesn't say who sends it
    │   │   └── TokenRefused            401  it says so with a token that isn't accepted
    │   ├── InvalidQuery            422  a query doesn't fit the agent's input model
    │   ├── UnknownAgent            404
    │   ├── NotFound                404  session, material, version, job
    │   ├── Conflict                409  the thing changed meanwhile
    │   │   ├── NotFailed               409  a replay of a job that didn't fail
    │   │   └── VersionChanged      412  an edit of a version that isn't current any more
    │   ├── RateLimited             429  more jobs than a user's rate allows
    │   ├── TooManyAtOnce           429  a run within a request, with no place for it free
    │   ├── PreconditionRequired    428  an edit that doesn't say of which version
    │   ├── UnreadableMaterial      422  a file or text that holds nothing to read
    │   ├── NoMaterial              422  an agent that needs material ran without any
    │   └── NothingToExport         422  cards of notes without definitions
    ├── OperatorError           whoever runs Offstage must act
    │   ├── Unavailable             503  Redis or the database is away
    │   └── Misconfigured           500
    ├── AgentError              the agent's author must act
    │   ├── InvalidOutput           502  the answer doesn't fit the output model, twice asked again
    │   ├── AgentFailed             500  the agent raised
    │   └── Crashed                 500  the process running it died
    ├── ProviderError           the LLM provider refused or broke
    │   ├── ProviderUnavailable     503  429, 5xx, connection: another try can help
    │   └── ProviderRefused         502  a refused key, an unknown model: it can't
    ├── FetchError              a site of the web refused, broke, or isn't to be asked
    │   ├── FetchRefused        502  an address that isn't fetched from
    │   └── FetchFailed         503  it is down, slow, or answers what can't be used
    └── RunStopped              the run was ended from outside
        ├── Cancelled               409
        ├── TimedOut                504
        ├── Expired                 504  nobody started it in time
        └── BudgetExceeded          429

Each class knows its `code` (stable, for programs), `http_status` and whether a retry can help.
Messages are written for a person and never carry a secret, a query or a material's text.
`backend/api/errors.py` is the one place that turns them into responses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field: `field` is its path in dots, as the caller spelled it."""

    field: str
    message: str


class RateState(NamedTuple):
    """How a rate stands: `left` of `most` in `period_s`, and one more in `reset_s`."""

    name: str
    most: int
    period_s: int
    left: int
    reset_s: int


class OffstageError(Exception):
    """The root: `code` for programs, `message` for people."""

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        message: str,
        *,
        problems: Sequence[FieldProblem] = (),
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        self.retry_after_s = retry_after_s


class CallerError(OffstageError):
    """The request can't be served as it is."""

    code = "bad_request"
    http_status = 400
    title = "The request can't be served as it is"


class InvalidQuery(CallerError):
    """`problems` names every field at fault."""

    code = "invalid_query"
    http_status = 422
    title = "The request has fields that can't be used"


class Unauthenticated(CallerError):
    """The request doesn't say who sends it."""

    code = "unauthenticated"
    http_status = 401
    title = "Sign in first"


class TokenRefused(Unauthenticated):
    """What the request says of its sender isn't accepted.

    One code and one message for every reason: whoever holds a token that doesn't count learns
    nothing of whether it ever did.
    """

    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__("The token isn't accepted. Sign in with another one.")


class UnknownAgent(CallerError):
    """No agent of this id and version is registered."""

    code = "agent_not_found"
    http_status = 404
    title = "No such agent"


class NotFound(CallerError):
    """The thing named doesn't exist, or isn't the caller's; the two look alike.

    The code is `<what>_not_found`.
    """

    http_status = 404
    title = "Not found"

    def __init__(self, what: str, message: str | None = None) -> None:
        super().__init__(message or f"There is no such {what}.")
        self.code = f"{what}_not_found"  # type: ignore[misc]


class Conflict(CallerError):
    """The thing changed since the caller read it."""

    code = "conflict"
    http_status = 409
    title = "It changed meanwhile"


class VersionChanged(Conflict):
    """The edit was made of a version that isn't the current one any more."""

    code = "version_changed"
    http_status = 412


class NotFailed(Conflict):
    """Only a failed job can be tried again."""

    code = "job_not_failed"
    title = "The job hasn't failed"


class InvalidIdempotencyKey(CallerError):
    """The `Idempotency-Key` isn't one that can be kept."""

    code = "invalid_idempotency_key"
    title = "The Idempotency-Key can't be used"


class IdempotencyKeyReused(CallerError):
    """The key came with another request before."""

    code = "idempotency_key_reused"
    http_status = 422
    title = "The Idempotency-Key was used for another request"


class RateLimited(CallerError):
    """The user submits more often than they may. `rates` says how each of their rates stands."""

    code = "rate_limited"
    http_status = 429
    retryable = True
    title = "Too many jobs in a short time"

    def __init__(self, message: str, *, retry_after_s: float, rates: Sequence[RateState]) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.rates = tuple(rates)


class TooManyAtOnce(CallerError):
    """A run within a request needs a place in its shares, and there is none."""

    code = "too_many_at_once"
    http_status = 429
    retryable = True
    title = "Too many runs at once"


class PreconditionRequired(CallerError):
    """The request must say with If-Match which version it changes."""

    code = "precondition_required"
    http_status = 428
    title = "Say which version you change"


class UnreadableMaterial(CallerError):
    """A file or text with nothing in it that can be read; subclasses say what and what to do."""

    code = "material_unreadable"
    http_status = 422
    title = "The material can't be read"


class NoMaterial(CallerError):
    """The agent works on the session's material and there is none."""

    code = "no_material"
    http_status = 422
    title = "There is no material to work on"


class NothingToExport(CallerError):
    """The format has no place for anything of what there is."""

    code = "nothing_to_export"
    http_status = 422
    title = "There is nothing to export in this format"


class OperatorError(OffstageError):
    """Whoever runs Offstage must act."""

    code = "operator_error"
    title = "Offstage isn't able to serve this"


class Unavailable(OperatorError):
    """Redis or the database can't be reached now."""

    code = "unavailable"
    http_status = 503
    retryable = True
    title = "Not available right now"


class Misconfigured(OperatorError):
    """A setting is missing, wrong or not supported."""

    code = "misconfigured"
    title = "Offstage is set up wrongly"


class AgentError(OffstageError):
    """The agent's author must act."""

    code = "agent_error"
    title = "The agent failed"


class InvalidOutput(AgentError):
    """What the agent answered doesn't fit its output model."""

    code = "invalid_output"
    http_status = 502
    title = "The agent's answer has the wrong form"


class AgentFailed(AgentError):
    """The agent raised an error that it didn't mean to."""

    code = "agent_error"


class Crashed(AgentError):
    """The process that ran the agent died."""

    code = "crashed"
    retryable = True
    title = "The worker died while running the agent"


class ProviderError(OffstageError):
    """The LLM provider refused or broke."""

    code = "provider_error"
    http_status = 502
    title = "The language model's provider failed"


class ProviderUnavailable(ProviderError):
    """Rate limit, overload, timeout or a broken connection: another try can help."""

    http_status = 503
    retryable = True


class ProviderRefused(ProviderError):
    """A refused key, an unknown model, a request it won't take: another try can't help."""


class FetchError(OffstageError):
    """Something couldn't be had from the web."""

    code = "fetch_failed"
    http_status = 502
    title = "It couldn't be fetched"


class FetchRefused(FetchError):
    """The address isn't one that may be fetched from; nothing was sent."""


class FetchFailed(FetchError):
    """The site is down, slow or answers what can't be used."""

    http_status = 503
    retryable = True


class RunStopped(OffstageError):
    """The run was ended from outside."""


class Cancelled(RunStopped):
    """Somebody cancelled the job."""

    code = "cancelled"
    http_status = 409
    title = "Cancelled"


class TimedOut(RunStopped):
    """The run took longer than it may."""

    code = "timeout"
    http_status = 504
    retryable = True
    title = "It took too long"


class Expired(RunStopped):
    """The job waited too long for a worker."""

    code = "expired"
    http_status = 504
    retryable = True
    title = "Nobody started it in time"


class BudgetExceeded(RunStopped):
    """The run used up its budget of requests or tokens."""

    code = "budget"
    http_status = 429
    title = "The budget is used up"
