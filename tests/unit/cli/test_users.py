"""`offstage users`: who may sign in, worked on in the database itself."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from backend.domain.tokens import digest_of, is_token
from tests.unit.cli.conftest import Offstage
from tests.unit.cli.stub_api import StubApi, problem, serving


def _listed(offstage: Offstage) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(offstage("users", "list", "--json").stdout)["items"]
    return items


def test_a_new_user_gets_a_token_that_is_shown_once_and_kept_nowhere(
    offstage: Offstage, tmp_path: Path
) -> None:
    made = offstage("users", "add", "Anna", "--label", "laptop")
    assert made.exit_code == 0
    token = made.stdout.strip()
    assert is_token(token)
    assert "can't be shown again" in made.stderr
    assert token not in made.stderr

    (anna,) = _listed(offstage)
    assert anna["name"] == "anna"
    assert [each["label"] for each in anna["tokens"]] == ["laptop"]
    files = list((tmp_path / "data").glob("offstage.db*"))
    assert files
    assert not any(token.encode() in file.read_bytes() for file in files)
    with sqlite3.connect(tmp_path / "data" / "offstage.db") as database:
        assert database.execute("SELECT digest FROM tokens").fetchall() == [(digest_of(token),)]
    database.close()


def test_another_token_can_end_by_itself_and_each_be_revoked(offstage: Offstage) -> None:
    first = offstage("users", "add", "anna").stdout.strip()
    second = offstage("users", "token", "ANNA", "--expires-days", "3").stdout.strip()
    assert first != second
    kept, ending = _listed(offstage)[0]["tokens"]
    assert (kept["expiresAt"], kept["revokedAt"]) == (None, None)
    assert ending["expiresAt"] > ending["createdAt"]

    for _ in range(2):
        revoked = offstage("users", "revoke", kept["id"])
        assert (revoked.exit_code, revoked.stdout.count("revoked")) == (0, 1)
    table = offstage("users", "list").stdout
    assert "revoked" in table
    assert "valid until" in table
    assert _listed(offstage)[0]["tokens"][0]["revokedAt"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["add", "ann:a"], 2, "A name has 1 to 64 Latin letters"),
        (["add", "аnna"], 2, "A name has 1 to 64 Latin letters"),
        (["add", "ok", "--label", "a\nb"], 2, "printable"),
        (["token", "nobody"], 1, "There is no user nobody."),
        (["revoke", "nothing"], 1, "There is no such token."),
        (["revoke", "0" * 32], 1, "There is no such token."),
    ],
)
def test_what_can_not_be_done_is_told_and_leaves_nothing(
    offstage: Offstage, arguments: list[str], code: int, told: str
) -> None:
    result = offstage("users", *arguments)
    assert result.exit_code == code
    assert told in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""
    assert _listed(offstage) == []


def test_a_name_is_taken_however_it_is_spelled(offstage: Offstage) -> None:
    assert offstage("users", "add", "anna").exit_code == 0
    again = offstage("users", "add", " ANNA ")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "There is a user anna already." in again.stderr
    assert len(_listed(offstage)[0]["tokens"]) == 1


def test_doctor_says_when_nobody_could_sign_in(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verdict() -> str:
        findings = json.loads(offstage("doctor", "--json").stdout)["findings"]
        return str(next(each["verdict"] for each in findings if each["part"] == "sign-in"))

    monkeypatch.setenv("AUTH_MODE", "token")
    assert verdict() == "warning"
    offstage("users", "add", "anna")
    assert verdict() == "ok"


def test_the_client_signs_in_with_a_token_of_the_environment(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFSTAGE_TOKEN", "töken\n")
    result = offstage("jobs", "--url", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "OFFSTAGE_TOKEN isn't a token" in result.stderr
    assert "töken" not in result.output


def test_a_refused_token_says_what_to_set(
    offstage: Offstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFSTAGE_TOKEN", "of-somebody-else")
    refusal = problem("invalid_token", "The token isn't accepted.")
    with serving(StubApi({"GET /jobs": (401, refusal)})) as api:
        result = offstage("jobs", "--url", api.url)
    assert result.exit_code == 1
    assert "set OFFSTAGE_TOKEN" in result.stderr
    assert "of-somebody-else" not in result.output


def test_limits_of_a_user_are_set_one_by_one_and_read_back(offstage: Offstage) -> None:
    offstage("users", "add", "anna")
    assert "as the settings say" in offstage("users", "limits", "anna").stdout

    offstage("users", "limits", "Anna", "--rates", "5/minute; smoke: 2/hour")
    offstage("users", "limits", "anna", "--concurrency", "none", "--cost-per-day", "2.50")
    told = json.loads(offstage("users", "limits", "anna", "--json").stdout)
    expected = {"rates": "5/minute; smoke: 2/hour", "concurrency": "none", "cost_per_day": "2.50"}
    assert told == {"user": "anna", "tokens_per_day": "", **expected}

    offstage("users", "limits", "anna", "--rates", "")
    assert json.loads(offstage("users", "limits", "anna", "--json").stdout)["rates"] == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["anna", "--rates", "often"], "isn't a rate"),
        (["anna", "--rates", "no_such_agent: 5/hour"], "no_such_agent"),
        (["anna", "--concurrency", "0"], "jobs at once"),
        (["boris", "--concurrency", "2"], "There is no user boris"),
        (["jwt~~short", "--concurrency", "2"], "A name has"),
    ],
)
def test_limits_that_can_t_be_set_are_told(
    offstage: Offstage, arguments: list[str], says: str
) -> None:
    offstage("users", "add", "anna")
    refused = offstage("users", "limits", *arguments)
    assert refused.exit_code != 0
    assert says in " ".join(refused.output.replace("│", " ").split())
    shown = json.loads(offstage("users", "limits", "anna", "--json").stdout)
    assert {*shown.values()} == {"anna", ""}


def test_a_user_of_an_identity_provider_has_limits_too(offstage: Offstage) -> None:
    set_for = offstage("users", "limits", "jwt~sub-1", "--tokens-per-day", "1000", "--json")
    assert json.loads(set_for.stdout)["tokens_per_day"] == "1000"
