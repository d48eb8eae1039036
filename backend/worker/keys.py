"""Redis keys: RQ's, as RQ 3.0 spells them, and ours, which start with `offstage:`.

A job is one hash, RQ's own; what we add to it stands in fields that start with `agent_`, so that
it shares the hash's fate and TTL.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from rq.defaults import RQ_KEY_PREFIX as RQ


def job_key(job_id: str) -> str:
    return f"{RQ}:job:{job_id}"


def results_key(job_id: str) -> str:
    return f"{RQ}:results:{job_id}"


def worker_key(name: str) -> str:
    return f"{RQ}:worker:{name}"


def worker_channel(name: str) -> str:
    return f"{RQ}:pubsub:{name}"


def events_key(job_id: str) -> str:
    """The stream of a job's events."""
    return f"offstage:events:{job_id}"


_CHANGED = "offstage:changed:"


def changed_channel(job_id: str) -> str:
    """Where each change of a job is published."""
    return _CHANGED + job_id


def job_of_channel(channel: bytes) -> str:
    """The other way round."""
    return channel.decode().removeprefix(_CHANGED)


def steps_key(job_id: str) -> str:
    """The hash of a job's finished steps."""
    return f"offstage:steps:{job_id}"


def claim_key(user_id: str, agent: str, session_id: str) -> str:
    """The idempotency claim; its value is the id of the job that holds it."""
    return f"offstage:claim:{user_id}:agent:{agent}:session:{session_id}"


def idempotency_key(user_id: str, key: str) -> str:
    """What a user's request with this `Idempotency-Key` was answered."""
    return f"offstage:idempotency:{user_id}:{hashlib.sha256(key.encode()).hexdigest()}"


def submits_key(user_id: str, agent_id: str = "") -> str:
    """When a user lately submitted jobs, of all agents or of one."""
    return f"offstage:submits:{user_id}:{agent_id}"


def spent_key(user_id: str) -> str:
    """What a user's jobs have used; the day comes behind it."""
    return f"offstage:spent:{user_id}"


def account_key(run_id: str) -> str:
    """The account of a run that has no job."""
    return f"offstage:account:{run_id}"


def user_jobs_key(user_id: str) -> str:
    """A user's job ids by creation time."""
    return f"offstage:jobs:{user_id}"


def session_jobs_key(user_id: str, session_id: str) -> str:
    """A session's job ids by creation time."""
    return f"offstage:jobs:{user_id}:{session_id}"


@dataclass(frozen=True)
class QueueKeys:
    """The keys that belong to one queue."""

    name: str

    @property
    def queue(self) -> str:
        return f"{RQ}:queue:{self.name}"

    @property
    def workers(self) -> str:
        """RQ's set of worker keys of the queue."""
        return f"{RQ}:workers:{self.name}"

    @property
    def wip(self) -> str:
        """RQ's StartedJobRegistry: `job:execution` by the end of its lease."""
        return f"{RQ}:wip:{self.name}"

    @property
    def scheduled(self) -> str:
        return f"{RQ}:scheduled:{self.name}"

    @property
    def held(self) -> str:
        """Jobs that wait outside RQ's list, for a turn or a place: ids by when they were made."""
        return f"offstage:held:{self.name}"

    def held_in(self, share: str) -> str:
        """Those of them that wait for a place in a share that isn't a user's whole one."""
        return f"offstage:held:{self.name}:{share}"

    @property
    def holding(self) -> str:
        """The shares that hold some."""
        return f"offstage:holding:{self.name}"

    @property
    def turns(self) -> str:
        """Users with a line, the next one first; at infinity those whose cap is reached."""
        return f"offstage:turns:{self.name}"

    def line(self, user_id: str) -> str:
        """The jobs of a user that wait for a turn, by when they were made."""
        return f"offstage:line:{self.name}:{user_id}"


METRICS_KEY = "offstage:metrics"
