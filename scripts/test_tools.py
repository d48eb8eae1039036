"""What only the tests need beside Python packages: the HTTP peers and a browser."""

from __future__ import annotations

from find_browser import ensure_browser
from node import ensure_npm_packages
from shell import ROOT

PEERS = ROOT / "tests" / "peers"


def ensure_test_tools() -> None:
    ensure_peers()
    ensure_browser()


def ensure_peers() -> None:
    """The stand-in for LLM providers, which the benchmarks talk to as well."""
    ensure_npm_packages(PEERS)
