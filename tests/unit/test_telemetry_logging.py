"""Log lines: one JSON object each, with the job's fields, without messages of exceptions."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from backend.settings import Settings
from backend.telemetry.logging import bind_job, configure_logging, get_logger, where


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What is logged as JSON while the test runs."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logging(Settings(_env_file=None, log_format="json"))
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_lines_of_a_job_carry_its_fields_also_those_of_libraries(lines: Any) -> None:
    with bind_job(job_id="j", trace_id="t"):
        get_logger("test").info("ours", size=1)
        logging.getLogger("some.library").warning("theirs")
    get_logger("test").info("later")
    ours, theirs, later = lines()
    for line in (ours, theirs):
        assert (line["job_id"], line["trace_id"]) == ("j", "t")
    assert (ours["event"], ours["size"], ours["level"]) == ("ours", 1, "info")
    assert (theirs["event"], theirs["logger"]) == ("theirs", "some.library")
    assert "job_id" not in later


def test_libraries_that_tell_too_much_are_quiet(lines: Any) -> None:
    for name in ("httpx2", "openai", "anthropic", "rq.worker"):
        logging.getLogger(name).info("Authorization: Bearer secret")
    assert lines() == []


def test_an_exception_is_told_by_its_class_and_place() -> None:
    try:
        raise ValueError("secret")
    except ValueError as error:
        told = where(error)
    assert told["kind"] == "ValueError"
    assert "test_telemetry_logging.py" in told["at"]
    assert "secret" not in str(told)
