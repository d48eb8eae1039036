"""`RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers-11 has them.

Both are lists of structured fields (RFC 9651): `"user-minute";q=60;w=60` says 60 in any minute,
`"user-minute";r=3;t=12` that 3 are left now and that there is one more in 12 s.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.errors import RateState


def rate_headers(rates: Sequence[RateState]) -> dict[str, str]:
    """The headers for these rates; none for no rates."""
    if not rates:
        return {}
    policies = [f'"{rate.name}";q={rate.most};w={rate.period_s}' for rate in rates]
    states = [f'"{rate.name}";r={rate.left};t={rate.reset_s}' for rate in rates]
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}
