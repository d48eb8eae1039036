"""Every setting of Offstage, typed, in one place.

Names are environment variables exactly as written here in upper case; a `.env` file in the
working directory is read too. Durations end in a unit in prose and are seconds throughout.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.limits import (
    LimitTexts,
    parse_concurrency,
    parse_cost,
    parse_fleet_concurrency,
    parse_rates,
    parse_tokens,
)

# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
_LONGEST_SOCKET_PATH = 100

Seconds = Annotated[float, Field(gt=0)]


class Settings(BaseSettings):
    """What an operator can set. Reading it makes no folder and dials nothing."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    # Where things are
    redis_url: SecretStr | None = None
    database_url: SecretStr | None = None
    offstage_data_dir: Path = Path(user_data_dir("offstage"))
    offstage_host: str = "127.0.0.1"
    offstage_port: int = Field(default=8765, ge=0, le=65535)
    # Names (without port, separated by commas) that requests may address Offstage by. Given, they
    # take the place of the rule that only loopback is served: then a proxy or a container's
    # network must be what keeps strangers out.
    offstage_allowed_hosts: str = ""

    # Jobs
    agent_queue: str = Field(default="agents", pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    agent_job_timeout: Seconds = 900
    agent_result_ttl: int = Field(default=86_400, gt=0)
    agent_worker_concurrency: int = Field(default=32, ge=1, le=10_000)
    agent_worker_processes: int = Field(default=1, ge=1, le=64)
    agent_shutdown_grace: Seconds = 30
    agent_memory_mb: int = Field(default=2048, ge=64)
    agent_queue_max: int = Field(default=10_000, ge=0)
    agent_queue_ttl: float = Field(default=86_400, ge=0)

    # Models
    agents_default_model: str = "offline:extractive"
    # Separated by commas; asked in this order where the model before can't answer.
    agents_fallback_models: str = ""
    # How a structured answer is asked for; auto: as suits the model, by what is known of it.
    agents_output_mode: Literal["auto", "tool", "native", "prompt"] = "auto"
    # The model's window, where nothing knows it: a server of one's own may have a small one.
    agents_context_tokens: int | None = Field(default=None, ge=2_048)
    agent_llm_timeout: Seconds = 120
    openai_base_url: str | None = None

    # Who may call
    auth_mode: Literal["local", "token", "jwt"] = "local"
    auth_jwt_jwks_url: str | None = None
    auth_jwt_audience: str | None = None
    auth_jwt_issuer: str | None = None

    # Shares, as `backend.limits` reads them. Those of a user hold for users without own ones.
    agent_rate_limits: str = ""
    agent_user_concurrency: str = ""
    agent_fleet_concurrency: str = ""
    agent_user_tokens_per_day: str = ""
    agent_user_cost_per_day: str = ""

    # Material
    material_max_bytes: int = Field(default=25 * 1024 * 1024, gt=0)
    material_max_chars: int = Field(default=1_000_000, gt=0)

    # Where agents look for sources beside the person's own library, separated by commas; none is on
    # unless named here. Whoever runs those sites wants to know how to reach who asks them.
    source_providers: str = ""
    source_contact: str = ""
    # A free one makes OpenAlex answer more than a few searches a day.
    openalex_api_key: SecretStr | None = None
    source_cache_ttl: int = Field(default=86_400, ge=0)

    # Telemetry
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    otel_exporter_otlp_endpoint: str | None = None
    otel_service_name: str = "offstage"

    @field_validator(
        "redis_url",
        "database_url",
        "openai_base_url",
        "otel_exporter_otlp_endpoint",
        "auth_jwt_jwks_url",
        "auth_jwt_audience",
        "auth_jwt_issuer",
        "openalex_api_key",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator(
        "agent_rate_limits",
        "agent_user_concurrency",
        "agent_fleet_concurrency",
        "agent_user_tokens_per_day",
        "agent_user_cost_per_day",
    )
    @classmethod
    def _can_be_read(cls, value: str, info: ValidationInfo) -> str:
        _LIMIT_PARSERS[str(info.field_name)](value.strip())
        return value.strip()

    def user_limits(self) -> LimitTexts:
        """The limits of users who have no own ones. One user alone needs none."""
        at_once = self.agent_user_concurrency
        if not at_once and self.auth_mode != "local":
            at_once = _USER_CONCURRENCY
        return LimitTexts(
            self.agent_rate_limits,
            at_once,
            self.agent_user_tokens_per_day,
            self.agent_user_cost_per_day,
        )

    @field_validator("source_providers")
    @classmethod
    def _are_known(cls, value: str) -> str:
        names = [name.strip().lower() for name in value.split(",") if name.strip()]
        unknown = sorted(set(names) - set(SOURCE_PROVIDERS))
        if unknown:
            raise ValueError(
                f"there is no provider {', '.join(unknown)}: use any of "
                f"{', '.join(SOURCE_PROVIDERS)}, separated by commas"
            )
        return ",".join(dict.fromkeys(names))

    @property
    def agent_memory_bytes(self) -> int:
        """How much memory one job may take."""
        return self.agent_memory_mb * 1024 * 1024

    def redis_dsn(self) -> str:
        """The Redis to talk to: `REDIS_URL`, else the embedded one of the data directory."""
        if self.redis_url is not None:
            return self.redis_url.get_secret_value()
        return f"unix://{redis_socket_path(self.offstage_data_dir)}"

    def database_dsn(self) -> str:
        """An SQLAlchemy async URL: `DATABASE_URL` with its driver filled in, else SQLite."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.offstage_data_dir / 'offstage.db'}"
        url = self.database_url.get_secret_value()
        for plain, driven in _ASYNC_DRIVERS.items():
            if url.startswith(plain):
                return driven + url.removeprefix(plain)
        return url

    def unsupported(self) -> list[str]:
        """Why Offstage can't start with these settings, a sentence each.

        Refusing to start beats a setting that an operator believes in and nobody heeds.
        """
        return self._missing_for_jwt() + self._missing_for_sources()

    def _missing_for_sources(self) -> list[str]:
        if not self.source_providers or _CONTACT.fullmatch(self.source_contact):
            return []
        return [
            "SOURCE_PROVIDERS needs SOURCE_CONTACT: an e-mail address or an https address at which "
            "whoever runs those sites can reach you."
        ]

    def _missing_for_jwt(self) -> list[str]:
        if self.auth_mode != "jwt":
            return []
        needed = ("auth_jwt_jwks_url", "auth_jwt_audience", "auth_jwt_issuer")
        missing = [name.upper() for name in needed if getattr(self, name) is None]
        problems = [f"AUTH_MODE=jwt needs {', '.join(missing)}."] if missing else []
        if self.auth_jwt_jwks_url and not self.auth_jwt_jwks_url.startswith(_HTTP):
            problems.append("AUTH_JWT_JWKS_URL isn't an address: https://host/path to a key set.")
        return problems


SOURCE_PROVIDERS = ("openalex", "arxiv", "crossref", "wikipedia")
# It goes into headers and addresses.
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https://[\w./~-]+", re.ASCII)
_HTTP = ("https://", "http://")
# A quarter of one worker's slots.
_USER_CONCURRENCY = "8"
_LIMIT_PARSERS: dict[str, Callable[[str], object]] = {
    "agent_rate_limits": parse_rates,
    "agent_user_concurrency": parse_concurrency,
    "agent_fleet_concurrency": parse_fleet_concurrency,
    "agent_user_tokens_per_day": parse_tokens,
    "agent_user_cost_per_day": parse_cost,
}
_ASYNC_DRIVERS = {
    "postgresql://": "postgresql+asyncpg://",
    "postgres://": "postgresql+asyncpg://",
    "sqlite:///": "sqlite+aiosqlite:///",
}


def redis_socket_path(data_dir: Path) -> Path:
    """Where the embedded Redis of `data_dir` listens: one socket per data directory and user.

    The path goes to the temporary directory when the data directory's own is too long for a
    socket address.
    """
    path = data_dir.absolute() / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"offstage-{os.getuid()}-{digest}" / "redis.sock"


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read from the environment once."""
    return Settings()
