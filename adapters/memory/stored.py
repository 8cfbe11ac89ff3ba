"""What is stored of jobs and workers."""

from dataclasses import dataclass, field
from datetime import datetime

from application.jobs.inspection import AttemptRecord
from application.jobs.job_store import Registration, WorkerId
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
    history: tuple[AttemptRecord, ...] = ()
    place: Place | None = None
    """Where it waits, if it does."""

    @property
    def pool_name(self) -> str:
        """The pool that owns the job, or owned it last."""
        return "" if self.worker is None else self.worker.registration.pool_name


@dataclass(slots=True, eq=False)
class Worker:
    """A registered pool."""

    id: WorkerId
    queue: str
    registration: Registration
    last_seen: datetime
    vanished: bool = False
    jobs: dict[JobId, StoredJob] = field(default_factory=dict[JobId, StoredJob])
    """What it owns now."""
