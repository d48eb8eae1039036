"""`offstage users`: who may sign in with AUTH_MODE=token. Works on the database, not by the API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from backend.cli.options import DataDirOption, JsonOption
from backend.domain.users import is_subject_id

if TYPE_CHECKING:
    from backend.db.unit_of_work import UnitOfWork
    from backend.db.users import IssuedToken, StoredToken, StoredUser

T = TypeVar("T")

users_app = typer.Typer(no_args_is_help=True, help="Users and their tokens (AUTH_MODE=token).")

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
ExpiresDays = Annotated[
    int | None,
    typer.Option(
        min=1, max=3_650, help="After this many days it counts no more.", show_default=False
    ),
]
Label = Annotated[
    str | None,
    typer.Option(help="What to call the token in the list, such as a device.", show_default=False),
]


@users_app.command()
def add(
    name: Name,
    expires_days: ExpiresDays = None,
    label: Label = None,
    data_dir: DataDirOption = None,
) -> None:
    """Make a user, and print a first token for them: it is shown this once."""
    from backend.db.users import add_user

    user_id = _user_id(name)

    async def make(uow: UnitOfWork) -> IssuedToken:
        await add_user(uow, user_id)
        return await _issue(uow, user_id, label, expires_days)

    _show_token(_in_database(data_dir, make))


@users_app.command()
def token(
    name: Name,
    expires_days: ExpiresDays = None,
    label: Label = None,
    data_dir: DataDirOption = None,
) -> None:
    """Print another token for a user: it is shown this once."""
    user_id = _user_id(name)
    _show_token(_in_database(data_dir, lambda uow: _issue(uow, user_id, label, expires_days)))


@users_app.command("list")
def list_(as_json: JsonOption = False, data_dir: DataDirOption = None) -> None:
    """List users and their tokens; what it takes to use a token isn't kept."""
    from backend.cli.terminal import write_json
    from backend.cli.user_table import as_items, show_users
    from backend.db.users import list_tokens, list_users

    async def read(uow: UnitOfWork) -> tuple[list[StoredUser], list[StoredToken]]:
        return await list_users(uow), await list_tokens(uow)

    users, tokens = _in_database(data_dir, read)
    if as_json:
        write_json({"items": as_items(users, tokens)})
    else:
        show_users(users, tokens)


@users_app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN_ID", show_default=False)],
    data_dir: DataDirOption = None,
) -> None:
    """Let a token count no more; what is open with it ends within half a minute."""
    from backend.db.users import revoke_token

    revoked = _in_database(data_dir, lambda uow: revoke_token(uow, token_id))
    typer.echo(f"{revoked.id}: revoked, a token of {revoked.user_id}")


@users_app.command()
def limits(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A user, or the id of a JWT's user (jwt~…).")
    ],
    rates: Annotated[
        str | None, typer.Option(help="Such as '60/minute, 1000/day; smoke: 5/minute'.")
    ] = None,
    concurrency: Annotated[
        str | None, typer.Option(help="Jobs that run at once, such as '8; smoke: 2'.")
    ] = None,
    tokens_per_day: Annotated[str | None, typer.Option(help="Such as 200000.")] = None,
    cost_per_day: Annotated[str | None, typer.Option(help="US dollars, such as 2.50.")] = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show a user's limits, and set those that are given.

    'none' is no limit; '' is what the settings say. It counts within half a minute.
    """
    from backend.cli.terminal import write_json
    from backend.cli.user_limits import change_limits, show_limits

    given = {
        "rates": rates,
        "concurrency": concurrency,
        "tokens_per_day": tokens_per_day,
        "cost_per_day": cost_per_day,
    }
    user_id = name if is_subject_id(name) else _user_id(name)
    changes = {field: text.strip() for field, text in given.items() if text is not None}
    texts = _in_database(data_dir, lambda uow: change_limits(uow, user_id, changes))
    if as_json:
        write_json({"user": user_id, **vars(texts)})
    else:
        show_limits(user_id, texts)


def _user_id(name: str) -> str:
    from backend.domain.users import user_id_of_name

    try:
        return user_id_of_name(name)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None


async def _issue(
    uow: UnitOfWork, user_id: str, label: str | None, expires_days: int | None
) -> IssuedToken:
    from backend.db.column_types import utc_now
    from backend.db.users import issue_token

    expires_at = None if expires_days is None else utc_now() + timedelta(days=expires_days)
    return await issue_token(uow, user_id, name=_printable(label), expires_at=expires_at)


def _printable(label: str | None) -> str | None:
    if label is not None and not (label.isprintable() and 0 < len(label) <= 100):
        raise typer.BadParameter("1 to 100 printable characters.", param_hint="--label")
    return label


def _show_token(issued: IssuedToken) -> None:
    """The token alone on standard output, for programs; about it on standard error."""
    from backend.cli.terminal import say

    until = issued.stored.expires_at
    lasts = f"until {until:%Y-%m-%d}" if until else "until it is revoked"
    say(f"A token for {issued.stored.user_id}, {lasts}. It can't be shown again.")
    typer.echo(issued.secret)


def _in_database(data_dir: Path | None, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """What `work` gives; what it changes stands. Makes the tables if there are none yet."""
    from backend.cli.config import load_settings
    from backend.db.engine import create_engine
    from backend.db.unit_of_work import UnitOfWork
    from backend.db.upgrade import upgrade_engine

    settings = load_settings(data_dir)

    async def run() -> T:
        engine = create_engine(settings)
        try:
            await upgrade_engine(engine)
            async with UnitOfWork(engine) as uow:
                done = await work(uow)
                await uow.commit()
                return done
        finally:
            await engine.dispose()

    return asyncio.run(run())
