"""What a look at one part found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`WARNING`: it works, or will be needed later. `BROKEN`: Offstage can't work like this."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """`detail` says how it is; `advice` what to do, unless all is well. Never holds a secret."""

    part: str
    verdict: Verdict
    detail: str
    advice: str = ""


def ok(part: str, detail: str) -> Finding:
    return Finding(part, Verdict.OK, detail)


def warning(part: str, detail: str, advice: str) -> Finding:
    return Finding(part, Verdict.WARNING, detail, advice)


def broken(part: str, detail: str, advice: str = "") -> Finding:
    return Finding(part, Verdict.BROKEN, detail, advice)
