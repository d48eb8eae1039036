"""What Schemathesis can't know from the OpenAPI document. It loads this by SCHEMATHESIS_HOOKS."""

from __future__ import annotations

from typing import Any

import requests
import schemathesis


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """A stream of a job that goes on has no end to wait for: its job is cancelled first."""
    if case.operation.label != "GET /jobs/{job_id}/events":
        return
    stream = requests.Request("GET", case.as_transport_kwargs()["url"]).prepare().url or ""
    headers = {"Authorization": case.headers.get("Authorization", "")}
    requests.post(stream.replace("/events", "/cancel"), headers=headers, timeout=10)
