"""The page: its npm packages and `frontend/dist`, which the API serves."""

from __future__ import annotations

from node import ensure_npm_packages, npm
from shell import ROOT, say
from stamps import Stamp

FRONTEND = ROOT / "frontend"

_NOT_SOURCES = {"node_modules", "dist", "test-results", "coverage"}


def ensure_page() -> None:
    sources = tuple(sorted(entry for entry in FRONTEND.iterdir() if entry.name not in _NOT_SOURCES))
    # Inside dist, which a build empties: an unfinished build can't pass for a finished one.
    stamp = Stamp(FRONTEND / "dist" / ".offstage-stamp", sources)
    if stamp.is_current():
        return
    say("building the page")
    ensure_npm_packages(FRONTEND)
    stamp.remove()
    npm(FRONTEND, "run", "--silent", "build")
    stamp.write()
