"""No two users, and no two sessions, ever share a place in Redis or in SQL."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.domain.tokens import digest_of, is_token, new_token
from backend.domain.users import LOCAL_USER, user_id_of_name, user_id_of_subject
from backend.worker import keys

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True).map(user_id_of_name)
SUBJECTS = st.text(min_size=1).map(user_id_of_subject)
USERS = st.one_of(st.just(LOCAL_USER), NAMES, SUBJECTS)
SESSIONS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    # Looked for, though no job can be made of it.
    st.text(),
    st.sampled_from(["a:session:b", "x:agent:y:session:z", ":", ""]),
)
AGENTS = st.from_regex(r"[a-z][a-z0-9_]{0,30}@v[1-9]", fullmatch=True)
ARGUMENTS = {"user_id": USERS, "session_id": SESSIONS, "agent": AGENTS}


def _per_user() -> list[Callable[..., str]]:
    """Every key of `keys.py` that has a user in it, also those that come later."""
    functions = [each for _, each in inspect.getmembers(keys, inspect.isfunction)]
    return [each for each in functions if "user_id" in inspect.signature(each).parameters]


def _arguments(function: Callable[..., str]) -> st.SearchStrategy[dict[str, Any]]:
    parameters = inspect.signature(function).parameters
    return st.fixed_dictionaries({name: ARGUMENTS.get(name, st.text()) for name in parameters})


def test_there_are_such_keys() -> None:
    assert len(_per_user()) >= 3


@given(st.data())
def test_different_users_or_sessions_have_different_keys(data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(_per_user())) for _ in range(2))
    of_one, of_other = data.draw(_arguments(one)), data.draw(_arguments(other))
    assume((one, of_one) != (other, of_other))
    if of_one["user_id"] != of_other["user_id"] or one is other:
        assert one(**of_one) != other(**of_other)


@pytest.mark.parametrize("name", ["anna", "Anna", " ANNA ", "aNNa"])
def test_spellings_of_a_name_are_one_user(name: str) -> None:
    assert user_id_of_name(name) == "anna"


@pytest.mark.parametrize(
    "name",
    [
        *["", " ", "anna:x", "an na", "anna\n\n.", "~anna", "jwt~anna", "-a", "a" * 65, "anna\x00"],
        # Cyrillic a, a full-width a, a dotless i, the Kelvin sign, a lone surrogate
        *["\u0430nna", "\uff41nna", "\u0131", "\u212a", "\ud800"],
    ],
)
def test_what_only_looks_like_a_name_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 64 Latin letters"):
        user_id_of_name(name)


@given(st.text(min_size=1), st.text(min_size=1))
def test_subjects_are_told_apart_exactly(one: str, other: str) -> None:
    assert (user_id_of_subject(one) == user_id_of_subject(other)) == (one == other)


@given(USERS)
def test_an_id_is_short_and_plain(user_id: str) -> None:
    assert len(user_id) <= 80
    assert set(user_id) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-~")


@given(NAMES, st.text(min_size=1))
def test_an_issuer_can_not_vouch_for_a_user_of_ours(name: str, subject: str) -> None:
    assert user_id_of_subject(subject) not in (name, LOCAL_USER)
    assert user_id_of_subject(name) != name


def test_a_subject_that_looks_like_a_hashed_one_is_not_it() -> None:
    hashed = user_id_of_subject("auth0|1")
    assert user_id_of_subject("auth0|1") == hashed
    for pretended in (hashed, hashed.removeprefix("jwt~"), hashed.removeprefix("jwt~~")):
        assert user_id_of_subject(pretended) != hashed


def test_tokens_are_random_and_recognised() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    for token in tokens:
        assert is_token(token)
        assert digest_of(token) != token
    for other in ("", "offstage_", "offstage_x", f"{next(iter(tokens))}\n", "Bearer x"):
        assert not is_token(other)
