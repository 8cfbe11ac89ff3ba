"""What is stored of jobs and workers."""

import os
import socket
from dataclasses import dataclass, field
from datetime import datetime

from application.jobs.job_store import ErrorReport, Registration, WorkerId
from application.jobs.looking import AttemptOutcome, AttemptRecord
from domain.jobs import JobId, JobState

Place = tuple[object, object, JobId, "StoredJob"]
"""Where a job stands in a line: two things to order by, then the order of enqueue."""


@dataclass(slots=True, eq=False)
class StoredJob:
    """A job as it stands. Only `JobTable` changes its state, so that the lines stay right."""

    id: JobId
    queue: str
    type: str
    payload: str
    priority: int
    run_at: datetime
    enqueued_at: datetime
    carrier: str | None
    state: JobState
    attempt: int = 0
    fence: int = 0
    rescues: int = 0
    claimed_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    worker: "Worker | None" = None
    """Who owns the job, or owned it last."""
    cancel_requested_at: datetime | None = None
    """Set while it runs, and is to be called off."""
    history: tuple[AttemptRecord, ...] = ()
    place: Place | None = None
    """Where it waits, if it does."""

    def ended_attempt(
        self,
        outcome: AttemptOutcome,
        started_at: datetime,
        finished_at: datetime | None,
        error: ErrorReport | None = None,
    ) -> AttemptRecord:
        """Describe the attempt that owns the job, or owned it last."""
        registration = None if self.worker is None else self.worker.registration
        return AttemptRecord(
            number=self.attempt,
            pool_name="" if registration is None else registration.pool_name,
            host="" if self.worker is None else self.worker.host,
            version="" if registration is None else registration.version,
            worker=None if self.worker is None else self.worker.id,
            started_at=started_at,
            finished_at=finished_at,
            outcome=outcome,
            error=None if error is None else error.message,
            traceback=None if error is None else error.traceback or None,
        )


@dataclass(slots=True, eq=False)
class Worker:
    """A registered pool."""

    id: WorkerId
    queue: str
    registration: Registration
    started_at: datetime
    last_seen: datetime
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    vanished: bool = False
    jobs: dict[JobId, StoredJob] = field(default_factory=dict[JobId, StoredJob])
    """What it owns now."""
