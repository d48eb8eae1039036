"""`Prefer: wait=N` (RFC 7240): how long a caller would like to wait for something to change."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_WAIT_S = 30
# `wait` has a plain number; a quoted one is allowed by the grammar. Parameters after `;` are none
# of ours.
_WAIT = re.compile(r'\s*wait\s*=\s*"?([0-9]{1,9})"?\s*(?:;.*)?', re.IGNORECASE)
_NAMES_WAIT = re.compile(r"\s*wait\b", re.IGNORECASE)


def preferred_wait_s(headers: Sequence[str] | None) -> int | None:
    """The first `wait` of the `Prefer` headers, at most `LONGEST_WAIT_S`.

    None without one. A preference that can't be understood is ignored, as the RFC has it.
    """
    for preference in ",".join(headers or ()).split(","):
        if _NAMES_WAIT.match(preference):
            found = _WAIT.fullmatch(preference)
            return min(int(found.group(1)), LONGEST_WAIT_S) if found else None
    return None
