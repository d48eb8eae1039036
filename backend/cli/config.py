"""The settings as the command reads them: what is wrong is named by its environment variable."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from backend.errors import FieldProblem, Misconfigured
from backend.settings import Settings, get_settings


def load_settings(data_dir: Path | None = None) -> Settings:
    """The environment's settings, with `data_dir` in place of theirs if it is given.

    Raises Misconfigured naming the variables at fault, without their values.
    """
    try:
        settings = get_settings()
    except ValidationError as error:
        raise Misconfigured(
            "These settings can't be used. Correct them in the environment or in .env:",
            problems=[
                FieldProblem(str(each["loc"][0]).upper(), each["msg"]) for each in error.errors()
            ],
        ) from None
    if data_dir is None:
        return settings
    return settings.model_copy(update={"offstage_data_dir": data_dir.expanduser().absolute()})


def describe_redis(settings: Settings) -> str:
    """Which Redis, without its password."""
    if settings.redis_url is None:
        return "embedded, stops with Offstage"
    return f"{without_secrets(settings.redis_dsn())} (REDIS_URL)"


def describe_database(settings: Settings) -> str:
    """Which database, without its password."""
    if settings.database_url is None:
        return f"SQLite, {settings.offstage_data_dir / 'offstage.db'}"
    return f"{without_secrets(settings.database_dsn())} (DATABASE_URL)"


def describe_model(settings: Settings) -> str:
    """Which model answers."""
    if settings.agents_default_model.startswith("offline:"):
        return f"{settings.agents_default_model}: no key, no network"
    return f"{settings.agents_default_model} (AGENTS_DEFAULT_MODEL)"


def describe_sign_in(settings: Settings) -> str:
    """Who may use it, and what they need."""
    if settings.auth_mode == "token":
        return "by token; `offstage users add NAME` makes one (AUTH_MODE=token)"
    if settings.auth_mode == "jwt":
        return f"by tokens of {settings.auth_jwt_issuer} (AUTH_MODE=jwt)"
    return "none, one local user"


def without_secrets(dsn: str) -> str:
    """A connection URL without user, password and parameters."""
    try:
        parts = urlsplit(dsn)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that can't be read"
    return f"{parts.scheme.partition('+')[0]}://{host}{port}{parts.path}"
