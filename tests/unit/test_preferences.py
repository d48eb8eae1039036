"""`Prefer: wait=N` as RFC 7240 spells it."""

from __future__ import annotations

import pytest

from backend.api.preferences import preferred_wait_s


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        (None, None),
        (["respond-async"], None),
        (["wait=10"], 10),
        (["Wait = 10"], 10),
        (['wait="10"'], 10),
        (["respond-async, wait=5"], 5),
        (["respond-async", "wait=5; foo"], 5),
        (["wait=0"], 0),
        (["wait=31"], 30),
        (["wait=999999999"], 30),
        # The first one counts, also where it makes no sense.
        (["wait=1, wait=2"], 1),
        (["wait=soon, wait=2"], None),
        (["wait=-1"], None),
        (["wait"], None),
        (["waiting=3"], None),
    ],
)
def test_the_first_wait_counts_and_nonsense_is_ignored(
    headers: list[str] | None, wait_s: int | None
) -> None:
    assert preferred_wait_s(headers) == wait_s
