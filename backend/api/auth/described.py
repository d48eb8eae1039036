"""How OpenAPI tells who may call what."""

from __future__ import annotations

from typing import Any

from backend.api.auth.credentials import COOKIE
from backend.api.middleware.authentication import is_public
from backend.api.problems import undescribed

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by /login"},
}


def tell_who_may_call(schema: dict[str, Any], *, needs_sign_in: bool) -> None:
    """Give every operation that isn't public its 401, and its ways to sign in if it needs one."""
    if needs_sign_in:
        schema.setdefault("components", {})["securitySchemes"] = _SCHEMES
    for path, operations in schema["paths"].items():
        if is_public(path):
            continue
        for operation in operations.values():
            operation["responses"]["401"] = undescribed(401)
            if needs_sign_in:
                operation["security"] = [{name: []} for name in _SCHEMES]
