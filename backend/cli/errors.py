"""What can go wrong between the command and a running Offstage."""

from __future__ import annotations

from collections.abc import Sequence

from backend.errors import CallerError, FieldProblem, OffstageError, OperatorError


class Refused(OffstageError):
    """A running Offstage answered with a problem; `code` and `http_status` are the problem's."""

    def __init__(
        self, message: str, *, code: str, http_status: int, problems: Sequence[FieldProblem] = ()
    ) -> None:
        super().__init__(message, problems=problems)
        self.problem_code = code
        self.status = http_status


class Unreachable(OperatorError):
    """Nothing answers at the address, or something else than Offstage does."""

    code = "unreachable"
    retryable = True
    title = "Offstage can't be reached"


class NotRunning(OperatorError):
    """The command needs a running Offstage and there is none."""

    code = "not_running"
    title = "Offstage isn't running"


class UnusableFiles(CallerError):
    """Files that can't be used; the message has a line for each."""

    code = "unusable_files"
    title = "Some files can't be used"


class UnusableName(CallerError):
    """A name that a new agent can't have."""

    code = "unusable_name"
    title = "The name can't be used"


class RunFailed(OffstageError):
    """The job ended without a result."""

    code = "run_failed"
    title = "The job failed"
