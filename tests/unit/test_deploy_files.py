"""The files that put Offstage into production, checked without a Docker daemon."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from backend.settings import Settings
from tests.paths import ROOT

COMPOSE_FILE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(COMPOSE_FILE)
    return loaded


@pytest.fixture
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_the_compose_file_fits_the_schema() -> None:
    _check("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE_FILE))


def test_the_dockerfile_has_no_lint() -> None:
    _check("hadolint", str(DOCKERFILE))


def test_the_services_are_those_of_the_design(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"redis", "postgres", "api", "agents-worker"}


def test_what_a_service_waits_for_exists_and_can_be_healthy(
    services: dict[str, dict[str, Any]],
) -> None:
    awaited = {
        (name, condition["condition"])
        for service in services.values()
        for name, condition in service.get("depends_on", {}).items()
    }
    assert awaited == {("redis", "service_healthy"), ("postgres", "service_healthy")}
    assert all("healthcheck" in services[name] for name, _ in awaited)


def test_workers_can_be_scaled(services: dict[str, dict[str, Any]]) -> None:
    worker = services["agents-worker"]
    assert "container_name" not in worker
    assert "ports" not in worker


def test_a_worker_gets_longer_to_stop_than_its_grace_time(
    services: dict[str, dict[str, Any]],
) -> None:
    worker = services["agents-worker"]
    stop_s = float(worker["stop_grace_period"].removesuffix("s"))
    assert stop_s > float(worker["environment"]["AGENT_SHUTDOWN_GRACE"]) + 5


def test_redis_keeps_jobs(services: dict[str, dict[str, Any]]) -> None:
    command = services["redis"]["command"]
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command
    image, version = services["redis"]["image"].split(":")
    assert image == "redis"
    assert int(version.partition("-")[0]) >= 7


def test_no_password_is_written_down_and_the_api_is_published_on_loopback(
    services: dict[str, dict[str, Any]],
) -> None:
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith(
        "${POSTGRES_PASSWORD:?"
    )
    assert all(port.startswith("127.0.0.1:") for port in services["api"]["ports"])


def test_whoever_comes_has_to_sign_in_unless_told_otherwise(
    services: dict[str, dict[str, Any]],
) -> None:
    assert services["api"]["environment"]["AUTH_MODE"] == "${AUTH_MODE:-token}"


def test_every_setting_of_ours_that_is_passed_in_exists(
    services: dict[str, dict[str, Any]],
) -> None:
    of_providers = {"OPENAI_API_KEY", "ANTHROPIC_API_KEY"}
    for name in ("api", "agents-worker"):
        passed = set(services[name]["environment"]) - of_providers
        assert {setting.lower() for setting in passed} <= set(Settings.model_fields)


def test_images_are_named_plainly() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE.read_text(), re.MULTILINE)
    assert images
    assert all("/" not in image and ":" in image for image in images)


def test_the_image_runs_as_an_ordinary_user_and_holds_what_it_copies() -> None:
    text = DOCKERFILE.read_text()
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    sources = [ROOT / source for line in copied for source in line.split()]
    assert [source for source in sources if not source.exists()] == []


def _check(tool: str, *arguments: str) -> None:
    path = shutil.which(tool, path=str(Path(sys.executable).parent))
    assert path is not None, f"{tool} is not installed: run `make test`"
    result = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
