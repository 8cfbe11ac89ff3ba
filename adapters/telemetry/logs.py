"""Job, trace and span on every line of a log that a job func writes, with any logging library."""

import logging
from collections.abc import MutableMapping
from typing import Any, Final

from opentelemetry.trace import format_span_id, format_trace_id, get_current_span

from application.jobs.log_fields import current_fields

FIELDS: Final = ("job_id", "job_ids", "job_type", "queue", "attempt", "trace_id", "span_id")


class JobFields(logging.Filter):
    """Adds `job_id`, `job_type`, `queue`, `attempt`, `trace_id` and `span_id` to records, and drops none.

    The lines of a batch of several jobs have the list `job_ids` instead of `job_id`.

    ::

        handler.addFilter(JobFields())

    Belongs on handlers, where the lines of all loggers pass; with a `QueueHandler` on that one, because
    its listener runs elsewhere. Fields that a record brings along are left as they are.
    """

    def __init__(self, absent: object = None) -> None:
        """Set fields to `absent` that do not apply: no job, no trace, several jobs or one."""
        super().__init__()
        self._absent = absent

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the fields."""
        found = job_fields()
        for name in FIELDS:
            if not hasattr(record, name):
                setattr(record, name, found.get(name, self._absent))
        return True


def add_job_fields(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the same fields, those that there are, to an event of structlog: a processor."""
    for name, value in job_fields().items():
        event.setdefault(name, value)
    return event


def job_fields() -> dict[str, object]:
    """Return the fields of the job, trace and span that the calling code runs in."""
    fields: dict[str, object] = dict(current_fields())
    here = get_current_span().get_span_context()
    if here.is_valid:
        fields["trace_id"] = format_trace_id(here.trace_id)
        fields["span_id"] = format_span_id(here.span_id)
    return fields
