"""Fields of jobs on the lines of logging libraries."""

import io
import json
import logging
import logging.handlers
import queue as queues
from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, datetime

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.context import attach
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from adapters.telemetry import JobFields, add_job_fields, job_fields
from domain.jobs import CurrentJob, JobId
from domain.jobs.current_job import enter_job

TRACE, SPAN = 0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331
IN_A_TRACE = {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"}
OF_THE_JOB = {"job_id": 42, "job_type": "send_receipt", "queue": "emails", "attempt": 2}


def work_a_job(*, traced: bool = True) -> None:
    """Go on as a job func would."""
    enter_job(lambda: CurrentJob(JobId(42), 2, "emails", "send_receipt", datetime.now(UTC)))
    if traced:
        span = NonRecordingSpan(SpanContext(TRACE, SPAN, is_remote=False, trace_flags=TraceFlags(1)))
        attach(trace.set_span_in_context(span))


def say(text: str, logger: logging.Logger, *, extra: dict[str, object] | None = None) -> None:
    """Log a line inside of a job."""

    def job_func() -> None:
        work_a_job()
        logger.warning(text, extra=extra)

    copy_context().run(job_func)


@pytest.fixture
def lines() -> io.StringIO:
    """Return where the lines go."""
    return io.StringIO()


@pytest.fixture
def logger(lines: io.StringIO) -> Iterator[logging.Logger]:
    """Yield a logger that writes into `lines`, with job and span."""
    logger, handler = logging.getLogger("shop"), logging.StreamHandler(lines)
    handler.addFilter(JobFields(absent="-"))
    handler.setFormatter(logging.Formatter("%(message)s %(job_id)s %(queue)s %(attempt)s %(span_id)s"))
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def test_there_is_nothing_to_tell_outside_a_job() -> None:
    """Neither a job nor a trace."""
    assert job_fields() == {}


def test_job_and_trace_are_told_inside() -> None:
    """All six."""

    def job_func() -> dict[str, object]:
        work_a_job()
        return job_fields()

    assert copy_context().run(job_func) == OF_THE_JOB | IN_A_TRACE


def test_without_tracing_the_job_is_told() -> None:
    """The ids of a trace are left out."""

    def job_func() -> dict[str, object]:
        work_a_job(traced=False)
        return job_fields()

    assert copy_context().run(job_func) == OF_THE_JOB


def test_a_format_can_name_the_fields(logger: logging.Logger, lines: io.StringIO) -> None:
    """Also where they are absent."""
    say("sent", logger)
    logger.warning("open")

    assert lines.getvalue() == "sent 42 emails 2 b7ad6b7169203331\nopen - - - -\n"


def test_what_a_record_brings_along_stays(logger: logging.Logger, lines: io.StringIO) -> None:
    """The queue logs of a job outside of its job func."""
    say("lost", logger, extra={"job_id": 7})

    assert lines.getvalue() == "lost 7 emails 2 b7ad6b7169203331\n"


def test_a_listener_in_another_thread_sees_the_fields(lines: io.StringIO) -> None:
    """The filter sits on the handler that is called where the line was written."""
    waiting: queues.Queue[logging.LogRecord] = queues.Queue()
    handler = logging.handlers.QueueHandler(waiting)
    handler.addFilter(JobFields())
    logger = logging.getLogger("shop.queued")
    logger.addHandler(handler)
    try:
        say("sent", logger)
    finally:
        logger.removeHandler(handler)
    record = waiting.get_nowait()

    assert {name: getattr(record, name) for name in OF_THE_JOB | IN_A_TRACE} == OF_THE_JOB | IN_A_TRACE


def test_structlog_has_a_processor(lines: io.StringIO) -> None:
    """Fields that were bound by hand stay, and absent ones are left out."""
    log = structlog.wrap_logger(
        structlog.PrintLogger(lines),
        processors=[add_job_fields, structlog.processors.JSONRenderer()],
    )

    def job_func() -> None:
        work_a_job()
        log.info("sent", attempt="the last")

    copy_context().run(job_func)
    log.info("open")
    sent, opened = (json.loads(line) for line in lines.getvalue().splitlines())

    assert sent == {"event": "sent"} | OF_THE_JOB | IN_A_TRACE | {"attempt": "the last"}
    assert opened == {"event": "open"}


def test_structlog_formats_what_the_queue_logs(lines: io.StringIO) -> None:
    """The recipe of docs/observability.md: one format for both worlds."""
    handler = logging.StreamHandler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), add_job_fields],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        ),
    )
    logger = logging.getLogger("arrower.of_a_test")
    logger.addHandler(handler)
    try:
        say("attempt 2 of job 42 failed", logger, extra={"queue": "letters"})
    finally:
        logger.removeHandler(handler)

    assert json.loads(lines.getvalue()) == (
        {"event": "attempt 2 of job 42 failed"} | OF_THE_JOB | IN_A_TRACE | {"queue": "letters"}
    )
