"""The command in this process, on a machine where nothing is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backend.cli.app import app
from backend.settings import Settings, get_settings

Offstage = Callable[..., Result]


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in (*Settings.model_fields, "offstage_url", "offstage_debug", "openai_api_key"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("OFFSTAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def offstage() -> Offstage:
    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin)

    return run
