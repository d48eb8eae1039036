"""`offstage jobs`: what waits, runs and has ended; `offstage jobs cancel ID` stops one."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.cli.options import DataDirOption, JsonOption, UrlOption
from backend.domain.states import JobState

jobs_app = typer.Typer()


@jobs_app.callback(invoke_without_command=True)
def jobs(
    context: typer.Context,
    session: Annotated[
        str | None, typer.Option(help="Only this session's.", show_default=False)
    ] = None,
    status: Annotated[
        JobState | None, typer.Option(help="Only those in this state.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    as_json: JsonOption = False,
    url: UrlOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """List jobs, newest first."""
    if context.invoked_subcommand is not None:
        # `offstage jobs --url … cancel ID` means the same as `offstage jobs cancel ID --url …`.
        context.obj = (url, data_dir)
        return
    from backend.cli.client import OffstageClient
    from backend.cli.config import load_settings
    from backend.cli.job_table import show_jobs
    from backend.cli.target import require_url
    from backend.cli.terminal import write_json

    with OffstageClient(require_url(url, load_settings(data_dir))) as client:
        items = client.newest_jobs(session, status, limit)
    if as_json:
        write_json({"items": items})
    else:
        show_jobs(items)


@jobs_app.command()
def cancel(
    context: typer.Context,
    job_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    url: UrlOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Cancel a job. One that has ended stays as it is."""
    from backend.cli.client import OffstageClient
    from backend.cli.config import load_settings
    from backend.cli.job_table import outcome
    from backend.cli.target import require_url
    from backend.cli.waiting import wait_for_job

    group_url, group_data_dir = context.obj
    settings = load_settings(data_dir or group_data_dir)
    with OffstageClient(require_url(url or group_url, settings)) as client:
        client.cancel_job(job_id)
        # Its worker stops a running job within a second or so.
        job = wait_for_job(client, job_id, lambda _job: None)
    typer.echo(f"{job_id}: {outcome(job)}")
