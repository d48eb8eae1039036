"""The API against what its OpenAPI document allows and what it doesn't, for a short while.

`make fuzz` does the same for ten minutes.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.paths import ROOT

_SECONDS = 20


@pytest.mark.timeout(120)
def test_the_api_keeps_to_its_openapi_document() -> None:
    command = [sys.executable, "-m", "bench.fuzz", str(_SECONDS)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, (run.stdout + run.stderr)[-8_000:]
    assert "Test cases:" in run.stdout
