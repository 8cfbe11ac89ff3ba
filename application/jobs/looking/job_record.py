"""One job, with everything that is known of it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from application.jobs.job_store import WorkerId
from domain.jobs import JobId, JobState

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")


class AttemptOutcome(StrEnum):
    """How an attempt ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    DIED = "died"
    """Its worker vanished or froze."""
    CANCELLED = "cancelled"
    """Somebody called the job off while it ran."""
    RUNNING = "running"
    """It has not ended."""


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt at a job. Times are timezone-aware UTC."""

    number: int
    """1 for the first."""
    pool_name: str
    """Who ran it. Empty, like host and version, where that is no longer known."""
    host: str
    version: str
    worker: WorkerId | None
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome
    error: str | None
    traceback: str | None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as it stands, with every attempt that counted, the first one first."""

    id: JobId
    queue: str
    type: str
    payload: str
    """The fields of the job as a JSON object."""
    state: JobState
    priority: int
    run_at: datetime
    attempt: int
    """Attempts used since it was enqueued, or retried by hand."""
    enqueued_at: datetime
    finished_at: datetime | None
    carrier: str | None
    """What was carried along of the caller's context, as JSON."""
    cancel_requested_at: datetime | None
    """Set while it runs and its worker is to call it off."""
    queue_paused_at: datetime | None
    """Set while nobody takes jobs from its queue."""
    attempts: tuple[AttemptRecord, ...]
    seen_at: datetime
    """When all of this was so, by the clock of the store."""

    @property
    def trace_id(self) -> str | None:
        """The W3C trace in which it was enqueued, 32 hexadecimal digits."""
        try:
            carrier: Any = json.loads(self.carrier or "null")
            match = _TRACEPARENT.fullmatch(carrier["traceparent"])
        except (ValueError, TypeError, KeyError):
            return None
        return None if match is None else match[1]
