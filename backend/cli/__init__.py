"""The `offstage` command, a file per subcommand.

What a subcommand needs is imported when it runs, so that `offstage --help` answers at once.
"""

from __future__ import annotations


def main() -> None:
    """The console script. Ends the process: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C."""
    from backend.cli.app import app
    from backend.cli.failing import failing_clearly

    with failing_clearly():
        app(prog_name="offstage")
