"""Makes notes of files on a running Offstage, or leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath

from backend.cli.client import Json, OffstageClient
from backend.cli.errors import Refused, RunFailed, UnusableFiles
from backend.cli.progress import JobProgress
from backend.cli.sources import Source
from backend.cli.waiting import wait_for_job
from backend.errors import OffstageError

_LONGEST_TITLE = 300
_REFUSED_MATERIAL = (413, 422)


@dataclass(frozen=True)
class Wishes:
    """What a person asks of the notes; what is None is Offstage's to choose."""

    title: str | None = None
    language: str | None = None
    instructions: str | None = None


@dataclass(frozen=True)
class MadeNotes:
    """`synopsis` is as the API answers it; `unchanged` if it was there and nothing ran."""

    session_id: str
    synopsis: Json
    unchanged: bool = False


def make_notes(
    client: OffstageClient, sources: Sequence[Source], wishes: Wishes, progress: JobProgress
) -> MadeNotes:
    """A new session with the files as its materials, and notes on them.

    Raises UnusableFiles naming each file that Offstage refused, RunFailed if the agent failed,
    and what the client raises. Whatever is raised, Ctrl-C too, the session is deleted and its job
    cancelled.
    """
    session_id = client.create_session(
        wishes.title or PurePath(sources[0].name).stem, wishes.language
    )
    try:
        titles = _add_all(client, session_id, sources, progress)
        if wishes.title is None:
            client.rename_session(session_id, _title_of(titles))
        _run(client, session_id, wishes, progress)
        return MadeNotes(session_id, client.synopsis(session_id))
    except BaseException:
        # Deleting a session cancels its jobs.
        with suppress(OffstageError):
            client.delete_session(session_id)
        raise


def update_notes(
    client: OffstageClient,
    session_id: str,
    sources: Sequence[Source],
    wishes: Wishes,
    progress: JobProgress,
    *,
    anyway: bool = False,
) -> MadeNotes:
    """The session's notes, brought up to date with its material and the files added to it.

    Raises what `make_notes` raises; what the session held before stays whatever happens.
    """
    _add_all(client, session_id, sources, progress)
    query: Json = {"action": "update" if client.has_synopsis(session_id) else "create"}
    if wishes.instructions:
        query["instructions"] = wishes.instructions
    started = client.start_synopsis(session_id, query, reuse=not anyway)
    if started.get("unchanged"):
        found = client.synopsis_version(session_id, int(started["version"]))
        return MadeNotes(session_id, found, unchanged=True)
    _await_notes(client, str(started["jobId"]), progress)
    return MadeNotes(session_id, client.synopsis(session_id))


def _add_all(
    client: OffstageClient, session_id: str, sources: Sequence[Source], progress: JobProgress
) -> list[str]:
    titles: list[str] = []
    problems: list[str] = []
    for source in sources:
        progress.stage(f"Reading {source.name}")
        try:
            material = client.add_material(session_id, source.name, source.content)
        except Refused as error:
            if error.status not in _REFUSED_MATERIAL:
                raise
            problems.append(_naming(source.name, error.message))
        else:
            titles.append(str(material["title"]))
    if problems:
        raise UnusableFiles("\n".join(problems))
    return titles


def _naming(name: str, message: str) -> str:
    return message if name in message else f"{name}: {message}"


def _title_of(titles: Sequence[str]) -> str:
    title = ", ".join(titles)
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def _run(client: OffstageClient, session_id: str, wishes: Wishes, progress: JobProgress) -> None:
    query = {"instructions": wishes.instructions} if wishes.instructions else {}
    started = client.start_synopsis(session_id, query)
    _await_notes(client, str(started["jobId"]), progress)


def _await_notes(client: OffstageClient, job_id: str, progress: JobProgress) -> None:
    job = wait_for_job(client, job_id, progress.job)
    if job["status"] == "failed":
        error = job.get("error") or {}
        raise RunFailed(
            f"No notes were made: {error.get('message', 'the job failed')} "
            f"({error.get('code', 'unknown')}, job {job_id})"
        )
