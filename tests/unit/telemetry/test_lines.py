"""The log of a process, as people read it."""

import io
import logging
from contextvars import copy_context
from datetime import UTC, datetime

from adapters.telemetry import JobFields
from domain.jobs import CurrentJob, JobId
from domain.jobs.current_job import enter_job
from infrastructure.logs import JobLines


def test_a_line_ends_with_the_job_it_belongs_to() -> None:
    """Before the traceback, and only where there is one."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(JobFields())
    handler.setFormatter(JobLines("%(levelname)s %(message)s"))
    logger = logging.getLogger("shop.lines")
    logger.addHandler(handler)

    def job_func() -> None:
        enter_job(lambda: CurrentJob(JobId(42), 2, "", "send_receipt", datetime.now(UTC)))
        logger.warning("sent", exc_info=ValueError("late"))

    try:
        copy_context().run(job_func)
        logger.warning("open")
    finally:
        logger.removeHandler(handler)

    assert lines.getvalue() == (
        "WARNING sent [job_id=42 job_type=send_receipt queue=default attempt=2]\nValueError: late\nWARNING open\n"
    )
