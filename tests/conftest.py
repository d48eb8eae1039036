"""Fixtures for every test: real servers as children of pytest, which die with it."""

from __future__ import annotations

pytest_plugins = [
    "tests.fixtures.aimock",
    "tests.fixtures.browser",
    "tests.fixtures.data",
    "tests.fixtures.databases",
    "tests.fixtures.offstage",
    "tests.fixtures.postgres",
    "tests.fixtures.redis",
    "tests.fixtures.traces",
]
