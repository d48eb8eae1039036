"""`offstage doctor`: what is configured, what can be reached, what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from backend.cli.options import DataDirOption, JsonOption

if TYPE_CHECKING:
    from backend.cli.checks.findings import Finding


def doctor(as_json: JsonOption = False, data_dir: DataDirOption = None) -> None:
    """Say what is configured, reachable and missing. Exit code 1 if something needed is broken."""
    from backend.cli.checks.all import check_all
    from backend.cli.checks.findings import Verdict
    from backend.cli.terminal import write_json

    findings = asyncio.run(check_all(data_dir))
    is_well = all(finding.verdict is not Verdict.BROKEN for finding in findings)
    if as_json:
        write_json({"ok": is_well, "findings": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    if not is_well:
        raise typer.Exit(1)


def _show(findings: Sequence[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    from backend.cli.checks.findings import Verdict
    from backend.cli.terminal import output_console

    marks = {
        Verdict.OK: Text("ok", style="green"),
        Verdict.WARNING: Text("warning", style="yellow"),
        Verdict.BROKEN: Text("broken", style="bold red"),
    }
    table = Table(box=None, show_header=False)
    for finding in findings:
        told = "\n".join(filter(None, [finding.detail, finding.advice]))
        table.add_row(marks[finding.verdict], finding.part, told)
    output_console().print(table)
