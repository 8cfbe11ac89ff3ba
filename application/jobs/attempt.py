"""Claimed jobs on their way through the pool."""

import asyncio
from collections.abc import Sequence
from enum import Enum, auto

from application.jobs.instants import datetime_of
from application.jobs.job_funcs import RegisteredFunc
from application.jobs.job_store import AttemptTransaction, ClaimedJob
from domain.jobs import CurrentJob


class Revoked(Enum):
    """Why the pool cancelled an attempt."""

    LOST = auto()
    SHUTDOWN = auto()
    CANCELLED = auto()
    """Somebody called a job of it off."""


class Attempt:
    """One call of a job func: for one job, or for the jobs of a batch."""

    __slots__ = (
        "called_off",
        "func",
        "is_ending",
        "jobs",
        "queue",
        "revoked",
        "successor",
        "task",
        "told",
        "transaction",
    )

    def __init__(self, func: RegisteredFunc, jobs: Sequence[ClaimedJob], queue: str) -> None:
        self.func = func
        self.jobs = jobs
        self.queue = queue
        self.revoked: Revoked | None = None
        self.called_off: tuple[ClaimedJob, ...] = ()
        self.is_ending = False
        """Its job func has returned: what it wrote may be committed at this instant."""
        self.task: asyncio.Task[None] | None = None
        self.told: BaseException | None = None
        """The error whose traceback was logged."""
        self.transaction: AttemptTransaction | None = None
        """Set where it may have begun before the attempt, with the commit of the one before."""
        self.successor: Attempt | None = None
        """The attempt that takes this one's place in the pool."""

    def current_job(self) -> CurrentJob:
        """Return what the job func is told of its one job."""
        job = self.jobs[0]
        return CurrentJob(job.id, job.attempt, self.queue, job.type, datetime_of(job.enqueued_at))

    def revoke(self, why: Revoked) -> None:
        """Cancel the job func, and what was to follow; what it wrote is rolled back."""
        self.revoked = why
        if self.task is not None:
            self.task.cancel()
        if self.successor is not None:
            self.successor.revoke(why)

    def call_off(self, job: ClaimedJob) -> None:
        """Cancel the job func because of one of its jobs, unless it has returned or is cancelled already."""
        if self.is_ending or self.revoked is not None:
            return
        self.called_off, self.revoked = (job,), Revoked.CANCELLED
        if self.task is not None:
            self.task.cancel()
