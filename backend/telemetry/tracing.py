"""OpenTelemetry: one trace from the HTTP request through the queue to every LLM call.

Trace ids are real in any case, since logs and jobs carry them; spans leave the process only when
`OTEL_EXPORTER_OTLP_ENDPOINT` is set (OTLP over HTTP; the other `OTEL_*` settings are the SDK's).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry import context, propagate, trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode

from backend.settings import Settings

_tracer = trace.get_tracer("offstage")
_ids = RandomIdGenerator()


def configure_tracing(settings: Settings, role: str) -> None:
    """Install the tracer provider of this process once; `role` is 'api' or 'agents-worker'."""
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    resource = Resource.create(
        {"service.name": settings.otel_service_name, "service.namespace": role}
    )
    exported = settings.otel_exporter_otlp_endpoint is not None
    # Spans that nobody reads cost a sixth of a short job; their ids are real all the same.
    provider = TracerProvider(resource=resource, sampler=None if exported else ALWAYS_OFF)
    if exported:
        provider.add_span_processor(BatchSpanProcessor(WithoutMessages(_otlp(settings))))
    trace.set_tracer_provider(provider)


def _otlp(settings: Settings) -> SpanExporter:
    """The SDK reads `OTEL_*` from the environment alone; the endpoint may stand in `.env` too."""
    # 3 MB that a process without traces needs nothing of.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    if "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" in os.environ:
        return OTLPSpanExporter()
    base = (settings.otel_exporter_otlp_endpoint or "").rstrip("/")
    return OTLPSpanExporter(endpoint=f"{base}/v1/traces")


class WithoutMessages(SpanExporter):
    """Exports spans without the messages and stacks of exceptions, which libraries record and
    which repeat what a provider or a person wrote. The class of the exception stays."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_without_messages(each) for each in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _without_messages(ended: ReadableSpan) -> ReadableSpan:
    if ended.status.is_ok or not (ended.events or ended.status.description):
        return ended
    description = (ended.status.description or "").partition(":")[0] or None
    return ReadableSpan(
        name=ended.name,
        context=ended.context,
        parent=ended.parent,
        resource=ended.resource,
        attributes=ended.attributes,
        events=[_without_message(event) for event in ended.events],
        links=ended.links,
        kind=ended.kind,
        status=Status(ended.status.status_code, description),
        start_time=ended.start_time,
        end_time=ended.end_time,
        instrumentation_scope=ended.instrumentation_scope,
    )


def _without_message(event: Event) -> Event:
    kept = {
        name: value
        for name, value in (event.attributes or {}).items()
        if name not in ("exception.message", "exception.stacktrace")
    }
    return Event(event.name, kept, event.timestamp)


def flush_traces() -> None:
    """Send what is still buffered, at the end of a process."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush(timeout_millis=3_000)


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Mapping[str, str] | None = None,
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[Span]:
    """A span around the block; `parent` is a carrier made by `carrier()` in another process.

    An exception marks the span failed with its class name: messages and stacks stay out of the
    trace, since providers put request bodies into them.
    """
    above = propagate.extract(dict(parent)) if parent else None
    if not spans_are_kept():
        with _unkept(above) as current:
            yield current
        return
    with _tracer.start_as_current_span(
        name,
        context=above,
        kind=kind,
        attributes=dict(attributes or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


@contextmanager
def _unkept(above: Context | None) -> Iterator[Span]:
    """A span that is a place in a trace and nothing else: an SDK's costs ten times as much."""
    parent = trace.get_current_span(above).get_span_context()
    trace_id = parent.trace_id if parent.is_valid else _ids.generate_trace_id()
    current = NonRecordingSpan(SpanContext(trace_id, _ids.generate_span_id(), is_remote=False))
    token = context.attach(trace.set_span_in_context(current, above))
    try:
        yield current
    finally:
        context.detach(token)


@contextmanager
def within(parent: Mapping[str, str]) -> Iterator[None]:
    """Spans made in the block belong to the trace of a carrier; one that can't be read is none."""
    token = context.attach(propagate.extract(dict(parent)))
    try:
        yield
    finally:
        context.detach(token)


def spans_are_kept() -> bool:
    """Whether anybody reads the spans of this process."""
    provider = trace.get_tracer_provider()
    return isinstance(provider, TracerProvider) and provider.sampler is not ALWAYS_OFF


def carrier() -> dict[str, str]:
    """The current trace position as W3C Trace Context headers, to travel with a job."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return headers


def trace_id_of(current: Span) -> str:
    """The 32 hex digits of a span's trace."""
    return trace.format_trace_id(current.get_span_context().trace_id)
