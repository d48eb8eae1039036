"""What is decided by the memory that agents and their process hold. Numbers in, decisions out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Owner = TypeVar("Owner")
MEGABYTE = 1024**2
DEFAULT_MOST_BYTES = 2048 * MEGABYTE
# Of what the machine or its container gives.
_NEARLY_ALL = 0.8
_STANDS_OUT_BYTES = 256 * MEGABYTE
_OF_GIVEN_MAY_STAY = 0.5
_FOR_ALL_OTHERS_BYTES = 256 * MEGABYTE
# Else it would be the next to find no memory.
_FOR_THE_LOOP_BYTES = 64 * MEGABYTE
_CURE = (
    "work on the material in parts, keep nothing in globals, or make it a plain `def`, which has a "
    "process of its own"
)


def accounted(grown_bytes: int, began_at_bytes: int, held_bytes: int) -> int:
    """What counts as a job's: how much its steps made the process grow, as far as the process has
    grown since the job began. What was freed in somebody else's step counts no more."""
    return max(0, min(grown_bytes, held_bytes - began_at_bytes))


def grew_in_step(process_grew_bytes: int, faults: int, most_bytes_a_fault: int) -> int:
    """How much of what the process grew in a step the step took itself: no more than its own
    thread was given. The rest went to other threads meanwhile."""
    return min(process_grew_bytes, faults * most_bytes_a_fault)


def grew_in_threads(
    grew_bytes: int, faults: Mapping[Owner, int], all_faults: int, most_bytes_a_fault: int
) -> dict[Owner, int]:
    """What each one's threads took of what the process grew outside of steps: by how often they
    were given memory, of how often any thread was, but no more than they can have been given."""
    of_all = max(1, all_faults, sum(faults.values()))
    return {
        owner: min(grew_bytes * own // of_all, own * most_bytes_a_fault)
        for owner, own in faults.items()
    }


def to_relieve(
    grown_bytes: Sequence[int], process_grew_bytes: int, taken_bytes: int, given_bytes: int
) -> int | None:
    """Which of the running jobs has to go before memory is used up: the one that took more than
    half of all that its process grew, if it stands out. None where there is room, or where nobody
    is to blame."""
    if not grown_bytes or taken_bytes < _NEARLY_ALL * given_bytes:
        return None
    largest = max(range(len(grown_bytes)), key=grown_bytes.__getitem__)
    grown = grown_bytes[largest]
    if not may_stand_out(grown) or 2 * grown <= max(process_grew_bytes, sum(grown_bytes)):
        return None
    return largest


def may_stand_out(grown_bytes: int) -> bool:
    """Whether stopping such a job can be of help."""
    return grown_bytes > _STANDS_OUT_BYTES


def too_much_stays(left_bytes: int, most_bytes: int, given_bytes: int) -> bool:
    """Whether what ended jobs have left behind is worth a fresh process."""
    return left_bytes > min(most_bytes, _OF_GIVEN_MAY_STAY * given_bytes)


def shared_out(parts_bytes: Mapping[Owner, float], there_bytes: int) -> dict[Owner, float]:
    """What is put down to each, no more in sum than is there. What has been freed without anybody's
    being known to have had it is taken off in equal parts."""
    total, there = sum(parts_bytes.values()), max(0, there_bytes)
    if total <= there:
        return dict(parts_bytes)
    return {owner: there / total * part for owner, part in parts_bytes.items()}


def may_map(mapped_bytes: int, held_bytes: int, most_bytes: int, given_bytes: int) -> int:
    """How much a worker may have mapped within the next moment: what one job may take and some on
    top for everybody else, but no more than there is."""
    room = min(most_bytes + _FOR_ALL_OTHERS_BYTES, given_bytes - held_bytes)
    return mapped_bytes + max(_FOR_THE_LOOP_BYTES, room)


def took_too_much(agent: str, took_bytes: int, most_bytes: int) -> str:
    """What is told of a job past its own limit."""
    return (
        f"{agent} took {took_bytes // MEGABYTE} MB of memory, more than the "
        f"{most_bytes // MEGABYTE} MB that a job may have (AGENT_MEMORY_MB): {_CURE}."
    )


def took_the_last(agent: str, took_bytes: int, given_bytes: int) -> str:
    """Of the one that has to go when memory nears its end."""
    return (
        f"{agent} took {took_bytes // MEGABYTE} MB of memory, more than all jobs beside it, when "
        f"most of the {given_bytes // MEGABYTE} MB that there are was used up: {_CURE}."
    )


def asked_for_too_much(agent: str, most_bytes: int) -> str:
    """Of one that raised MemoryError in the process that it shares."""
    return (
        f"{agent} asked for more memory than there is for it, {most_bytes // MEGABYTE} MB at the "
        f"most (AGENT_MEMORY_MB): {_CURE}."
    )


def needed_too_much(agent: str, most_bytes: int) -> str:
    """Of one that raised MemoryError in a process of its own."""
    return (
        f"{agent} needed more than {most_bytes // MEGABYTE} MB of memory (AGENT_MEMORY_MB): work "
        "on the material in parts."
    )
