"""What holds for every subcommand: help, version, usage, errors, start-up."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest

from backend import __version__
from backend.cli.failing import StopAsked, failing_clearly, stopping_on_signals
from tests.paths import ROOT
from tests.unit.cli.conftest import Offstage

HEAVY = "pydantic sqlalchemy fastapi uvicorn httpx2 redis rq pydantic_ai structlog numpy"


def test_help_names_every_subcommand(offstage: Offstage) -> None:
    result = offstage("--help")
    assert result.exit_code == 0
    for name in "up synopsis agents jobs users doctor api worker".split():
        assert f" {name} " in result.stdout


def test_version(offstage: Offstage) -> None:
    assert offstage("--version").stdout == f"offstage {__version__}\n"


def test_starting_imports_nothing_heavy() -> None:
    """Time would vary with the machine; what costs it doesn't."""
    script = f"import sys, backend.cli.app; print(*set({HEAVY.split()}) & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout == "\n"


def test_wrong_usage_is_exit_code_2_on_stderr(offstage: Offstage) -> None:
    for arguments in (["nonsense"], ["up", "--port", "70000"], ["synopsis"], ["jobs", "--what"]):
        result = offstage(*arguments)
        assert result.exit_code == 2, arguments
        assert result.stdout == ""
        assert result.stderr


def test_settings_are_named_without_their_values(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_JOB_TIMEOUT", "topsecret")
    monkeypatch.setenv("OFFSTAGE_PORT", "alsosecret")
    for command in ("up", "api", "worker", "agents", "jobs"):
        result = offstage(command)
        assert result.exit_code == 1, command
        assert "AGENT_JOB_TIMEOUT: " in result.stderr
        assert "OFFSTAGE_PORT: " in result.stderr
        assert "secret" not in result.output
        assert "Traceback" not in result.stderr


def test_debug_shows_where_an_error_comes_from(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFSTAGE_DEBUG", "1")
    result = offstage("jobs")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "Error: No Offstage runs on" in result.stderr


def test_a_mistake_of_ours_says_its_kind_and_keeps_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, failing_clearly():
        raise RuntimeError("redis://user:topsecret@host")
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert "OFFSTAGE_DEBUG=1" in told
    assert "topsecret" not in told


def test_signals_unwind_the_stack() -> None:
    cleaned_up: list[str] = []
    former = signal.getsignal(signal.SIGTERM)
    stack = ExitStack()
    stack.callback(cleaned_up.append, "yes")
    with pytest.raises(StopAsked) as stopped, stopping_on_signals(), stack:
        signal.raise_signal(signal.SIGTERM)
    assert cleaned_up == ["yes"]
    assert stopped.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == former


@pytest.mark.parametrize(
    ("raised", "code"), [(KeyboardInterrupt(), 130), (StopAsked(signal.SIGTERM), 143)]
)
def test_being_stopped_is_an_exit_code_and_no_traceback(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int
) -> None:
    def stop(*_: object) -> None:
        raise raised

    monkeypatch.setattr("backend.cli.config.load_settings", stop)
    result = offstage("jobs")
    assert (result.exit_code, result.output) == (code, "")


def test_messages_have_no_colours_where_nobody_sees_them(offstage: Offstage) -> None:
    assert "\x1b" not in offstage("jobs").stderr
