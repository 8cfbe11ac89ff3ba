"""The ports for whoever runs the queues: look at jobs and workers, and act on a job."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.jobs import JobId, JobState


class AttemptOutcome(StrEnum):
    """How an attempt ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    DIED = "died"
    """Its worker vanished or froze."""
    RUNNING = "running"
    """It has not ended."""


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt at a job. Times are timezone-aware UTC."""

    number: int
    """1 for the first."""
    pool_name: str
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
    enqueued_at: datetime
    finished_at: datetime | None
    attempts: tuple[AttemptRecord, ...]


@dataclass(frozen=True, slots=True)
class WorkerRecord:
    """A pool that runs, as it announced itself."""

    pool_name: str
    queue: str
    size: int
    types: tuple[str, ...]
    version: str
    last_seen: datetime


class JobInspection(Protocol):
    """Looks, and changes nothing."""

    @abstractmethod
    async def job(self, job_id: JobId) -> JobRecord:
        """Return one job. Raises `JobNotFound`."""

    @abstractmethod
    async def counts(self, queue: str | None = None) -> Mapping[JobState, int]:
        """Return how many jobs are in each state, zeros included; None is all queues."""

    @abstractmethod
    async def workers(self, queue: str | None = None) -> list[WorkerRecord]:
        """Return the pools that are alive, by queue and name."""


class JobOperations(Protocol):
    """Acts on one job."""

    @abstractmethod
    async def retry(self, job_id: JobId) -> None:
        """Make a dead, cancelled or scheduled job ready now; a finished one gets all its attempts anew.

        Raises `JobNotFound`, or `WrongJobState` where it is ready, running or completed.
        """

    @abstractmethod
    async def cancel(self, job_id: JobId) -> None:
        """Call a scheduled or ready job off.

        Raises `JobNotFound`, or `WrongJobState` where it is running or finished.
        """
