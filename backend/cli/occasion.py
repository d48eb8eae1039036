"""The Offstage a command uses: one that runs already, or one started for the occasion."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.cli.failing import debugging
from backend.cli.preflight import require_named_servers, require_usable
from backend.cli.target import find_url
from backend.cli.terminal import say
from backend.settings import Settings
from backend.supervisor.errors import AlreadyRunning
from backend.supervisor.stack import Stack


@dataclass(frozen=True)
class UsedOffstage:
    """`stays` is false for one that ends with the command."""

    url: str
    stays: bool


@contextmanager
def running_or_occasional(
    url: str | None, settings: Settings, tell_stage: Callable[[str], None]
) -> Iterator[UsedOffstage]:
    """The Offstage at `url` or on the data directory; without one, an own one until the end.

    Raises what `Stack.start` raises, and Misconfigured.
    """
    found = find_url(url, settings)
    if found is not None:
        yield UsedOffstage(found, stays=True)
        return
    # A Redis of its own, always: jobs of others, in a Redis they share, are not for a worker
    # that is about to leave. And nobody to sign in: whoever types the command is its one user.
    settings = settings.model_copy(update={"redis_url": None, "auth_mode": "local"})
    require_usable(settings)
    require_named_servers(settings)
    tell_stage("Starting Offstage")
    with ExitStack() as stack:
        yield _start(settings, stack)


def _start(settings: Settings, stack: ExitStack) -> UsedOffstage:
    """Started on the data directory itself, or on a passing one if that is in use.

    It isn't announced: another command that used it would lose it when this one ends.
    """
    try:
        return UsedOffstage(stack.enter_context(_quiet(settings)).url, stays=False)
    except AlreadyRunning:
        found = find_url(None, settings)
    if found is not None:
        return UsedOffstage(found, stays=True)
    say(
        f"{settings.offstage_data_dir} is in use by another Offstage just now: this one works in "
        "a temporary directory, and what it makes isn't kept there."
    )
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="offstage-"))
    passing = settings.model_copy(update={"offstage_data_dir": Path(folder)})
    return UsedOffstage(stack.enter_context(_quiet(passing)).url, stays=False)


def _quiet(settings: Settings) -> Stack:
    return Stack(
        settings.offstage_data_dir,
        "127.0.0.1",
        0,
        settings=settings,
        write_line=say if debugging() else _drop,
        announced=False,
    )


def _drop(_line: str) -> None:
    """What goes wrong is in the error; the rest is of no interest to this command's user."""
