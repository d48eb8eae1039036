"""`python -m backend.cli` is `offstage`."""

from __future__ import annotations

from backend.cli import main

main()
