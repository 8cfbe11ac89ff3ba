"""How jobs get out of a store."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from application.jobs.instants import Instant
from application.jobs.job_store.worker_id import WorkerId
from domain.jobs import JobId


class ClaimedJob(NamedTuple):
    """A job that one attempt owns."""

    priority: int
    run_at: Instant
    id: JobId
    type: str
    payload: str
    attempt: int
    fence: int
    rescues: int
    """How often a worker died while it owned the job."""
    enqueued_at: Instant
    carrier: str | None


class Promotion(NamedTuple):
    """What became of the scheduled jobs of a queue."""

    jobs: int
    """How many are ready now that were not before."""
    next_due: timedelta | None
    """How long the next one has to wait; None where there is none."""


class JobClaims(Protocol):
    """Where jobs come out."""

    @abstractmethod
    async def claim(self, worker: WorkerId, types: Sequence[str], limit: int) -> list[ClaimedJob]:
        """Make up to `limit` ready jobs of these types running, owned by `worker`, attempt counted.

        First come those with the lowest priority number, then the earliest run_at, then the first
        enqueued. A worker that was declared dead gets none.
        """

    @abstractmethod
    async def promote(self) -> Promotion:
        """Make scheduled jobs ready whose time has come."""

    @abstractmethod
    async def mark_started(self, job: ClaimedJob) -> bool:
        """Note that the attempt runs, so that it counts should its worker die. False: lost."""

    @abstractmethod
    async def release(self, jobs: Sequence[ClaimedJob]) -> None:
        """Hand jobs back: ready at once, the attempt not counted. Those lost are left alone."""
