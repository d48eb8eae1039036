"""`run_agent_job(payload)`: load, run, commit, return. The one function the queue runs.

It is an ordinary importable coroutine function: `agents_worker.py` awaits it among many, a stock
`rq worker` runs it by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from opentelemetry.trace import Span, SpanKind
from pydantic import BaseModel
from pydantic_ai.models import Model

from backend.agents.context import AgentContext, MemoryStepStore, StepStore
from backend.agents.metering import MeteredModel
from backend.agents.model_errors import as_offstage_error
from backend.agents.models import build_configured_model
from backend.agents.registry import AgentSpec, get_agent
from backend.agents.runner import run_agent_with_events
from backend.domain.artifacts import Provenance
from backend.domain.events import ArtifactSaved, FinalResult, RunEvent, Usage
from backend.domain.fingerprint import SessionInput, fingerprint_of
from backend.domain.retry import FINAL
from backend.errors import Misconfigured, OffstageError, TimedOut
from backend.limits import UserLimits
from backend.telemetry.logging import bind_job, get_logger, where
from backend.telemetry.tracing import span, trace_id_of
from backend.worker import session_io
from backend.worker.admission import admitted
from backend.worker.allowance import DayAllowance
from backend.worker.delivery import (
    Delivery,
    JobFailed,
    current_delivery,
    settle_done,
    settle_failure,
    under_stock_worker,
)
from backend.worker.events import JobRecorder, span_attributes
from backend.worker.job import JobError, JobPayload, parse_payload
from backend.worker.keeping import refuse_what_cannot_be_kept
from backend.worker.reach import library_of, web_of
from backend.worker.runtime import Runtime, current_runtime
from backend.worker.steps import RedisStepStore

_log = get_logger("offstage.task")


async def run_agent_job(payload: dict[str, Any]) -> dict[str, Any]:
    """Run one attempt of a job and return its final payload, `{output, artifact, usage}`.

    Raises `delivery.JobFailed`, which says whether another attempt follows.
    """
    try:
        job = parse_payload(payload)
    except Misconfigured as error:
        raise JobFailed(JobError.of(error), FINAL) from None
    return await run_job(job)


async def run_job(job: JobPayload) -> dict[str, Any]:
    """The same for a payload that has been read."""
    async with current_runtime() as runtime:
        delivery = current_delivery.get() or await under_stock_worker(runtime.redis, job.job_id)
        with (
            span(
                f"run {job.agent_name}",
                kind=SpanKind.CONSUMER,
                parent=job.trace,
                attributes={"offstage.job_id": job.job_id, "offstage.attempt": delivery.attempt},
            ) as current,
            bind_job(job_id=job.job_id, trace_id=trace_id_of(current), agent=job.agent_name),
        ):
            recorder = JobRecorder(
                runtime.events, job.job_id, trace_id_of(current), delivery.execution_id
            )
            steps = RedisStepStore(runtime.redis, job.job_id, runtime.settings.agent_result_ttl)
            attempt = _Attempt(runtime, job, delivery, steps, current, recorder.record)
            _log.info("job started", attempt=delivery.attempt)
            try:
                result = await attempt.run()
            except Exception as error:
                told = _error_to_tell(error)
                current.set_attribute("error.type", told.code)
                failure = await settle_failure(runtime, job, delivery, recorder, told)
                raise failure from None
            await settle_done(runtime, job, delivery)
            _log.info("job done", artifact=result["artifact"])
            return result


async def run_in_request(
    runtime: Runtime,
    payload: JobPayload,
    limits: UserLimits,
    record: Callable[[RunEvent], None],
) -> dict[str, Any]:
    """The same attempt without a queue, for `mode=sync`: no job of it is kept in Redis.

    Raises the OffstageError that ended it, RateLimited among them.
    """
    with (
        span(f"run {payload.agent_name}", parent=payload.trace or None) as current,
        bind_job(job_id=payload.job_id, trace_id=trace_id_of(current)),
    ):
        async with admitted(runtime.redis, runtime.settings, payload, limits) as account_key:
            delivery = Delivery(account_key=account_key)
            steps = MemoryStepStore()
            return await _Attempt(runtime, payload, delivery, steps, current, record).run()


def _error_to_tell(error: Exception) -> OffstageError:
    """Ours are told as they are; of any other, nothing but its class, and where it came from."""
    if not isinstance(error, OffstageError):
        _log.error("job failed outside its agent", **where(error))
    return as_offstage_error(error)


@dataclass(frozen=True)
class _Attempt:
    runtime: Runtime
    payload: JobPayload
    delivery: Delivery
    steps: StepStore
    span: Span
    record: Callable[[RunEvent], None]

    async def run(self) -> dict[str, Any]:
        timeout_s = self.runtime.settings.agent_job_timeout
        try:
            async with asyncio.timeout(timeout_s) as limit:
                return await self._load_run_commit()
        except TimeoutError:
            if not limit.expired():
                raise
            raise TimedOut(f"The agent didn't finish within {timeout_s:g} s.") from None

    async def _load_run_commit(self) -> dict[str, Any]:
        spec = get_agent(self.payload.agent, self.payload.version)
        query = spec.parse_query(self.payload.query)
        earlier = await session_io.find_saved(self.runtime.engine, spec, self.payload)
        if earlier is not None:
            _log.info("the artifact of this job stands already", version=earlier.artifact.version)
            return self._final_payload(earlier.content, earlier.artifact, self.delivery.used)
        run_input = await session_io.load(self.runtime.engine, spec, self.payload)
        context = self._context(run_input)
        final = await self._run(spec, context, query)
        refuse_what_cannot_be_kept(spec, final.output)
        saved = await session_io.commit(
            self.runtime.engine,
            spec,
            self.payload,
            final.output,
            self._provenance(spec, context, query),
            run_input.base_version,
        )
        return self._final_payload(final.output, saved, context.usage)

    async def _run(self, spec: AgentSpec, context: AgentContext, query: BaseModel) -> FinalResult:
        final: FinalResult | None = None
        told = context.usage
        try:
            async with aclosing(run_agent_with_events(spec, context, query)) as events:
                async for event in events:
                    told = event if isinstance(event, Usage) else told
                    if isinstance(event, FinalResult):
                        final = event
                    else:
                        self._tell(event)
        except BaseException:
            # What it spent on its way out, when its own events weren't heard any more.
            if context.usage != told:
                self._tell(context.usage)
            raise
        assert final is not None, "the runner ends with a final result or raises"
        return final

    def _final_payload(
        self, output: dict[str, Any], saved: ArtifactSaved | None, used: Usage
    ) -> dict[str, Any]:
        """What the job returns. It is told only now: whoever hears it finds the artifact."""
        if saved is not None:
            self._tell(saved)
        self._tell(FinalResult(output=output))
        return {
            "output": output,
            "artifact": saved.model_dump(exclude={"type"}) if saved else None,
            "usage": used.model_dump(exclude={"type"}),
        }

    def _context(self, run_input: session_io.RunInput) -> AgentContext:
        settings = self.runtime.settings
        return AgentContext(
            job_id=self.payload.job_id,
            attempt=self.delivery.attempt,
            memory=run_input.memory,
            model=self._model(),
            model_name=settings.agents_default_model,
            steps=self.steps,
            library=library_of(self.runtime.engine, self.payload),
            web=web_of(self.runtime),
            trace_id=trace_id_of(self.span),
            llm_timeout_s=settings.agent_llm_timeout,
            most_memory_bytes=settings.agent_memory_bytes,
            usage=self.delivery.used,
        )

    def _model(self) -> Model:
        model = build_configured_model(self.runtime.settings)
        account_key = self.delivery.account_key
        if not account_key:
            return model
        return MeteredModel(model, DayAllowance(self.runtime.scripts, account_key))

    def _provenance(self, spec: AgentSpec, context: AgentContext, query: BaseModel) -> Provenance:
        given = SessionInput.of(context.memory)
        wanted = query.model_dump(mode="json")
        return Provenance(
            job_id=self.payload.work_id,
            attempt=self.delivery.attempt,
            agent=self.payload.agent,
            agent_version=self.payload.version,
            model=context.model_name,
            requests=context.usage.requests,
            input_tokens=context.usage.input_tokens,
            output_tokens=context.usage.output_tokens,
            cost_usd=context.usage.cost_usd,
            models=context.usage.models,
            trace_id=context.trace_id,
            fingerprint=fingerprint_of(
                spec.name, spec.prompt_digest, context.model_name, wanted, given, spec.saves
            ),
            brief=given.brief(spec.saves),
        )

    def _tell(self, event: RunEvent) -> None:
        self.record(event)
        attributes = span_attributes(event)
        if attributes is not None:
            self.span.add_event(event.type, attributes)
