"""The `Idempotency-Key` header, as the draft and as clients spell it."""

from __future__ import annotations

import pytest

from backend.api.idempotency import parse_key
from backend.errors import InvalidIdempotencyKey


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        (None, None),
        ([], None),
        (['"8e03978e-40d5-43dd"'], "8e03978e-40d5-43dd"),
        (["8e03978e-40d5-43dd"], "8e03978e-40d5-43dd"),
        (['"two words"'], "two words"),
        ([r'"a \"quoted\" \\ word"'], r'a "quoted" \ word'),
        (["x" * 255], "x" * 255),
    ],
)
def test_a_key_is_read(headers: list[str] | None, key: str | None) -> None:
    assert parse_key(headers) == key


@pytest.mark.parametrize(
    "headers",
    [
        [""],
        ['""'],
        ["x" * 256],
        ['"' + "x" * 256 + '"'],
        ["two words"],
        ['"half'],
        ["a\tb"],
        ["\x01"],
        ["ключ"],
        ["one", "another"],
    ],
)
def test_a_key_that_can_not_be_kept_is_refused(headers: list[str]) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        parse_key(headers)
