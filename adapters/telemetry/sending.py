"""Following one call of enqueue."""

import time
from collections.abc import Sequence
from contextvars import Token
from types import TracebackType
from typing import Self

from opentelemetry.context import Context, attach, detach, get_current
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context

from adapters.telemetry.attributes import (
    BATCH_COUNT,
    DESTINATION,
    ERROR_TYPE,
    JOB_TYPE,
    MESSAGE_ID,
    OPERATION_NAME,
    PRIORITY,
    SEND,
    SYSTEM,
    error_type_of,
    operation,
)
from adapters.telemetry.counts import SENT
from adapters.telemetry.guard import never_failing
from adapters.telemetry.instruments import Instruments
from adapters.telemetry.propagation import OpenTelemetryPropagation
from application.jobs.job_store import Enqueueing
from application.jobs.telemetry import Sending
from domain.jobs import JobId


class UnrecordedSending(Sending):
    """Carries the caller's context on, and that is all."""

    def __init__(self, carrier: str | None) -> None:
        self._carrier = carrier

    @property
    def carrier(self) -> str | None:
        return self._carrier

    def sent(self, ids: Sequence[JobId]) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass


class RecordedSending(Sending):
    """A span whose context travels with the jobs, and the measurements of the call."""

    def __init__(
        self,
        tracer: Tracer | None,
        instruments: Instruments | None,
        propagation: OpenTelemetryPropagation,
        queue: str,
        enqueueing: Enqueueing,
        *,
        batch: bool,
    ) -> None:
        self._instruments = instruments
        self._jobs = len(enqueueing.jobs)
        self._batch = batch
        self._told = operation(SEND, SEND, queue)
        self._began = time.time_ns()
        self._span: Span | None = None
        self._outside: Token[Context] | None = None
        if tracer is not None:
            self._span = self._started(tracer, enqueueing)
            self._outside = attach(set_span_in_context(self._span, get_current()))
        self._carrier = propagation.capture()

    @property
    def carrier(self) -> str | None:
        return self._carrier

    @never_failing
    def sent(self, ids: Sequence[JobId]) -> None:
        if self._span is not None and not self._batch:
            self._span.set_attribute(MESSAGE_ID, str(ids[0]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._outside is not None:
            detach(self._outside)
        self._end(error)

    def _started(self, tracer: Tracer, enqueueing: Enqueueing) -> Span:
        attributes: dict[str, str | int] = {**self._told, PRIORITY: enqueueing.priority}
        types = {job_type for job_type, _ in enqueueing.jobs}
        if len(types) == 1:
            attributes[JOB_TYPE] = types.pop()
        if self._batch:
            attributes[BATCH_COUNT] = self._jobs
        name = f"{SEND} {self._told[DESTINATION]}"
        return tracer.start_span(name, kind=SpanKind.PRODUCER, attributes=attributes, start_time=self._began)

    @never_failing
    def _end(self, error: BaseException | None) -> None:
        ended = time.time_ns()
        told = self._told if error is None else {**self._told, ERROR_TYPE: error_type_of(error)}
        if self._span is not None:
            if error is not None:
                # The error itself is recorded by whoever handles it: it goes on to the caller.
                self._span.set_attribute(ERROR_TYPE, told[ERROR_TYPE])
                self._span.set_status(Status(StatusCode.ERROR, str(error)))
            self._span.end(ended)
        if self._instruments is not None:
            self._instruments.operation_duration.record(max(ended - self._began, 0) / 1e9, told)
            counted = {name: told[name] for name in (SYSTEM, OPERATION_NAME, DESTINATION, ERROR_TYPE) if name in told}
            self._instruments.counts.add(SENT, self._jobs, tuple(counted.items()))
