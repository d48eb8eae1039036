"""A small client of Offstage's own HTTP API: answers as JSON objects, problems as errors."""

from __future__ import annotations

import os
from ipaddress import ip_address
from typing import IO, Any, Self
from urllib.parse import urlsplit

import httpx2

from backend.cli.errors import Refused, Unreachable
from backend.errors import FieldProblem, Misconfigured

_TIMEOUT_S = 30.0
_UPLOAD_TIMEOUT_S = 120.0  # reading a document may take the server a minute
_UNAUTHENTICATED = 401
_UNAVAILABLE = 503
_PAGE = 100

Json = dict[str, Any]


class OffstageClient:
    """Every method raises `Refused` for a problem answer, `Unreachable` if nobody answers.

    Signs in with OFFSTAGE_TOKEN, which is no option: others could read it in the list of processes.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx2.Client(
            base_url=self.url,
            headers=_sign_in(),
            timeout=_TIMEOUT_S,
            # A proxy of the environment is for elsewhere.
            trust_env=not _is_local(self.url),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def readiness(self) -> Json:
        """`{status: "ready", workers}`, or the problem's body, whose `missing` names parts."""
        return self._object(self._send("GET", "/readyz"))

    def agents(self) -> list[Json]:
        items: list[Json] = self._call("GET", "/agents")["items"]
        return items

    def create_session(self, title: str, language: str | None) -> str:
        """The new session's id."""
        answer = self._call("POST", "/sessions", json={"title": title, "language": language})
        return str(answer["id"])

    def rename_session(self, session_id: str, title: str) -> None:
        self._call("PATCH", f"/sessions/{session_id}", json={"title": title})

    def delete_session(self, session_id: str) -> None:
        """With its materials, notes and jobs."""
        self._call("DELETE", f"/sessions/{session_id}")

    def add_material(self, session_id: str, filename: str, content: IO[bytes]) -> Json:
        """Uploads a file; the answer is the material without its text."""
        return self._call(
            "POST",
            f"/sessions/{session_id}/materials",
            files={"file": (filename, content)},
            timeout=_UPLOAD_TIMEOUT_S,
        )

    def start_synopsis(self, session_id: str, query: Json, *, reuse: bool = False) -> Json:
        """`{jobId, …}`; with `reuse`, `{unchanged, version, …}` if there is one from this input."""
        return self._call(
            "POST",
            "/agents/synopsis_manager/v1/synopsis",
            params={"reuse": "unchanged"} if reuse else None,
            json={"session_id": session_id, "query": query},
        )

    def has_synopsis(self, session_id: str) -> bool:
        """Whether the session has notes already."""
        try:
            self.synopsis(session_id)
        except Refused as error:
            if error.problem_code != "synopsis_not_found":
                raise
            return False
        return True

    def synopsis_version(self, session_id: str, number: int) -> Json:
        return self._call("GET", f"/sessions/{session_id}/synopsis/versions/{number}")

    def synopsis(self, session_id: str) -> Json:
        return self._call("GET", f"/sessions/{session_id}/synopsis")

    def job(self, job_id: str) -> Json:
        return self._call("GET", f"/jobs/{job_id}")

    def newest_jobs(self, session_id: str | None, status: str | None, limit: int) -> list[Json]:
        """At most `limit` jobs, newest first."""
        wanted = {"session_id": session_id, "status": status}
        params: Json = {name: value for name, value in wanted.items() if value is not None}
        found: list[Json] = []
        while len(found) < limit:
            params["limit"] = min(_PAGE, limit - len(found))
            page = self._call("GET", "/jobs", params=params)
            found += page["items"]
            params["cursor"] = page.get("nextCursor")
            if not params["cursor"]:
                break
        return found

    def cancel_job(self, job_id: str) -> Json:
        return self._call("POST", f"/jobs/{job_id}/cancel")

    def _call(self, method: str, path: str, **options: Any) -> Json:
        response = self._send(method, path, **options)
        if response.is_error:
            raise self._refusal(response)
        return self._object(response) if response.content else {}

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx2.TimeoutException:
            raise Unreachable(f"Offstage at {self.url} took too long to answer.") from None
        except (httpx2.TransportError, httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            raise Unreachable(
                f"Offstage at {self.url} can't be reached. Is it running there?"
            ) from None

    def _object(self, response: httpx2.Response) -> Json:
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unreachable(
                f"What answers at {self.url} isn't Offstage (HTTP {response.status_code})."
            )
        return answer

    def _refusal(self, response: httpx2.Response) -> Refused:
        problem = self._object(response)
        code = str(problem.get("code", "unknown"))
        detail = str(problem.get("detail") or problem.get("title") or f"Refused: {code}.")
        if response.status_code == _UNAUTHENTICATED:
            detail = f"{self.url} needs a token that it accepts: set OFFSTAGE_TOKEN to one."
        fields = [
            FieldProblem(str(each.get("field")), str(each.get("message")))
            for each in problem.get("errors") or ()
        ]
        return Refused(detail, code=code, http_status=response.status_code, problems=fields)


def _sign_in() -> dict[str, str]:
    token = os.environ.get("OFFSTAGE_TOKEN", "").strip()
    if not (token.isascii() and token.isprintable()):
        raise Misconfigured("OFFSTAGE_TOKEN isn't a token: it has characters that no token has.")
    return {"Authorization": f"Bearer {token}"} if token else {}


def is_passing(error: Refused | Unreachable) -> bool:
    """Whether asking again a little later can help."""
    return isinstance(error, Unreachable) or error.status == _UNAVAILABLE


def _is_local(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
