"""What a job API looks like that hands its jobs to RQ: a plain route that calls `enqueue`."""

from __future__ import annotations

import os

from fastapi import FastAPI
from pydantic import BaseModel
from redis import Redis
from rq import Queue

from bench.peers import rq_jobs


class Wanted(BaseModel):
    session_id: str
    query: dict[str, object]


def create_app() -> FastAPI:
    app = FastAPI()
    queue = Queue("bench", connection=Redis.from_url(os.environ["REDIS_URL"]))

    @app.post("/jobs", status_code=202)
    def submit(wanted: Wanted) -> dict[str, str]:
        job = queue.enqueue(rq_jobs.run_agent, wanted.session_id, wanted.query)
        return {"jobId": job.id}

    return app
