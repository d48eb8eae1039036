"""Who is blamed for memory, by numbers alone."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from backend.agents.memory_rules import (
    MEGABYTE,
    accounted,
    grew_in_step,
    grew_in_threads,
    may_map,
    shared_out,
    to_relieve,
    too_much_stays,
)

GB = 1024 * MEGABYTE
sizes = strategies.integers(min_value=0, max_value=1 << 45)


@pytest.mark.parametrize(
    ("grown", "began_at", "held", "counts"),
    [
        (300, 1000, 1300, 300),
        (300, 1000, 1100, 100),  # freed in somebody else's step
        (300, 1000, 900, 0),
        (0, 1000, 9000, 0),  # others grew
    ],
)
def test_what_is_put_down_to_a_job(grown: int, began_at: int, held: int, counts: int) -> None:
    assert accounted(grown, began_at, held) == counts


@given(sizes, sizes, sizes)
def test_no_job_is_blamed_for_more_than_it_took_or_its_process_grew(
    grown: int, began_at: int, held: int
) -> None:
    assert 0 <= accounted(grown, began_at, held) <= grown
    assert accounted(grown, began_at, held) <= max(0, held - began_at)


def test_a_step_took_no_more_than_its_thread_was_given() -> None:
    assert grew_in_step(500 * MEGABYTE, 3, 2 * MEGABYTE) == 6 * MEGABYTE
    assert grew_in_step(500 * MEGABYTE, 128_000, 4096) == 500 * MEGABYTE


@pytest.mark.parametrize(
    ("grown_mb", "process_mb", "taken_mb", "goes"),
    [
        ([2000, 50, 50], 2100, 3300, 0),
        ([50, 2000], 2050, 3300, 1),
        ([2000, 50, 50], 2100, 3000, None),  # there is room
        ([50] * 64, 3200, 3300, None),  # many who take little each
        ([200, 10], 210, 4000, None),  # too little to be of help
        ([1600, 1600], 3200, 3300, None),  # nobody stands out
        ([400, 50], 3200, 3300, None),  # what fills the process was left by others
        ([], 3200, 3300, None),
    ],
)
def test_who_goes_when_memory_nears_its_end(
    grown_mb: list[int], process_mb: int, taken_mb: int, goes: int | None
) -> None:
    grown = [each * MEGABYTE for each in grown_mb]
    assert to_relieve(grown, process_mb * MEGABYTE, taken_mb * MEGABYTE, 4 * GB) == goes


@given(strategies.lists(sizes, max_size=40), sizes, sizes, sizes)
def test_only_one_that_took_more_than_all_others_goes(
    grown: list[int], process_grew: int, taken: int, room: int
) -> None:
    index = to_relieve(grown, process_grew, taken, room)
    if index is not None:
        assert grown[index] > sum(grown) - grown[index]
        assert 2 * grown[index] > process_grew


@given(
    strategies.dictionaries(strategies.text(max_size=3), strategies.floats(0, 1e13), max_size=5),
    strategies.integers(-(1 << 40), 1 << 45),
)
def test_no_more_is_shared_out_than_is_there(left: dict[str, float], there: int) -> None:
    found = shared_out(left, there)
    assert sum(found.values()) <= max(0, there) * 1.000001
    assert all(found[agent] <= left[agent] for agent in left)


@given(
    sizes,
    strategies.dictionaries(strategies.text(max_size=3), strategies.integers(0, 1 << 20)),
    strategies.integers(0, 1 << 22),
)
def test_threads_took_no_more_than_all_grew_and_they_were_given(
    grew: int, faults: dict[str, int], all_faults: int
) -> None:
    took = grew_in_threads(grew, faults, all_faults, 4096)
    assert sum(took.values()) <= grew
    assert all(took[owner] <= faults[owner] * 4096 for owner in faults)


def test_what_threads_took_is_told_by_how_often_they_were_given_memory() -> None:
    assert grew_in_threads(100, {"a": 30, "b": 10}, 40, 4096) == {"a": 75, "b": 25}
    # Most of it went to threads that nobody has.
    assert grew_in_threads(100, {"a": 30, "b": 10}, 400, 4096) == {"a": 7, "b": 2}
    assert grew_in_threads(10 * 4096, {"a": 3}, 3, 4096) == {"a": 3 * 4096}
    assert grew_in_threads(100, {}, 0, 4096) == {}


def test_what_has_been_freed_since_is_taken_off_in_equal_parts() -> None:
    assert shared_out({"a": 300, "b": 100}, 200) == {"a": 150, "b": 50}
    assert shared_out({"a": 300, "b": 100}, 900) == {"a": 300, "b": 100}


def test_when_what_is_left_is_worth_a_fresh_process() -> None:
    assert not too_much_stays(2 * GB, 2 * GB, 16 * GB)
    assert too_much_stays(2 * GB + 1, 2 * GB, 16 * GB)
    assert too_much_stays(GB + 1, 2 * GB, 2 * GB)


@given(sizes, sizes, sizes, sizes)
def test_a_worker_may_always_map_a_little_more(
    mapped: int, held: int, most: int, room: int
) -> None:
    """Else its event loop would be the next to run out of memory."""
    assert may_map(mapped, held, most, room) >= mapped + 64 * MEGABYTE


def test_nobody_may_map_at_once_what_is_not_there() -> None:
    assert may_map(100, 0, 2 * GB, 16 * GB) == 100 + 2 * GB + 256 * MEGABYTE
    assert may_map(100, GB, 2 * GB, 2 * GB) == 100 + GB
