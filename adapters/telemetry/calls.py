"""Following one call of a job func."""

import time
from collections.abc import Sequence

from opentelemetry.context import Context, attach
from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    Span,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    get_current_span,
    set_span_in_context,
)

from adapters.telemetry.attributes import (
    ATTEMPT,
    BATCH_COUNT,
    CLIENT,
    COMPLETE,
    DESTINATION,
    ERROR_TYPE,
    JOB_TYPE,
    MESSAGE_ID,
    OUTCOME,
    PRIORITY,
    PROCESS,
    error_type_of,
    operation,
)
from adapters.telemetry.guard import never_failing
from adapters.telemetry.instruments import Instruments
from adapters.telemetry.propagation import OpenTelemetryPropagation
from application.jobs.job_store import ClaimedJob
from application.jobs.outcome import Outcome
from application.jobs.telemetry import Call
from domain.jobs import AttemptLost

_ERRORS = (Outcome.FAILED, Outcome.DEAD, Outcome.LOST)
"""To snooze, to discard and to hand back is no failure of the call."""

_LOST = f"{AttemptLost.__module__}.{AttemptLost.__qualname__}"


class UnrecordedCall(Call):
    """Where nothing records."""

    def ended(self, outcome: Outcome, error: BaseException | None = None) -> None:
        pass


class RecordedCall(Call):
    """A span, where spans are recorded, and the duration."""

    def __init__(self, span: Span | None, instruments: Instruments | None, began: int, told: dict[str, str]) -> None:
        self._span = span
        self._instruments = instruments
        self._began = began
        self._told = told

    @never_failing
    def ended(self, outcome: Outcome, error: BaseException | None = None) -> None:
        ended = time.time_ns()
        told = self._told
        if error is not None and outcome in _ERRORS:
            told = {**told, ERROR_TYPE: _LOST if outcome is Outcome.LOST else error_type_of(error)}
        if self._span is not None:
            self._end(self._span, outcome, error if ERROR_TYPE in told else None, ended, told)
        if self._instruments is not None:
            self._instruments.process_duration.record(max(ended - self._began, 0) / 1e9, told)

    def _end(self, span: Span, outcome: Outcome, error: BaseException | None, ended: int, told: dict[str, str]) -> None:
        try:
            if span.is_recording():
                span.set_attribute(OUTCOME, outcome.value)
                if error is not None:
                    span.set_attribute(ERROR_TYPE, told[ERROR_TYPE])
                    span.record_exception(error, timestamp=ended)
                    span.set_status(Status(StatusCode.ERROR, str(error)))
        finally:
            span.end(ended)


class CallSpans:
    """Starts the spans of the calls of one pool, and makes them current."""

    def __init__(self, propagation: OpenTelemetryPropagation, queue: str, pool_name: str) -> None:
        self._propagation = propagation
        self._told = {**operation(PROCESS, PROCESS, queue), CLIENT: pool_name}
        self._name = f"{PROCESS} {self._told[DESTINATION]}"
        self._settling = {**operation(COMPLETE, "settle", queue), CLIENT: pool_name}

    def start(self, tracer: Tracer, jobs: Sequence[ClaimedJob], began: int, *, batch: bool) -> Span:
        """Start one. It is current for the rest of the calling context's life, with the baggage of the job.

        The first attempt at a job is a child of the enqueue. Another one begins a trace of its own, so that
        no trace grows for days, and so does a batch, whose jobs come from anywhere. All link to the enqueues.
        """
        carried = _Carried(self._propagation)
        context = carried.by(jobs[0]) if len(jobs) == 1 else Context()
        parent = context if _is_first(jobs[0]) and not batch else set_span_in_context(INVALID_SPAN, context)
        span = tracer.start_span(
            self._name,
            parent,
            SpanKind.CONSUMER,
            self._attributes(jobs, batch=batch),
            carried.links(jobs),
            began,
        )
        attach(set_span_in_context(span, context))
        return span

    def lost(self, tracer: Tracer, job: ClaimedJob) -> None:
        """Tell of a completion that came too late, when the span of its attempt had ended.

        In the trace of that attempt if it was the first one, else in a trace of its own; linked in any case.
        """
        carried = _Carried(self._propagation)
        context = carried.by(job)
        span = tracer.start_span(
            f"{COMPLETE} {self._told[DESTINATION]}",
            context if _is_first(job) else set_span_in_context(INVALID_SPAN, context),
            SpanKind.CLIENT,
            {**self._attributes([job], batch=False), **self._settling, OUTCOME: Outcome.LOST.value, ERROR_TYPE: _LOST},
            carried.links([job]),
        )
        span.set_status(Status(StatusCode.ERROR, "the job was given to another before its completion was written"))
        span.end()
        attach(set_span_in_context(span, context))

    def _attributes(self, jobs: Sequence[ClaimedJob], *, batch: bool) -> dict[str, str | int]:
        attributes: dict[str, str | int] = {**self._told, JOB_TYPE: jobs[0].type}
        if batch:
            attributes[BATCH_COUNT] = len(jobs)
        if len(jobs) == 1:
            attributes[MESSAGE_ID] = str(jobs[0].id)
        if all(job.attempt == jobs[0].attempt for job in jobs):
            attributes[ATTEMPT] = jobs[0].attempt
        if all(job.priority == jobs[0].priority for job in jobs):
            attributes[PRIORITY] = jobs[0].priority
        return attributes


def _is_first(job: ClaimedJob) -> bool:
    return job.attempt == 1 and not job.rescues


class _Carried:
    """The contexts that jobs carry. Jobs that were enqueued together carry the same."""

    def __init__(self, propagation: OpenTelemetryPropagation) -> None:
        self._propagation = propagation
        self._read: dict[str, Context] = {}

    def by(self, job: ClaimedJob) -> Context:
        if job.carrier is None:
            return Context()
        if job.carrier not in self._read:
            self._read[job.carrier] = self._propagation.read(job.carrier)
        return self._read[job.carrier]

    def links(self, jobs: Sequence[ClaimedJob]) -> list[Link]:
        links: list[Link] = []
        for job in jobs:
            creation = get_current_span(self.by(job)).get_span_context()
            if creation.is_valid:
                links.append(Link(creation, {MESSAGE_ID: str(job.id)} if len(jobs) > 1 else None))
        return links
