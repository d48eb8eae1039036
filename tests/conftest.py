"""Fixtures for every test: real servers as children of pytest, which die with it."""

from __future__ import annotations

import signal

# A shell starts background commands with Ctrl-C ignored, and what ignores it hands that down to the
# processes whose Ctrl-C is tested.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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
