"""What `offstage users limits` does and shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import typer

from backend.agents.registry import all_agents
from backend.db.unit_of_work import UnitOfWork
from backend.db.user_limits import read_limits, write_limits
from backend.db.users import list_users
from backend.domain.users import is_subject_id
from backend.errors import NotFound
from backend.limits import LimitTexts, UserLimits


async def change_limits(uow: UnitOfWork, user_id: str, changes: Mapping[str, str]) -> LimitTexts:
    """Set what is given and return all that is set then.

    Raises NotFound("user") for a name that no user has, BadParameter for what can't be read.
    """
    if not is_subject_id(user_id) and user_id not in {user.id for user in await list_users(uow)}:
        raise NotFound("user", f"There is no user {user_id}: make one with `offstage users add`.")
    texts = replace(await read_limits(uow, user_id), **changes)
    try:
        named = UserLimits.parse(texts).agents_named()
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from None
    if unknown := sorted(named - {spec.id for spec in all_agents()}):
        raise typer.BadParameter(f"There is no agent {', '.join(unknown)}.")
    if changes:
        await write_limits(uow, user_id, texts)
    return texts


def show_limits(user_id: str, texts: LimitTexts) -> None:
    """One line for each limit."""
    typer.echo(f"{user_id}:")
    for name, text in vars(texts).items():
        typer.echo(f"  {name.replace('_', ' '):<16}{text or 'as the settings say'}")
